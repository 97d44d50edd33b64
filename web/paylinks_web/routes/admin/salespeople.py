"""/api/admin/salespeople: the salespeople of an organization's brands."""

from typing import Annotated, Any

from litestar import Request, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from paylinks_core import salespeople
from paylinks_core.salespeople import SalespersonChanges
from paylinks_ports.records.salespeople import RATE_UNIT, Salesperson, SalespersonStatus

from ...answers import Success
from ...guards import signed_in
from ..desk import Desk
from ..paging import Pagination, pagination_of, read_window

__all__ = ["SalespersonView", "change", "create", "index", "salesperson_view"]

Rate = Annotated[float, Meta(ge=0, le=1)]


class SalespersonView(Struct, frozen=True, kw_only=True, rename="camel"):
    """A salesperson; a commission rate of 0.10 is 10 %."""

    id: str
    email: str
    name: str
    brand_id: str
    commission_rate: float
    status: SalespersonStatus
    created_at: int


class SalespersonAnswer(Success, frozen=True, kw_only=True):
    """A salesperson."""

    data: SalespersonView


class SalespeopleAnswer(Success, frozen=True, kw_only=True):
    """The salespeople of the brands that one sees."""

    data: tuple[SalespersonView, ...]
    pagination: Pagination


class SalespersonBody(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A new salesperson, of the brand that is looked at if none is named."""

    email: str
    name: str
    password: str
    commission_rate: Rate = 0
    brand_id: str | None = None


class SalespersonChangesBody(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What to change; what is left out stays."""

    name: str | None = None
    commission_rate: Rate | None = None
    status: SalespersonStatus | None = None
    password: str | None = None


def salesperson_view(one: Salesperson) -> SalespersonView:
    """Show one."""
    return SalespersonView(
        id=one.id,
        email=one.email,
        name=one.name,
        brand_id=one.brand_id,
        commission_rate=one.commission_rate / RATE_UNIT,
        status=one.status,
        created_at=one.created_at,
    )


@get(
    "/api/admin/salespeople",
    access="session",
    permission="salespeople.read",
    guards=[signed_in],
    tags=["Salespeople"],
)
async def index(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> SalespeopleAnswer:
    """List the salespeople of the brands that one sees."""
    caller, window = await desk.guards.session(request), read_window(request)
    found = await salespeople.list_salespeople(desk.parts, caller, window)
    shown = tuple(salesperson_view(one) for one in found.rows)
    return SalespeopleAnswer(data=shown, pagination=pagination_of(window, found.total))


@post(
    "/api/admin/salespeople",
    access="session",
    permission="salespeople.write",
    guards=[signed_in],
    tags=["Salespeople"],
)
async def create(
    request: Request[Any, Any, Any], data: JSONBody[SalespersonBody], desk: NamedDependency[Desk]
) -> SalespersonAnswer:
    """Make a salesperson."""
    made = await salespeople.create_salesperson(
        desk.entrance,
        await desk.guards.session(request),
        email=data.email,
        name=data.name,
        password=data.password,
        commission_rate=round(data.commission_rate * RATE_UNIT),
        brand_id=data.brand_id,
    )
    return SalespersonAnswer(data=salesperson_view(made))


@put(
    "/api/admin/salespeople/{salesperson_id:str}",
    access="session",
    permission="salespeople.write",
    guards=[signed_in],
    tags=["Salespeople"],
)
async def change(
    request: Request[Any, Any, Any],
    salesperson_id: FromPath[str],
    data: JSONBody[SalespersonChangesBody],
    desk: NamedDependency[Desk],
) -> SalespersonAnswer:
    """Change a salesperson."""
    caller, rate = await desk.guards.session(request), data.commission_rate
    changes = SalespersonChanges(
        name=data.name,
        commission_rate=None if rate is None else round(rate * RATE_UNIT),
        status=data.status,
        password=data.password,
    )
    changed = await salespeople.change_salesperson(desk.entrance, caller, salesperson_id, changes)
    return SalespersonAnswer(data=salesperson_view(changed))
