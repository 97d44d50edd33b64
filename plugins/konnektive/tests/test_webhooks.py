"""Postbacks: the secret proves where they come from, and what they say is only a hint."""

import json

import pytest

from paylinks_konnektive import KonnektiveCredentials
from paylinks_ports import InvalidSignature, PaymentNews, RefundNews, WebhookRequest

from .conftest import CREDENTIALS, Merchant

SECRET = CREDENTIALS.webhook_secret or ""
SAID = {"event": "New Sale", "orderId": "2711A10", "custom1": "0hhf7"}


@pytest.mark.parametrize(
    "request_",
    [
        WebhookRequest(method="GET", query={**SAID, "secret": SECRET}, received_at=0),
        WebhookRequest(headers={"x-webhook-secret": SECRET}, body=json.dumps(SAID).encode(), received_at=0),
        WebhookRequest(query={"secret": SECRET}, body=b"event=New+Sale&orderId=2711A10&custom1=0hhf7", received_at=0),
    ],
)
async def test_read(merchant: Merchant, request_: WebhookRequest) -> None:
    """By GET, JSON or form: the same event, whose id does not depend on the secret."""
    merchant.gateway.verify_webhook(request_)
    (event,) = merchant.gateway.read_webhook(request_)
    assert event.news == PaymentNews(reference="2711A10", attempt_id="att_0hhf7")
    assert event.type == "New Sale"
    stored = WebhookRequest(query=SAID, received_at=9)
    assert merchant.gateway.read_webhook(stored)[0].id == event.id
    other = WebhookRequest(query={**SAID, "event": "Decline"}, received_at=9)
    assert merchant.gateway.read_webhook(other)[0].id != event.id


async def test_wrong_secret(merchant: Merchant) -> None:
    """Another secret, none, or a brand without one: refused."""
    for request in (
        WebhookRequest(query={**SAID, "secret": "wrong"}, received_at=0),
        WebhookRequest(query=SAID, received_at=0),
        WebhookRequest(headers={"x-webhook-secret": SECRET + "x"}, query=SAID, received_at=0),
    ):
        with pytest.raises(InvalidSignature):
            merchant.gateway.verify_webhook(request)
    without = merchant.open(KonnektiveCredentials(login_id="u", password="p"))
    for query in ({"secret": ""}, {}):
        with pytest.raises(InvalidSignature):
            without.verify_webhook(WebhookRequest(query=query, received_at=0))


async def test_refund_is_news_of_a_refund(merchant: Merchant) -> None:
    """One made at the desk, too."""
    request = WebhookRequest(query={"event": "Partial Refund", "orderId": "2711A10"}, received_at=0)
    assert merchant.gateway.read_webhook(request)[0].news == RefundNews(payment_reference="2711A10")


@pytest.mark.parametrize("body", [b"", b"{}", b"{", b"\xff", b"orderId=a/b", b'{"orderId": ["1"]}', b"nonsense"])
async def test_not_in_form(merchant: Merchant, body: bytes) -> None:
    """Without an order's number there is nothing to look up."""
    with pytest.raises(ValueError, match=r".+"):
        merchant.gateway.read_webhook(WebhookRequest(body=body, received_at=0))
