"""Shopify's webhooks as it sends them: orders and refunds in their REST shape, signed."""

import base64
import hashlib
import hmac

import msgspec

from paylinks_ports import SimulatedWorld, WebhookRequest

from ..credentials import DEMO_CREDENTIALS
from .books import DraftRecord, OrderRecord, RefundRecord

__all__ = ["order_payload", "refund_payload", "signed"]


def signed(world: SimulatedWorld, topic: str, payload: dict[str, object]) -> WebhookRequest:
    """Write a webhook as Shopify sends it."""
    body = msgspec.json.encode(payload)
    secret = (DEMO_CREDENTIALS.webhook_secret or "").encode()
    headers = {
        "content-type": "application/json",
        "x-shopify-topic": topic,
        "x-shopify-shop-domain": DEMO_CREDENTIALS.shop_domain,
        "x-shopify-webhook-id": hashlib.sha256(body).hexdigest()[:32],
        "x-shopify-hmac-sha256": base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest()).decode(),
    }
    return WebhookRequest(headers=headers, body=body, received_at=world.now())


def order_payload(draft: DraftRecord) -> dict[str, object]:
    """Write an order in its REST shape."""
    order = draft.order
    gid = order.id if order else ""
    return {
        "id": int(gid.rpartition("/")[2]),
        "admin_graphql_api_id": gid,
        "name": order.name if order else "",
        "tags": ", ".join(draft.tags),
        "po_number": draft.po_number,
        "note_attributes": [{"name": key, "value": value} for key, value in draft.attributes],
        "financial_status": "paid",
        "total_price": str(draft.total),
        "presentment_currency": draft.currency,
        "source_name": "shopify_draft_order",
        "test": True,
    }


def refund_payload(refund: RefundRecord, order: OrderRecord) -> dict[str, object]:
    """Write a refund in its REST shape."""
    return {
        "id": int(refund.id.rpartition("/")[2]),
        "admin_graphql_api_id": refund.id,
        "order_id": int(order.id.rpartition("/")[2]),
        "note": refund.note,
        "transactions": [{"kind": "refund", "amount": str(refund.amount)}],
    }
