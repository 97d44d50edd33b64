"""Webhooks that nobody signs: proven by the brand's secret alone, and never more than a hint."""

import re

import pytest

from paylinks_ports import InvalidSignature, PaymentNews, RefundNews, WebhookEvent, WebhookRequest, verify_postback
from paylinks_ports import read_postback as read_any

SECRET = "a secret of the brand's own"


def call(body: bytes = b"", *, headers: dict[str, str] | None = None, **query: str) -> WebhookRequest:
    """Make a call."""
    return WebhookRequest(query=query, headers=headers or {}, body=body, received_at=0)


def read(request: WebhookRequest) -> WebhookEvent:
    """Read its only event."""
    shape = re.compile(r"[0-9]{1,20}")
    (event,) = read_any(
        request, order="order_id", shape=shape, attempt="mark", read_attempt=lambda text: text[:3] or None
    )
    return event


def test_secret() -> None:
    """In the header or in the URL."""
    verify_postback(call(headers={"x-webhook-secret": SECRET}), SECRET)
    verify_postback(call(secret=SECRET), SECRET)


@pytest.mark.parametrize("given", ["", "x", SECRET[:-1], SECRET + " ", "ü", "\udcff"])
@pytest.mark.parametrize("secret", [SECRET, None])
def test_no_secret(given: str, secret: str | None) -> None:
    """Anything else proves nothing, and neither does anything to a brand that has none."""
    for request in (call(headers={"x-webhook-secret": given}), call(secret=given), call()):
        with pytest.raises(InvalidSignature):
            verify_postback(request, secret)


@pytest.mark.parametrize(
    "request_",
    [
        call(order_id="17", mark="attempt", event="sale", secret=SECRET, brand="b"),
        call(b"order_id=17&mark=attempt&event=sale"),
        call(b' {"order_id": 17, "mark": "attempt", "event": "sale", "total": null}'),
        call(b"mark=attempt&event=sale", order_id="17"),
    ],
)
def test_the_same_event(request_: WebhookRequest) -> None:
    """Wherever the parameters are it is the same one: what it says, and no secret, is its id."""
    event = read(request_)
    assert event.id == read(call(order_id="17", mark="attempt", event="sale")).id
    assert (event.type, event.news) == ("sale", PaymentNews(reference="17", attempt_id="att"))
    assert event.id != read(call(order_id="17", mark="attempt", event="sale", total="1")).id


@pytest.mark.parametrize("kind", ["refund", "Order Refunded", "VOID"])
def test_refunds(kind: str) -> None:
    """The word of the merchant's template says so."""
    assert read(call(order_id="17", event=kind)).news == RefundNews(payment_reference="17")
    assert read(call(order_id="17")).news == PaymentNews(reference="17")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"order_id=",
        b"order_id=x",
        b"order_id=1\n",
        b"\xff",
        b"{",
        b"[]",
        b"{]",
        b"a" * 10,
        b"&" * 200,
        b'{"order_id": true}',
    ],
)
def test_nonsense(body: bytes) -> None:
    """Without an order it is none."""
    with pytest.raises(ValueError, match=r"order_id|The body"):
        read(call(body))
