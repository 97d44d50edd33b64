"""Each power of the gateway, and what is on the wire."""

from collections.abc import Callable

import msgspec
import pytest

from paylinks_ports import (
    Address,
    CredentialsRejected,
    Declined,
    LineItem,
    Money,
    NotFound,
    Order,
    Paid,
    ProviderRefused,
    SavedMethod,
    powers_of,
)
from paylinks_sticky import PROVIDER, StickyCredentials, StickyGateway, StickyOptions
from paylinks_sticky.simulator.methods import METHODS

from .conftest import CREDENTIALS, OPTIONS, Merchant

MakeOrder = Callable[..., Order]


async def test_paid(merchant: Merchant, make_order: MakeOrder) -> None:
    """A prospect first, then its order, at the order's own price and with the attempt on the wire."""
    order = make_order()
    started = await merchant.gateway.start(order, None)
    assert started.reference == "prospect-10001"
    paid = await merchant.gateway.charge(order, started.reference, "tok_1")
    assert isinstance(paid, Paid)
    assert (paid.reference, paid.money, paid.saved_method) == ("10001", order.money, SavedMethod("10001", "50001"))
    (sent,) = merchant.sent("new_order_with_prospect")
    assert sent["click_id"] == order.attempt_id
    assert sent["prospectId"] == "10001"
    assert "order-1" in sent["notes"]
    assert sent["payment_token"] == "tok_1"
    assert sent["offers"] == [{"offer_id": "9", "product_id": "99", "quantity": "1", "price": "49.99"}]
    assert (sent["campaignId"], sent["shippingId"], sent["dynamic_shipping_charge"]) == ("7", "5", "0.00")
    assert sent["ipAddress"] == "203.0.113.7"
    assert "email" not in sent
    assert merchant.network.sent[0].url.host == "acme.sticky.io"
    assert await merchant.gateway.look_up(order, paid.reference) == msgspec.structs.replace(paid, details=ANYTHING)
    assert isinstance(await merchant.gateway.look_up(order, None), Paid)


class _Anything:
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]  # as of all that is equal to everything


ANYTHING = _Anything()


@pytest.mark.parametrize(
    ("amount", "currency", "price"),
    [(4999, "USD", "49.99"), (500, "JPY", "500.00"), (1500, "KWD", "1.50"), (5, "USD", "0.05")],
)
async def test_amounts(merchant: Merchant, make_order: MakeOrder, amount: int, currency: str, price: str) -> None:
    """Major units with two decimals, whatever the currency has."""
    gateway = merchant.open(currency=currency)
    paid = await gateway.charge(make_order(amount, currency), None, "tok")
    assert isinstance(paid, Paid)
    assert paid.money == Money(amount, currency)
    assert merchant.sent("new_order")[0]["offers"][0]["price"] == price


@pytest.mark.parametrize(("amount", "currency"), [(1501, "KWD"), (100, "XXX"), (100, "EUR")])
async def test_refused_currencies(merchant: Merchant, make_order: MakeOrder, amount: int, currency: str) -> None:
    """What can't be written, or is not the campaign's currency, is refused before anything is sent."""
    gateway = merchant.open(currency="KWD" if currency == "KWD" else "USD")
    for call in (
        gateway.start(make_order(amount, currency), None),
        gateway.charge(make_order(amount, currency), None, "t"),
    ):
        with pytest.raises(ProviderRefused):
            await call
    assert not merchant.network.sent


async def test_lines_sum_up(merchant: Merchant, make_order: MakeOrder) -> None:
    """Line items keep their prices; what is above them is shipping, what is below them comes off the first lines."""
    items = (
        LineItem(id="shirt", name="Shirt", quantity=3, unit_price=1000),
        LineItem(sku="other", name="Other", quantity=1, unit_price=500),
    )
    for total, prices, shipping in (
        (3500, ["10.00", "5.00"], "0.00"),
        (4000, ["10.00", "5.00"], "5.00"),
        (3400, ["9.66", "5.00"], "0.02"),
        (400, ["0.00", "4.00"], "0.00"),
    ):
        paid = await merchant.gateway.charge(make_order(total, line_items=items), None, f"tok_{total}")
        assert isinstance(paid, Paid)
        assert paid.money.amount == total
        sent = merchant.sent("new_order")[-1]
        assert [offer["price"] for offer in sent["offers"]] == prices
        assert [offer["offer_id"] for offer in sent["offers"]] == ["3", "9"]
        assert sent["dynamic_shipping_charge"] == shipping


@pytest.mark.parametrize(
    ("options", "credentials", "named"),
    [
        (StickyOptions(shipping_id="5"), CREDENTIALS, "options.defaultProduct"),
        (msgspec.structs.replace(OPTIONS, shipping_id=None), CREDENTIALS, "options.shippingId"),
        (OPTIONS, msgspec.structs.replace(CREDENTIALS, campaign_id=None), "credentials.campaignId"),
    ],
)
async def test_missing_options(
    merchant: Merchant, make_order: MakeOrder, options: StickyOptions, credentials: StickyCredentials, named: str
) -> None:
    """A start says which option is missing; the simulator's own account needs none."""
    gateway = StickyGateway(credentials, merchant.client, options=options)
    with pytest.raises(ProviderRefused) as refused:
        await gateway.start(make_order(), None)
    assert (refused.value.details or "").startswith(named)
    assert not merchant.network.sent
    assert (await merchant.demo.start(make_order(), None)).reference


