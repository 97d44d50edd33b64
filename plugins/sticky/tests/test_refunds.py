"""Refunds: in part, in whole, too much, voided instead, and found again after a lost reply."""

from collections.abc import Callable

import httpx
import msgspec
import pytest

from paylinks_ports import NotFound, Order, Paid, Refunded, RefundFailed, Unknown
from paylinks_ports.testing import make_refund

from .conftest import Merchant

MakeOrder = Callable[..., Order]


@pytest.fixture
async def paid(merchant: Merchant, make_order: MakeOrder) -> Paid:
    """Pay an order of 49.99."""
    result = await merchant.gateway.charge(make_order(), None, "tok")
    assert isinstance(result, Paid)
    return result


async def test_parts(merchant: Merchant, make_order: MakeOrder, paid: Paid) -> None:
    """Parts add up to the whole and no further; only the whole ends a subscription."""
    first, rest = make_refund(paid, 1000), make_refund(paid, 3999, refunded_before=1000, refund_id="ref_2")
    assert await merchant.gateway.refund(make_order(), first) == Refunded(reference="ref_1", money=first.money)
    assert isinstance(await merchant.gateway.look_up(make_order(), paid.reference), Paid)
    assert isinstance(await merchant.gateway.refund(make_order(), rest), Refunded)
    more = await merchant.gateway.refund(make_order(), make_refund(paid, 1, refunded_before=4999, refund_id="ref_3"))
    assert more == RefundFailed(message="Order has already been fully refunded or voided")
    assert merchant.sent("order_refund")[0] == {"order_id": paid.reference, "amount": "10.00", "keep_recurring": "1"}


async def test_whole(merchant: Merchant, make_order: MakeOrder, paid: Paid) -> None:
    """More than was paid is refused; the whole is not."""
    assert isinstance(await merchant.gateway.refund(make_order(), make_refund(paid, 5000)), RefundFailed)
    assert isinstance(await merchant.gateway.refund(make_order(), make_refund(paid, 4999)), Refunded)
    assert merchant.sent("order_refund")[-1]["keep_recurring"] == "0"


async def test_void(merchant: Merchant, make_order: MakeOrder, paid: Paid) -> None:
    """Where the gateway does not refund yet, the whole is voided, and a part fails."""
    merchant.answers("order_refund", 200, json={"response_code": "701", "error_message": "Not permitted by gateway"})
    assert isinstance(await merchant.gateway.refund(make_order(), make_refund(paid, 100)), RefundFailed)
    whole = make_refund(paid, 4999)
    assert isinstance(await merchant.gateway.refund(make_order(), whole), Refunded)
    assert merchant.sent("order_void") == [{"order_id": paid.reference}]
    assert isinstance(await merchant.gateway.look_up_refund(make_order(), whole, None), Refunded)
    assert isinstance(await merchant.gateway.look_up(make_order(), paid.reference), Unknown)


@pytest.mark.parametrize("after", [True, False])
async def test_lost_reply(merchant: Merchant, make_order: MakeOrder, paid: Paid, *, after: bool) -> None:
    """What the order has given back tells whether a refund was made."""
    await merchant.gateway.refund(make_order(), make_refund(paid, 1000))
    refund = make_refund(paid, 500, refunded_before=1000, refund_id="ref_2")
    merchant.loses("order_refund", httpx.ReadTimeout, after=after)
    with pytest.raises(httpx.ReadTimeout):
        await merchant.gateway.refund(make_order(), refund)
    found = await merchant.gateway.look_up_refund(make_order(), refund, None)
    assert isinstance(found, Refunded if after else NotFound)


async def test_neither_with_it_nor_without(merchant: Merchant, make_order: MakeOrder, paid: Paid) -> None:
    """A sum that someone else changed proves nothing."""
    await merchant.gateway.refund(make_order(), make_refund(paid, 300))
    refund = msgspec.structs.replace(make_refund(paid, 1000), refund_id="ref_other")
    assert isinstance(await merchant.gateway.look_up_refund(make_order(), refund, None), Unknown)
