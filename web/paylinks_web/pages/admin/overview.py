"""/admin: today's figures and the last days as a chart; and looking at another brand."""

from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency

from paylinks_core import figures, orders, places
from paylinks_core.errors import InvalidInput
from paylinks_ports.storage import OrderFilter, Window

from ...routes.desk import Desk
from .chart import draw
from .forms import read_form
from .visit import enter, go, shows, takes

__all__ = ["show", "switch"]

_NEWEST = Window(limit=6)


@shows("/admin", "orders.read")
async def show(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """Show how the brand's day goes."""
    visit = await enter(request, desk)
    if visit.looked_at is None:
        return visit.render("no_brand.html")
    brand = visit.looked_at
    found = await figures.read_figures(desk.parts, brand.id)
    newest = await orders.list_orders(desk.parts, brand.id, _NEWEST, OrderFilter())
    return visit.render("overview.html", figures=found, chart=draw(found.days), newest=newest)


@takes("/admin/switch", "account.use")
async def switch(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Look at another brand, or at another organization of one's own."""
    visit, form = await enter(request, desk), await read_form(request)
    if organization_id := form.optional("organizationId"):
        secret, _ = await places.switch_organization(desk.parts, visit.caller, organization_id)
        return go("/admin", cookies=(desk.guards.cookies.put("session", secret),))
    if brand_id := form.optional("brandId"):
        await places.switch_brand(desk.parts, visit.caller, brand_id)
        return go("/admin", "switched")
    raise InvalidInput("brandId: is required")
