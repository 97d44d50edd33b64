"""Each power against the simulator: carts, charges, upsells, look-ups, cancellations."""

from collections.abc import Callable

import msgspec
import pytest

from paylinks_ports import (
    Canceled,
    CredentialsRejected,
    Declined,
    LineItem,
    NotFound,
    Order,
    Outcome,
    Paid,
    Pending,
    ProviderRefused,
    Started,
    Unknown,
    operations_of,
    powers_of,
)
from paylinks_ultracart import PROVIDER, UltraCartCredentials, UltraCartGateway, UltraCartOptions
from paylinks_ultracart.operations import CreateCartBody, ProcessPaymentBody, cart_created, processed

from .conftest import Merchant

MakeOrder = Callable[..., Order]


def test_announcement() -> None:
    """All powers but a raw card's, and both operations."""
    assert powers_of(UltraCartGateway) == (
        "start",
        "charge",
        "charge_saved",
        "look_up",
        "cancel",
        "refund",
        "look_up_refund",
        "read_webhook",
        "check_credentials",
    )
    assert [(one.name, one.verb) for one in operations_of(UltraCartGateway)] == [
        ("create-cart", "start"),
        ("process-payment", "charge"),
    ]
    simulated = msgspec.json.encode(PROVIDER.simulator.credentials)
    assert msgspec.json.decode(simulated, type=UltraCartCredentials) == PROVIDER.simulator.credentials
    assert "demo" not in repr(PROVIDER.simulator.credentials)


@pytest.mark.parametrize(("amount", "currency"), [(4999, "USD"), (500, "JPY")])
async def test_paid(merchant: Merchant, make_order: MakeOrder, amount: int, currency: str) -> None:
    """A started order is charged for exactly its amount, with our ids in the custom fields."""
    gateway = merchant.open(merchant.credentials, UltraCartOptions(default_item="SHIRT", currency=currency))
    order = make_order(amount, currency)
    started = await gateway.start(order, None)
    assert started.browser["cartId"] == started.reference
    assert (started.browser["merchantId"], started.browser["cartTotal"]) == ("DEMO", str(amount))
    assert await gateway.start(order, started.reference) == started

    paid = await gateway.charge(order, started.reference, "tok_1")
    assert isinstance(paid, Paid)
    assert paid.money == order.money
    assert paid.saved_method is not None
    assert paid.saved_method.method == paid.reference
    (made,) = merchant.orders()
    assert made["checkout"] == {
        "custom_field1": order.attempt_id,
        "custom_field2": "order-1",
    }
    assert await gateway.look_up(order, paid.reference) == paid
    assert await gateway.look_up(order, started.reference) == paid
    assert await gateway.look_up(order, None) == paid
    assert await gateway.look_up(make_order(attempt_id="att_other"), None) == NotFound()
    assert isinstance(await gateway.look_up(make_order(order_id="order-2"), paid.reference), Unknown)
    assert isinstance(await gateway.cancel(order, paid.reference), Paid)


async def test_lines_add_up(merchant: Merchant, make_order: MakeOrder) -> None:
    """Items go at the order's own prices; shipping and a discount keep the sum exact."""
    options = UltraCartOptions(products={"p-1": "BLUE", "sku-2": "RED"})
    gateway = merchant.open(merchant.credentials, options)
    items = (
        LineItem(id="p-1", name="Blue", quantity=3, unit_price=999),
        LineItem(id="p-2", sku="sku-2", name="Red", quantity=1, unit_price=1000),
    )
    for number, amount in enumerate((3997, 4499, 2998, 1, 998)):
        order = make_order(amount, line_items=items, order_id=f"order-{number}")
        paid = await gateway.charge(order, None, "tok_1")
        assert isinstance(paid, Paid)
        assert paid.money.amount == amount
        made = merchant.orders()[-1]
        assert sum(item["quantity"] for item in made["items"] if item["merchant_item_id"] == "BLUE") == 3
    with pytest.raises(ProviderRefused) as refused:
        await gateway.start(make_order(line_items=(LineItem(id="p-9", name="x", quantity=1, unit_price=4999),)), None)
    assert "options.products" in (refused.value.details or "")
    with pytest.raises(ProviderRefused, match="catalogue"):
        await merchant.open(merchant.credentials).start(make_order(), None)


