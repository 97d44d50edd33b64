"""The small pages behind mailed links, and the local outbox of a deployment for development."""

import re
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from ..routes.desk import Desk
from .rendering import page

__all__ = ["invitation", "magic_link", "outbox", "password_reset"]

_NEWEST = 50
_LINK = re.compile(r"(https?://\S+)")
_PRIVATE = {"Referrer-Policy": "no-referrer"}  # the address holds a secret


@get("/magic-link")
async def magic_link(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Ask for a click before a mailed link is used up: programs that look through mail open what they find."""
    answer = page("magic_link.html", token=request.query_params.get("token", ""))
    answer.headers.update(_PRIVATE)
    return answer


@get("/invitation")
async def invitation(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Let somebody who is invited choose a password."""
    return page("invitation.html", token=request.query_params.get("token", ""))


@get("/password-reset")
async def password_reset(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Let somebody choose a new password."""
    return page("password_reset.html", token=request.query_params.get("token", ""))


def outbox() -> HTTPRouteHandler:
    """Make the page that shows mail which nobody sends."""

    @get("/dev/outbox")
    async def show(desk: NamedDependency[Desk]) -> Response[bytes]:
        async with desk.parts.units.reading() as rows:
            mails = await rows.mails.newest(_NEWEST)
        shown = [
            {
                "recipient": mail.recipient,
                "subject": mail.subject,
                "parts": [(part, bool(_LINK.fullmatch(part))) for part in _LINK.split(mail.text)],
            }
            for mail in mails
        ]
        return page("outbox.html", mails=shown)

    return show
