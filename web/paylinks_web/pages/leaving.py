"""Leading a customer to a provider's or a bank's own page, and nowhere that is no page of the web."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response

from .locales import locale_of
from .look import Look
from .rendering import page

__all__ = ["leave"]


def leave(request: Request[Any, Any, Any], look: Look, url: str | None) -> Response[bytes] | None:
    """Lead there by a page, since a form's policy can't know the host beforehand; None where there is nowhere to go."""
    parts = urlsplit(url or "")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return page("leave.html", locale=locale_of(request.headers), look=look, url=url, host=parts.hostname)
