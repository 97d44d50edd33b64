"""What of an order a person must look at, each with what to do about it."""

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from paylinks_ports.providers import powers_of
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.inbox import IncomingEvent
from paylinks_ports.records.payments import Payment
from paylinks_ports.records.refunds import Refund

from .parts import Parts

__all__ = ["Attention", "can_look_up", "can_look_up_refund", "find_attention"]

_ENOUGH_CHECKS = 3
"""After so many the provider is asked once a day only."""

_RESOLVE = "POST /api/admin/orders/{orderId}/resolve"


class Attention(Struct, frozen=True, kw_only=True):
    """One thing to look at.

    Args:
        kind: what it is about.
        id: which one.
        message: what is the matter.
        todo: what to do about it.

    """

    kind: Literal["order", "payment", "refund", "webhook"]
    id: str
    message: str
    todo: str


def can_look_up(parts: Parts, payment: Payment) -> bool:
    """Say whether the provider can be asked what became of a payment, in a way that may prove something."""
    provider = parts.providers.get(payment.provider)
    if provider is None or "look_up" not in powers_of(provider.gateway):
        return False
    return (provider.lookup.by_reference if payment.reference else provider.lookup.by_attempt) != "none"


def can_look_up_refund(parts: Parts, refund: Refund) -> bool:
    """Say the same of a refund."""
    provider = parts.providers.get(refund.provider)
    if provider is None or "look_up_refund" not in powers_of(provider.gateway):
        return False
    return (provider.lookup.refund_by_reference if refund.reference else provider.lookup.refund_by_id) != "none"


def find_attention(
    parts: Parts,
    checkout: Checkout,
    payments: Iterable[Payment],
    refunds: Iterable[Refund],
    incoming: Iterable[IncomingEvent],
) -> tuple[Attention, ...]:
    """List what a person must look at."""
    return (
        *_of_checkout(checkout),
        *(found for payment in payments for found in _of_payment(parts, payment)),
        *(found for refund in refunds for found in _of_refund(parts, refund)),
        *(found for event in incoming for found in _of_event(event)),
    )


def _of_checkout(checkout: Checkout) -> Iterator[Attention]:
    if checkout.attention is None:
        return
    paid = checkout.state == "paid"
    yield Attention(
        kind="order",
        id=checkout.id,
        message=checkout.attention,
        todo="Compare it with the provider's own records and give back what is too much"
        + ("" if paid else f"; or accept what was paid with {_RESOLVE} and the outcome accepted or charged")
        + f"; then say so with {_RESOLVE} and the outcome noted.",
    )


def _of_payment(parts: Parts, payment: Payment) -> Iterator[Attention]:
    if payment.state not in ("unknown", "pending"):
        return
    known = can_look_up(parts, payment)
    if known and payment.checks < _ENOUGH_CHECKS:
        return  # the reconciler is at it
    told = "The provider has been asked and can't say yet" if known else "The provider can't be asked"
    yield Attention(
        kind="payment",
        id=payment.id,
        message=f"Nobody knows whether {payment.money} was charged. {told}.",
        todo=f"Look for attempt {payment.attempt_id} in {payment.provider}'s own records and decide with {_RESOLVE} "
        "and the outcome charged (with its transactionId) or not_charged. It is not charged again before that.",
    )


def _of_refund(parts: Parts, refund: Refund) -> Iterator[Attention]:
    if refund.state not in ("unknown", "pending"):
        return
    known = can_look_up_refund(parts, refund)
    if (known or refund.state == "pending") and refund.checks < _ENOUGH_CHECKS:
        return
    yield Attention(
        kind="refund",
        id=refund.id,
        message=f"Nobody knows whether {refund.money} was given back.",
        todo=f"Look for refund {refund.reference or refund.id} in {refund.provider}'s own records and decide with "
        f"{_RESOLVE} and the outcome refunded or not_refunded. Until then it counts as given back.",
    )


def _of_event(event: IncomingEvent) -> Iterator[Attention]:
    if event.state == "failed" and (event.attempts >= _ENOUGH_CHECKS or event.process_at is None):
        yield Attention(
            kind="webhook",
            id=event.id,
            message=f"The event {event.type} of {event.provider} could not be processed: {event.error}",
            todo="It is tried again for some days; `paylinks inbox replay --apply` does so when its cause is gone.",
        )
