"""Webhooks: signed bodies, unsigned headers, hints only."""

import base64
import hashlib
import hmac
import json

import pytest

from paylinks_ports import InvalidSignature, PaymentNews, RefundNews, WebhookRequest
from paylinks_shopify import ShopifyCredentials

from .conftest import SECRET, SHOP, TOKEN, Merchant

ORDER = {
    "id": 1,
    "admin_graphql_api_id": "gid://shopify/Order/1",
    "note_attributes": [
        {"name": "paylinks_attempt_id", "value": "att_1"},
        {"name": "paylinks_order_id", "value": "order-1"},
    ],
}


def _request(payload: object, topic: str = "orders/paid", secret: str = SECRET, **headers: str) -> WebhookRequest:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    mac = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    told = {"x-shopify-hmac-sha256": mac, "x-shopify-topic": topic, "x-shopify-webhook-id": "w1"}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    return WebhookRequest(headers=told, body=body, received_at=1)


async def test_signature(merchant: Merchant) -> None:
    """Only the app's secret signs, over the raw bytes; either of two secrets while they are changed."""
    good = _request(ORDER)
    merchant.gateway.verify_webhook(good)
    tampered = WebhookRequest(headers=good.headers, body=good.body + b" ", received_at=1)
    for request in (
        tampered,
        _request(ORDER, secret="wrong"),
        _request(ORDER, x_shopify_hmac_sha256="é"),
        _request(ORDER, x_shopify_shop_domain="other.myshopify.com"),
        WebhookRequest(body=b"{}", received_at=1),
    ):
        with pytest.raises(InvalidSignature):
            merchant.gateway.verify_webhook(request)
    both = ShopifyCredentials(shop_domain=SHOP, client_id="x", client_secret="new", webhook_secret="old")
    for secret in ("new", "old"):
        merchant.open(both).verify_webhook(_request(ORDER, secret=secret))
    closed = merchant.open(ShopifyCredentials(shop_domain=SHOP, admin_access_token=TOKEN))
    with pytest.raises(InvalidSignature):
        closed.verify_webhook(_request(ORDER, secret=""))


async def test_events(merchant: Merchant) -> None:
    """An event names the attempt or the refund, has the delivery's id, and proves nothing by itself."""
    (paid,) = merchant.gateway.read_webhook(_request(ORDER))
    assert paid.type == "orders/paid"
    assert paid.news == PaymentNews(attempt_id="att_1", order_id="order-1")
    assert merchant.gateway.read_webhook(_request(ORDER))[0].id == paid.id
    assert merchant.gateway.read_webhook(_request(ORDER, topic="orders/updated"))[0].id != paid.id
    draft = ORDER | {"admin_graphql_api_id": "gid://shopify/DraftOrder/7"}
    (updated,) = merchant.gateway.read_webhook(_request(draft, topic="draft_orders/update"))
    assert isinstance(updated.news, PaymentNews)
    assert updated.news.reference == "gid://shopify/DraftOrder/7"
    refund = {"id": 2, "order_id": 1, "note": "Too small [rfd_1]", "admin_graphql_api_id": "gid://shopify/Refund/2"}
    (refunded,) = merchant.gateway.read_webhook(_request(refund, topic="refunds/create"))
    assert refunded.news == RefundNews(refund_id="rfd_1", reference="gid://shopify/Refund/2")
    (foreign,) = merchant.gateway.read_webhook(_request({"id": 3, "note_attributes": []}))
    assert foreign.news is None
    (odd,) = merchant.gateway.read_webhook(_request({"note_attributes": [{"name": "paylinks_order_id", "value": 7}]}))
    assert odd.news is None


@pytest.mark.parametrize("body", [b"", b"{", b"7", b"[]", b"\xff", b'{"note_attributes": 7}'])
async def test_nonsense(merchant: Merchant, body: bytes) -> None:
    """What is not in Shopify's form is refused."""
    with pytest.raises(ValueError, match="Shopify"):
        merchant.gateway.read_webhook(_request(body))
