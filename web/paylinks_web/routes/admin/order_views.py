"""Orders as the admin API shows them: the shapes, and how they are made of what is known."""

from collections.abc import Mapping

from msgspec import Struct

from paylinks_core.attention import Attention
from paylinks_core.orders import ListedOrder, OrderStory
from paylinks_ports.payments import Customer
from paylinks_ports.records.inbox import IncomingEvent
from paylinks_ports.records.payments import Payment, PaymentEvent, PaymentState
from paylinks_ports.records.refunds import Refund

from ...answers import Success
from ..paging import Pagination

__all__ = ["OrderAnswer", "OrderRow", "OrdersAnswer", "StoryView", "refund_status", "row_of", "story_of"]

_PAYMENT_STATUS: Mapping[PaymentState, str] = {
    "new": "processing",
    "in_flight": "processing",
    "pending": "processing",
    "action_required": "requires_action",
    "unknown": "unknown",
    "declined": "declined",
    "paid": "paid",
    "canceled": "canceled",
}


class OrderRow(Struct, frozen=True, kw_only=True, rename="camel"):
    """One order of a list; `refunded` in minor units."""

    order_id: str
    checkout_id: str
    brand_id: str
    provider: str | None
    status: str
    amount: int
    currency: str
    customer: Customer
    refunded: int
    demo: bool
    created_at: int


class PaymentView(Struct, frozen=True, kw_only=True, rename="camel"):
    """One try to be paid."""

    payment_id: str
    kind: str
    order_id: str
    provider: str
    provider_order_id: str | None
    status: str
    amount: int
    currency: str
    transaction_id: str | None
    attempt_id: str
    decline_code: str | None
    demo: bool
    created_at: int


class RefundView(Struct, frozen=True, kw_only=True, rename="camel"):
    """One refund; `origin` is `provider` where it was made at the provider's own desk."""

    refund_id: str
    payment_id: str
    status: str
    amount: int
    currency: str
    reference: str | None
    reason: str | None
    message: str | None
    origin: str
    created_at: int


class EventView(Struct, frozen=True, kw_only=True):
    """One thing that happened."""

    type: str
    at: int
    detail: dict[str, str]


class StoryView(OrderRow, frozen=True, kw_only=True, rename="camel"):
    """One order with all that happened; `needs_attention` says what a person must look at, and what to do."""

    payments: tuple[PaymentView, ...]
    refunds: tuple[RefundView, ...]
    events: tuple[EventView, ...]
    needs_attention: tuple[Attention, ...]


class OrdersAnswer(Success, frozen=True, kw_only=True):
    """A page of orders, newest first."""

    data: tuple[OrderRow, ...]
    pagination: Pagination


class OrderAnswer(Success, frozen=True, kw_only=True):
    """One order with its whole story."""

    data: StoryView


def refund_status(refund: Refund) -> str:
    """Name a refund's state as the API does: while it is being asked for it is pending."""
    return "pending" if refund.state == "in_flight" else refund.state


def row_of(order: ListedOrder) -> OrderRow:
    """Show an order in a list."""
    checkout, payment = order.checkout, order.payment
    return OrderRow(
        order_id=checkout.order_id,
        checkout_id=checkout.id,
        brand_id=checkout.brand_id,
        provider=payment.provider if payment else None,
        status=checkout.state,
        amount=checkout.claims.amount,
        currency=checkout.claims.currency,
        customer=checkout.claims.customer,
        refunded=order.refunded,
        demo=payment.demo if payment else False,
        created_at=checkout.created_at,
    )


def story_of(order: OrderStory) -> StoryView:
    """Show an order with its whole story."""
    row = row_of(order)
    happened = [_event(one) for one in order.events] + [_incoming(one) for one in order.incoming]
    return StoryView(
        **{name: getattr(row, name) for name in row.__struct_fields__},
        payments=tuple(_payment(one) for one in order.payments),
        refunds=tuple(_refund(one) for one in order.refunds),
        # Within one millisecond, what was asked for comes before what came of it.
        events=tuple(sorted(happened, key=lambda one: (one.at, not one.type.endswith("in_flight")))),
        needs_attention=order.attention,
    )


def _payment(one: Payment) -> PaymentView:
    return PaymentView(
        payment_id=one.id,
        kind=one.kind,
        order_id=one.order_id,
        provider=one.provider,
        provider_order_id=one.reference,
        status=_PAYMENT_STATUS[one.state],
        amount=one.amount,
        currency=one.currency,
        transaction_id=one.transaction_id,
        attempt_id=one.attempt_id,
        decline_code=one.decline_code,
        demo=one.demo,
        created_at=one.created_at,
    )


def _refund(one: Refund) -> RefundView:
    return RefundView(
        refund_id=one.id,
        payment_id=one.payment_id,
        status=refund_status(one),
        amount=one.amount,
        currency=one.currency,
        reference=one.reference,
        reason=one.reason,
        message=one.message,
        origin=one.origin,
        created_at=one.created_at,
    )


def _event(one: PaymentEvent) -> EventView:
    named = {"paymentId": one.payment_id, "attemptId": one.attempt_id, "amount": str(one.amount)}
    return EventView(type=one.type, at=one.at, detail={**named, **one.detail})


def _incoming(one: IncomingEvent) -> EventView:
    detail = {"provider": one.provider, "eventType": one.type, "eventId": one.event_id, "status": one.state}
    return EventView(
        type="webhook.received", at=one.created_at, detail=detail | ({"error": one.error} if one.error else {})
    )
