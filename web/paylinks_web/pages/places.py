"""The plain places: the root of the site, and where a provider's own page sends customers back to."""

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect

from paylinks_core.errors import NotKnown

from .rendering import page

__all__ = ["home", "success"]


@get("/success")
async def success() -> Response[bytes]:
    """Greet a customer who comes back; what came of the payment is told by the pay link and the shop."""
    title = "Thank you"
    text = "You may close this page. Your pay link shows what came of the payment, and the shop will confirm it."
    return page("message.html", title=title, text=text, request_id=None)


def home(*, development: bool) -> HTTPRouteHandler:
    """Make the root: developers are led to the API reference, everyone else finds nothing there."""

    @get("/")
    async def root() -> Redirect:
        if development:
            return Redirect("/docs")
        raise NotKnown("there is nothing here")

    return root
