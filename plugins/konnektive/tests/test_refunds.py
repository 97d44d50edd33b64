"""Refunds: in part, in whole, too much, and found again after a lost reply."""

from collections.abc import Callable

import httpx
import pytest

from paylinks_ports import NotFound, Order, Paid, ProviderUnavailable, Refunded, RefundFailed, Unknown
from paylinks_ports.testing import make_refund

from .conftest import CARD, Merchant

MakeOrder = Callable[..., Order]


@pytest.fixture
async def paid(merchant: Merchant, make_order: MakeOrder) -> Paid:
    """Pay an order of 49.99."""
    result = await merchant.gateway.charge_card(make_order(), None, CARD)
    assert isinstance(result, Paid)
    return result


async def test_parts(merchant: Merchant, make_order: MakeOrder, paid: Paid) -> None:
    """Parts add up to the whole and no further."""
    first, rest = make_refund(paid, 1000), make_refund(paid, 3999, refunded_before=1000, refund_id="ref_2")
    assert await merchant.gateway.refund(make_order(), first) == Refunded(reference="ref_1", money=first.money)
    assert isinstance(await merchant.gateway.look_up(make_order(), paid.reference), Paid)
    assert isinstance(
        await merchant.gateway.refund(make_order(), make_refund(paid, 4000, refunded_before=1000)), RefundFailed
    )
    assert isinstance(await merchant.gateway.refund(make_order(), rest), Refunded)
    assert isinstance(
        await merchant.gateway.refund(make_order(), make_refund(paid, 1, refunded_before=4999)), RefundFailed
    )
    assert merchant.sent("/order/refund/")[0]["refundAmount"] == "10.00"


async def test_whole(merchant: Merchant, make_order: MakeOrder, paid: Paid) -> None:
    """The whole goes back in Konnektive's own word for it, and what became of the order is for a person."""
    assert isinstance(await merchant.gateway.refund(make_order(), make_refund(paid, 4999)), Refunded)
    sent = merchant.sent("/order/refund/")[-1]
    assert (sent["fullRefund"], sent.get("refundAmount")) == ("1", None)
    assert isinstance(await merchant.gateway.look_up(make_order(), paid.reference), Unknown)


@pytest.mark.parametrize("after", [True, False])
async def test_lost_reply(merchant: Merchant, make_order: MakeOrder, paid: Paid, *, after: bool) -> None:
    """What the order's transactions have given back tells whether a refund was made."""
    await merchant.gateway.refund(make_order(), make_refund(paid, 1000))
    refund = make_refund(paid, 500, refunded_before=1000, refund_id="ref_2")
    merchant.loses("/order/refund/", httpx.ReadTimeout, after=after)
    assert isinstance(await merchant.gateway.refund(make_order(), refund), Unknown)
    found = await merchant.gateway.look_up_refund(make_order(), refund, None)
    assert isinstance(found, Refunded if after else NotFound)


async def test_neither_with_it_nor_without(merchant: Merchant, make_order: MakeOrder, paid: Paid) -> None:
    """A sum that someone else changed proves nothing."""
    await merchant.gateway.refund(make_order(), make_refund(paid, 300))
    assert isinstance(await merchant.gateway.look_up_refund(make_order(), make_refund(paid, 1000), None), Unknown)


async def test_all_that_went_back_counts(merchant: Merchant, make_order: MakeOrder, paid: Paid) -> None:
    """Voids too, and whatever sign an amount has; what was refused did not go back."""
    told = (("REFUND", "SUCCESS", "-3.00"), ("VOID", "SUCCESS", "7.00"), ("REFUND", "HARD_DECLINE", "39.99"))
    rows = [{"txnType": kind, "responseType": answer, "totalAmount": amount} for kind, answer, amount in told]
    merchant.answers("/transactions/query/", 200, json={"result": "SUCCESS", "message": {"data": rows}})
    assert isinstance(await merchant.gateway.look_up_refund(make_order(), make_refund(paid, 1000), None), Refunded)
    assert isinstance(await merchant.gateway.look_up_refund(make_order(), make_refund(paid, 1001), None), Unknown)


async def test_rows_that_say_it_twice(merchant: Merchant, make_order: MakeOrder, paid: Paid) -> None:
    """A transaction that is listed twice went back once."""
    row = {"transactionId": "7", "txnType": "REFUND", "responseType": "SUCCESS", "totalAmount": "10.00"}
    merchant.answers("/transactions/query/", 200, json={"result": "SUCCESS", "message": {"data": [row, row]}})
    refund = make_refund(paid, 1000, refunded_before=1000, refund_id="ref_2")
    assert await merchant.gateway.look_up_refund(make_order(), refund, None) == NotFound()


async def test_another_currency_back(merchant: Merchant, make_order: MakeOrder, paid: Paid) -> None:
    """Euros that went back say nothing of dollars."""
    row = {"txnType": "REFUND", "responseType": "SUCCESS", "totalAmount": "10.00", "currencyCode": "EUR"}
    merchant.answers("/transactions/query/", 200, json={"result": "SUCCESS", "message": {"data": [row]}})
    with pytest.raises(ProviderUnavailable):
        await merchant.gateway.look_up_refund(make_order(), make_refund(paid, 1000), None)
