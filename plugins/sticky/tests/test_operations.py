"""Sticky.io's own words: what their bodies ask for, and what they answer."""

from collections.abc import Callable

import msgspec

from paylinks_ports import Order, Outcome, Paid
from paylinks_sticky import StickyGateway
from paylinks_sticky.operations import ProcessPaymentBody, order_created, payment_processed

from .conftest import CREDENTIALS, Merchant

MakeOrder = Callable[..., Order]


async def test_operations(merchant: Merchant, make_order: MakeOrder) -> None:
    """Offers of the body, at the order's amount, and the prospect that it names."""
    raw = {
        "campaignId": 12,
        "offers": [{"offerId": 1, "productId": "2", "billingModelId": 3, "quantity": 2, "stepNum": 2}],
        "shippingId": "8",
        "ipAddress": "198.51.100.9",
        "paymentToken": "tok",
        "prospectId": 10001,
    }
    body = msgspec.convert(raw, ProcessPaymentBody)
    gateway = StickyGateway(msgspec.structs.replace(CREDENTIALS, campaign_id=None), merchant.client)
    started = await gateway.create_order(make_order(), None, body)
    assert started.reference == body.payment_reference
    outcome = Outcome(provider="sticky", order_id="order-1", demo=False, reference=started.reference, result=started)
    assert order_created(outcome).provider_order_id == "prospect-10001"
    paid = await gateway.process_payment(make_order(1001), started.reference, body)
    assert isinstance(paid, Paid)
    assert paid.money.amount == 1001
    sent = merchant.sent("new_order_with_prospect")[0]
    assert sent["offers"][0] == {
        "offer_id": "1",
        "product_id": "2",
        "billing_model_id": "3",
        "quantity": "2",
        "price": "5.00",
        "step_num": "2",
    }
    assert (sent["campaignId"], sent["ipAddress"], sent["dynamic_shipping_charge"]) == ("12", "198.51.100.9", "0.01")
    done = Outcome(provider="sticky", order_id="order-1", demo=False, reference=paid.reference, result=paid)
    answer = payment_processed(done)
    assert (answer.status, answer.provider_order_id, answer.customer_id) == ("paid", "10001", "50001")