async def test_upsell(merchant: Merchant, make_order: MakeOrder) -> None:
    """A saved method is the earlier order, whose card on file pays a new one."""
    paid = await merchant.gateway.charge(make_order(), None, "tok")
    assert isinstance(paid, Paid)
    assert paid.saved_method is not None
    upsell = make_order(1999, order_id="order-1-upsell", attempt_id="att_2")
    second = await merchant.gateway.charge_saved(upsell, SavedMethod.from_token(paid.saved_method.token))
    assert isinstance(second, Paid)
    assert second.reference != paid.reference
    assert second.money == upsell.money
    (sent,) = merchant.sent("new_order_card_on_file")
    assert (sent["previousOrderId"], sent["click_id"]) == (paid.reference, "att_2")
    merchant.word = "demo_decline"
    assert isinstance(await merchant.gateway.charge_saved(upsell, paid.saved_method), Declined)
    with pytest.raises(ProviderRefused):
        await merchant.gateway.charge_saved(upsell, SavedMethod("999"))


async def test_a_declined_order_is_not_the_next_attempts(merchant: Merchant, make_order: MakeOrder) -> None:
    """A decline leaves an order behind; neither it nor a stranger's tells of the next attempt."""
    order = make_order()
    reference = (await merchant.gateway.start(order, None)).reference
    declined = await merchant.gateway.charge(order, reference, "demo_decline")
    assert isinstance(declined, Declined)
    assert declined.reference is None
    assert isinstance(await merchant.gateway.look_up(order, "10001"), Declined)
    second = make_order(attempt_id="att_2")
    assert isinstance(await merchant.gateway.look_up(second, "10001"), NotFound)
    paid = await merchant.gateway.charge(second, reference, "tok")
    assert isinstance(paid, Paid)
    assert await merchant.gateway.look_up(second, "10001") == await merchant.gateway.look_up(second, paid.reference)
    assert isinstance(await merchant.gateway.look_up(make_order(attempt_id="att_3"), paid.reference), NotFound)


async def test_a_used_prospect_is_done_without(merchant: Merchant, make_order: MakeOrder) -> None:
    """An order uses its prospect up; where it is gone the same order is made without it, once."""
    order = make_order()
    reference = (await merchant.gateway.start(order, None)).reference
    await merchant.gateway.charge(order, reference, "tok_1")
    assert isinstance(await merchant.gateway.charge(make_order(attempt_id="att_2"), reference, "tok_2"), Paid)
    assert len(merchant.sent("new_order")) == 1


async def test_total_is_read_back(merchant: Merchant, make_order: MakeOrder) -> None:
    """What the order says was taken counts, whatever was asked."""
    order = make_order()
    view = {"response_code": "100", "order_status": "2", "order_total": "53.12", "click_id": order.attempt_id}
    merchant.answers("order_view", 200, json=view)
    paid = await merchant.gateway.charge(order, None, "tok")
    assert isinstance(paid, Paid)
    # What the order does not say the answer does.
    assert (paid.money, paid.transaction_id) == (Money(5312, "USD"), "59100010001")
    assert paid.saved_method == SavedMethod("10001", "50001")


async def test_test_cards_do_not_pay(merchant: Merchant, make_order: MakeOrder) -> None:
    """Sticky.io approves its test card on live campaigns, too, where it would be goods for nothing."""
    first = await merchant.gateway.charge(make_order(), None, "test_card")
    assert isinstance(first, Declined)
    accepting = merchant.open(accept_test_orders=True)
    paid = await accepting.look_up(make_order(), None)
    assert isinstance(paid, Paid)
    # There is none: Sticky.io says "Not Available".
    assert (paid.transaction_id, "authCode" in paid.details) == (paid.reference, False)
    assert isinstance(await merchant.gateway.look_up(make_order(), None), Declined)


async def test_billing_address(merchant: Merchant, make_order: MakeOrder) -> None:
    """Two addresses are written apart; one stands for both."""
    billing = Address(line1="2 Lane", city="Paris", state="75", postal_code="75001", country="FR")
    await merchant.gateway.charge(make_order(billing_address=billing), None, "tok")
    sent = merchant.sent("new_order")[0]
    assert (sent["billingSameAsShipping"], sent["billingCity"], sent["shippingCity"]) == ("NO", "Paris", "Austin")
    assert sent["billingFirstName"] == "Ada"


async def test_check_credentials(merchant: Merchant) -> None:
    """Asked of the provider."""
    await merchant.gateway.check_credentials()
    with pytest.raises(CredentialsRejected) as rejected:
        await merchant.open(
            StickyCredentials(app_key="a", username="demo", password="wrong-password")
        ).check_credentials()
    assert "wrong-password" not in str(rejected.value.details)


@pytest.mark.parametrize("name", ["evil.example/x", "a.b", "A", "-a", "a" * 64, "", "acme\n"])
def test_app_key_is_one_label(name: str) -> None:
    """It becomes part of a host name."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"appKey": name, "username": "u", "password": "p"}, StickyCredentials)


def test_announced() -> None:
    """All powers that its API allows."""
    assert set(powers_of(PROVIDER.gateway)) == {
        *("start", "charge", "charge_saved", "look_up", "refund", "look_up_refund"),
        *("read_webhook", "check_credentials"),
    }
    assert len(METHODS) == 9
