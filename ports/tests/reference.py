"""Reference Pay: a provider with every power, its gateway as a partner would write it, and its simulator.

Its protocol: JSON over HTTPS with a Bearer key. ``POST /payments`` opens one, ``POST /payments/{id}/charge`` and
``POST /charges`` charge, ``GET /charges?attempt=`` searches with a lag of half a minute. Amounts are decimal texts.
"""

import hashlib
import hmac
import logging
from decimal import Decimal
from typing import Any, Literal

import httpx
import msgspec
from msgspec import Struct

from paylinks_ports import (
    Canceled,
    Card,
    CredentialsRejected,
    Declined,
    Idempotency,
    InvalidSignature,
    Lookup,
    LookUpResult,
    Money,
    NextAction,
    NotFound,
    NotSubmitted,
    OperationAnswer,
    OperationBody,
    Order,
    Outcome,
    Paid,
    PaymentNews,
    PaymentProvider,
    PaymentResult,
    Pending,
    Plain,
    ProviderRefused,
    ProviderUnavailable,
    Refunded,
    RefundFailed,
    RefundLookUpResult,
    RefundOrder,
    RefundResult,
    RequiresAction,
    SavedCharge,
    SavedMethod,
    Secret,
    Started,
    Unknown,
    WebhookEvent,
    WebhookRequest,
    exponent,
    operation,
)

from .reference_simulator import SIGNED_HEADER, SIMULATOR_KEY, SIMULATOR_SECRET, simulator

__all__ = ["PROVIDER", "Credentials", "Gateway"]

URL = "https://api.reference.example"
LOG = logging.getLogger("reference")
TOLERANCE = 300_000
DECLINES: dict[str, tuple[Literal["card_declined", "insufficient_funds", "expired_card"], bool]] = {
    "do_not_honor": ("card_declined", False),
    "no_funds": ("insufficient_funds", True),
    "expired": ("expired_card", False),
}


class Credentials(Struct, frozen=True, kw_only=True, rename="camel"):
    """What the merchant enters."""

    api_key: Secret
    webhook_secret: Secret | None = None
    public_key: Plain = "pub_1"

    def __repr__(self) -> str:
        """Show no secret."""
        return "Credentials(…)"


class Charge(Struct, frozen=True, kw_only=True):
    """What the provider answers of a payment."""

    id: str
    order: str
    status: Literal["open", "paid", "declined", "action", "working", "canceled"]
    amount: str
    currency: str
    attempt: str | None = None
    transaction: str | None = None
    method: str | None = None
    reason: str | None = None


class Refund(Struct, frozen=True, kw_only=True):
    """What the provider answers of a refund."""

    id: str
    amount: str
    currency: str


class Event(Struct, frozen=True, kw_only=True):
    """What the provider sends."""

    event: str
    type: str
    charge: Charge


class PayBody(OperationBody, frozen=True, kw_only=True, rename="camel"):
    """A fresh token."""

    card_token: str

    @property
    def payment_token(self) -> str:
        """The token."""
        return self.card_token


class AgainBody(OperationBody, frozen=True, kw_only=True, rename="camel"):
    """A saved method."""

    method: str
    original_order_id: str

    @property
    def saved_charge(self) -> SavedCharge:
        """The method, and whose it must be."""
        return SavedCharge(original_order_id=self.original_order_id, method=self.method)


class Answer(OperationAnswer, frozen=True, kw_only=True, rename="camel"):
    """What became of it."""

    status: str


def answered(outcome: Outcome) -> Answer:
    """Put it in the provider's words."""
    status = type(outcome.result).__name__.lower()
    return Answer(**outcome.common, status=status)


