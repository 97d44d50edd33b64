"""/sales: the salesperson's portal, with a door of its own."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from paylinks_core import commissions, salespeople, sessions
from paylinks_ports.errors import PaylinksError
from paylinks_ports.records.salespeople import RATE_UNIT

from ...guards import counted
from ...routes.desk import Desk
from ..rendering import page
from .forms import UNTROUBLED, Trouble, read_form, trouble_of
from .links import LIVES, claims_of, life_of, picture_of
from .orders import titles_of, window_of
from .sign_in import check_given
from .visit import go, pages_of

__all__ = ["make", "show", "show_sign_in", "sign_in", "sign_out"]

_SEE_OTHER = 303


@get("/sales")
async def show(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """Show what a salesperson has sold and earned, and a form for another link."""
    return await _page(request, desk)


@post("/sales", status_code=_SEE_OTHER)
async def make(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Make a pay link whose order is credited to the salesperson."""
    salesperson, brand = await desk.guards.seller(request)
    form = await read_form(request)
    try:
        link = await commissions.make_link(desk.parts, salesperson, brand, claims_of(form), life_of(form))
    except PaylinksError as error:
        return await _page(request, desk, trouble_of(error, form))
    return page("admin/sales_link.html", salesperson=salesperson, brand=brand, link=link, picture=picture_of(link))


@get("/sales/login")
async def show_sign_in(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Ask who it is."""
    if await salespeople.find_seller(desk.parts, desk.guards.cookies.read(request, "salesperson")) is not None:
        return go("/sales")
    return page("admin/sales_login.html", trouble=UNTROUBLED)


@post("/sales/login", guards=[counted], status_code=_SEE_OTHER)
async def sign_in(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Sign in."""
    origin, form = desk.guards.origin(request), await read_form(request)
    try:
        check_given(form, "email", "password")
        secret, _ = await salespeople.sign_in(desk.entrance, form.text("email"), form.secret("password"), origin)
    except PaylinksError as error:
        trouble = trouble_of(error, form)
        return page("admin/sales_login.html", trouble.status, trouble=trouble)
    return go("/sales", cookies=(desk.guards.cookies.put("salesperson", secret),))


@post("/sales/logout", status_code=_SEE_OTHER)
async def sign_out(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Redirect:
    """Sign out: the session is gone on the server, too."""
    desk.guards.own_page_only(request)
    await sessions.end(desk.parts, desk.guards.cookies.read(request, "salesperson"))
    return go("/sales/login", cookies=(desk.guards.cookies.clear("salesperson"),))


async def _page(request: Request[Any, Any, Any], desk: Desk, trouble: Trouble = UNTROUBLED) -> Response[bytes]:
    salesperson, brand = await desk.guards.seller(request)
    window = window_of(request)
    sold = await commissions.list_links(desk.parts, salesperson, window)
    query = dict(request.query_params)
    return page(
        "admin/sales.html",
        trouble.status or 200,
        trouble=trouble,
        salesperson=salesperson,
        brand=brand,
        percent=RATE_UNIT // 100,
        earned=await commissions.list_commissions(desk.parts, salesperson),
        sold=sold.rows,
        commission_of=commissions.commission_of,
        pages=pages_of("/sales", query, window, sold.total),
        lives=LIVES,
        providers=titles_of(desk),
        suggested=f"order-{desk.parts.ids.code()}",
        base_url=desk.parts.base_url,
    )
