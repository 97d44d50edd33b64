"""/api/admin/inbox: the events that providers have sent, and what became of each."""

from typing import Any, get_args

from litestar import Request, get
from litestar.di import NamedDependency
from msgspec import Struct

from paylinks_ports.records.inbox import IncomingState

from ...answers import Success
from ..desk import Desk
from ..paging import Pagination, pagination_of, read_choice, read_window

__all__ = ["list_"]


class IncomingEventView(Struct, frozen=True, kw_only=True, rename="camel"):
    """One event; what it came in is not shown."""

    id: str
    provider: str
    event_id: str
    type: str
    demo: bool
    status: str
    checkout_id: str | None
    error: str | None
    attempts: int
    next_attempt_at: int | None
    created_at: int


class IncomingEventsAnswer(Success, frozen=True, kw_only=True):
    """A page of events, newest first."""

    data: tuple[IncomingEventView, ...]
    pagination: Pagination


@get("/api/admin/inbox", tags=["Orders"], access="server", permission="orders.read")
async def list_(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> IncomingEventsAnswer:
    """List the events that the brand's providers have sent; `status` is one of their states."""
    brand = await desk.guards.server(request)
    window = read_window(request)
    state: IncomingState | None = read_choice(request, "status", get_args(IncomingState))
    async with desk.parts.units.reading() as rows:
        found = await rows.incoming_events.page(brand.id, window, state=state)
    return IncomingEventsAnswer(
        data=tuple(
            IncomingEventView(
                id=one.id,
                provider=one.provider,
                event_id=one.event_id,
                type=one.type,
                demo=one.demo,
                status=one.state,
                checkout_id=one.checkout_id,
                error=one.error,
                attempts=one.attempts,
                next_attempt_at=one.process_at,
                created_at=one.created_at,
            )
            for one in found.rows
        ),
        pagination=pagination_of(window, found.total),
    )