class Gateway:
    """One account."""

    def __init__(self, credentials: Credentials, client: httpx.AsyncClient) -> None:
        self.credentials = credentials
        self.client = client

    async def start(self, order: Order, reference: str | None) -> Started:
        """Open a payment."""
        if reference is None:
            answer = await self.send("POST", "/payments", self.sale(order), key=order.attempt_id)
        else:
            answer = await self.send("GET", f"/payments/{reference}")
        if answer.status_code != 200:
            raise ProviderUnavailable("It could not be opened")
        opened = msgspec.json.decode(answer.content, type=Charge)
        return Started(reference=opened.id, browser={"publicKey": self.credentials.public_key})

    async def charge(self, order: Order, reference: str | None, payment_token: str) -> PaymentResult:
        """Charge a token."""
        return await self.sell(order, reference, {"token": payment_token})

    async def charge_card(self, order: Order, reference: str | None, card: Card) -> PaymentResult:
        """Charge a card."""
        return await self.sell(order, reference, {"card": card.number, "cvv": card.cvv})

    async def charge_saved(self, order: Order, saved: SavedMethod) -> PaymentResult:
        """Charge what was saved."""
        return await self.sell(order, None, {"saved": saved.method})

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        """Read a payment, or search."""
        if reference is not None:
            answer = await self.send("GET", f"/payments/{reference}")
            return self.read(answer, order) if answer.status_code != 404 else NotFound()
        answer = await self.send("GET", f"/charges?attempt={order.attempt_id}")
        if answer.status_code != 200:
            raise ProviderUnavailable("The search does not work")
        found = msgspec.json.decode(answer.content, type=list[Charge])
        return self.meaning(found[-1]) if found else NotFound()

    async def cancel(self, order: Order, reference: str) -> LookUpResult:
        """Close a payment."""
        answer = await self.send("POST", f"/payments/{reference}/cancel", {})
        return self.read(answer, order)

    async def refund(self, order: Order, refund: RefundOrder) -> RefundResult:  # noqa: ARG002 - the port's
        """Give back."""
        body = {"transaction": refund.transaction_id, "amount": self.amount(refund.money), "refund": refund.refund_id}
        answer = await self.send("POST", "/refunds", body, key=refund.refund_id)
        if answer.status_code == 409 and answer.json() == {"refused": "more_than_paid"}:
            return RefundFailed(message="There is not so much left")
        return self.read_refund(answer)

    async def look_up_refund(
        self,
        order: Order,  # noqa: ARG002 - the port's
        refund: RefundOrder,
        reference: str | None,
    ) -> RefundLookUpResult:
        """Read a refund."""
        answer = await self.send("GET", f"/refunds/{reference or refund.refund_id}")
        if answer.status_code == 404 and answer.content == b'{"refused":"no_such"}':
            return NotFound()
        return self.read_refund(answer)

    async def check_credentials(self) -> None:
        """Read the account."""
        answer = await self.send("GET", "/account")
        if answer.status_code != 200:
            raise ProviderUnavailable("It can't be said now")

    def verify_webhook(self, request: WebhookRequest) -> None:
        """Check signature and time."""
        stamp, _, signature = request.headers.get(SIGNED_HEADER, "").partition(".")
        secret = self.credentials.webhook_secret or ""
        expected = hmac.new(secret.encode(), stamp.encode() + request.body, hashlib.sha256).hexdigest()
        if not secret or not hmac.compare_digest(signature.encode(), expected.encode()):
            raise InvalidSignature("The signature is wrong")
        if not stamp.isdigit() or abs(request.received_at - int(stamp)) > TOLERANCE:
            raise InvalidSignature("The signature is too old")

    def read_webhook(self, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        """Read one event."""
        event = msgspec.json.decode(request.body, type=Event)
        result = self.meaning(event.charge)
        paid = result if isinstance(result, Paid) else None
        news = PaymentNews(reference=event.charge.id, attempt_id=event.charge.attempt, paid=paid)
        return (WebhookEvent(id=event.event, type=event.type, news=news),)

    @operation("pay", verb="charge", answer=answered)
    async def pay(self, order: Order, reference: str | None, body: PayBody) -> PaymentResult:
        """Charge a token."""
        return await self.charge(order, reference, body.card_token)

    @operation("pay-again", verb="charge_saved", answer=answered)
    async def pay_again(self, order: Order, saved: SavedMethod, body: AgainBody) -> PaymentResult:  # noqa: ARG002 - the port's
        """Charge what was saved."""
        return await self.charge_saved(order, saved)

    async def sell(self, order: Order, reference: str | None, how: dict[str, str]) -> PaymentResult:
        """Charge, in whichever way."""
        path = f"/payments/{reference}/charge" if reference else "/charges"
        answer = await self.send("POST", path, self.sale(order) | how, key=order.attempt_id)
        result = self.read(answer, order)
        if isinstance(result, Canceled):
            raise ProviderRefused("This payment was canceled")
        return Unknown(message="It is as if it had not been charged") if isinstance(result, NotSubmitted) else result  # type: ignore[return-value]  # NotFound comes from searches

    def sale(self, order: Order) -> dict[str, str]:
        """Say what is sold."""
        return {
            "order": order.order_id,
            "attempt": order.attempt_id,
            "amount": self.amount(order.money),
            "currency": order.money.currency,
        }

    def amount(self, money: Money) -> str:
        """Write an amount."""
        return str(money.major)

    async def send(self, method: str, path: str, body: Any = None, key: str | None = None) -> httpx.Response:  # noqa: ANN401 - JSON
        """Send one request."""
        headers = {"authorization": f"Bearer {self.credentials.api_key}"} | ({"idempotency-key": key} if key else {})
        answer = await self.client.request(method, URL + path, json=body, headers=headers)
        if answer.status_code == 401:
            raise CredentialsRejected("Reference Pay refuses the key")
        return answer

    def read(self, answer: httpx.Response, order: Order) -> LookUpResult:
        """Read an answer, if it is one."""
        try:
            charge = msgspec.json.decode(answer.content, type=Charge)
        except msgspec.DecodeError:
            return Unknown(message="The answer is not in Reference Pay's form")
        if charge.order != order.order_id:
            return Unknown(message="The payment is another order's")
        return self.meaning(charge)

    def meaning(self, charge: Charge) -> LookUpResult:
        """Say what a status means."""
        match charge.status:
            case "paid":
                saved = SavedMethod(charge.method) if charge.method else None
                money = self.money(charge.amount, charge.currency)
                transaction = charge.transaction or charge.id
                return Paid(reference=charge.id, transaction_id=transaction, money=money, saved_method=saved)
            case "declined":
                code, retryable = DECLINES.get(charge.reason or "", ("card_declined", False))
                return Declined(code=code, message="Declined by the bank", retryable=retryable, reference=charge.id)
            case "action":
                action = NextAction(type="redirect", url=f"{URL}/act/{charge.id}")
                return RequiresAction(reference=charge.id, action=action)
            case "working":
                return Pending(reference=charge.id)
            case "canceled":
                return Canceled(reference=charge.id)
            case "open":
                return NotSubmitted(reference=charge.id)

    def money(self, amount: str, currency: str) -> Money:
        """Read an amount."""
        return Money(int(Decimal(amount).scaleb(exponent(currency))), currency)

    def read_refund(self, answer: httpx.Response) -> Refunded | Unknown:
        """Read an answer, if it is one."""
        try:
            refund = msgspec.json.decode(answer.content, type=Refund)
        except msgspec.DecodeError:
            return Unknown(message="The answer is not in Reference Pay's form")
        return Refunded(reference=refund.id, money=self.money(refund.amount, refund.currency))


PROVIDER = PaymentProvider(
    name="reference",
    title="Reference Pay",
    credentials=Credentials,
    gateway=Gateway,
    simulator=simulator(Credentials(api_key=SIMULATOR_KEY, webhook_secret=SIMULATOR_SECRET)),
    idempotency=Idempotency(hours=24, powers=frozenset({"start", "charge", "charge_card", "charge_saved", "refund"})),
    lookup=Lookup(
        by_reference="authoritative",
        by_attempt="positive",
        refund_by_reference="authoritative",
        refund_by_id="authoritative",
    ),
)
