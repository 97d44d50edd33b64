"""Webhooks: a Basic password, batches in both forms, packed or not, and hints only."""

import base64
import gzip
import json

import pytest

from paylinks_ports import InvalidSignature, PaymentNews, RefundNews, WebhookRequest
from paylinks_ultracart import UltraCartCredentials

from .conftest import API_KEY, PASSWORD, Merchant

ORDER = {"order_id": "DEMO-7", "checkout": {"custom_field1": "att_1", "custom_field2": "order-1"}}
BATCH = {
    "events": [{"order_create": ORDER}, {"order_refund": ORDER | {"refund_reason": "rfd_1"}}, {"user_login": {"x": 1}}]
}


def _request(body: bytes, password: str = PASSWORD, scheme: str = "Basic") -> WebhookRequest:
    proof = base64.b64encode(f"anyone:{password}".encode()).decode()
    return WebhookRequest(headers={"authorization": f"{scheme} {proof}"}, body=body, received_at=1)


async def test_password(merchant: Merchant) -> None:
    """Only the password that the brand has entered opens the door; a brand without one has no door."""
    merchant.gateway.verify_webhook(_request(b""))
    for request in (
        _request(b"", "wrong"),
        _request(b"", ""),
        _request(b"", scheme="Bearer"),
        WebhookRequest(headers={"authorization": "Basic %%%"}, received_at=1),
        WebhookRequest(received_at=1),
    ):
        with pytest.raises(InvalidSignature):
            merchant.gateway.verify_webhook(request)
    closed = merchant.open(UltraCartCredentials(merchant_id="DEMO", api_key=API_KEY))
    with pytest.raises(InvalidSignature):
        closed.verify_webhook(_request(b"", ""))


async def test_events(merchant: Merchant) -> None:
    """Every form says the same, again and again, and nothing is proof."""
    plain = json.dumps(BATCH).encode()
    forms = [plain, json.dumps(BATCH["events"]).encode(), base64.b64encode(gzip.compress(plain))]
    told = [merchant.gateway.read_webhook(WebhookRequest(body=body, received_at=1)) for body in forms]
    assert told[0] == told[1] == told[2]
    create, refund, login = told[0]
    assert create.type == "order_create"
    assert create.news == PaymentNews(reference="DEMO-7", attempt_id="att_1", order_id="order-1")
    assert refund.news == RefundNews(payment_reference="DEMO-7", refund_id="rfd_1")
    assert login.news is None
    assert len({one.id for one in told[0]}) == 3
    shortened = json.dumps([{"order_update": ORDER | {"checkout": {"custom_field2": "order-1~0a"}}}]).encode()
    (update,) = merchant.gateway.read_webhook(WebhookRequest(body=shortened, received_at=1))
    assert update.news == PaymentNews(reference="DEMO-7")
    changed = json.dumps([{"order_create": ORDER | {"current_stage": "Rejected"}}]).encode()
    assert merchant.gateway.read_webhook(WebhookRequest(body=changed, received_at=1))[0].id != create.id


@pytest.mark.parametrize("body", [b"", b"{", b"7", b'{"events": 7}', b"bm90IGd6aXA=", b"\xff"])
async def test_nonsense(merchant: Merchant, body: bytes) -> None:
    """What is not in UltraCart's form is refused."""
    with pytest.raises(ValueError, match="UltraCart"):
        merchant.gateway.read_webhook(WebhookRequest(body=body, received_at=1))
