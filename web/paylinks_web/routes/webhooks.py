"""/api/webhooks/{provider}: what providers tell us by themselves; raw bytes, proven before anything reads them."""

from typing import Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from paylinks_core import inbox
from paylinks_ports.card_data import without_cards
from paylinks_ports.webhooks import WebhookRequest

from ..answers import Success
from .desk import Desk

__all__ = ["receive", "receive_postback"]


class Receipt(Struct, frozen=True, kw_only=True):
    """An event is stored; `duplicate`: it was before."""

    received: bool
    duplicate: bool


class ReceiptAnswer(Success, frozen=True, kw_only=True):
    """An event is stored."""

    data: Receipt


@post("/api/webhooks/{provider:str}", status_code=200, tags=["Webhooks"], access="signature")
async def receive(
    request: Request[Any, Any, Any], provider: FromPath[str], desk: NamedDependency[Desk]
) -> ReceiptAnswer:
    """Take a provider's webhook; `?brand=` names the brand, without it the default brand is meant."""
    return await _receive(request, provider, desk)


@get("/api/webhooks/{provider:str}", tags=["Webhooks"], access="signature")
async def receive_postback(
    request: Request[Any, Any, Any], provider: FromPath[str], desk: NamedDependency[Desk]
) -> ReceiptAnswer:
    """Take a provider's postback that comes as a GET; what it says is looked up, never believed."""
    return await _receive(request, provider, desk)


async def _receive(request: Request[Any, Any, Any], provider: str, desk: Desk) -> ReceiptAnswer:
    query = dict(request.query_params.items())
    call = WebhookRequest(
        method=request.method,
        headers={name.lower(): value for name, value in request.headers.items()},
        query={name: value for name, value in query.items() if name != "brand"},
        body=await request.body(),
        received_at=desk.parts.clock.now(),
    )
    verified = await inbox.verify(desk.parts, query.get("brand"), provider, call)
    await desk.guards.webhook(request, verified)
    duplicate = await inbox.receive(desk.parts, verified, without_cards)
    return ReceiptAnswer(data=Receipt(received=True, duplicate=duplicate))