async def test_another_total_is_not_charged(merchant: Merchant, make_order: MakeOrder) -> None:
    """What the cart comes to at UltraCart must be the order's amount, or nothing is finalized."""
    body = msgspec.convert({"items": [{"itemId": "PDF", "quantity": 2, "options": {"size": "L"}}]}, CreateCartBody)
    started = await merchant.gateway.create_cart(make_order(), None, body)
    outcome = Outcome(provider="ultracart", order_id="order-1", demo=False, reference=started.reference, result=started)
    assert (cart_created(outcome).total, cart_created(outcome).currency) == (2500, "USD")
    with pytest.raises(ProviderRefused, match="total"):
        await merchant.gateway.charge(make_order(), started.reference, "tok_1")
    assert merchant.orders() == []
    paid = await merchant.gateway.charge(make_order(2500), started.reference, "tok_1")
    assert isinstance(paid, Paid)
    assert merchant.orders()[0]["items"][0]["merchant_item_id"] == "PDF"


async def test_process_payment(merchant: Merchant, make_order: MakeOrder) -> None:
    """The operation takes the hosted fields' tokens in its own body, and a cart of that order only."""
    started = await merchant.gateway.start(make_order(extra={}), None)
    given = {"paymentToken": "tok_1", "cvvToken": "cvv", "cardExpirationMonth": 1, "cardExpirationYear": 2031}
    body = msgspec.convert(given | {"cartId": started.reference}, ProcessPaymentBody)
    assert (body.payment_token, body.payment_reference) == ("tok_1", started.reference)
    assert "tok_1" not in repr(body)
    foreign = msgspec.convert(given | {"cartId": "ABC"}, ProcessPaymentBody)
    with pytest.raises(ProviderRefused):
        await merchant.gateway.process_payment(make_order(extra={}), started.reference, foreign)
    with pytest.raises(ProviderRefused):
        await merchant.gateway.process_payment(make_order(order_id="order-2", extra={}), None, body)
    result = await merchant.gateway.process_payment(make_order(extra={}), started.reference, body)
    assert isinstance(result, Paid)
    outcome = Outcome(provider="ultracart", order_id="order-1", demo=False, reference=result.reference, result=result)
    assert processed(outcome).status == "paid"
    assert processed(outcome).provider_order_id == result.reference
    options = merchant.bodies("/finalizeOrder")[0]["options"]
    assert options == {"store_if_payment_declines": False, "store_completed": False}
    sent = merchant.bodies("/finalizeOrder")[0]["cart"]["payment"]["credit_card"]
    assert sent == {
        "card_number_token": "tok_1",
        "card_verification_number_token": "cvv",
        "card_expiration_month": 1,
        "card_expiration_year": 2031,
    }


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        ({}, "cvvToken"),
        ({"cvvToken": "c", "cardExpirationMonth": "13", "cardExpirationYear": "2030"}, "cardExpirationMonth"),
        ({"cvvToken": "c", "cardExpirationMonth": "1", "cardExpirationYear": "30"}, "cardExpirationYear"),
    ],
)
async def test_missing_card_parts(merchant: Merchant, make_order: MakeOrder, extra: dict[str, str], named: str) -> None:
    """A part that is missing or wrong is named before anything is sent."""
    with pytest.raises(ProviderRefused) as refused:
        await merchant.gateway.charge(make_order(extra=extra), None, "tok_1")
    assert named in (refused.value.details or "")
    assert merchant.network.sent == []


async def test_upsell(merchant: Merchant, make_order: MakeOrder) -> None:
    """A second order is charged to the first one's payment, exactly, and is found by its attempt."""
    paid = await merchant.gateway.charge(make_order(), None, "tok_1")
    assert isinstance(paid, Paid)
    assert paid.saved_method is not None
    order = make_order(1234, order_id="order-1-upsell", attempt_id="att_2", extra={})
    upsold = await merchant.gateway.charge_saved(order, paid.saved_method)
    assert isinstance(upsold, Paid)
    assert upsold.money == order.money
    assert await merchant.gateway.look_up(order, None) == upsold
    (sent,) = merchant.bodies("/import")
    assert sent["channel_partner_order_id"] == sent["custom_field1"] == "att_2"
    assert (sent["store_completed"], sent["store_if_payment_declines"]) == (False, False)

    merchant.word = "demo_soft_decline"
    declined = await merchant.gateway.charge_saved(order, paid.saved_method)
    assert isinstance(declined, Declined)
    assert (declined.code, declined.retryable) == ("insufficient_funds", True)
    merchant.word = None
    gone = type(paid.saved_method)("DEMO-1")
    with pytest.raises(ProviderRefused, match="order"):
        await merchant.gateway.charge_saved(order, gone)


