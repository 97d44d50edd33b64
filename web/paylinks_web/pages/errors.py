"""What an error is to a person with a browser: the table of the API, told as a page."""

from typing import Any

from litestar import Request, Response

from paylinks_core.errors import Superseded
from paylinks_ports.errors import ExpiredToken, InvalidToken

from .. import errors
from .rendering import page

__all__ = ["handle"]

_SAYINGS = {
    403: ("This page may not do that", "The call came from a page of another site. Please open your pay link again."),
    404: ("There is no such page", "Please check the address. A pay link may have been replaced by a newer one."),
    410: ("This pay link has expired", "Please ask the shop that sent it for a new one."),
    429: ("Too many tries", "Please wait a minute, then try again."),
    503: ("We are away for a moment", "Please try again in a minute."),
}
_REPLACED = (
    "A newer link has taken this one's place",
    "Nothing was charged through this one. Please use the latest link that the shop has sent you.",
)
_OTHERWISE = ("Something went wrong", "Please try again. If it stays so, tell the shop that sent you here.")


def handle(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer an error with a page of the same status; a link that can't be used is one that leads nowhere."""
    told = errors.handle(request, error)
    status = told.content.status
    title, text = _SAYINGS.get(status, _OTHERWISE)
    match error:
        case InvalidToken():
            status, (title, text) = 404, _SAYINGS[404]
        case Superseded():
            status, (title, text) = 410, _REPLACED
        case ExpiredToken():
            status, (title, text) = 410, _SAYINGS[410]
    answer = page("message.html", status, title=title, text=text, request_id=told.content.request_id)
    answer.headers.update({name: value for name, value in told.headers.items() if name.lower() != "content-type"})
    return answer
