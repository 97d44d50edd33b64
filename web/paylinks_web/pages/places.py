"""The plain places: the root of the site, and the page that thanks a customer."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect

from paylinks_core.errors import NotKnown

from ..routes.desk import Desk
from .locales import locale_of
from .rendering import page
from .upsell_view import receipt_of

__all__ = ["home", "success"]


@get("/success")
async def success(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """Thank a customer, and tell what was bought to one who knows the order: by ``code`` or by ``session``."""
    known = {name: request.query_params.get(name) for name in ("code", "session")}
    receipt = await receipt_of(desk.parts, code=known["code"], session_id=known["session"])
    if receipt is None:
        title = "Thank you"
        text = "You may close this page. Your pay link shows what came of the payment, and the shop will confirm it."
        return page("message.html", title=title, text=text, request_id=None)
    return page("success.html", locale=locale_of(request.headers), look=receipt.look, receipt=receipt)


def home(*, development: bool) -> HTTPRouteHandler:
    """Make the root: developers are led to the API reference, everyone else finds nothing there."""

    @get("/")
    async def root() -> Redirect:
        if development:
            return Redirect("/docs")
        raise NotKnown("there is nothing here")

    return root
