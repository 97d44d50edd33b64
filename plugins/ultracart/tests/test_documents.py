"""What carts and orders say at UltraCart: whose they are, what they come to, and what has become of them."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from paylinks_ports import (
    Canceled,
    Declined,
    NotFound,
    Order,
    Outcome,
    Paid,
    Pending,
    ProviderRefused,
    ProviderUnavailable,
    Started,
    Unknown,
)
from paylinks_ultracart.operations import CreateCartBody, cart_created

from .conftest import Merchant

MakeOrder = Callable[..., Order]


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


async def test_long_ids(merchant: Merchant, make_order: MakeOrder) -> None:
    """An id that a custom field has no room for is shortened, unlike any other."""
    order = make_order(order_id="o" * 128, attempt_id="att_" + "x" * 96)
    paid = await merchant.gateway.charge(order, None, "tok_1")
    assert isinstance(paid, Paid)
    assert await merchant.gateway.look_up(order, None) == paid
    assert (
        await merchant.gateway.look_up(make_order(order_id="o" * 128, attempt_id="att_" + "x" * 95), None) == NotFound()
    )


async def test_ids_are_read_to_the_letter(merchant: Merchant, make_order: MakeOrder) -> None:
    """A space around a merchant's order id is part of it."""
    order = make_order(order_id=" order-1 ")
    paid = await merchant.gateway.charge(order, None, "tok_1")
    assert isinstance(paid, Paid)
    assert await merchant.gateway.look_up(order, None) == paid
    assert isinstance(await merchant.gateway.look_up(make_order(), paid.reference), Unknown)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"payment": {"payment_status": "Processed", "transactions": None, "test_order": None}}, Paid),
        ({"payment": None}, Unknown),
        ({"summary": None}, Unknown),
        ({"summary": {"total": None}}, Unknown),
        ({"summary": {"total": {"value": "much"}}}, Unknown),
        ({"summary": {"total": {"value": 49.999}}}, Unknown),
        ({"checkout": None}, Unknown),
        ({"current_stage": None, "payment": {"payment_status": "Declined"}}, Pending),
        ({"current_stage": "Rejected", "payment": {"payment_status": "Unprocessed"}}, Canceled),
        ({"current_stage": "Rejected", "payment": {"payment_status": "Declined"}}, Declined),
        ({"payment": {"payment_status": "Voided"}}, Canceled),
        ({"payment": {"payment_status": "Newly Invented"}}, Unknown),
    ],
)
async def test_what_an_order_says(merchant: Merchant, make_order: MakeOrder, changes: Any, kind: type) -> None:  # noqa: ANN401 - JSON
    """Each status is what it is, and what is null is not there."""
    found = {
        "order_id": "DEMO-7",
        "current_stage": "Shipping Department",
        "checkout": {"custom_field1": "att_1", "custom_field2": "order-1"},
        "payment": {"payment_status": "Processed"},
        "summary": {"total": {"value": 49.99}},
    }
    merchant.answers("/DEMO-7", 200, json={"success": True, "order": found | changes})
    assert isinstance(await merchant.gateway.look_up(make_order(), "DEMO-7"), kind)


@pytest.mark.parametrize(
    ("told", "code"),
    [("Insufficient funds", "insufficient_funds"), ("timed out", "processing_error"), (None, "card_declined")],
)
async def test_the_gateways_own_words(merchant: Merchant, make_order: MakeOrder, told: str | None, code: str) -> None:
    """What a gateway wrote beside a declined order is read for its reason, and not shown."""
    found = {
        "order_id": "DEMO-7",
        "current_stage": "Rejected",
        "checkout": {"custom_field2": "order-1"},
        "payment": {"payment_status": "Declined", "transactions": [{"details": [{"name": "x", "value": told}]}]},
    }
    merchant.answers("/DEMO-7", 200, json={"order": found})
    result = await merchant.gateway.look_up(make_order(), "DEMO-7")
    assert isinstance(result, Declined)
    assert (result.code, result.message) == (code, "The card was declined")


async def test_no_order(merchant: Merchant, make_order: MakeOrder) -> None:
    """An order without an id is none, and an error with status 200 is one."""
    merchant.answers("/DEMO-7", 200, json={"order": {"checkout": {"custom_field2": "order-1"}}})
    with pytest.raises(ProviderUnavailable):
        await merchant.gateway.look_up(make_order(), "DEMO-7")
    merchant.answers("/DEMO-7", 200, json={"success": False, "error": {"user_message": "No permission"}})
    with pytest.raises(ProviderRefused) as refused:
        await merchant.gateway.look_up(make_order(), "DEMO-7")
    assert refused.value.details == "No permission"


async def test_another_base_currency(merchant: Merchant, make_order: MakeOrder) -> None:
    """The account's own base currency counts, whatever the options say of it."""
    started = await merchant.gateway.start(make_order(), None)
    cart = {"cart_id": started.reference, "base_currency_code": "EUR", "summary": {"total": {"value": 49.99}}}
    merchant.answers(lambda request: request.method == "PUT", 200, json={"cart": cart})
    with pytest.raises(ProviderRefused, match="base currency"):
        await merchant.gateway.charge(make_order(), started.reference, "tok_1")
    assert merchant.orders() == []


async def test_an_empty_cart_is_filled_anew(merchant: Merchant, make_order: MakeOrder) -> None:
    """UltraCart may answer a cart that has become an order with an empty one."""
    started = await merchant.gateway.start(make_order(), None)
    merchant.answers(f"/cart/{started.reference}", 200, json={"cart": {"cart_id": started.reference, "items": []}})
    assert isinstance(await merchant.gateway.charge(make_order(), started.reference, "tok_1"), Paid)


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
