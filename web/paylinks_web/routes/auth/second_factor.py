"""/api/auth/2fa: setting up the second factor, turning it on and off, and completing a sign-in with it."""

from typing import Any

import segno
from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct

from paylinks_core import second_factor

from ...answers import Success
from ...errors import HttpRefusal
from ...guards import anyone, signed_in
from ...idempotency import SECRET_ANSWER
from ..admin.auth import SignedIn, SignedInAnswer
from ..arrivals import entering, session_view, with_cookies
from ..desk import Desk

__all__ = ["confirm", "disable", "set_up", "verify"]


class SetupView(Struct, frozen=True, kw_only=True, rename="camel"):
    """What an authenticator app is told; the QR code is an SVG image as a data URI."""

    secret: str
    otpauth_url: str
    qr_code: str
    enabled: bool = False


class SetupAnswer(Success, frozen=True, kw_only=True):
    """What an authenticator app is told."""

    data: SetupView


class CodeBody(Struct, frozen=True, kw_only=True):
    """A code of the app."""

    code: str


class VerifyBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """One of the two."""

    code: str | None = None
    recovery_code: str | None = None


class EnabledView(Struct, frozen=True, kw_only=True, rename="camel"):
    """The second factor is on; its recovery codes are shown this once."""

    enabled: bool
    recovery_codes: tuple[str, ...]


class EnabledAnswer(Success, frozen=True, kw_only=True):
    """The second factor is on."""

    data: EnabledView


class DisabledView(Struct, frozen=True, kw_only=True):
    """The second factor is off."""

    enabled: bool = False


class DisabledAnswer(Success, frozen=True, kw_only=True):
    """The second factor is off."""

    data: DisabledView


@get(
    "/api/auth/2fa/setup",
    access="session",
    permission="account.secure",
    guards=[signed_in],
    tags=["User authentication"],
)
async def set_up(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> SetupAnswer:
    """Give what an authenticator app has to be told."""
    caller = await desk.guards.session(request)
    made = await second_factor.set_up(desk.entrance, caller)
    picture = segno.make(made.url, micro=False).svg_data_uri(scale=4)
    return SetupAnswer(data=SetupView(secret=made.secret, otpauth_url=made.url, qr_code=picture))


@post(
    "/api/auth/2fa/confirm",
    status_code=200,
    access="session",
    permission="account.secure",
    opt=SECRET_ANSWER,
    guards=[signed_in],
    tags=["User authentication"],
)
async def confirm(
    request: Request[Any, Any, Any], data: JSONBody[CodeBody], desk: NamedDependency[Desk]
) -> Response[EnabledAnswer]:
    """Turn the second factor on by a first code."""
    caller, origin = await desk.guards.session(request), desk.guards.origin(request)
    done = await second_factor.confirm(desk.entrance, caller, data.code, origin)
    answer = EnabledAnswer(data=EnabledView(enabled=True, recovery_codes=done.recovery_codes))
    return with_cookies(answer, desk.guards.cookies.put("session", done.secret))


@post("/api/auth/2fa/verify", status_code=200, access="public", guards=[anyone], tags=["User authentication"])
async def verify(
    request: Request[Any, Any, Any], data: JSONBody[VerifyBody], desk: NamedDependency[Desk]
) -> Response[SignedInAnswer]:
    """Complete a sign-in that waits for its second factor."""
    origin = desk.guards.origin(request)
    if (data.code is None) == (data.recovery_code is None):
        raise HttpRefusal(400, "invalid_request", "Invalid request", details="code, recoveryCode: one is required")
    admission = await second_factor.verify(
        desk.entrance,
        desk.guards.cookies.read(request, "session"),
        origin,
        code=data.code,
        recovery_code=data.recovery_code,
    )
    answer = SignedInAnswer(data=SignedIn(session=session_view(admission)))
    return with_cookies(answer, *await entering(request, desk, admission))


@delete(
    "/api/auth/2fa",
    status_code=200,
    access="session",
    permission="account.secure",
    guards=[signed_in],
    tags=["User authentication"],
)
async def disable(
    request: Request[Any, Any, Any], data: JSONBody[CodeBody], desk: NamedDependency[Desk]
) -> Response[DisabledAnswer]:
    """Turn the second factor off, by a code or a recovery code."""
    caller, origin = await desk.guards.session(request), desk.guards.origin(request)
    secret, _ = await second_factor.disable(desk.entrance, caller, origin, data.code)
    answer = DisabledAnswer(data=DisabledView())
    return with_cookies(answer, desk.guards.cookies.put("session", secret))
