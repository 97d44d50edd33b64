"""What is sold and who buys it, in Konnektive's fields and within its limits."""

from collections.abc import Callable

import msgspec
import pytest

from paylinks_konnektive import KonnektiveCredentials, KonnektiveGateway, KonnektiveOptions
from paylinks_konnektive.parameters import attempt_of, shorten
from paylinks_ports import Address, LineItem, Money, Order, Paid, ProviderRefused

from .conftest import CARD, CREDENTIALS, OPTIONS, Merchant

MakeOrder = Callable[..., Order]


@pytest.mark.parametrize(
    ("amount", "currency", "price"), [(4999, "USD", "49.99"), (500, "JPY", "500.00"), (1500, "KWD", "1.50")]
)
async def test_amounts(merchant: Merchant, make_order: MakeOrder, amount: int, currency: str, price: str) -> None:
    """Major units with two decimals, whatever the currency has."""
    paid = await merchant.open(currency=currency).charge_card(make_order(amount, currency), None, CARD)
    assert isinstance(paid, Paid)
    assert paid.money == Money(amount, currency)
    assert merchant.sent("/order/import/")[0]["product1_price"] == price


@pytest.mark.parametrize(("amount", "currency"), [(1501, "KWD"), (100, "XXX"), (100, "EUR")])
async def test_refused_currencies(merchant: Merchant, make_order: MakeOrder, amount: int, currency: str) -> None:
    """What can't be written, or is not the campaign's currency, is refused before anything is sent."""
    gateway = merchant.open(currency="KWD" if currency == "KWD" else "USD")
    order = make_order(amount, currency)
    for call in (gateway.start(order, None), gateway.charge_card(order, None, CARD)):
        with pytest.raises(ProviderRefused):
            await call
    assert not merchant.network.sent


async def test_lines_sum_up(merchant: Merchant, make_order: MakeOrder) -> None:
    """Line items keep their prices and are numbered without a gap; the rest is shipping."""
    items = (
        LineItem(id="shirt", name="Shirt", quantity=3, unit_price=1000),
        LineItem(sku="other", name="Other", quantity=1, unit_price=500),
    )
    for total, prices, shipping in ((4000, ["10.00", "5.00"], "5.00"), (3400, ["9.66", "5.00"], "0.02")):
        paid = await merchant.gateway.charge_card(make_order(total, line_items=items), None, CARD)
        assert isinstance(paid, Paid)
        assert paid.money.amount == total
        sent = merchant.sent("/order/import/")[-1]
        assert [sent["product1_price"], sent["product2_price"]] == prices
        assert [sent["product1_id"], sent["product2_id"]] == ["33", "99"]
        assert (sent["product1_shipPrice"], sent["product2_shipPrice"]) == (shipping, "0.00")


@pytest.mark.parametrize(
    ("options", "credentials", "named"),
    [
        (KonnektiveOptions(), CREDENTIALS, "options.defaultProduct"),
        (OPTIONS, msgspec.structs.replace(CREDENTIALS, campaign_id=None), "options.campaignId"),
    ],
)
async def test_missing_options(
    merchant: Merchant,
    make_order: MakeOrder,
    options: KonnektiveOptions,
    credentials: KonnektiveCredentials,
    named: str,
) -> None:
    """A start says which option is missing; the simulator's own account needs none."""
    with pytest.raises(ProviderRefused) as refused:
        await KonnektiveGateway(credentials, merchant.client, options=options).start(make_order(), None)
    assert (refused.value.details or "").startswith(named)
    assert not merchant.network.sent
    assert (await merchant.demo.start(make_order(), None)).reference


async def test_addresses(merchant: Merchant, make_order: MakeOrder) -> None:
    """Two addresses are written apart; one stands for both."""
    await merchant.gateway.charge_card(make_order(), None, CARD)
    same = merchant.sent("/order/import/")[-1]
    assert (same["billShipSame"], same["city"], "shipCity" in same) == ("1", "Austin", False)
    billing = Address(line1="2 Lane " + "x" * 40, city="Paris", state="75", postal_code="75001", country="FR")
    await merchant.gateway.charge_card(make_order(billing_address=billing, payment_id="pay_2"), None, CARD)
    apart = merchant.sent("/order/import/")[-1]
    assert (apart["billShipSame"], apart["city"], apart["shipCity"]) == ("0", "Paris", "Austin")
    assert (apart["shipFirstName"], len(apart["address1"])) == ("Ada", 30)


def test_short_ids() -> None:
    """An id of ours fits a custom field, no two become one, and an attempt's is read back."""
    names = ["att_1", "1", "-1", "att_-1", "x" * 40, "x" * 41, "att_" + "y" * 40, "att_0hhf7tnbsc2qv3qd9j6g8m1k4p0"]
    short = [shorten(name) for name in names]
    assert len({*short}) == len(names)
    assert max(map(len, short)) <= 30
    assert attempt_of(shorten(names[-1])) == names[-1]
    assert attempt_of("") is None
