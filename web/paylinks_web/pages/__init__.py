"""The pages that people open in a browser: checkout, console, API reference, and what these load. No JSON here."""

from litestar import Router
from litestar.types import ControllerRouterHandler

from ..house import House

__all__ = ["page_handlers"]


def page_handlers(house: House) -> list[ControllerRouterHandler]:
    """List the routes of all pages; their errors are pages, too."""
    from . import checkout, checkout_calls, look, outbox, places, reference, static, upsell
    from .admin import admin_handlers
    from .admin.errors import handle as handle_in_console
    from .errors import handle

    routes = [
        checkout.show,
        checkout.show_token,
        checkout.returned,
        checkout.back,
        checkout.pay,
        checkout.pay_token,
        upsell.show,
        upsell.back,
        upsell.accept,
        upsell.decline,
        places.success,
        places.home(development=house.config.development),
        reference.reference,
        static.file,
        static.browser_module,
        look.theme,
    ]
    console = admin_handlers()
    if house.config.development:
        console.append(outbox.outbox())
    # What their scripts ask for: errors are JSON, as the API's are.
    calls = [checkout_calls.start, checkout_calls.start_by_token, checkout_calls.look, checkout_calls.look_by_token]
    opt = {"access": "page"}
    return [
        Router("/", route_handlers=routes, exception_handlers={Exception: handle}, include_in_schema=False, opt=opt),
        Router("/", route_handlers=calls, include_in_schema=False, opt=opt),
        Router(
            "/",
            route_handlers=console,
            exception_handlers={Exception: handle_in_console},
            include_in_schema=False,
            opt=opt,
        ),
    ]
