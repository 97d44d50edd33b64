"""Telling brands what happens: events are written in the transaction of the change, and sent later by `deliveries`."""

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.events import EventType, OutgoingEvent
from paylinks_ports.records.payments import Payment
from paylinks_ports.storage import Work

from .parts import Parts

__all__ = ["about", "body_of", "publish", "publish_payment"]


async def publish(
    parts: Parts,
    work: Work,
    checkout: Checkout,
    types: EventType | tuple[EventType, ...],
    data: Mapping[str, object] | None = None,
) -> None:
    """Write one event, or several that happen at once, in order; one statement and no read.

    Args:
        parts: for ids and the time.
        work: the transaction of the change; whoever opened it commits it.
        checkout: as it is after the change; what every event says of it is taken from here.
        types: of the events.
        data: what they say besides, or in place of that; JSON in camelCase, without secrets. `about` a payment.

    """
    named = types if isinstance(types, tuple) else (types,)
    # Sorted, as ids of one millisecond have no order of their own, and the order of ids is that of the events.
    ids = sorted(parts.ids.new("evt") for _ in named)
    text = msgspec.json.encode(_standard(checkout) | dict(data or {})).decode()
    now = parts.clock.now()
    await work.outgoing_events.add(
        *(
            OutgoingEvent(
                id=event_id,
                brand_id=checkout.brand_id,
                checkout_id=checkout.id,
                type=event_type,
                data=text,
                webhook_url=checkout.claims.webhook_url,
                created_at=now,
            )
            for event_id, event_type in zip(ids, named, strict=True)
        )
    )


async def publish_payment(
    parts: Parts, work: Work, before: tuple[Checkout, Payment], after: tuple[Checkout, Payment]
) -> None:
    """Write what an answer has changed of a payment and its checkout: nothing, that it was paid, or that it failed."""
    types: list[EventType] = []
    if after[0].state == "paid" and before[0].state != "paid":
        types.append("checkout.completed")
    if after[1].state == "paid" and before[1].state != "paid":
        types.append("payment.succeeded")
    if "checkout.completed" in types:
        types.append("order.confirmed")
    if after[1].state == "declined" and before[1].state != "declined":
        types.append("payment.failed")
    if types:
        await publish(parts, work, after[0], tuple(types), about(after[1]))


def about(payment: Payment) -> dict[str, object]:
    """Say of a payment what its events say; an upsell's has an order id and an amount of its own."""
    data: dict[str, object] = {
        "orderId": payment.order_id,
        "amount": payment.amount,
        "currency": payment.currency,
        "paymentId": payment.id,
        "kind": payment.kind,
        "provider": payment.provider,
        "transactionId": payment.transaction_id,
        "demo": payment.demo,
    }
    if payment.state == "declined":
        data |= {"declineCode": payment.decline_code, "retryable": payment.decline_retryable}
    return data


def _standard(checkout: Checkout) -> dict[str, object]:
    claims = checkout.claims
    customer = claims.customer
    return {
        "checkoutId": checkout.id,
        "orderId": checkout.order_id,
        "amount": claims.amount,
        "currency": claims.currency,
        "customer": {
            "email": customer.email,
            "firstName": customer.first_name,
            "lastName": customer.last_name,
        },
        "metadata": claims.metadata,
    }


def body_of(event: OutgoingEvent) -> bytes:
    """Write the body that is sent; the same bytes each time."""
    at = datetime.fromtimestamp(event.created_at / 1000, UTC)
    return msgspec.json.encode(
        {
            "id": event.id,
            "type": event.type,
            "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "data": msgspec.Raw(event.data.encode()),
        }
    )
