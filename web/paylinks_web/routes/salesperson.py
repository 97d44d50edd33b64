"""/api/salesperson: what salespeople themselves do."""

from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct

from paylinks_core import commissions, salespeople, sessions

from ..answers import Success
from ..errors import HttpRefusal
from ..guards import anyone, signed_in, visitor
from .admin.salespeople import SalespersonView, salesperson_view
from .arrivals import with_cookies
from .desk import Desk
from .paging import Pagination, pagination_of, part_of, read_window
from .token import GenerateAnswer, GenerateBody, claims_of, show_link

__all__ = ["earnings", "links", "make_link", "show", "sign_in", "sign_out"]


class SignInBody(Struct, frozen=True, kw_only=True):
    """Who, and the proof of it."""

    email: str | None = None
    password: str | None = None


class SalespersonHolder(Struct, frozen=True, kw_only=True):
    """Who is signed in."""

    salesperson: SalespersonView


class SalespersonSignedInAnswer(Success, frozen=True, kw_only=True):
    """Who is signed in."""

    data: SalespersonHolder


class SalespersonVisit(Struct, frozen=True, kw_only=True):
    """Whether a salesperson is signed in, and who."""

    authenticated: bool
    salesperson: SalespersonView | None


class SalespersonVisitAnswer(Success, frozen=True, kw_only=True):
    """Whether a salesperson is signed in."""

    data: SalespersonVisit


class SalesLink(Struct, frozen=True, kw_only=True, rename="camel"):
    """An order and what the salesperson earns by it, or would."""

    code: str
    order_id: str
    amount: int
    currency: str
    status: str
    commission: int
    created_at: int


class SalesLinksAnswer(Success, frozen=True, kw_only=True):
    """A part of a salesperson's links, newest first."""

    data: tuple[SalesLink, ...]
    pagination: Pagination


class CommissionView(Struct, frozen=True, kw_only=True):
    """What was earned in one currency, in minor units, and what refunds have taken back of it."""

    currency: str
    earned: int
    reversed: int
    orders: int


class CommissionsAnswer(Success, frozen=True, kw_only=True):
    """What was earned."""

    data: tuple[CommissionView, ...]
    pagination: Pagination


@post("/api/salesperson/auth", status_code=200, access="public", guards=[anyone], tags=["Salesperson portal"])
async def sign_in(
    request: Request[Any, Any, Any], data: JSONBody[SignInBody], desk: NamedDependency[Desk]
) -> Response[SalespersonSignedInAnswer]:
    """Sign in."""
    if not data.email or not data.password:
        raise HttpRefusal(400, "invalid_request", "Email and password required")
    secret, salesperson = await salespeople.sign_in(
        desk.entrance, data.email, data.password, desk.guards.origin(request)
    )
    answer = SalespersonSignedInAnswer(data=SalespersonHolder(salesperson=salesperson_view(salesperson)))
    return with_cookies(answer, desk.guards.cookies.put("salesperson", secret))


@get("/api/salesperson/auth", access="public", guards=[visitor], tags=["Salesperson portal"])
async def show(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> SalespersonVisitAnswer:
    """Say who is signed in."""
    found = await desk.guards.selling_visitor(request)
    seen = salesperson_view(found) if found else None
    return SalespersonVisitAnswer(data=SalespersonVisit(authenticated=found is not None, salesperson=seen))


@delete("/api/salesperson/auth", status_code=200, access="public", guards=[visitor], tags=["Salesperson portal"])
async def sign_out(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[SalespersonVisitAnswer]:
    """Sign out: the session is gone on the server, too."""
    desk.guards.own_page_only(request)
    await sessions.end(desk.parts, desk.guards.cookies.read(request, "salesperson"))
    answer = SalespersonVisitAnswer(data=SalespersonVisit(authenticated=False, salesperson=None))
    return with_cookies(answer, desk.guards.cookies.clear("salesperson"))


@post("/api/salesperson/links", access="salesperson", guards=[signed_in], tags=["Salesperson portal"])
async def make_link(
    request: Request[Any, Any, Any], data: JSONBody[GenerateBody], desk: NamedDependency[Desk]
) -> GenerateAnswer:
    """Make a pay link whose order is credited to the salesperson."""
    salesperson, brand = await desk.guards.seller(request)
    claims = await claims_of(data, desk)
    return show_link(await commissions.make_link(desk.parts, salesperson, brand, claims, data.expires_in))


@get("/api/salesperson/links", access="salesperson", guards=[signed_in], tags=["Salesperson portal"])
async def links(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> SalesLinksAnswer:
    """List what the salesperson has made links for."""
    (salesperson, _), window = await desk.guards.seller(request), read_window(request)
    found = await commissions.list_links(desk.parts, salesperson, window)
    shown = tuple(
        SalesLink(
            code=one.code,
            order_id=one.order_id,
            amount=one.claims.amount,
            currency=one.claims.currency,
            status=one.state,
            commission=commissions.commission_of(one),
            created_at=one.created_at,
        )
        for one in found.rows
    )
    return SalesLinksAnswer(data=shown, pagination=pagination_of(window, found.total))


@get("/api/salesperson/commissions", access="salesperson", guards=[signed_in], tags=["Salesperson portal"])
async def earnings(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> CommissionsAnswer:
    """Sum up what was earned, by currency."""
    salesperson, _ = await desk.guards.seller(request)
    found, pagination = part_of(request, await commissions.list_commissions(desk.parts, salesperson))
    shown = tuple(
        CommissionView(currency=one.currency, earned=one.earned, reversed=one.reversed, orders=one.orders)
        for one in found
    )
    return CommissionsAnswer(data=shown, pagination=pagination)
