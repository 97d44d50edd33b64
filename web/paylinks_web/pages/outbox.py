"""/dev/outbox: the mail of a deployment for development, which is sent to nobody."""

import re

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from ..routes.desk import Desk
from .rendering import page

__all__ = ["outbox"]

_NEWEST = 50
_LINK = re.compile(r"(https?://\S+)")


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
                "at": mail.created_at,
                "parts": [(part, bool(_LINK.fullmatch(part))) for part in _LINK.split(mail.text)],
            }
            for mail in mails
        ]
        return page("admin/outbox.html", mails=shown)

    return show
