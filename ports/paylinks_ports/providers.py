"""The plugin API for payment providers: what a plugin announces, and the powers its gateway may have.

A power is a method that exists, seen through the small protocols here: a list of capabilities could lie.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Generic, Literal, Protocol, TypeAlias, TypeVar, get_args, runtime_checkable

import httpx
from msgspec import Struct

from .browser import BrowserPart
from .cards import Card
from .payments import LookUpResult, Order, PaymentResult, SavedMethod, Started
from .refunds import RefundLookUpResult, RefundOrder, RefundResult
from .webhooks import WebhookEvent, WebhookRequest

__all__ = [
    "POWERS",
    "Cancels",
    "Charges",
    "ChargesCards",
    "ChargesSaved",
    "ChecksCredentials",
    "DemoWord",
    "Idempotency",
    "LooksUp",
    "LooksUpRefunds",
    "Lookup",
    "NoOptions",
    "PaymentProvider",
    "Proof",
    "ReadsWebhooks",
    "Refunds",
    "SimulatedWorld",
    "Simulator",
    "SimulatorStore",
    "Starts",
    "demo_word",
    "powers_of",
]

C = TypeVar("C", bound=Struct)

Proof: TypeAlias = Literal["none", "positive", "authoritative"]
"""What a look-up proves: nothing, that a payment exists when it is found, or also that none does when it is not."""


class Lookup(Struct, frozen=True, kw_only=True):
    """What each way of asking the provider for a payment, or for a refund, proves.

    Args:
        refund_by_reference: asked by the provider's id of the refund.
        refund_by_id: asked by our `refund_id`.

    """

    by_reference: Proof = "none"
    by_attempt: Proof = "none"
    refund_by_reference: Proof = "none"
    refund_by_id: Proof = "none"


class Idempotency(Struct, frozen=True, kw_only=True):
    """For how long the provider honours an idempotency key, and over which powers; zero hours: not at all."""

    hours: int = 0
    powers: frozenset[str] = frozenset()


@runtime_checkable
class Starts(Protocol):
    """Opens a payment at the provider before any money moves."""

    async def start(self, order: Order, reference: str | None) -> Started:
        """Open the payment, or read the one that `reference` names and tell again what the browser needs.

        Calling it twice with the same `order.attempt_id` must not open two where the provider can prevent it.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was opened.

        """


@runtime_checkable
class Charges(Protocol):
    """Charges a fresh payment token from the server."""

    async def charge(self, order: Order, reference: str | None, payment_token: str) -> PaymentResult:
        """Charge once, with `order.attempt_id` on the wire; `reference` is what `start` opened.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was charged.

        """


@runtime_checkable
class ChargesCards(Protocol):
    """Charges a raw card, where the provider knows no token; see api.md §5 for who may."""

    async def charge_card(self, order: Order, reference: str | None, card: Card) -> PaymentResult:
        """Charge once, as `charge` does; the card goes nowhere else.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was charged.

        """


@runtime_checkable
class ChargesSaved(Protocol):
    """Charges what an earlier payment saved, without the customer's card."""

    async def charge_saved(self, order: Order, saved: SavedMethod) -> PaymentResult:
        """Charge once, with `order.attempt_id` on the wire; the customer is there to answer a bank (`RequiresAction`).

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was charged.

        """


@runtime_checkable
class Refunds(Protocol):
    """Gives money back."""

    async def refund(self, order: Order, refund: RefundOrder) -> RefundResult:
        """Give back once; `refund.refund_id` is on the wire where the provider has a place for it.

        Args:
            order: what the payment was for.
            refund: how much of it, and of which charge.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was given back.

        """


@runtime_checkable
class LooksUpRefunds(Protocol):
    """Reads what became of a refund; changes nothing."""

    async def look_up_refund(self, order: Order, refund: RefundOrder, reference: str | None) -> RefundLookUpResult:
        """Ask by the provider's id of the refund, or by `refund.refund_id` where none is known.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was learned.

        """


