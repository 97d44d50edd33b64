"""What an error is to a person in the console: a way to sign in or to prove themselves again, else a page."""

from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.response import Redirect

from paylinks_core.errors import ReauthenticationRequired, SignInRequired

from ... import errors
from ..rendering import page

__all__ = ["handle"]

_SAYINGS = {
    400: ("That could not be read", "Please go back and try again."),
    403: ("You may not do that", "Your role does not allow it, or the form came from another site."),
    404: ("There is no such page", "It may be gone, or belong to a brand that you don't look at now."),
    409: (
        "Somebody was quicker",
        "It has been changed meanwhile. Please go back, look again, and repeat it if needed.",
    ),
    429: ("Too many tries", "Please wait a minute, then try again."),
    503: ("We are away for a moment", "Please try again in a minute. What you saved before is kept."),
}
_OTHERWISE = ("Something went wrong", "Please try again. If it stays so, tell whoever runs this deployment.")


def handle(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer an error: whoever is not signed in is led to where they can, and from there back."""
    path = request.url.path
    back = path if request.method != "GET" or not request.url.query else f"{path}?{request.url.query}"
    match error:
        case SignInRequired():
            door = "/sales/login" if path.startswith("/sales") else f"/login?next={quote(back)}"
            return Redirect(door, status_code=303)
        case ReauthenticationRequired():
            return Redirect(f"/admin/prove?next={quote(back)}", status_code=303)
    told = errors.handle(request, error)
    title, text = _SAYINGS.get(told.content.status, _OTHERWISE)
    home = "/sales" if path.startswith("/sales") else "/admin"
    answer = page(
        "admin/message.html",
        told.content.status,
        title=title,
        text=text,
        home=home,
        request_id=told.content.request_id,
    )
    answer.headers.update({name: value for name, value in told.headers.items() if name.lower() != "content-type"})
    return answer
