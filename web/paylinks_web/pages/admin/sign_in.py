"""/login and /logout: proving who one is, by a password, a mailed link or a sign-in provider, and a second factor."""

import re
from typing import Any, Literal
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect

from paylinks_core import accounts, mailed_links, second_factor, sessions
from paylinks_core.errors import InvalidInput, SignInRequired
from paylinks_core.identification import read_email
from paylinks_ports.errors import PaylinksError

from ...guards import counted
from ...routes.arrivals import afterwards, entering
from ...routes.desk import Desk
from ..rendering import page
from .forms import UNTROUBLED, Form, Trouble, read_form, trouble_of
from .visit import go

__all__ = ["arrived", "check_given", "enter_", "leave", "magic_link", "onward", "show"]

_SEE_OTHER: Literal[303] = 303
_OWN = re.compile(r"/(?:admin|sales)(?:[/?][A-Za-z0-9/?&=%._~:@+-]*)?")
_PRIVATE = {"Referrer-Policy": "no-referrer"}  # the address holds a secret
_REFUSED = {
    "expired_token": "This link has expired. Please ask for a new one.",
    "invalid_token": "This link is not valid, or has been used. Please ask for a new one.",
    "no_org": "You belong to no organization any more. Please ask for an invitation.",
}
_REFUSED_OTHERWISE = "That way of signing in did not work. Please try again, or take another one."


def onward(path: str | None, otherwise: str = "/admin") -> str:
    """Give the page of ours that a form or an address wants to lead to; never one of another site."""
    return path if path and _OWN.fullmatch(path) and "//" not in path else otherwise


@get("/login")
async def show(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Ask who it is; or, of somebody who has said so, for the second factor."""
    asked = request.query_params
    if asked.get("step") != "2fa" and await desk.guards.visitor(request) is not None:
        return Redirect(onward(asked.get("next")), status_code=_SEE_OTHER)
    return _page(desk, asked.get("step", ""), onward(asked.get("next")), error=asked.get("error"))


@post("/login", guards=[counted], status_code=_SEE_OTHER)
async def enter_(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Take one of the proofs."""
    origin, form = desk.guards.origin(request), await read_form(request)
    target = onward(form.text("next"))
    try:
        match form.text("do"):
            case "magic":
                email = read_email(form.text("email"))
                answer = _page(desk, "mailed", target)
                answer.background = afterwards(mailed_links.request_magic_link, desk.entrance, email)
                return answer
            case "code":
                recovery = form.optional("recoveryCode")
                admission = await second_factor.verify(
                    desk.entrance,
                    desk.guards.cookies.read(request, "session"),
                    origin,
                    code=None if recovery else form.text("code"),
                    recovery_code=recovery,
                )
            case _:
                check_given(form, "email", "password")
                email, password = form.text("email"), form.secret("password")
                admission = await accounts.sign_in(desk.entrance, email, password, origin)
    except SignInRequired:
        return Redirect("/login?error=expired_token", status_code=_SEE_OTHER)
    except PaylinksError as error:
        step = "2fa" if form.text("do") == "code" else ""
        return _page(desk, step, target, trouble_of(error, form))
    cookies = tuple(await entering(request, desk, admission))
    return arrived(target, cookies, pending=admission.session.pending)


@post("/logout", status_code=_SEE_OTHER)
async def leave(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Redirect:
    """Sign out: the session is gone on the server, too."""
    desk.guards.own_page_only(request)
    await sessions.end(desk.parts, desk.guards.cookies.read(request, "session"))
    return go("/login", cookies=(desk.guards.cookies.clear("session"),))


@get("/magic-link")
async def magic_link(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Ask for a click before a mailed link is used up: programs that look through mail open what they find."""
    answer = page("admin/magic_link.html", token=request.query_params.get("token", ""))
    answer.headers.update(_PRIVATE)
    return answer


def arrived(target: str, cookies: tuple[Cookie, ...], *, pending: bool) -> Redirect:
    """Lead on whoever has signed in: to the second factor if it is to come, else to where they wanted."""
    return go(f"/login?step=2fa&next={quote(target)}" if pending else target, cookies=cookies)


def check_given(form: Form, *names: str) -> None:
    """Refuse a form that leaves something out.

    Raises:
        InvalidInput: naming the fields.

    """
    if missing := [f"{name}: is required" for name in names if not form.secret(name).strip()]:
        raise InvalidInput("; ".join(missing))


def _page(
    desk: Desk, step: str, target: str, trouble: Trouble = UNTROUBLED, *, error: str | None = None
) -> Response[bytes]:
    return page(
        "admin/login.html",
        trouble.status or 200,
        step=step,
        next=target,
        trouble=trouble,
        refused=_REFUSED.get(error, _REFUSED_OTHERWISE) if error else None,
        providers=sorted(desk.entrance.sign_in_providers),
        registration=desk.entrance.registration_open,
        development=desk.house.config.development,
    )
