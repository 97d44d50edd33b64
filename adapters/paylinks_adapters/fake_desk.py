"""The half of the fake provider that gives back and speaks up by itself: refunds with books, and webhooks."""

from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec
from msgspec import Struct

from paylinks_ports.errors import InvalidSignature, ProviderUnavailable
from paylinks_ports.money import Money
from paylinks_ports.payments import NotFound, Order, Unknown
from paylinks_ports.refunds import Refunded, RefundFailed, RefundLookUpResult, RefundOrder, RefundPending, RefundResult
from paylinks_ports.webhooks import PaymentNews, RefundNews, WebhookEvent, WebhookRequest

if TYPE_CHECKING:
    import asyncio

__all__ = ["FakeDesk", "FakeEvent", "RefundTwist"]

RefundTwist: TypeAlias = Literal["fail", "pending", "lose_reply", "unreachable", "drop_request"]
"""What the next refund comes to, in place of done; the words mean what they mean for a charge."""


class FakeEvent(Struct, frozen=True, kw_only=True):
    """One event as this provider writes it: in JSON, signed by a header that holds the secret's own word."""

    id: str
    type: str = "event"
    payment: PaymentNews | None = None
    refund: RefundNews | None = None

    def request(self, signature: str = "signed", received_at: int = 1) -> WebhookRequest:
        """Write the call it comes in."""
        return WebhookRequest(
            headers={"x-signature": signature, "x-webhook-secret": "quiet"},
            body=msgspec.json.encode([self]),
            received_at=received_at,
        )


class FakeDesk:
    """Gives back under the id it is asked with, once; what it gave is in `given`, what it works on in `working`."""

    books: dict[str, Money]
    calls: list[str]
    reachable: bool

    def __init__(self) -> None:
        self.given: dict[str, tuple[str, Money]] = {}
        self.working: dict[str, tuple[str, Money]] = {}
        self.refund_twists: list[RefundTwist] = []
        self.refund_gate: asyncio.Event | None = None

    async def refund(self, order: Order, refund: RefundOrder) -> RefundResult:
        """Give back, as the next twist says; the same id again is the same refund."""
        del order
        self._asked("refund")
        twist = self.refund_twists.pop(0) if self.refund_twists else None
        if twist == "unreachable":
            raise ProviderUnavailable("The provider could not be reached")
        if twist == "drop_request":
            return Unknown(message="lost")
        if twist == "fail":
            return RefundFailed(message="The card is closed")
        if twist == "pending":
            self.working[refund.refund_id] = (refund.reference, refund.money)
            return RefundPending(reference=f"re_{refund.refund_id}")
        self.give(refund.refund_id, refund.reference, refund.money)
        if self.refund_gate is not None:
            await self.refund_gate.wait()
        lost = twist == "lose_reply"
        return Unknown(message="lost") if lost else Refunded(reference=f"re_{refund.refund_id}", money=refund.money)

    def give(self, refund_id: str, reference: str, money: Money) -> None:
        """Give back of a payment, here or at the desk; more than was paid is what must never be."""
        self.working.pop(refund_id, None)
        self.given.setdefault(refund_id, (reference, money))
        total = sum(one.amount for payment, one in self.given.values() if payment == reference)
        if total > self.books[reference].amount:
            message = f"{total} was given back of {self.books[reference]}"
            raise AssertionError(message)

    async def look_up_refund(self, order: Order, refund: RefundOrder, reference: str | None) -> RefundLookUpResult:
        """Tell what became of it."""
        del order
        self._asked("look_up_refund")
        key = (reference or "").removeprefix("re_") or refund.refund_id
        if key in self.given:
            return Refunded(reference=f"re_{key}", money=self.given[key][1])
        return RefundPending(reference=f"re_{key}") if key in self.working else NotFound()

    def verify_webhook(self, request: WebhookRequest) -> None:
        """Believe the one signature there is.

        Raises:
            InvalidSignature: it is another one.

        """
        if request.headers.get("x-signature") != "signed":
            raise InvalidSignature("Invalid signature")

    def read_webhook(self, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        """Read the events of a request.

        Raises:
            ValueError: it is not in this provider's form.

        """
        events = msgspec.json.decode(request.body, type=list[FakeEvent])
        return tuple(WebhookEvent(id=one.id, type=one.type, news=one.payment or one.refund) for one in events)

    def _asked(self, what: str) -> None:
        self.calls.append(what)
        if not self.reachable:
            raise ProviderUnavailable("The provider could not be reached")
