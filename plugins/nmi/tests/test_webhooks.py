"""Incoming webhooks: the signature, and what an event says."""

import json
from typing import Any

import pytest

from paylinks_nmi import NmiCredentials, NmiGateway
from paylinks_nmi.webhooks import sign
from paylinks_ports import InvalidSignature, Money, Paid, PaymentNews, RefundNews, SavedMethod, WebhookRequest

from .conftest import Merchant

KEY = "test-signing-key"
NONCE = "0123456789abcdef"
VECTOR = b'{"event_id":"9b312dfd-3174-4748-9447-d63c8744305a","event_type":"transaction.sale.success","event_body":{}}'
SIGNATURE = "a752ef3b8479011c87d648e2f2c89e9d84d9e150db54121e4a324cb880a8bb7d"


def _request(body: bytes = VECTOR, signature: str | None = f"t={NONCE},s={SIGNATURE}") -> WebhookRequest:
    headers = {} if signature is None else {"webhook-signature": signature}
    return WebhookRequest(headers=headers, body=body, received_at=0)


def _event(kind: str = "transaction.sale.success", **changes: Any) -> WebhookRequest:  # noqa: ANN401 - of any field
    body: dict[str, Any] = {
        "merchant": {"id": "1234", "name": "Test"},
        "features": {"is_test_mode": False},
        "transaction_id": "1234560000",
        "transaction_type": "cc",
        "condition": "pendingsettlement",
        "order_id": "att_1",
        "customerid": "",
        "currency": "USD",
        "requested_amount": "54.04",
        "card": {"cc_number": "411111******1111"},
        "action": {"amount": "54.04", "action_type": "sale", "success": "1", "response_code": "100"},
    }
    action = {**body["action"], **changes.pop("action", {})}
    event = {"event_id": "evt-1", "event_type": kind, "event_body": {**body, **changes, "action": action}}
    return _request(json.dumps(event).encode(), None)


def _news(merchant: Merchant, request: WebhookRequest) -> PaymentNews | RefundNews | None:
    [event] = merchant.gateway.read_webhook(request)
    return event.news


def _open(merchant: Merchant, key: str | None) -> NmiGateway:
    return NmiGateway(NmiCredentials(security_key="key", webhook_signing_key=key), merchant.client)


async def test_fields_that_decide_nothing(merchant: Merchant) -> None:
    """Whatever their types, the proof is read."""
    odd: dict[str, Any] = {
        "authorization_code": 1,
        "avs_response": 2,
        "merchant_defined_field_2": None,
        "actions": None,
    }
    news = _news(merchant, _event(**odd, action={"response_code": 100, "response_text": 5}))
    assert isinstance(news, PaymentNews)
    assert news.paid is not None
    assert news.paid.money == Money(5404, "USD")


async def test_signature(merchant: Merchant) -> None:
    """The vector of the vendor's scheme fits, and the same bytes over another key, nonce or body do not."""
    assert sign(KEY, NONCE, VECTOR) == SIGNATURE
    gateway = _open(merchant, KEY)
    gateway.verify_webhook(_request())
    for bad in (
        _request(VECTOR.replace(b"success", b"failure")),
        _request(VECTOR + b" "),
        _request(signature=None),
        _request(signature=""),
        _request(signature=f"t=other,s={SIGNATURE}"),
        _request(signature=f"t={NONCE},s="),
        _request(signature=f"t={NONCE},s={SIGNATURE[:-1]}"),
        _request(signature=f"t={NONCE},s=é"),
        _request(signature=f"s={SIGNATURE},t={NONCE}"),
        _request(signature=SIGNATURE),
    ):
        with pytest.raises(InvalidSignature):
            gateway.verify_webhook(bad)
    for key in (None, "another"):
        with pytest.raises(InvalidSignature):
            _open(merchant, key).verify_webhook(_request())


async def test_sale(merchant: Merchant) -> None:
    """A sale that succeeded proves the payment, and the same event again has the same id."""
    request = _event(customerid="77")
    [event] = merchant.gateway.read_webhook(request)
    assert (event.id, event.type) == ("evt-1", "transaction.sale.success")
    assert merchant.gateway.read_webhook(request) == (event,)
    assert event.news == PaymentNews(
        reference="1234560000",
        attempt_id="att_1",
        paid=Paid(
            reference="1234560000",
            transaction_id="1234560000",
            money=Money(5404, "USD"),
            saved_method=SavedMethod("77"),
            details={"customerVaultId": "77"},
        ),
    )


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("transaction.sale.failure", {"condition": "failed", "action": {"success": "0"}}),
        ("transaction.sale.unknown", {"condition": "unknown"}),
        ("transaction.sale.success", {"condition": "failed"}),
        ("transaction.sale.success", {"action": {"success": "0"}}),
        ("transaction.sale.success", {"action": {"action_type": "auth"}}),
        ("transaction.sale.success", {"action": {"amount": ""}}),
        ("transaction.sale.success", {"currency": ""}),
        ("transaction.sale.success", {"features": {"is_test_mode": True}}),
        ("transaction.sale.success", {"features": {"is_test_mode": "true"}}),
        ("transaction.auth.success", {}),
        ("transaction.capture.success", {}),
    ],
)
async def test_hints(merchant: Merchant, kind: str, changes: dict[str, Any]) -> None:
    """Whatever is no clear proof is a hint to look the attempt up; a sale in test mode takes no money."""
    assert _news(merchant, _event(kind, **changes)) == PaymentNews(reference="1234560000", attempt_id="att_1")


async def test_refunds_and_voids(merchant: Merchant) -> None:
    """A refund is named by its own id, a void by its sale's."""
    refund = _event("transaction.refund.success", order_id="ref_1", original_transaction_id="99")
    assert _news(merchant, refund) == RefundNews(payment_reference="99", refund_id="ref_1", reference="1234560000")
    desk = _event("transaction.refund.success", order_id=None, original_transaction_id=None, customerid=None)
    assert _news(merchant, desk) == RefundNews(reference="1234560000")
    void = _event("transaction.void.success", condition="canceled")
    assert _news(merchant, void) == RefundNews(payment_reference="1234560000", reference="1234560000")


@pytest.mark.parametrize(
    "kind",
    ["chargeback.batch.complete", "settlement.batch.complete", "recurring.plan.add", "transaction.credit.success"],
)
async def test_not_ours(merchant: Merchant, kind: str) -> None:
    """Events about no payment of ours are kept and mean nothing, whatever their bodies look like."""
    body = json.dumps({"event_id": "evt-2", "event_type": kind, "event_body": {"count": 1, "action": []}}).encode()
    [event] = merchant.gateway.read_webhook(_request(body))
    assert (event.id, event.type, event.news) == ("evt-2", kind, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"event_type":"transaction.sale.success"}',
        b'{"event_id":"","event_type":"transaction.sale.success"}',
        b'{"event_id":7,"event_type":"transaction.sale.success"}',
        b'{"event_id":"1","event_type":"transaction.sale.success","event_body":[]}',
        b'{"event_id":"1","event_type":"transaction.sale.success","event_body":{"action":"sale"}}',
    ],
)
async def test_nonsense(merchant: Merchant, body: bytes) -> None:
    """What is not in the gateway's form is a ValueError."""
    with pytest.raises(ValueError):  # noqa: PT011 - the port's promise
        merchant.gateway.read_webhook(_request(body))
