"""/api/auth: registering, passwords and invitations."""

from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct

from paylinks_core import accounts, mailed_links, members
from paylinks_core.identification import read_email
from paylinks_ports.records.people import Role

from ...answers import Success
from ...errors import HttpRefusal
from ...guards import anyone, signed_in
from ..admin.auth import Place, SignedIn, SignedInAnswer
from ..arrivals import afterwards, entering, session_view, with_cookies
from ..desk import Desk

__all__ = ["Message", "MessageAnswer", "accept_invitation", "change_password", "confirm_reset", "reauthenticate"]
__all__ += ["register", "request_reset"]

_MAILED = "Check your email for the link to set a new password."


class RegisterBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """A new account and the organization it owns."""

    name: str | None = None
    email: str | None = None
    password: str | None = None
    org_name: str | None = None


class NewUser(Struct, frozen=True, kw_only=True):
    """A new account."""

    id: str
    email: str
    name: str
    role: Role


class Registration(Struct, frozen=True, kw_only=True):
    """A new account, its organization and that one's first brand."""

    user: NewUser
    organization: Place
    brand: Place


class RegisterAnswer(Success, frozen=True, kw_only=True):
    """A new account."""

    data: Registration


class Message(Struct, frozen=True, kw_only=True):
    """A sentence for people."""

    message: str


class MessageAnswer(Success, frozen=True, kw_only=True):
    """A sentence for people."""

    data: Message


class PasswordBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """The password that counts, and the one that shall."""

    current_password: str
    new_password: str


class EmailBody(Struct, frozen=True, kw_only=True):
    """Whose account."""

    email: str


class ConfirmResetBody(Struct, frozen=True, kw_only=True):
    """What was mailed, and a new password."""

    token: str
    password: str


class AcceptInvitationBody(Struct, frozen=True, kw_only=True):
    """What was mailed, and a password: a new one, or that of the account there is."""

    token: str
    password: str
    name: str | None = None


class ReauthenticateBody(Struct, frozen=True, kw_only=True):
    """One of the two proofs."""

    password: str | None = None
    code: str | None = None


class Reauthenticated(Struct, frozen=True, kw_only=True):
    """That it is them."""

    reauthenticated: bool = True


class ReauthenticateAnswer(Success, frozen=True, kw_only=True):
    """That it is them."""

    data: Reauthenticated


@post("/api/auth/register", access="public", guards=[anyone], tags=["User authentication"])
async def register(
    request: Request[Any, Any, Any], data: JSONBody[RegisterBody], desk: NamedDependency[Desk]
) -> Response[RegisterAnswer]:
    """Make an account, with an organization and a brand, and sign in to it."""
    origin = desk.guards.origin(request)
    given = {"name": data.name, "email": data.email, "password": data.password, "orgName": data.org_name}
    if missing := [f"{name}: is required" for name, value in given.items() if not (value or "").strip()]:
        raise HttpRefusal(400, "invalid_request", "Missing required fields", details="; ".join(missing))
    done = await accounts.register(
        desk.entrance,
        name=data.name or "",
        email=data.email or "",
        password=data.password or "",
        organization_name=data.org_name or "",
        ip=origin.address,
    )
    user, organization, brand = done.admission.user, done.organization, done.brand
    registration = Registration(
        user=NewUser(id=user.id, email=user.email, name=user.name, role=done.admission.membership.role),
        organization=Place(id=organization.id, name=organization.name, slug=organization.slug),
        brand=Place(id=brand.id, name=brand.name, slug=brand.slug),
    )
    return with_cookies(RegisterAnswer(data=registration), *await entering(request, desk, done.admission), status=201)


@post(
    "/api/auth/password",
    status_code=200,
    access="session",
    permission="account.use",
    guards=[signed_in],
    tags=["User authentication"],
)
async def change_password(
    request: Request[Any, Any, Any], data: JSONBody[PasswordBody], desk: NamedDependency[Desk]
) -> Response[MessageAnswer]:
    """Change one's own password; every other session ends."""
    caller, origin = await desk.guards.session(request), desk.guards.origin(request)
    secret, _ = await accounts.change_password(desk.entrance, caller, data.current_password, data.new_password, origin)
    answer = MessageAnswer(data=Message(message="The password is changed."))
    return with_cookies(answer, desk.guards.cookies.put("session", secret))


@post("/api/auth/password/reset", status_code=200, access="public", guards=[anyone], tags=["User authentication"])
async def request_reset(
    request: Request[Any, Any, Any], data: JSONBody[EmailBody], desk: NamedDependency[Desk]
) -> Response[MessageAnswer]:
    """Mail a link for setting a new password, if there is such an account; the answer does not tell."""
    desk.guards.own_page_only(request)
    posting = afterwards(mailed_links.request_reset, desk.entrance, read_email(data.email))
    answer = MessageAnswer(data=Message(message=_MAILED))
    return Response(answer, status_code=200, background=posting, media_type="application/json")


@post(
    "/api/auth/password/reset/confirm", status_code=200, access="public", guards=[anyone], tags=["User authentication"]
)
async def confirm_reset(
    request: Request[Any, Any, Any], data: JSONBody[ConfirmResetBody], desk: NamedDependency[Desk]
) -> MessageAnswer:
    """Set a new password by what was mailed; every session ends, and the second factor stays."""
    desk.guards.own_page_only(request)
    await mailed_links.confirm_reset(desk.entrance, data.token, data.password, desk.guards.address(request))
    return MessageAnswer(data=Message(message="The password is changed. Sign in with it."))


@post("/api/auth/invitation/accept", status_code=200, access="public", guards=[anyone], tags=["User authentication"])
async def accept_invitation(
    request: Request[Any, Any, Any], data: JSONBody[AcceptInvitationBody], desk: NamedDependency[Desk]
) -> Response[SignedInAnswer]:
    """Accept an invitation, and sign in."""
    origin = desk.guards.origin(request)
    admission = await members.accept_invitation(desk.entrance, data.token, data.password, origin, data.name)
    pending = admission.session.pending
    signed = SignedIn(two_factor_required=True) if pending else SignedIn(session=session_view(admission))
    return with_cookies(SignedInAnswer(data=signed), *await entering(request, desk, admission))


@post(
    "/api/auth/reauthenticate",
    status_code=200,
    access="session",
    permission="account.use",
    guards=[signed_in],
    tags=["User authentication"],
)
async def reauthenticate(
    request: Request[Any, Any, Any], data: JSONBody[ReauthenticateBody], desk: NamedDependency[Desk]
) -> Response[ReauthenticateAnswer]:
    """Prove again who one is, before a sensitive change."""
    caller, origin = await desk.guards.session(request), desk.guards.origin(request)
    if (data.password is None) == (data.code is None):
        raise HttpRefusal(400, "invalid_request", "Invalid request", details="password, code: one of them is required")
    secret, _ = await accounts.reauthenticate(desk.entrance, caller, origin, password=data.password, code=data.code)
    answer = ReauthenticateAnswer(data=Reauthenticated())
    return with_cookies(answer, desk.guards.cookies.put("session", secret))