@runtime_checkable
class ReadsWebhooks(Protocol):
    """Checks and reads what the provider sends by itself. Pure: no call goes out."""

    def verify_webhook(self, request: WebhookRequest) -> None:
        """Return when the request is proven to come from the provider, by the brand's credentials.

        Raises:
            InvalidSignature: it is not, or the brand has entered nothing to prove it by.

        """

    def read_webhook(self, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        """Read the events of a request; it may be one stored earlier, without its secrets, so it is not verified again.

        An event that nobody signed is a hint: it carries no `paid` and no `result`.

        Raises:
            ValueError: the body is not in the provider's form.

        """


@runtime_checkable
class LooksUp(Protocol):
    """Reads what became of a payment; changes nothing."""

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        """Ask by `reference`, or by `order.attempt_id` where none is known.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was learned.

        """


@runtime_checkable
class Cancels(Protocol):
    """Closes an open payment for good."""

    async def cancel(self, order: Order, reference: str) -> LookUpResult:
        """Cancel it, or say what became of it instead (`Paid` when the customer was quicker).

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was canceled.

        """


@runtime_checkable
class ChecksCredentials(Protocol):
    """Asks the provider whether the credentials work, without moving money."""

    async def check_credentials(self) -> None:
        """Return when they work.

        Raises:
            CredentialsRejected, ProviderUnavailable: they don't, or it can't be said now.

        """


POWERS: dict[str, type] = {
    "start": Starts,
    "charge": Charges,
    "charge_card": ChargesCards,
    "charge_saved": ChargesSaved,
    "look_up": LooksUp,
    "cancel": Cancels,
    "refund": Refunds,
    "look_up_refund": LooksUpRefunds,
    "read_webhook": ReadsWebhooks,
    "check_credentials": ChecksCredentials,
}


def powers_of(gateway: Callable[..., object]) -> tuple[str, ...]:
    """Name the powers a gateway class has, in the order of `POWERS`."""
    return tuple(power for power in POWERS if callable(getattr(gateway, power, None)))


class SimulatorStore(Protocol):
    """A small durable key-value store of one merchant at one simulator; the same in every process."""

    async def get(self, key: str) -> str | None:
        """Read what was put last."""

    async def put(self, key: str, value: str, *, was: str | None) -> bool:
        """Write `value` if the key still holds `was` (None: still absent); say whether it did."""


DemoWord: TypeAlias = Literal[
    "demo_decline", "demo_soft_decline", "demo_3ds", "demo_processing", "demo_timeout", "demo_error"
]
"""The payment tokens that ask a simulator for another branch than a paid order."""


def demo_word(payment_token: str) -> DemoWord | None:
    """Read a payment token as a demo word; anything else asks for a paid order."""
    return next((word for word in get_args(DemoWord) if word == payment_token), None)


def _no_word() -> DemoWord | None:
    return None


async def _unheard(request: WebhookRequest, delay: int) -> None:
    """Send no webhook anywhere."""


class SimulatedWorld(Struct, frozen=True, kw_only=True):
    """What a simulator may use.

    Args:
        store: its memory.
        now: the time in Unix milliseconds.
        base_url: the platform's.
        emit: sends a webhook to the platform, in the provider's wire format and signed with the simulator's own
            credentials, after a delay in milliseconds.
        word: the demo word that the call being answered was asked with, where its payment token says none: a saved
            method has no place for one.

    """

    store: SimulatorStore
    now: Callable[[], int]
    base_url: str
    emit: Callable[[WebhookRequest, int], Awaitable[None]] = _unheard
    word: Callable[[], DemoWord | None] = _no_word


class Simulator(Struct, Generic[C], frozen=True, kw_only=True):
    """A provider's offline double, in its real wire format, strictly.

    Args:
        credentials: what a gateway uses to talk to it; no secret.
        answer: one request in, one response out. It may raise `httpx.ConnectError` (nothing was sent) or
            `httpx.ReadTimeout` (it happened, and the reply is lost), as the demo words ask.
        pay: plays the customer where the browser pays at the provider and the gateway has no `charge`: the payment
            of this reference, with a demo word or any other text. It may raise as `answer` does.
        card: the simulator's own test card for a demo word or any other text, where the gateway has `charge_card`.

    """

    credentials: C
    answer: Callable[[httpx.Request, SimulatedWorld], Awaitable[httpx.Response]]
    pay: Callable[[str, str, SimulatedWorld], Awaitable[None]] | None = None
    card: Callable[[str], Card] | None = None


class NoOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For a plugin of which a brand has nothing to choose."""


class PaymentProvider(Struct, Generic[C], frozen=True, kw_only=True):
    """What a plugin announces.

    Args:
        name: the word in the URL, in lower case.
        title: what an admin reads.
        credentials: validates, is the admin's form, says what is secret; where a brand has none the demo answers.
        options: what a brand chooses besides (a catalogue's product ids), not secret; a Struct in camelCase of which
            every field has a default.
        gateway: a class; called with credentials and an HTTP client, and with ``options=`` where the plugin declares
            some, it opens one merchant account. The platform makes the client (timeouts, pool, size limits, redaction,
            `api_base`, and a count of requests sent).
        timeout_seconds: how long one call may take, where the operator sets nothing else.
        browser_pays: the customer pays at the provider from the browser, so what `start` opened may be paid any time.
        browser: how a customer pays on our own pages; None: only an integrator's page can take the payment.

    """

    name: str
    title: str
    credentials: type[C]
    options: type[Struct] = NoOptions
    gateway: Callable[..., Any]  # Any: one of the two generic seams, a gateway is its powers
    simulator: Simulator[C]
    idempotency: Idempotency
    lookup: Lookup
    timeout_seconds: float = 30
    browser_pays: bool = False
    browser: BrowserPart | None = None
