"""/admin/prove: proving again who one is, before a sensitive change."""

from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency

from paylinks_core import accounts
from paylinks_ports.errors import PaylinksError

from ...routes.desk import Desk
from .forms import read_form, trouble_of
from .sign_in import onward
from .visit import enter, go, shows, takes

__all__ = ["prove", "show"]


@shows("/admin/prove", "account.use")
async def show(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """Ask for a proof."""
    visit = await enter(request, desk)
    return visit.render("prove.html", next=onward(visit.query.get("next")))


@takes("/admin/prove", "account.use")
async def prove(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Take a password or a code, and lead back to what needed it."""
    visit, form = await enter(request, desk), await read_form(request)
    target = onward(form.text("next"))
    password, code = form.secret("password") or None, form.optional("code")
    try:
        secret, _ = await accounts.reauthenticate(
            desk.entrance, visit.caller, desk.guards.origin(request), password=password, code=None if password else code
        )
    except PaylinksError as error:
        return visit.render("prove.html", trouble_of(error, form), next=target)
    return go(target, cookies=(desk.guards.cookies.put("session", secret),))
