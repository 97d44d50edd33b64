"""Refunds: in full, in part, not twice, and found again after a lost reply."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from paylinks_ports import (
    Money,
    NotFound,
    Order,
    Paid,
    ProviderUnavailable,
    Refunded,
    RefundFailed,
    RefundOrder,
    Unknown,
)
from paylinks_ports.testing import make_refund

from .conftest import Merchant

MakeOrder = Callable[..., Order]


async def paid_by(merchant: Merchant, make_order: MakeOrder, amount: int = 4999, currency: str = "USD") -> Paid:
    """Pay an order."""
    paid = await merchant.gateway.charge(make_order(amount, currency), None, "pm_card_visa")
    assert isinstance(paid, Paid)
    return paid


def part(paid: Paid, amount: int, name: str = "rfd_1", before: int = 0) -> RefundOrder:
    """Ask for a part of it."""
    return make_refund(paid, amount, refund_id=name, refunded_before=before)


async def test_in_parts_until_nothing_is_left(merchant: Merchant, make_order: MakeOrder) -> None:
    """Each once, and never more than was paid."""
    paid = await paid_by(merchant, make_order)
    first = await merchant.gateway.refund(make_order(), part(paid, 1000))
    again = await merchant.gateway.refund(make_order(), part(paid, 1000))
    too_much = await merchant.gateway.refund(make_order(), part(paid, 4000, "rfd_2", 1000))
    rest = await merchant.gateway.refund(make_order(), part(paid, 3999, "rfd_3", 1000))
    nothing_left = await merchant.gateway.refund(make_order(), part(paid, 1, "rfd_4", 4999))

    assert isinstance(first, Refunded)
    assert (first.money, again) == (Money(1000, "USD"), first)
    assert isinstance(too_much, RefundFailed)
    assert isinstance(rest, Refunded)
    assert isinstance(nothing_left, RefundFailed)
    [charge] = await merchant.charges()
    assert (charge["amount_refunded"], charge["refunded"]) == (4999, True)


@pytest.mark.parametrize(("amount", "currency"), [(500, "JPY"), (1500, "KWD")])
async def test_amounts_in_stripes_own_digits(
    merchant: Merchant, make_order: MakeOrder, amount: int, currency: str
) -> None:
    """As for charges."""
    paid = await paid_by(merchant, make_order, amount, currency)
    refunded = await merchant.gateway.refund(make_order(), part(paid, amount))
    assert isinstance(refunded, Refunded)
    assert refunded.money == Money(amount, currency)


async def test_a_list_without_an_end(merchant: Merchant, make_order: MakeOrder) -> None:
    """A page that comes again and again is a doubt, and no loop."""
    paid = await paid_by(merchant, make_order)
    one = {"id": "re_1", "object": "refund", "amount": 1, "currency": "usd", "status": "succeeded", "metadata": {}}
    merchant.answers("/v1/refunds", 200, json={"object": "list", "data": [one], "has_more": True, "url": "/v1/refunds"})
    before = len(merchant.network.sent)
    assert isinstance(await merchant.gateway.look_up_refund(make_order(), part(paid, 1000), None), Unknown)
    assert len(merchant.network.sent) == before + 2


async def test_a_lost_reply_is_found_by_our_id(merchant: Merchant, make_order: MakeOrder) -> None:
    """Among the refunds of the payment, which are up to date; what is not there was not given back."""
    paid = await paid_by(merchant, make_order)
    wanted = part(paid, 1000)
    assert await merchant.gateway.look_up_refund(make_order(), wanted, None) == NotFound()

    merchant.loses("/v1/refunds")
    with pytest.raises(httpx.ReadTimeout):
        await merchant.gateway.refund(make_order(), wanted)
    merchant.network.accident = None

    found = await merchant.gateway.look_up_refund(make_order(), wanted, None)
    assert isinstance(found, Refunded)
    assert await merchant.gateway.look_up_refund(make_order(), wanted, found.reference) == found
    assert await merchant.gateway.refund(make_order(), wanted) == found


async def test_the_first_of_many_is_found(merchant: Merchant, make_order: MakeOrder) -> None:
    """Stripe lists a hundred at once, the newest first."""
    paid = await paid_by(merchant, make_order)
    first = await merchant.gateway.refund(make_order(), part(paid, 7))
    for number in range(100):
        await merchant.gateway.refund(make_order(), part(paid, 1, f"rfd_of_{number}", 7 + number))
    assert await merchant.gateway.look_up_refund(make_order(), part(paid, 7), None) == first


@pytest.mark.parametrize(("status", "content"), [(500, {"html": "<h1>Oops</h1>"}), (200, {"text": "garbage"})])
async def test_nonsense_is_a_doubt(
    merchant: Merchant, make_order: MakeOrder, status: int, content: dict[str, Any]
) -> None:
    """It says nothing of what Stripe has done."""
    paid = await paid_by(merchant, make_order)
    merchant.answers("/v1/refunds", status, **content)
    assert isinstance(await merchant.gateway.refund(make_order(), part(paid, 1000)), Unknown)


async def test_a_rate_limit_gives_nothing_back(merchant: Merchant, make_order: MakeOrder) -> None:
    """Stripe says that it has not looked at the request."""
    paid = await paid_by(merchant, make_order)
    error = {"error": {"type": "invalid_request_error", "code": "rate_limit", "message": "slow down"}}
    merchant.answers("/v1/refunds", 429, json=error)
    with pytest.raises(ProviderUnavailable):
        await merchant.gateway.refund(make_order(), part(paid, 1000))