async def test_kept_decline_is_closed(merchant: Merchant, make_order: MakeOrder) -> None:
    """An order that UltraCart keeps although it was declined is canceled, so that nobody charges it later."""
    started = await merchant.demo.start(make_order(), None)
    for number in range(2):
        once = await merchant.demo.charge(make_order(attempt_id=f"att_{number}"), started.reference, "demo_decline")
        assert isinstance(once, Declined)
    order = make_order(attempt_id="att_3")
    result = await merchant.demo.charge(order, started.reference, "demo_decline")
    assert isinstance(result, Declined)
    (kept,) = merchant.orders()
    assert kept["current_stage"] == "Rejected"
    assert result.reference == kept["order_id"]
    assert isinstance(await merchant.demo.cancel(order, kept["order_id"]), Canceled)
    again = await merchant.demo.charge(make_order(attempt_id="att_9"), kept["order_id"], "tok")
    assert isinstance(again, Paid)  # with a cart of its own, for the first one is used up


async def test_cancel(merchant: Merchant, make_order: MakeOrder) -> None:
    """A cart is closed as it is; an order that waits is rejected at UltraCart."""
    started = await merchant.demo.start(make_order(), None)
    assert await merchant.demo.cancel(make_order(), str(started.reference)) == Canceled(
        reference=str(started.reference)
    )
    waiting = await merchant.demo.charge(make_order(), started.reference, "demo_processing")
    assert isinstance(waiting, Pending)
    assert isinstance(await merchant.demo.cancel(make_order(), waiting.reference), Canceled)
    merchant.now += 10_000
    assert isinstance(await merchant.demo.look_up(make_order(), waiting.reference), Canceled)


async def test_refused_currencies(merchant: Merchant, make_order: MakeOrder) -> None:
    """Another currency than the account's, and one with three digits, is refused before anything is sent."""
    dinars = merchant.open(merchant.credentials, UltraCartOptions(default_item="SHIRT", currency="KWD"))
    for gateway, order in ((dinars, make_order(1500, "KWD")), (merchant.gateway, make_order(currency="EUR"))):
        with pytest.raises(ProviderRefused, match="currency"):
            await gateway.start(order, None)
        with pytest.raises(ProviderRefused, match="currency"):
            await gateway.charge(order, None, "tok_1")
    assert merchant.network.sent == []


async def test_long_ids(merchant: Merchant, make_order: MakeOrder) -> None:
    """An id that a custom field has no room for is shortened, unlike any other."""
    order = make_order(order_id="o" * 128, attempt_id="att_" + "x" * 96)
    paid = await merchant.gateway.charge(order, None, "tok_1")
    assert isinstance(paid, Paid)
    assert await merchant.gateway.look_up(order, None) == paid
    assert (
        await merchant.gateway.look_up(make_order(order_id="o" * 128, attempt_id="att_" + "x" * 95), None) == NotFound()
    )


async def test_check_credentials(merchant: Merchant) -> None:
    """A wrong key, and a key of another account than the merchant id, are told."""
    await merchant.gateway.check_credentials()
    for merchant_id, key in (("DEMO", "wrong-simple-key"), ("OTHER", "TopSecret-simple-key")):
        gateway = merchant.open(UltraCartCredentials(merchant_id=merchant_id, api_key=key))
        with pytest.raises(CredentialsRejected):
            await gateway.check_credentials()


async def test_started_is_told_of_orders(merchant: Merchant, make_order: MakeOrder) -> None:
    """What is an order already has no cart; the browser is told whose fields it needs for another card."""
    paid = await merchant.gateway.charge(make_order(), None, "tok_1")
    assert isinstance(paid, Paid)
    told = Started(reference=paid.reference, browser={"merchantId": "DEMO"})
    assert await merchant.gateway.start(make_order(), paid.reference) == told


async def test_another_card_after_a_kept_order(merchant: Merchant, make_order: MakeOrder) -> None:
    """A declined try that was kept as an order used its cart up; the next card is charged by another cart."""
    first, second = make_order(), make_order(attempt_id="att_2")
    opened = (await merchant.gateway.start(first, None)).reference
    kept = await merchant.gateway.charge(first, opened, "kept-000000000001")
    assert isinstance(kept, Declined)

    again = await merchant.gateway.start(second, kept.reference)
    paid = await merchant.gateway.charge(second, opened, "visa-000000000001")

    assert again.browser["merchantId"] == "DEMO"
    assert isinstance(paid, Paid)
    assert paid.reference != kept.reference
    assert [one["current_stage"] for one in merchant.orders()] == ["Rejected", "Shipping Department"]
