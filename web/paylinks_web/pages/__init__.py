"""The pages that people open in a browser: hosted checkout, API reference and the files these load. No JSON here."""

from litestar import Router
from litestar.types import ControllerRouterHandler

from ..house import House

__all__ = ["page_handlers"]


def page_handlers(house: House) -> list[ControllerRouterHandler]:
    """List the routes of all pages; their errors are pages, too."""
    from . import checkout, people, places, reference, static
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
        people.magic_link,
        people.invitation,
        people.password_reset,
    ]
    if house.config.development:
        routes.append(people.outbox())
    return [
        Router(
            "/",
            route_handlers=routes,
            exception_handlers={Exception: handle},
            include_in_schema=False,
            opt={"access": "page"},
        )
    ]
