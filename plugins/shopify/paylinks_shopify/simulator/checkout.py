"""The customer at Shopify's checkout: pays a draft order's invoice page, as the demo words ask."""

import base64
import hashlib
import hmac
from decimal import Decimal

import httpx
import msgspec

from paylinks_ports import DemoWord, SimulatedWorld, WebhookRequest, demo_word

from ..credentials import DEMO_CREDENTIALS
from .books import DraftRecord, OrderRecord, TransactionRecord, change, new_gid

__all__ = ["pay", "signed"]

_PROCESSING_MS = 2_000
_DECLINES: dict[DemoWord, str] = {"demo_decline": "CARD_DECLINED", "demo_soft_decline": "INSUFFICIENT_FUNDS"}


async def pay(reference: str, payment_token: str, world: SimulatedWorld) -> None:
    """Pay a draft order, or what is left to pay of the order that it became; 3-D Secure is the checkout's own affair.

    A card that is declined leaves an order with a failed movement, as where a payment fails after Shopify has taken
    the order; of tries before that a shop learns nothing.

    Raises:
        httpx.ConnectError, httpx.ReadTimeout: a demo word asks for it.

    """
    word = demo_word(payment_token) or world.word()
    if word == "demo_error":
        raise httpx.ConnectError("The demo's provider can't be reached")

    def edit(draft: DraftRecord) -> None:
        order = draft.order or OrderRecord(id=new_gid("Order"), name=f"#{draft.id[-4:]}")
        draft.order = order
        if any(one.status in ("SUCCESS", "PENDING") for one in order.transactions):
            return
        status = "PENDING" if word == "demo_processing" else "FAILURE" if word in _DECLINES else "SUCCESS"
        order.transactions.append(
            TransactionRecord(
                id=new_gid("OrderTransaction"),
                kind="SALE",
                status=status,
                amount=Decimal(draft.total),
                error_code=_DECLINES.get(word) if word else None,
            )
        )
        order.pays_at = world.now() + _PROCESSING_MS if word == "demo_processing" else None

    draft = await change(world, reference, edit)
    if draft is not None and word == "demo_processing":
        await world.emit(signed(world, "orders/paid", _payload(draft)), _PROCESSING_MS)
    if word == "demo_timeout":
        raise httpx.ReadTimeout("The demo's provider charges, and its reply is lost")


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


def _payload(draft: DraftRecord) -> dict[str, object]:
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
