"""Refunds: totals at UltraCart, and once each here."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from paylinks_ports import (
    LineItem,
    Money,
    NotFound,
    Order,
    Paid,
    ProviderRefused,
    Refunded,
    RefundFailed,
    RefundOrder,
    Unknown,
)
from paylinks_ports.testing import make_refund

from .conftest import Merchant

MakeOrder = Callable[..., Order]


async def _paid(merchant: Merchant, order: Order) -> Paid:
    paid = await merchant.gateway.charge(order, None, "tok_1")
    assert isinstance(paid, Paid)
    return paid


def _refund(paid: Paid, amount: int, before: int = 0, number: int = 1) -> RefundOrder:
    return make_refund(paid, amount, refund_id=f"rfd_{number}", attempt_id=f"att_r{number}", refunded_before=before)


async def test_parts(merchant: Merchant, make_order: MakeOrder) -> None:
    """Each part raises the total by its own amount; more than is left is a clear no."""
    order = make_order()
    paid = await _paid(merchant, order)
    first, second = _refund(paid, 1000), _refund(paid, 3999, 1000, 2)
    assert await merchant.gateway.look_up_refund(order, first, None) == NotFound()
    done = await merchant.gateway.refund(order, first)
    assert isinstance(done, Refunded)
    assert done.money == first.money
    assert merchant.orders()[0]["refund_reason"] == "rfd_1"
    assert await merchant.gateway.look_up_refund(order, first, None) == done
    assert isinstance(await merchant.gateway.refund(order, _refund(paid, 4000, 1000, 2)), RefundFailed)
    assert isinstance(await merchant.gateway.refund(order, second), Refunded)
    assert merchant.orders()[0]["summary"]["total_refunded"]["value"] == pytest.approx(49.99)
    assert merchant.orders()[0]["payment"]["payment_status"] == "Refunded"
    assert isinstance(await merchant.gateway.look_up(order, paid.reference), Paid)


async def test_whole(merchant: Merchant, make_order: MakeOrder) -> None:
    """All of it goes back item by item, with shipping."""
    order = make_order(line_items=(LineItem(id="p", name="Blue", quantity=2, unit_price=2000),))
    paid = await _paid(merchant, order)
    assert isinstance(await merchant.gateway.refund(order, _refund(paid, 4999)), Refunded)
    (made,) = merchant.orders()
    assert made["items"][0]["quantity_refunded"] == 2
    assert made["summary"]["shipping_handling_refunded"]["value"] == pytest.approx(9.99)
    assert "other_refunded" not in made["summary"]


async def test_whole_with_a_coupon(merchant: Merchant, make_order: MakeOrder) -> None:
    """Where items, tax and shipping are not all there is, all of it goes back as another amount."""
    order = make_order()
    paid = await _paid(merchant, order)
    key = f"order/{paid.reference}"
    record = json.loads(merchant.store.entries[key])
    record["order"]["summary"]["total"]["value"] = 39.99
    merchant.store.entries[key] = json.dumps(record)

    refund = make_refund(replace(paid, money=Money(3999, "USD")))
    assert isinstance(await merchant.gateway.refund(order, refund), Refunded)

    summary = merchant.orders()[0]["summary"]
    assert summary["other_refunded"]["value"] == pytest.approx(39.99)
    assert "subtotal_refunded" not in summary


@pytest.mark.parametrize("summary", [None, {"total_refunded": {"value": "much"}}])
async def test_unread_totals(merchant: Merchant, make_order: MakeOrder, summary: object) -> None:
    """An order that shows no totals does not say that nothing was refunded: nothing is written over them."""
    order = make_order()
    refund = _refund(await _paid(merchant, order), 1000)
    checkout = {"custom_field1": order.attempt_id, "custom_field2": order.order_id}
    found = {"order_id": refund.reference, "checkout": checkout, "summary": summary}
    merchant.answers(f"/{refund.reference}", 200, json={"success": True, "order": found})
    assert isinstance(await merchant.gateway.look_up_refund(order, refund, None), Unknown)
    with pytest.raises(ProviderRefused, match="refunded total"):
        await merchant.gateway.refund(order, refund)
    assert not merchant.bodies("/refund")


async def test_lost_reply(merchant: Merchant, make_order: MakeOrder) -> None:
    """A refund whose reply is lost is found, and asked for again it is not done again."""
    order = make_order()
    refund = _refund(await _paid(merchant, order), 1000)
    merchant.loses(lambda request: request.method == "PUT")
    with pytest.raises(httpx.ReadTimeout):
        await merchant.gateway.refund(order, refund)
    assert isinstance(await merchant.gateway.look_up_refund(order, refund, None), Refunded)
    assert isinstance(await merchant.gateway.refund(order, refund), Refunded)
    assert Decimal(str(merchant.orders()[0]["summary"]["total_refunded"]["value"])) == 10


async def test_found_under_later_ones(merchant: Merchant, make_order: MakeOrder) -> None:
    """A refund whose answer was not heard is found in the total, too, once a later one has raised it."""
    order = make_order()
    paid = await _paid(merchant, order)
    await merchant.gateway.refund(order, _refund(paid, 1000))
    await merchant.gateway.refund(order, _refund(paid, 700, 1000, 2))

    for others, kind in ((700, Refunded), (0, Unknown), (1700, NotFound)):
        told = await merchant.gateway.look_up_refund(order, _refund(paid, 1000, others), None)
        assert isinstance(told, kind)


async def test_foreign_totals(merchant: Merchant, make_order: MakeOrder) -> None:
    """What was given back at UltraCart's own desk makes the totals nobody's: nothing is written over them."""
    order = make_order()
    paid = await _paid(merchant, order)
    await merchant.gateway.refund(order, _refund(paid, 700))
    with pytest.raises(ProviderRefused, match="refunded total"):
        await merchant.gateway.refund(order, _refund(paid, 1000, 0, 2))
    assert isinstance(await merchant.gateway.look_up_refund(order, _refund(paid, 1000, 0, 2), None), Unknown)
    with pytest.raises(ProviderRefused, match="another order"):
        await merchant.gateway.refund(make_order(order_id="order-2"), _refund(paid, 700))


@pytest.mark.parametrize(("status", "content"), [(500, {"html": "<h1>no</h1>"}), (200, {"json": {}}), (502, {})])
async def test_nonsense(merchant: Merchant, make_order: MakeOrder, status: int, content: Any) -> None:  # noqa: ANN401 - httpx's
    """A refund that is answered with nonsense is in doubt."""
    order = make_order()
    refund = _refund(await _paid(merchant, order), 1000)
    merchant.answers("/refund", status, **content)
    assert isinstance(await merchant.gateway.refund(order, refund), Unknown)


@pytest.mark.parametrize("total", ["20.00", 20.0, [20], {"value": True}, {"value": {}}, {"value": ""}])
async def test_a_total_that_is_none(merchant: Merchant, make_order: MakeOrder, total: object) -> None:
    """What is there and can't be read is not nothing: no refund is sent, and none is called missing."""
    order = make_order()
    paid = await _paid(merchant, order)
    found = json.loads((await merchant.call("GET", f"/order/orders/{paid.reference}?_expand=checkout,summary")).content)
    found["order"]["summary"]["total_refunded"] = total
    merchant.answers(f"/order/orders/{paid.reference}", 200, json=found)
    with pytest.raises(ProviderRefused):
        await merchant.gateway.refund(order, _refund(paid, 1000))
    assert isinstance(await merchant.gateway.look_up_refund(order, _refund(paid, 1000), None), Unknown)


async def test_a_refund_whose_gateway_did_not_answer(merchant: Merchant, make_order: MakeOrder) -> None:
    """An error that tells of no answer is a doubt, and no clear no."""
    order = make_order()
    paid = await _paid(merchant, order)
    error = {"success": False, "error": {"user_message": "The payment gateway timed out"}}
    merchant.answers("/refund", 200, json=error)
    assert isinstance(await merchant.gateway.refund(order, _refund(paid, 1000)), Unknown)
