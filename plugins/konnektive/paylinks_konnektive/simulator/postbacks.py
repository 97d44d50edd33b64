"""Postbacks as the README has them set up: in demo mode soon, else with the export of each quarter of an hour."""

from paylinks_ports import WebhookRequest

from ..settings import DEMO
from .books import OrderRecord
from .call import Call

__all__ = ["PROCESSING", "announce"]

PROCESSING = 2_000
"""For how many milliseconds a sale is pending, where it is."""

_EXPORT = 900_000  # "every 15 minutes" (konnektive.atlassian.net, "Postbacks"), in milliseconds


async def announce(call: Call, record: OrderRecord, event: str) -> None:
    """Tell of an order by itself; test orders are not exported, but for the demo's own that is pending."""
    now = call.world.now()
    if call.demo or record.test:
        if now < record.settles_at:
            await call.world.emit(_postback(record, event, now + PROCESSING), PROCESSING)
        return
    settled = max(now, record.settles_at)
    delay = settled - settled % _EXPORT + _EXPORT - now
    await call.world.emit(_postback(record, event, now + delay), delay)


def _postback(record: OrderRecord, event: str, at: int) -> WebhookRequest:
    return WebhookRequest(
        method="GET",
        headers={"x-webhook-secret": DEMO.webhook_secret or ""},
        query={"event": event, "orderId": record.id, "custom1": record.given.get("custom1", "")},
        received_at=at,
    )
