"""Events that the simulator sends: signed, in Stripe's form (docs.stripe.com/api/events)."""

import msgspec

from paylinks_ports import SimulatedWorld, WebhookRequest

from .books import new_id
from .keys import DEMO_WEBHOOK_SECRET
from .records import IntentRecord, at
from .shapes import intent_of

__all__ = ["emit_settled"]

_SECOND = 1000


async def emit_settled(world: SimulatedWorld, record: IntentRecord) -> None:
    """Tell later what processing came to: ``payment_intent.succeeded``, when it does."""
    from stripe import WebhookSignature

    if record.settles_at is None:
        return
    delay = record.settles_at - world.now()
    settled = at(record, record.settles_at)
    event = {
        "id": new_id("evt_3"),
        "object": "event",
        "api_version": None,
        "created": record.settles_at // _SECOND,
        "data": {"object": intent_of(settled)},
        "livemode": record.livemode,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": "payment_intent.succeeded",
    }
    body = msgspec.json.encode(event)
    header = WebhookSignature.generate_signature_header(
        body.decode(), DEMO_WEBHOOK_SECRET, timestamp=record.settles_at // _SECOND
    )
    headers = {"content-type": "application/json; charset=utf-8", "stripe-signature": header}
    await world.emit(WebhookRequest(headers=headers, body=body, received_at=record.settles_at), max(delay, 0))
