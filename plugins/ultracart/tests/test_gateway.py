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
    Unknown,
    operations_of,
    powers_of,
)
from paylinks_ultracart import PROVIDER, UltraCartCredentials, UltraCartGateway, UltraCartOptions
from paylinks_ultracart.operations import ProcessPaymentBody, processed

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


@pytest.mark.parametrize("cart_id", ["A B", "..", "%41", "é", "¼", "٣"])
async def test_no_cart(merchant: Merchant, make_order: MakeOrder, cart_id: str) -> None:
    """What can't be a cart's id is refused before anything is sent."""
    given = {"paymentToken": "tok_1", "cvvToken": "cvv", "cardExpirationMonth": 1, "cardExpirationYear": 2031}
    body = msgspec.convert(given | {"cartId": cart_id}, ProcessPaymentBody)
    with pytest.raises(ProviderRefused) as caught:
        await merchant.gateway.process_payment(make_order(extra={}), None, body)
    assert caught.value.details == "cartId: is not one"
    assert not merchant.network.sent


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


async def test_card_as_it_is_typed(merchant: Merchant, make_order: MakeOrder) -> None:
    """A month is the same with a zero before it, and a card's type goes along."""
    extra = {"cvvToken": "007", "cardExpirationMonth": "01", "cardExpirationYear": "2030", "cardType": "VISA"}
    assert isinstance(await merchant.gateway.charge(make_order(extra=extra | {"items": "x"}), None, "tok_1"), Paid)
    assert merchant.bodies("/finalizeOrder")[0]["cart"]["payment"]["credit_card"] == {
        "card_number_token": "tok_1",
        "card_verification_number_token": "007",
        "card_expiration_month": 1,
        "card_expiration_year": 2030,
        "card_type": "VISA",
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


async def test_check_credentials(merchant: Merchant) -> None:
    """A wrong key, and a key of another account than the merchant id, are told."""
    await merchant.gateway.check_credentials()
    for merchant_id, key in (("DEMO", "wrong-simple-key"), ("OTHER", "TopSecret-simple-key")):
        gateway = merchant.open(UltraCartCredentials(merchant_id=merchant_id, api_key=key))
        with pytest.raises(CredentialsRejected):
            await gateway.check_credentials()
