"""/admin/inbox: the events that providers have sent, and what became of each."""

from typing import Any, get_args

from litestar import Request, Response
from litestar.di import NamedDependency

from paylinks_ports.records.inbox import IncomingState

from ...routes.desk import Desk
from ...routes.paging import read_choice
from .forms import options_of
from .orders import window_of
from .visit import enter, pages_of, shows

__all__ = ["index"]


@shows("/admin/inbox", "orders.read")
async def index(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """List what the brand's providers have sent."""
    visit, window = await enter(request, desk), window_of(request)
    state: IncomingState | None = read_choice(request, "status", get_args(IncomingState))
    async with desk.parts.units.reading() as rows:
        found = await rows.incoming_events.page(visit.brand.id, window, state=state)
    return visit.render(
        "inbox.html",
        events=found.rows,
        states=options_of(get_args(IncomingState)),
        providers=desk.parts.providers,
        pages=pages_of("/admin/inbox", visit.query, window, found.total),
    )
