"""Postbacks as the template in the README asks for them: in demo mode soon, else each by another while late."""

from paylinks_ports import WebhookRequest

from ..settings import DEMO
from .books import OrderRecord
from .call import Call

__all__ = ["PROCESSING", "announce"]

PROCESSING = 2_000
"""For how many milliseconds an order is pending, where it is."""

_LATEST = 900  # seconds; nothing says how soon they come


async def announce(call: Call, record: OrderRecord, event: str) -> None:
    """Tell of an order by itself; in demo mode only of one that is pending."""
    now = call.world.now()
    if call.demo:
        if now < record.settles_at:
            await call.world.emit(_postback(record, event, now + PROCESSING), PROCESSING)
        return
    delay = PROCESSING + int(record.id) * 397 % _LATEST * 1000
    await call.world.emit(_postback(record, event, now + delay), delay)


def _postback(record: OrderRecord, event: str, at: int) -> WebhookRequest:
    return WebhookRequest(
        method="GET",
        headers={"x-webhook-secret": DEMO.webhook_secret or ""},
        query={"event": event, "order_id": record.id, "click_id": record.click_id},
        received_at=at,
    )
