"""/admin/upsells: the sessions of offers that customers were made after they had paid."""

from typing import Any, get_args

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from paylinks_core.errors import NotKnown
from paylinks_ports.records.upsells import UpsellState

from ...routes.desk import Desk
from ...routes.paging import read_choice
from .forms import options_of
from .orders import window_of
from .visit import enter, pages_of, shows

__all__ = ["index", "show"]


@shows("/admin/upsells", "orders.read")
async def index(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """List the brand's sessions."""
    visit, window = await enter(request, desk), window_of(request)
    state: UpsellState | None = read_choice(request, "status", get_args(UpsellState))
    async with desk.parts.units.reading() as rows:
        found = await rows.upsell_sessions.page(visit.brand.id, window, state=state)
    return visit.render(
        "upsells.html",
        sessions=found.rows,
        states=options_of(get_args(UpsellState)),
        pages=pages_of("/admin/upsells", visit.query, window, found.total),
    )


@shows("/admin/upsells/{session_id:str}", "orders.read")
async def show(
    request: Request[Any, Any, Any], session_id: FromPath[str], desk: NamedDependency[Desk]
) -> Response[bytes]:
    """Show one session with what became of each offer."""
    visit = await enter(request, desk)
    async with desk.parts.units.reading() as rows:
        session = await rows.upsell_sessions.get(session_id)
        if session is None or session.brand_id != visit.brand.id:
            raise NotKnown("sessionId: there is no such session")
        payments = await rows.payments.of_order(visit.brand.id, session.order_id)
    return visit.render(
        "upsell.html", session=session, payments={one.offer_id: one for one in payments if one.upsell_id == session.id}
    )
