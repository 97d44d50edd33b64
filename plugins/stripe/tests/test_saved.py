"""Saved payment methods: charged once, found again, and with the bank's step where it asks for one."""

from collections.abc import Callable

import httpx
import pytest

from paylinks_ports import (
    Declined,
    DemoWord,
    NotFound,
    Order,
    Paid,
    ProviderRefused,
    ProviderUnavailable,
    RequiresAction,
    SavedMethod,
    Unknown,
)

from .conftest import Merchant

MakeOrder = Callable[..., Order]


async def saved_by(merchant: Merchant, make_order: MakeOrder) -> SavedMethod:
    """Pay an order, and give what it saved."""
    paid = await merchant.gateway.charge(make_order(attempt_id="att_0"), None, "pm_card_visa")
    assert isinstance(paid, Paid)
    assert paid.saved_method is not None
    return paid.saved_method


def upsell(make_order: MakeOrder, saved: SavedMethod, attempt_id: str = "att_u") -> Order:
    """Make the order of an upsell."""
    return make_order(1500, order_id="order-1-cap", attempt_id=attempt_id, saved_method=saved)


async def test_it_is_charged_once_for_an_attempt(merchant: Merchant, make_order: MakeOrder) -> None:
    """The attempt again is the same charge, and the look-up finds it without a reference."""
    saved = await saved_by(merchant, make_order)
    order = upsell(make_order, saved)

    paid = await merchant.gateway.charge_saved(order, saved)
    again = await merchant.gateway.charge_saved(order, saved)

    assert isinstance(paid, Paid)
    assert (paid.money.amount, again) == (1500, paid)
    assert await merchant.gateway.look_up(order, None) == paid
    assert sorted(charge["amount"] for charge in await merchant.charges()) == [1500, 4999]
    [opened, *_] = [request.content for request in merchant.network.sent if b"att_u" in request.content]
    assert b"setup_future_usage" not in opened  # it is saved already


async def test_a_lost_reply_is_found_in_the_customers_list(merchant: Merchant, make_order: MakeOrder) -> None:
    """The list is up to date, so what it does not show was not charged."""
    saved = await saved_by(merchant, make_order)
    order = upsell(make_order, saved)
    assert await merchant.gateway.look_up(order, None) == NotFound()

    merchant.loses("/confirm")
    with pytest.raises(httpx.ReadTimeout):
        await merchant.gateway.charge_saved(order, saved)
    merchant.network.accident = None

    assert isinstance(await merchant.gateway.look_up(order, None), Paid)


async def test_a_lost_opening_charges_nothing(merchant: Merchant, make_order: MakeOrder) -> None:
    """Nobody has confirmed what may have been opened."""
    saved = await saved_by(merchant, make_order)
    merchant.loses("/v1/payment_intents")
    with pytest.raises(ProviderUnavailable):
        await merchant.gateway.charge_saved(upsell(make_order, saved), saved)


async def test_an_endless_list_proves_nothing(merchant: Merchant, make_order: MakeOrder) -> None:
    """What is not among the newest payments may be older."""
    merchant.answers("/v1/payment_intents", 200, json={"object": "list", "data": [], "has_more": True})
    order = upsell(make_order, SavedMethod("pm_1", "cus_1"))
    assert isinstance(await merchant.gateway.look_up(order, None), Unknown)


async def test_without_a_customer_nothing_is_asked(merchant: Merchant, make_order: MakeOrder) -> None:
    """Stripe would refuse the method."""
    with pytest.raises(ProviderRefused):
        await merchant.gateway.charge_saved(make_order(), SavedMethod("pm_1"))
    assert merchant.network.sent == []


@pytest.mark.parametrize(("word", "kind"), [("demo_decline", Declined), ("demo_3ds", RequiresAction), (None, Paid)])
async def test_a_demo_word_beside_the_call(
    merchant: Merchant, make_order: MakeOrder, word: DemoWord | None, kind: type[object]
) -> None:
    """A saved method has no place for one, so the platform says it beside the call."""
    paid = await merchant.demo.charge(make_order(attempt_id="att_0"), None, "tok")
    assert isinstance(paid, Paid)
    assert paid.saved_method is not None
    merchant.word = word

    result = await merchant.demo.charge_saved(upsell(make_order, paid.saved_method), paid.saved_method)

    assert isinstance(result, kind)
    if isinstance(result, RequiresAction):
        merchant.word = None
        going_on = upsell(make_order, paid.saved_method, "att_u2")
        assert isinstance(await merchant.demo.charge(going_on, result.reference, "demo"), Paid)


async def test_another_attempts_payment_is_not_taken_for_it(merchant: Merchant, make_order: MakeOrder) -> None:
    """Of a customer's many payments only the attempt's own counts."""
    saved = await saved_by(merchant, make_order)
    await merchant.gateway.charge_saved(upsell(make_order, saved, "att_first"), saved)

    assert await merchant.gateway.look_up(upsell(make_order, saved, "att_second"), None) == NotFound()
    other = make_order(order_id="order-9", attempt_id="att_first", saved_method=saved)
    assert isinstance(await merchant.gateway.look_up(other, None), Unknown)
