"""The routes, one module a resource: the path of a URL is the path of its file."""

from litestar.types import ControllerRouterHandler

from ..house import House

__all__ = ["handlers"]


def handlers(house: House) -> list[ControllerRouterHandler]:
    """List every route of the application."""
    from ..pages import page_handlers
    from . import checkout, domains, health, token, upsell
    from .admin import domains as admin_domains
    from .admin import settings
    from .admin.marketing import marketing_handlers
    from .providers import provider_handlers

    return [
        token.generate,
        checkout.initialize,
        checkout.complete,
        checkout.get_payment_token,
        upsell.create_session,
        upsell.accept,
        upsell.decline,
        upsell.show_session,
        *provider_handlers(house.plugins),
        settings.index,
        settings.change,
        settings.test,
        *marketing_handlers(house.plugins),
        admin_domains.index,
        admin_domains.create,
        admin_domains.verify,
        admin_domains.change,
        admin_domains.remove,
        domains.allowed,
        health.live,
        health.ready,
        *page_handlers(house),
    ]
