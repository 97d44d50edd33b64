"""Giving money back: voids and refunds, whatever happens to the replies."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from paylinks_ports import (
    CredentialsRejected,
    Money,
    NotFound,
    Order,
    Paid,
    ProviderUnavailable,
    Refunded,
    RefundFailed,
    Unknown,
)
from paylinks_ports.testing import Forward, make_refund

from .conftest import QUERY, TRANSACT, Merchant

MakeOrder = Callable[..., Order]
_DAY = 86_400_000


async def _paid(merchant: Merchant, order: Order) -> Paid:
    paid = await merchant.gateway.charge(order, None, merchant.token())
    assert isinstance(paid, Paid)
    merchant.network.sent.clear()
    return paid


async def test_unsettled_whole_is_voided(merchant: Merchant, make_order: MakeOrder) -> None:
    """Before the batch settles, all of it goes back by a void, which is found in the sale."""
    paid = await _paid(merchant, make_order())
    refund = make_refund(paid)
    expected = Refunded(reference=paid.transaction_id, money=paid.money)
    assert await merchant.gateway.refund(make_order(), refund) == expected
    [sent] = merchant.sent()
    assert (sent["type"], sent["transactionid"]) == ("void", paid.transaction_id)
    assert sent.keys() == {"security_key", "type", "transactionid"}
    assert await merchant.gateway.look_up_refund(make_order(), refund, None) == expected
    assert await merchant.gateway.look_up_refund(make_order(), refund, paid.transaction_id) == expected
    assert await merchant.gateway.refund(make_order(), refund) == expected  # asked again, it is not done again
    assert len(merchant.sent()) == 1


async def test_settled_whole_is_refunded(merchant: Merchant, make_order: MakeOrder) -> None:
    """After it, by a refund under its own id."""
    paid = await _paid(merchant, make_order())
    merchant.now += _DAY
    refund = make_refund(paid)
    done = await merchant.gateway.refund(make_order(), refund)
    assert isinstance(done, Refunded)
    assert done.money == paid.money
    assert done.reference != paid.transaction_id
    [sent] = merchant.sent()
    del sent["security_key"]
    assert sent == {"type": "refund", "transactionid": paid.transaction_id, "amount": "49.99", "orderid": "ref_1"}
    assert await merchant.gateway.look_up_refund(make_order(), refund, None) == done
    assert await merchant.gateway.look_up_refund(make_order(), refund, done.reference) == done
    assert await merchant.gateway.refund(make_order(), refund) == done
    assert len(merchant.sent()) == 1
    assert isinstance(await merchant.gateway.look_up(make_order(), None), Paid)


async def test_parts(merchant: Merchant, make_order: MakeOrder) -> None:
    """Parts are refunded, settled or not, each under its own id, until nothing is left."""
    paid = await _paid(merchant, make_order())
    first = await merchant.gateway.refund(make_order(), make_refund(paid, 1000))
    assert isinstance(first, Refunded)
    assert first.money == Money(1000, "USD")
    again = make_refund(paid, 1000, refund_id="ref_2", refunded_before=1000)
    assert isinstance(await merchant.gateway.refund(make_order(), again), Refunded)
    too_much = make_refund(paid, 3000, refund_id="ref_3", refunded_before=2000)
    failed = await merchant.gateway.refund(make_order(), too_much)
    assert isinstance(failed, RefundFailed)
    assert "balance" in failed.message
    assert await merchant.gateway.look_up_refund(make_order(), too_much, None) == NotFound()
    assert [sent["type"] for sent in merchant.sent()] == ["refund", "refund", "refund"]


async def test_a_void_that_comes_too_late(merchant: Merchant, make_order: MakeOrder) -> None:
    """The batch settles between the report and the void: the refusal did nothing, and it is refunded."""
    paid = await _paid(merchant, make_order())

    async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
        if b"type=void" in request.content:
            merchant.now += _DAY
        return await forward(request)

    merchant.network.accident = accident
    assert isinstance(await merchant.gateway.refund(make_order(), make_refund(paid)), Refunded)
    assert [sent["type"] for sent in merchant.sent()] == ["void", "refund"]


async def test_voided_at_the_desk(merchant: Merchant, make_order: MakeOrder) -> None:
    """What was voided before has gone back as a whole, and a part of it can't again."""
    paid = await _paid(merchant, make_order())
    await merchant.transact(type="void", transactionid=paid.transaction_id)
    assert isinstance(await merchant.gateway.refund(make_order(), make_refund(paid)), Refunded)
    assert isinstance(await merchant.gateway.refund(make_order(), make_refund(paid, 1000)), RefundFailed)
    assert merchant.sent() == []


