"""/api/admin/auth: signing in with a password, who is signed in, signing out, and where one looks at."""

from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct

from paylinks_core import accounts, places, sessions
from paylinks_ports.records.tenants import Brand, Organization

from ...answers import Success
from ...errors import HttpRefusal
from ...guards import anyone, signed_in, visitor
from ..arrivals import SessionView, entering, session_view, with_cookies
from ..desk import Desk

__all__ = ["Place", "show", "sign_in", "sign_out", "switch_brand", "switch_organization"]


class SignInBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who, and the proof of it."""

    email: str | None = None
    password: str | None = None


class SignedIn(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The session; or, before the second factor, that this is asked for."""

    session: SessionView | None = None
    two_factor_required: bool = False


class SignedInAnswer(Success, frozen=True, kw_only=True):
    """A sign-in."""

    data: SignedIn


class Place(Struct, frozen=True, kw_only=True):
    """An organization or a brand."""

    id: str
    name: str
    slug: str


class Visit(Struct, frozen=True, kw_only=True):
    """Whether somebody is signed in, who, and where they can go."""

    authenticated: bool
    session: SessionView | None
    organizations: tuple[Place, ...]
    brands: tuple[Place, ...]


class VisitAnswer(Success, frozen=True, kw_only=True):
    """Whether somebody is signed in."""

    data: Visit


class SignedOut(Struct, frozen=True, kw_only=True):
    """Nobody is signed in any more."""

    authenticated: bool = False


class SignedOutAnswer(Success, frozen=True, kw_only=True):
    """A sign-out."""

    data: SignedOut


class SwitchOrganizationBody(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Where to."""

    organization_id: str


class SwitchBrandBody(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Where to."""

    brand_id: str


class SessionHolder(Struct, frozen=True, kw_only=True):
    """A session as it is now."""

    session: SessionView


class SessionAnswer(Success, frozen=True, kw_only=True):
    """A session as it is now."""

    data: SessionHolder


@post("/api/admin/auth", status_code=200, access="public", guards=[anyone], tags=["Admin authentication"])
async def sign_in(
    request: Request[Any, Any, Any], data: JSONBody[SignInBody], desk: NamedDependency[Desk]
) -> Response[SignedInAnswer]:
    """Sign in with an address and a password."""
    if not data.email or not data.password:
        raise HttpRefusal(400, "invalid_request", "Email and password required")
    origin = desk.guards.origin(request)
    admission = await accounts.sign_in(desk.entrance, data.email, data.password, origin)
    signed = (
        SignedIn(two_factor_required=True) if admission.session.pending else SignedIn(session=session_view(admission))
    )
    return with_cookies(SignedInAnswer(data=signed), *await entering(request, desk, admission))


@get("/api/admin/auth", access="public", guards=[visitor], tags=["Admin authentication"])
async def show(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> VisitAnswer:
    """Say who is signed in, and where they can go."""
    caller = await desk.guards.visitor(request)
    if caller is None:
        return VisitAnswer(data=Visit(authenticated=False, session=None, organizations=(), brands=()))
    found = await places.list_places(desk.parts, caller)
    return VisitAnswer(
        data=Visit(
            authenticated=True,
            session=session_view(caller),
            organizations=tuple(_place(one) for one in found.organizations),
            brands=tuple(_place(one) for one in found.brands),
        )
    )


def _place(one: Organization | Brand) -> Place:
    return Place(id=one.id, name=one.name, slug=one.slug)


@delete("/api/admin/auth", status_code=200, access="public", guards=[visitor], tags=["Admin authentication"])
async def sign_out(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[SignedOutAnswer]:
    """Sign out: the session is gone on the server, too."""
    desk.guards.own_page_only(request)
    await sessions.end(desk.parts, desk.guards.cookies.read(request, "session"))
    return with_cookies(SignedOutAnswer(data=SignedOut()), desk.guards.cookies.clear("session"))


@post(
    "/api/admin/auth/switch-org",
    status_code=200,
    access="session",
    permission="account.use",
    guards=[signed_in],
    tags=["Admin authentication"],
)
async def switch_organization(
    request: Request[Any, Any, Any], data: JSONBody[SwitchOrganizationBody], desk: NamedDependency[Desk]
) -> Response[SessionAnswer]:
    """Look at another organization of one's own."""
    caller = await desk.guards.session(request)
    secret, there = await places.switch_organization(desk.parts, caller, data.organization_id)
    answer = SessionAnswer(data=SessionHolder(session=session_view(there)))
    return with_cookies(answer, desk.guards.cookies.put("session", secret))


@post(
    "/api/admin/auth/switch-brand",
    status_code=200,
    access="session",
    permission="account.use",
    guards=[signed_in],
    tags=["Admin authentication"],
)
async def switch_brand(
    request: Request[Any, Any, Any], data: JSONBody[SwitchBrandBody], desk: NamedDependency[Desk]
) -> SessionAnswer:
    """Look at another brand of the same organization."""
    caller = await desk.guards.session(request)
    there = await places.switch_brand(desk.parts, caller, data.brand_id)
    return SessionAnswer(data=SessionHolder(session=session_view(there)))
