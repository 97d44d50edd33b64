"""One call through the official SDK, and what a "no" of it means. The SDK is loaded with the first call."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

import httpx
import msgspec
from msgspec import Struct

from paylinks_ports import CredentialsRejected, PaylinksError, ProviderRefused, ProviderUnavailable

from .declines import is_decline
from .redaction import redact
from .wire import StripeError

if TYPE_CHECKING:
    import stripe

__all__ = ["Refusal", "Sdk", "as_error", "warm_up"]

T = TypeVar("T", bound=Struct)
Kind: TypeAlias = Literal["credentials", "refused", "busy", "card", "key_reused", "doubt"]


class Refusal(Struct, frozen=True, kw_only=True):
    """An answer that is not what was asked for, and what is certain about the call.

    Args:
        kind: ``credentials``, ``refused`` (a wrong request) and ``busy`` (a rate limit): nothing happened. ``card``:
            the payment was declined. ``key_reused``: an earlier call under the same idempotency key was another one.
            ``doubt``: anything may have happened.
        replayed: Stripe gave an earlier answer again.

    """

    kind: Kind
    error: StripeError = StripeError()
    status: int | None = None
    replayed: bool = False

    @property
    def details(self) -> str | None:
        """Stripe's own sentence, and which parameter it is about."""
        if not self.error.message:
            return None
        about = f"{redact(self.error.param)}: " if self.error.param else ""
        return about + redact(self.error.message)


def as_error(refusal: Refusal) -> PaylinksError:
    """Give the exception for a call by which certainly no money moved."""
    if refusal.kind == "credentials":
        return CredentialsRejected("Stripe does not accept the secret key", details=refusal.details)
    if refusal.kind in ("refused", "card", "key_reused"):
        return ProviderRefused("Stripe refused the request", details=refusal.details)
    busy = "Stripe asks to wait" if refusal.kind == "busy" else "Stripe's answer can't be used"
    return ProviderUnavailable(busy, details=f"HTTP {refusal.status}" if refusal.status else None)


class Sdk:
    """Stripe's API of one merchant account, through the platform's HTTP client."""

    def __init__(self, secret_key: str, client: httpx.AsyncClient) -> None:
        self._secret_key = secret_key
        self._http = client
        self._client: stripe.StripeClient | None = None

    async def ask(
        self, call: Callable[["stripe.StripeClient"], Awaitable["stripe.StripeObject"]], to: type[T]
    ) -> T | Refusal:
        """Make one call and read its answer.

        Raises:
            httpx.HTTPError: as it came; what it means is the platform's to say.

        """
        if self._client is None:
            await asyncio.to_thread(warm_up)  # a third of a second of imports, not on the event loop
            self._client = self._open()
        import stripe

        # Nothing is raised from within an `except`: the SDK's errors carry the whole reply, client secrets and all, and
        # would hang on as context.
        try:
            found = await call(self._client)
            reply = found.last_response
            return msgspec.convert(reply.data if reply else None, to)
        except stripe.StripeError as error:
            return _refusal(error)
        except (ValueError, TypeError, LookupError, AttributeError):
            return Refusal(kind="doubt")  # the SDK, or our own shapes, tripped over the reply

    def _open(self) -> "stripe.StripeClient":
        import stripe

        from .transport import PlatformTransport

        # No retries: whether and when to ask again is the core's to decide, with its own record of what was asked.
        return stripe.StripeClient(self._secret_key, http_client=PlatformTransport(self._http), max_network_retries=0)


def warm_up() -> None:
    """Load the SDK and keep it quiet; safe to call from any thread, and cheap the second time."""
    import stripe

    from . import transport  # noqa: F401 - so that it is loaded too

    stripe.enable_telemetry = False  # it would write a file to the home directory, and report response times
    # On lower levels it logs bodies, client secrets included.
    logging.getLogger("stripe").setLevel(logging.WARNING)
    stripe.log = None
    _ = stripe.StripeClient("sk_test_none", http_client=stripe.HTTPClient()).v1.payment_intents, stripe.PaymentIntent


def _refusal(error: "stripe.StripeError") -> Refusal:
    """Class an error reply by docs.stripe.com/api/errors; one that is not in Stripe's form proves nothing."""
    body = error.json_body
    try:
        said = msgspec.convert(body["error"] if isinstance(body, dict) else None, StripeError)
    except (msgspec.ValidationError, LookupError):
        said = StripeError()
    replayed = (error.headers or {}).get("idempotent-replayed") == "true"
    return Refusal(kind=_kind(error, said), error=said, status=error.http_status, replayed=replayed)


def _kind(error: "stripe.StripeError", said: StripeError) -> Kind:  # noqa: PLR0911 - one for each kind of error
    import stripe

    if said.type is None or said.code == "lock_timeout":
        return "doubt"  # not Stripe's words; or another call on the same object is still running
    match error:
        case stripe.AuthenticationError() | stripe.PermissionError():
            return "credentials"
        case stripe.RateLimitError():
            return "busy"
        case stripe.IdempotencyError():
            return "key_reused"
        case stripe.CardError() | stripe.InvalidRequestError() if said.type == "card_error":
            return "card"
        case stripe.CardError() if is_decline(said):
            return "card"
        case stripe.InvalidRequestError() if said.type == "invalid_request_error":
            return "refused"
        case _:
            return "doubt"
