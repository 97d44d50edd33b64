"""/admin/salespeople: who makes pay links for a brand, and earns by them."""

from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from paylinks_core import commissions, salespeople
from paylinks_core.errors import InvalidInput, NotKnown
from paylinks_core.salespeople import SalespersonChanges
from paylinks_ports.errors import PaylinksError
from paylinks_ports.records.salespeople import RATE_UNIT, Salesperson

from ...routes.desk import Desk
from .forms import UNTROUBLED, Form, Trouble, read_form, trouble_of
from .orders import window_of
from .visit import Visit, enter, go, pages_of, shows, takes

__all__ = ["change", "create", "index", "show"]

_PERCENT = RATE_UNIT // 100


@shows("/admin/salespeople", "salespeople.read")
async def index(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """List the salespeople of the brands that one sees."""
    return await _list(request, desk, await enter(request, desk))


@takes("/admin/salespeople", "salespeople.write")
async def create(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Make a salesperson."""
    visit, form = await enter(request, desk), await read_form(request)
    try:
        await salespeople.create_salesperson(
            desk.entrance,
            visit.caller,
            email=form.text("email"),
            name=form.text("name"),
            password=form.secret("password"),
            commission_rate=_rate_of(form),
            brand_id=visit.brand.id,
        )
    except PaylinksError as error:
        return await _list(request, desk, visit, trouble_of(error, form))
    return go("/admin/salespeople", "added")


@shows("/admin/salespeople/{salesperson_id:str}", "salespeople.read")
async def show(
    request: Request[Any, Any, Any], salesperson_id: FromPath[str], desk: NamedDependency[Desk]
) -> Response[bytes]:
    """Show one, with what they have sold."""
    visit = await enter(request, desk)
    return await _one(request, desk, visit, salesperson_id)


@takes("/admin/salespeople/{salesperson_id:str}", "salespeople.write")
async def change(
    request: Request[Any, Any, Any], salesperson_id: FromPath[str], desk: NamedDependency[Desk]
) -> Response[Any]:
    """Change one; who is switched off is signed out."""
    visit, form = await enter(request, desk), await read_form(request)
    try:
        changes = SalespersonChanges(
            name=form.text("name"),
            commission_rate=_rate_of(form),
            status="active" if form.text("active") == "on" else "inactive",
            password=form.secret("password") or None,
        )
        await salespeople.change_salesperson(desk.entrance, visit.caller, salesperson_id, changes)
    except PaylinksError as error:
        return await _one(request, desk, visit, salesperson_id, trouble_of(error, form))
    return go(f"/admin/salespeople/{salesperson_id}", "saved")


def _rate_of(form: Form) -> int:
    """Read a rate in percent, in millionths."""
    whole, _, part = (form.text("commissionRate") or "0").partition(".")
    if not (whole.isascii() and whole.isdigit() and (not part or (part.isascii() and part.isdigit()))):
        raise InvalidInput("commissionRate: is no percentage, such as 7.5")
    rate = int(whole[:9]) * _PERCENT + int(part[:4].ljust(4, "0"))
    if rate > RATE_UNIT:
        raise InvalidInput("commissionRate: is more than 100 %")
    return rate


async def _list(
    request: Request[Any, Any, Any], desk: Desk, visit: Visit, trouble: Trouble = UNTROUBLED
) -> Response[bytes]:
    window = window_of(request)
    found = await salespeople.list_salespeople(desk.parts, visit.caller, window)
    pages = pages_of("/admin/salespeople", visit.query, window, found.total)
    return visit.render(
        "salespeople.html",
        trouble,
        salespeople=found.rows,
        pages=pages,
        brands={one.id: one.name for one in visit.places.brands},
        percent=_PERCENT,
    )


async def _find(desk: Desk, visit: Visit, salesperson_id: str) -> Salesperson:
    async with desk.parts.units.reading() as rows:
        found = await rows.salespeople.get(salesperson_id)
    if found is None or found.brand_id not in {one.id for one in visit.places.brands}:
        raise NotKnown("salespersonId: there is no such salesperson")
    return found


async def _one(
    request: Request[Any, Any, Any], desk: Desk, visit: Visit, salesperson_id: str, trouble: Trouble = UNTROUBLED
) -> Response[bytes]:
    salesperson, window = await _find(desk, visit, salesperson_id), window_of(request)
    sold = await commissions.list_links(desk.parts, salesperson, window)
    return visit.render(
        "salesperson.html",
        trouble,
        salesperson=salesperson,
        earned=await commissions.list_commissions(desk.parts, salesperson),
        sold=sold.rows,
        commission_of=commissions.commission_of,
        pages=pages_of(f"/admin/salespeople/{salesperson_id}", visit.query, window, sold.total),
        percent=_PERCENT,
    )
