"""/register, /invitation and /password-reset: how an account comes to be, and to a new password."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency

from paylinks_core import accounts, mailed_links, members
from paylinks_core.identification import read_email
from paylinks_ports.errors import ExpiredToken, InvalidToken, PaylinksError

from ...guards import counted
from ...routes.arrivals import afterwards, entering
from ...routes.desk import Desk
from ..rendering import page
from .forms import UNTROUBLED, Form, Trouble, read_form, trouble_of
from .sign_in import arrived, check_given

__all__ = ["accept", "register", "reset", "show", "show_invitation", "show_reset"]

_SEE_OTHER = 303
_DEAD = "This link is not valid, has expired, or has been used. Please ask for a new one."


@get("/register")
async def show(desk: NamedDependency[Desk]) -> Response[bytes]:
    """Ask for a new account."""
    return page("admin/register.html", trouble=UNTROUBLED, registration=desk.entrance.registration_open)


@post("/register", guards=[counted], status_code=_SEE_OTHER)
async def register(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Make an account, with an organization and a brand, and sign in to it."""
    origin, form = desk.guards.origin(request), await read_form(request)
    try:
        check_given(form, "name", "email", "password", "orgName")
        done = await accounts.register(
            desk.entrance,
            name=form.text("name"),
            email=form.text("email"),
            password=form.secret("password"),
            organization_name=form.text("orgName"),
            ip=origin.address,
        )
    except PaylinksError as error:
        trouble, opened = trouble_of(error, form), desk.entrance.registration_open
        return page("admin/register.html", trouble.status, trouble=trouble, registration=opened)
    return arrived("/admin", tuple(await entering(request, desk, done.admission)), pending=False)


@get("/invitation")
async def show_invitation(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Let somebody who is invited choose a password."""
    return page("admin/invitation.html", trouble=UNTROUBLED, token=request.query_params.get("token", ""))


@post("/invitation", guards=[counted], status_code=_SEE_OTHER)
async def accept(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Accept an invitation, and sign in."""
    origin, form = desk.guards.origin(request), await read_form(request)
    token = form.secret("token")
    try:
        check_given(form, "password")
        admission = await members.accept_invitation(
            desk.entrance, token, form.secret("password"), origin, form.optional("name")
        )
    except PaylinksError as error:
        trouble = _trouble(error, form)
        return page("admin/invitation.html", trouble.status, trouble=trouble, token=token)
    cookies = tuple(await entering(request, desk, admission))
    return arrived("/admin", cookies, pending=admission.session.pending)


@get("/password-reset")
async def show_reset(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Ask whose password is to be another one; with what was mailed, for the new one."""
    return _reset_page("set" if request.query_params.get("token") else "ask", request.query_params.get("token", ""))


@post("/password-reset", guards=[counted], status_code=200)
async def reset(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """Mail a link, if there is such an account, which the answer does not tell; or set the new password by it."""
    desk.guards.own_page_only(request)
    form = await read_form(request)
    token = form.secret("token")
    try:
        if not token:
            email = read_email(form.text("email"))
            answer = _reset_page("mailed", "")
            answer.background = afterwards(mailed_links.request_reset, desk.entrance, email)
            return answer
        check_given(form, "password")
        await mailed_links.confirm_reset(desk.entrance, token, form.secret("password"), desk.guards.address(request))
    except PaylinksError as error:
        return _reset_page("set" if token else "ask", token, _trouble(error, form))
    return _reset_page("done", "")


def _trouble(error: PaylinksError, form: Form) -> Trouble:
    if isinstance(error, InvalidToken | ExpiredToken):
        return Trouble(status=401, message=_DEAD)
    return trouble_of(error, form)


def _reset_page(step: str, token: str, trouble: Trouble = UNTROUBLED) -> Response[bytes]:
    return page("admin/password_reset.html", trouble.status or 200, step=step, token=token, trouble=trouble)
