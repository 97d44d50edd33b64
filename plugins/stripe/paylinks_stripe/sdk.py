"""One call through the official SDK, and what a "no" of it means. The SDK is loaded with the first call."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

import httpx
import msgspec
from msgspec import Struct

from paylinks_ports import PaylinksError, RefusalKind, Unknown, nothing_happened

from .declines import DECLINES, redact
from .wire import Failure, StripeError

if TYPE_CHECKING:
    import stripe

__all__ = ["Refusal", "Sdk", "certain", "known"]

_T = TypeVar("_T", bound=Struct)
_Kind: TypeAlias = RefusalKind | Literal["another_state", "card", "key_reused", "missing"]
_Call: TypeAlias = "Callable[[stripe.V1Services], Awaitable[stripe.StripeObject]]"
_Create: TypeAlias = "Callable[[stripe.V1Services, stripe.RequestOptions], Awaitable[stripe.StripeObject]]"

_FRESH_KEYS = 2
_WRONG_REQUESTS: dict[str | None, _Kind] = {  # docs.stripe.com/error-codes
    "intent_invalid_state": "another_state",
    "payment_intent_unexpected_state": "another_state",
    "resource_missing": "missing",
}


class Refusal(Struct, frozen=True, kw_only=True):
    """An answer that is not what was asked for, and what is certain about the call.

    Args:
        kind: beside those of `RefusalKind`, all of them a "no": ``another_state``: the payment intent is not in a state
            for this call, which so did nothing; ``card``: the payment was declined; ``key_reused``: an earlier call
            under the same idempotency key was another one; ``missing``: an id is unknown.
        replayed: Stripe gave an earlier answer again.

    """

    kind: _Kind
    error: StripeError = StripeError()
    status: int | None = None
    replayed: bool = False

    @property
    def details(self) -> str:
        """Stripe's own sentence, and which parameter it is about."""
        said = self.error.message or (f"HTTP {self.status}" if self.status else "")
        return redact(f"{self.error.param}: {said}" if self.error.param else said)

    @property
    def exception(self) -> PaylinksError:
        """What to raise after a call by which certainly no money moved."""
        kind = self.kind if self.kind in ("credentials", "busy", "doubt") else "refused"
        return nothing_happened("Stripe", kind, self.details)


class Sdk:
    """Stripe's API of one merchant account, through the platform's HTTP client."""

    def __init__(self, secret_key: str, client: httpx.AsyncClient) -> None:
        self._secret_key = secret_key
        self._http = client
        self._client: stripe.StripeClient | None = None

    async def ask(self, call: _Call, to: type[_T]) -> _T | Refusal:
        """Make one call and read its answer.

        Raises:
            httpx.HTTPError: as it came; what it means is the platform's to say.

        """
        if self._client is None:
            self._client = await asyncio.to_thread(self._open)
        import stripe

        # Nothing is raised from within an `except`: the SDK's errors carry the whole reply, client secrets and all, and
        # would hang on as context.
        try:
            reply = (await call(self._client.v1)).last_response
            return msgspec.convert(reply.data if reply else None, to)
        except stripe.StripeError as error:
            return _refusal(error)
        except (ValueError, TypeError, LookupError, AttributeError):
            return Refusal(kind="doubt")  # the SDK, or our own shapes, tripped over the reply

    async def create(self, call: _Create, to: type[_T], key: str, again: int = 0) -> _T:
        """Create once for each idempotency key; no money is in it, and nobody can pay one whose reply was lost."""
        options: stripe.RequestOptions = {"idempotency_key": f"{key}-{again}" if again else key}
        answer = await self.ask(lambda v1: call(v1, options), to)
        if isinstance(answer, Refusal) and answer.kind == "doubt" and answer.replayed and again < _FRESH_KEYS:
            # docs.stripe.com/idempotency: a failure of Stripe's own is kept for a day, too; asked anew it may be over.
            return await self.create(call, to, key, again + 1)
        return certain(answer)

    def _open(self) -> "stripe.StripeClient":
        """Load the SDK and keep it quiet: a third of a second of imports, and so nothing for the event loop."""
        import stripe

        from .transport import PlatformTransport

        stripe.enable_telemetry = False  # it would write a file to the home directory, and report response times
        # On lower levels it logs bodies, client secrets included.
        logging.getLogger("stripe").setLevel(logging.WARNING)
        stripe.log = None
        # No retries: whether and when to ask again is the core's to decide, with its own record of what was asked.
        client = stripe.StripeClient(self._secret_key, http_client=PlatformTransport(self._http), max_network_retries=0)
        _ = client.v1.payment_intents, stripe.PaymentIntent  # which would be loaded when they are first used
        return client


def certain(answer: _T | Refusal) -> _T:
    """Give an answer; after a call that moves no money, every refusal means that nothing happened."""
    if isinstance(answer, Refusal):
        raise answer.exception
    return answer


def known(answer: _T | Refusal, reference: str) -> _T | Unknown:
    """Give what has this id at Stripe.

    It does not go away, so where it is missing these are the keys of another account, or of the other mode: what is
    open in the first one may still be paid.
    """
    if isinstance(answer, Refusal) and answer.kind == "missing":
        return Unknown(message="Stripe does not know this under the present secret key", reference=reference)
    return certain(answer)


def _refusal(error: "stripe.StripeError") -> Refusal:
    try:
        said = msgspec.convert(error.json_body, Failure).error
    except msgspec.ValidationError:
        said = StripeError()
    replayed = (error.headers or {}).get("idempotent-replayed") == "true"
    return Refusal(kind=_kind(error.http_status, said), error=said, status=error.http_status, replayed=replayed)


def _kind(status: int | None, error: StripeError) -> _Kind:  # noqa: PLR0911 - one for each kind of error
    """Class an error reply by docs.stripe.com/api/errors; one that is not in Stripe's form proves nothing."""
    if error.type is None or error.code == "lock_timeout":  # the latter: another call on the same object still runs
        return "doubt"
    match status, error.type:
        case ((401 | 403), _):
            return "credentials"
        case 429, _:
            return "busy"
        case 400, _ if error.code == "rate_limit":  # as it was written before 429
            return "busy"
        case ((400 | 402 | 404), "card_error"):
            return "card"
        case 402, _ if error.code in DECLINES:
            return "card"
        case ((400 | 404), "idempotency_error"):
            return "key_reused"
        case ((400 | 404), "invalid_request_error"):
            return _WRONG_REQUESTS.get(error.code, "refused")
        case _:
            return "doubt"
