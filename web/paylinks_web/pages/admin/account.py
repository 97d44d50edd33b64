"""/admin/account: one's own password, and the second factor."""

from typing import Any

import segno
from litestar import Request, Response
from litestar.di import NamedDependency

from paylinks_core import accounts, second_factor
from paylinks_core.errors import AlreadyEnabled
from paylinks_ports.errors import PaylinksError

from ...routes.desk import Desk
from .forms import UNTROUBLED, Trouble, read_form, trouble_of
from .visit import Visit, enter, go, shows, takes

__all__ = ["act", "act_second_factor", "show", "show_second_factor"]


@shows("/admin/account", "account.use")
async def show(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """Show one's own account."""
    visit = await enter(request, desk)
    return visit.render("account.html")


@takes("/admin/account", "account.use")
async def act(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Change one's own password; every other session ends."""
    visit, form = await enter(request, desk), await read_form(request)
    origin = desk.guards.origin(request)
    current, new = form.secret("currentPassword"), form.secret("newPassword")
    try:
        secret, _ = await accounts.change_password(desk.entrance, visit.caller, current, new, origin)
    except PaylinksError as error:
        return visit.render("account.html", trouble_of(error, form))
    return go("/admin/account", "saved", (desk.guards.cookies.put("session", secret),))


@shows("/admin/account/two-factor", "account.secure")
async def show_second_factor(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """Show the QR code of a second factor that is to be, or how to turn off the one that is."""
    return await _second_factor(desk, await enter(request, desk))


@takes("/admin/account/two-factor", "account.secure")
async def act_second_factor(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Turn the second factor on by a first code, and show the recovery codes this once; or turn it off."""
    visit, form = await enter(request, desk), await read_form(request)
    origin = desk.guards.origin(request)
    try:
        if form.text("do") == "disable":
            secret, _ = await second_factor.disable(desk.entrance, visit.caller, origin, form.text("code"))
            return go("/admin/account", "two-factor-off", (desk.guards.cookies.put("session", secret),))
        done = await second_factor.confirm(desk.entrance, visit.caller, form.text("code"), origin)
    except PaylinksError as error:
        return await _second_factor(desk, visit, trouble_of(error, form))
    cookie = desk.guards.cookies.put("session", done.secret)
    return visit.render("recovery_codes.html", cookies=(cookie,), codes=done.recovery_codes)


async def _second_factor(desk: Desk, visit: Visit, trouble: Trouble = UNTROUBLED) -> Response[bytes]:
    try:
        made = await second_factor.set_up(desk.entrance, visit.caller)
    except AlreadyEnabled:
        return visit.render("two_factor.html", trouble, made=None, picture=None)
    picture = segno.make(made.url, micro=False).svg_data_uri(scale=5)
    return visit.render("two_factor.html", trouble, made=made, picture=picture)
