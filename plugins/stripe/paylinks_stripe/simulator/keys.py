"""Who calls: a secret key, or a browser with a publishable key and a client secret (docs.stripe.com/keys)."""

import base64
import binascii
import re

from msgspec import Struct

from .faults import StripeFault

__all__ = ["DEMO_PUBLISHABLE_KEY", "DEMO_SECRET_KEY", "DEMO_WEBHOOK_SECRET", "Caller", "browser", "server"]

DEMO_SECRET_KEY = "sk_test_demo"  # noqa: S105 - it opens nothing but the simulator
DEMO_PUBLISHABLE_KEY = "pk_test_demo"
DEMO_WEBHOOK_SECRET = "whsec_ThatTheSimulatorSignsWith"  # noqa: S105 - likewise; the platform believes no outside event by it

_SECRET = re.compile(r"(?:sk|rk)_(test|live)_\w+", re.ASCII)
_PUBLISHABLE = re.compile(r"pk_(test|live)_\w+", re.ASCII)
_UNAUTHORIZED = 401


class Caller(Struct, frozen=True, kw_only=True):
    """One authenticated caller.

    Args:
        demo: it is the platform's own demo mode, which promises that every payment token but the demo words is paid.
        client_secret: what a browser proves its payment intent with.

    """

    livemode: bool
    demo: bool
    client_secret: str | None = None

    @property
    def is_browser(self) -> bool:
        """It has no secret key."""
        return self.client_secret is not None


def server(authorization: str | None) -> Caller:
    """Read the Authorization header, Bearer or Basic (docs.stripe.com/api/authentication).

    Raises:
        StripeFault: there is no secret key in it.

    """
    if not authorization:
        raise _unauthorized("You did not provide an API key.")
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            value = ""
    match = _SECRET.fullmatch(value.strip())
    if match is None or scheme.lower() not in ("basic", "bearer"):
        raise _unauthorized(f"Invalid API Key provided: {value[:8]}****")
    return Caller(livemode=match[1] == "live", demo=value.strip() == DEMO_SECRET_KEY)


def browser(key: str, client_secret: str) -> Caller:
    """Read what Stripe.js sends in place of the header.

    Raises:
        StripeFault: it is no publishable key.

    """
    match = _PUBLISHABLE.fullmatch(key)
    if match is None:
        raise _unauthorized(f"Invalid API Key provided: {key[:8]}****")
    return Caller(livemode=match[1] == "live", demo=key == DEMO_PUBLISHABLE_KEY, client_secret=client_secret)


def _unauthorized(message: str) -> StripeFault:
    return StripeFault(_UNAUTHORIZED, {"type": "invalid_request_error", "message": message})
