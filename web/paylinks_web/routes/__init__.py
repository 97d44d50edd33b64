"""The routes, one module a resource: the path of a URL is the path of its file."""

from litestar.types import ControllerRouterHandler

from ..house import House

__all__ = ["handlers"]


def handlers(house: House) -> list[ControllerRouterHandler]:
    """List every route of the application."""
    from ..pages import page_handlers
    from . import checkout, health, token
    from .providers import provider_handlers
    from .webhooks import webhook_handlers

    return [
        token.generate,
        checkout.initialize,
        checkout.complete,
        checkout.get_payment_token,
        *provider_handlers(house.plugins),
        *webhook_handlers(),
        health.live,
        health.ready,
        *page_handlers(house),
    ]
