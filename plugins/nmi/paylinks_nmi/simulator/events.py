"""Webhooks as the gateway sends them, signed with the demo's key (NMI, "Webhooks", transaction.sale.success)."""

import secrets
import uuid
from datetime import UTC, datetime

import msgspec

from paylinks_ports import SimulatedWorld, WebhookRequest

from ..webhooks import SIGNATURE_HEADER, sign
from .keys import DEMO_SIGNING_KEY
from .records import TransactionRecord, at, written

__all__ = ["announce_sale"]


async def announce_sale(world: SimulatedWorld, record: TransactionRecord, delay: int) -> None:
    """Tell, after a delay in milliseconds, that a sale has succeeded."""
    then = world.now() + delay
    paid = at(record, then)
    amount = written(paid.amount)
    body = {
        "event_id": str(uuid.uuid4()),
        "event_type": "transaction.sale.success",
        "event_body": {
            "merchant": {"id": "1234", "name": "Demo"},
            "features": {"is_test_mode": False},
            "transaction_id": paid.id,
            "transaction_type": "cc",
            "condition": paid.condition,
            "order_description": paid.description,
            "order_id": paid.order_id,
            "customerid": paid.vault_id,
            "currency": paid.currency,
            "requested_amount": amount,
            "authorization_code": paid.authorization_code,
            "action": {
                "amount": amount,
                "action_type": "sale",
                "date": datetime.fromtimestamp(then / 1000, UTC).strftime("%Y%m%d%H%M%S"),
                "success": "1",
                "source": "api",
                "response_text": "SUCCESS",
                "response_code": "100",
            },
        },
    }
    raw = msgspec.json.encode(body)
    nonce = secrets.token_hex(16)
    signature = f"t={nonce},s={sign(DEMO_SIGNING_KEY, nonce, raw)}"
    headers = {SIGNATURE_HEADER: signature, "content-type": "application/json"}
    await world.emit(WebhookRequest(headers=headers, body=raw, received_at=then), delay)
