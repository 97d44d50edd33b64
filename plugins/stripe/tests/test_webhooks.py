"""Events: proven by signature and time, read for whose they are, and nothing in them believed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from stripe import WebhookSignature

from paylinks_ports import InvalidSignature, Order, PaymentNews, RefundNews, WebhookRequest
from paylinks_stripe import StripeCredentials, StripeGateway
from paylinks_stripe.simulator.keys import DEMO_WEBHOOK_SECRET

from .conftest import Merchant

SECRET = "whsec_c2VjcmV0"
NOW = 1_800_000_000


def gateway(merchant: Merchant, secret: str | None = SECRET) -> StripeGateway:
    """Open an account with a webhook secret, or without one."""
    return merchant.open(StripeCredentials(secret_key="sk_test_51", webhook_secret=secret))


def event(about: dict[str, Any], *, livemode: bool = False) -> bytes:
    """Write an event about an object."""
    return json.dumps(
        {"id": "evt_1", "object": "event", "type": "x.y", "livemode": livemode, "data": {"object": about}}
    ).encode()


INTENT = {"object": "payment_intent", "id": "pi_1", "metadata": {"attempt_id": "att_1", "order_id": "o-1"}}


def signed(body: bytes, *, at: int = NOW, secret: str = SECRET) -> WebhookRequest:
    """Sign it as Stripe does."""
    header = WebhookSignature.generate_signature_header(body.decode(), secret, timestamp=at)
    return WebhookRequest(headers={"stripe-signature": header}, body=body, received_at=NOW * 1000)


async def test_a_signed_event_passes(merchant: Merchant) -> None:
    """As long as it is from now, by the clock that received it."""
    gateway(merchant).verify_webhook(signed(event(INTENT)))
    gateway(merchant).verify_webhook(signed(event(INTENT), at=NOW - 299))


def forged(signature: str) -> WebhookRequest:
    """Send it with a signature that is not Stripe's."""
    return WebhookRequest(headers={"stripe-signature": signature}, body=event(INTENT), received_at=NOW * 1000)


@pytest.mark.parametrize(
    "request_",
    [
        signed(event(INTENT), secret="whsec_b3RoZXI="),
        signed(event(INTENT), at=NOW - 301),
        signed(event(INTENT), at=NOW + 301),
        WebhookRequest(headers=signed(event(INTENT)).headers, body=event(INTENT) + b" ", received_at=NOW * 1000),
        forged(f"{signed(event(INTENT), at=NOW - 301).headers['stripe-signature']},t={NOW}"),
        WebhookRequest(headers={}, body=event(INTENT), received_at=NOW * 1000),
        forged("t=x,v1=y"),
        forged(f"t={NOW},v1=é"),
        WebhookRequest(headers=signed(b"{}").headers, body=b"\xff", received_at=NOW * 1000),
    ],
    ids=["secret", "old", "future", "tampered", "old, with another time", "missing", "nonsense", "not ASCII", "bytes"],
)
async def test_anything_else_does_not(merchant: Merchant, request_: WebhookRequest) -> None:
    """Another secret, another body, another time."""
    with pytest.raises(InvalidSignature):
        gateway(merchant).verify_webhook(request_)


async def test_without_a_secret_nothing_passes(merchant: Merchant) -> None:
    """There is nothing to prove it by."""
    with pytest.raises(InvalidSignature):
        gateway(merchant, None).verify_webhook(signed(event(INTENT)))


@pytest.mark.parametrize(
    ("about", "news"),
    [
        (INTENT, PaymentNews(reference="pi_1", attempt_id="att_1", order_id="o-1")),
        ({"object": "charge", "id": "ch_1", "payment_intent": "pi_1"}, PaymentNews(reference="pi_1")),
        (
            {"object": "refund", "id": "re_1", "payment_intent": "pi_1", "metadata": {"refund_id": "rfd_1"}},
            RefundNews(payment_reference="pi_1", refund_id="rfd_1", reference="re_1"),
        ),
        ({"object": "payout", "id": "po_1"}, None),
    ],
)
async def test_whose_it_is(merchant: Merchant, about: dict[str, Any], news: PaymentNews | RefundNews | None) -> None:
    """And its id, the same when it comes again; what it says became of it is a hint."""
    request = WebhookRequest(body=event(about), received_at=1)
    [read] = gateway(merchant).read_webhook(request)
    assert (read.id, read.type, read.news) == ("evt_1", "x.y", news)
    assert gateway(merchant).read_webhook(request) == (read,)


async def test_the_other_modes_events_are_not_ours(merchant: Merchant) -> None:
    """A test key has no live payments."""
    [read] = gateway(merchant).read_webhook(WebhookRequest(body=event(INTENT, livemode=True), received_at=1))
    assert read.news is None


async def test_nonsense_is_no_event(merchant: Merchant) -> None:
    """It is said so."""
    with pytest.raises(ValueError, match="object"):
        gateway(merchant).read_webhook(WebhookRequest(body=b"{}", received_at=1))


async def test_the_simulator_tells_what_processing_came_to(
    merchant: Merchant, make_order: Callable[..., Order]
) -> None:
    """Two seconds later, in Stripe's form, signed."""
    started = await merchant.demo.start(make_order(), None)
    await merchant.demo.charge(make_order(), started.reference, "demo_processing")

    [(request, delay)] = merchant.emitted

    demo = merchant.open(StripeCredentials(secret_key="sk_test_demo", webhook_secret=DEMO_WEBHOOK_SECRET))
    demo.verify_webhook(request)
    [read] = demo.read_webhook(request)
    assert (read.type, delay) == ("payment_intent.succeeded", 2000)
    assert isinstance(read.news, PaymentNews)
    assert read.news.reference == started.reference
