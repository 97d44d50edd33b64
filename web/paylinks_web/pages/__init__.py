"""The pages that people open in a browser: checkout, console, API reference, and what these load. No JSON here."""

from litestar import Router
from litestar.types import ControllerRouterHandler

from ..house import House

__all__ = ["page_handlers"]


def page_handlers(house: House) -> list[ControllerRouterHandler]:
    """List the routes of all pages; their errors are pages, too."""
    from . import checkout, outbox, places, reference, static
    from .admin import admin_handlers
    from .admin.errors import handle as handle_in_console
    from .errors import handle

    routes = [
        checkout.show,
        checkout.show_token,
        checkout.back,
        checkout.pay,
        checkout.pay_token,
        places.success,
        places.home(development=house.config.development),
        reference.reference,
        static.file,
    ]
    console = admin_handlers()
    if house.config.development:
        console.append(outbox.outbox())
    return [
        Router(
            "/",
            route_handlers=routes,
            exception_handlers={Exception: handle},
            include_in_schema=False,
            opt={"access": "page"},
        ),
        Router(
            "/",
            route_handlers=console,
            exception_handlers={Exception: handle_in_console},
            include_in_schema=False,
            opt={"access": "page"},
        ),
    ]
