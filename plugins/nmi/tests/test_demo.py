"""Demo mode: the platform's words for another branch than a paid order."""

from collections.abc import Callable

import pytest

from paylinks_nmi import PROVIDER
from paylinks_ports import (
    Declined,
    NotFound,
    Order,
    Paid,
    PaymentNews,
    Pending,
    ProviderUnavailable,
    SavedMethod,
)

from .conftest import QUERY, TRANSACT, Merchant

MakeOrder = Callable[..., Order]


async def test_any_text_pays_and_pays_again(merchant: Merchant, make_order: MakeOrder) -> None:
    """In demo mode no token is burned and nothing is a duplicate."""
    for attempt in ("att_1", "att_2"):
        for token in ("anything", "demo_3ds", merchant.token()[:8]):
            paid = await merchant.demo.charge(make_order(attempt_id=f"{attempt}{token}"), None, token)
            assert isinstance(paid, Paid)
            assert paid.saved_method is not None
    assert (await merchant.demo.start(make_order(), None)).browser["tokenizationKey"]


@pytest.mark.parametrize("saved", [False, True])
async def test_words(merchant: Merchant, make_order: MakeOrder, saved: bool) -> None:  # noqa: FBT001 - a case
    """Each word has its branch, by the token or, for a saved card, by the call."""
    first = await merchant.demo.charge(make_order(attempt_id="att_0"), None, "anything")
    assert isinstance(first, Paid)
    assert first.saved_method is not None
    kept: SavedMethod = first.saved_method

    async def charge(word: str) -> object:
        merchant.word = word if saved else None  # type: ignore[assignment]
        order = make_order(attempt_id=word)
        return await (merchant.demo.charge_saved(order, kept) if saved else merchant.demo.charge(order, None, word))

    declined, soft = await charge("demo_decline"), await charge("demo_soft_decline")
    assert isinstance(declined, Declined)
    assert (declined.code, declined.retryable) == ("card_declined", False)
    assert isinstance(soft, Declined)
    assert (soft.code, soft.retryable) == ("insufficient_funds", True)
    assert isinstance(await charge("demo_3ds"), Paid)

    with pytest.raises(ProviderUnavailable):
        await charge("demo_error")
    assert await merchant.demo.look_up(make_order(attempt_id="demo_error"), None) == NotFound()

    with pytest.raises(Exception, match="lost") as lost:
        await charge("demo_timeout")
    assert type(lost.value).__name__ == "ReadTimeout"
    assert isinstance(await merchant.demo.look_up(make_order(attempt_id="demo_timeout"), None), Paid)


async def test_processing(merchant: Merchant, make_order: MakeOrder) -> None:
    """It is pending for two seconds; then the report and a signed webhook say that it is paid."""
    pending = await merchant.demo.charge(make_order(), None, "demo_processing")
    assert isinstance(pending, Pending)
    [(request, delay)] = merchant.emitted
    assert delay == 2_000
    merchant.now += 1_999
    assert isinstance(await merchant.demo.look_up(make_order(), pending.reference), Pending)
    merchant.now += 1
    paid = await merchant.demo.look_up(make_order(), pending.reference)
    assert isinstance(paid, Paid)

    merchant.demo.verify_webhook(request)
    [event] = merchant.demo.read_webhook(request)
    assert isinstance(event.news, PaymentNews)
    assert (event.news.attempt_id, event.news.reference) == ("att_1", pending.reference)
    assert event.news.paid is not None
    assert event.news.paid.money == paid.money
    assert event.news.paid.saved_method == paid.saved_method is not None
    assert len(merchant.sent()) == 1


async def test_the_double_is_asked_at_the_real_doors(merchant: Merchant, make_order: MakeOrder) -> None:
    """Demo mode is the real gateway code."""
    await merchant.demo.charge(make_order(), None, "anything")
    await merchant.demo.look_up(make_order(), None)
    assert [request.url.path for request in merchant.network.sent] == [TRANSACT, QUERY]
    assert merchant.sent()[0]["security_key"] == PROVIDER.simulator.credentials.security_key
