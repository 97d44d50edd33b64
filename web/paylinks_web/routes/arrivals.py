"""What signing in answers with besides its data: the cookies of a new session, and where browsers are sent."""

from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, TypeVar

import structlog
from litestar import Request, Response
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import Cookie
from litestar.response import Redirect
from msgspec import Struct

from paylinks_core.sessions import Admission, Caller, end
from paylinks_core.throttles import make_mark
from paylinks_ports.records.people import Role

from .desk import Desk

__all__ = ["SessionView", "afterwards", "entering", "send_on", "session_view", "with_cookies"]

T = TypeVar("T")
P = ParamSpec("P")
_log = structlog.get_logger()


class SessionView(Struct, frozen=True, kw_only=True, rename="camel"):
    """Who is signed in, and where they are looking at."""

    user_id: str
    organization_id: str
    brand_id: str | None
    email: str
    name: str
    role: Role


def session_view(one: Caller | Admission) -> SessionView:
    """Show a session."""
    return SessionView(
        user_id=one.user.id,
        organization_id=one.session.organization_id,
        brand_id=one.brand_id if isinstance(one, Caller) else one.session.brand_id,
        email=one.user.email,
        name=one.user.name,
        role=one.membership.role,
    )


def with_cookies(answer: T, *cookies: Cookie, status: int = 200) -> Response[T]:
    """Answer with cookies."""
    return Response(answer, status_code=status, cookies=list(cookies), media_type="application/json")


async def entering(request: Request[Any, Any, Any], desk: Desk, admission: Admission) -> list[Cookie]:
    """Hand a browser its session in place of an earlier one, and once that is whole a mark of having been here."""
    await end(desk.parts, desk.guards.cookies.read(request, "session"))
    cookies = [desk.guards.cookies.put("session", admission.secret)]
    if not admission.session.pending:
        cookies.append(desk.guards.cookies.put("known", make_mark(desk.entrance, admission.user.email)))
    return cookies


async def send_on(request: Request[Any, Any, Any], desk: Desk, admission: Admission) -> Redirect:
    """Send a browser that has signed in to where it goes on."""
    target = "/login?step=2fa" if admission.session.pending else "/admin"
    return Redirect(target, status_code=302, cookies=await entering(request, desk, admission))


def afterwards(verb: Callable[P, Awaitable[None]], *args: P.args, **kwargs: P.kwargs) -> BackgroundTask:
    """Do something when the answer has been given, so that its time tells nothing; an accident of it is logged."""

    async def do() -> None:
        try:
            await verb(*args, **kwargs)
        except Exception:  # noqa: BLE001 - the answer is on its way, and nobody is left to tell
            _log.exception("afterwards.failed", verb=getattr(verb, "__name__", ""))

    return BackgroundTask(do)