@pytest.mark.parametrize("settled", [False, True])
@pytest.mark.parametrize("sent", [False, True])
async def test_lost_reply(
    merchant: Merchant,
    make_order: MakeOrder,
    sent: bool,  # noqa: FBT001 - a case
    settled: bool,  # noqa: FBT001 - a case
) -> None:
    """The error comes through, the look-up finds what happened, and it is never done twice."""
    paid = await _paid(merchant, make_order())
    merchant.now += _DAY if settled else 0
    refund = make_refund(paid)
    merchant.loses(TRANSACT, after=sent)
    with pytest.raises(httpx.ReadTimeout):
        await merchant.gateway.refund(make_order(), refund)
    assert len(merchant.sent()) == 1
    merchant.network.accident = None
    found = await merchant.gateway.look_up_refund(make_order(), refund, None)
    assert isinstance(found, Refunded if sent else NotFound)
    assert isinstance(await merchant.gateway.refund(make_order(), refund), Refunded)
    assert len(merchant.sent()) == (1 if sent else 2)


@pytest.mark.parametrize(
    "content",
    [
        {"html": "<h1>Oops</h1>"},
        {"text": "response=3&responsetext=Communication+error&response_code=420"},
        {"text": "response=1&responsetext=SUCCESS"},
    ],
)
@pytest.mark.parametrize("happened", [False, True])
async def test_nonsense(
    merchant: Merchant,
    make_order: MakeOrder,
    content: dict[str, Any],
    happened: bool,  # noqa: FBT001 - a case
) -> None:
    """An answer that says nothing is looked into; what is not found is in doubt, and not failed."""
    paid = await _paid(merchant, make_order())

    async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
        if request.url.path != TRANSACT:
            return await forward(request)
        if happened:
            await forward(request)
        return httpx.Response(200, **content)

    merchant.network.accident = accident
    for refund in (make_refund(paid, 1000, refund_id="ref_2"), make_refund(paid)):
        result = await merchant.gateway.refund(make_order(), refund)
        # The second can't be voided after the first, so only that one happens.
        assert isinstance(result, Refunded if happened and refund.refund_id == "ref_2" else Unknown)


async def test_refused(merchant: Merchant, make_order: MakeOrder) -> None:
    """A clear no gives the gateway's reason; wrong credentials are the merchant's to mend."""
    paid = await _paid(merchant, make_order())
    refund = make_refund(paid, 1000)
    for text in ("response=2&response_code=200", "response=3&response_code=300"):
        merchant.answers(TRANSACT, 200, text=f"{text}&responsetext=Refund+not+allowed")
        assert await merchant.gateway.refund(make_order(), refund) == RefundFailed(message="Refund not allowed")
    merchant.answers(TRANSACT, 200, text="response=3&responsetext=Authentication+Failed&response_code=300")
    with pytest.raises(CredentialsRejected):
        await merchant.gateway.refund(make_order(), refund)
    merchant.answers(TRANSACT, 200, text="response=3&responsetext=Duplicate+transaction+REFID%3A1&response_code=300")
    duplicate = await merchant.gateway.refund(make_order(), refund)
    assert isinstance(duplicate, RefundFailed)


async def test_nothing_is_refunded_blindly(merchant: Merchant, make_order: MakeOrder) -> None:
    """Without reports it can't be said whether an earlier ask has happened, so nothing is sent."""
    paid = await _paid(merchant, make_order())
    merchant.loses(QUERY, after=False)
    with pytest.raises(ProviderUnavailable):
        await merchant.gateway.refund(make_order(), make_refund(paid))
    with pytest.raises(ProviderUnavailable):
        await merchant.gateway.look_up_refund(make_order(), make_refund(paid), None)
    assert merchant.sent() == []
