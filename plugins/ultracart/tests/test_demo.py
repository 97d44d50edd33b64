"""Demo mode: the platform's words, with and without what the hosted fields would give."""

from collections.abc import Callable

import httpx
import pytest

from paylinks_ports import Declined, NotFound, Order, Paid, PaymentNews, Pending, ProviderUnavailable

from .conftest import Merchant

MakeOrder = Callable[..., Order]


async def test_demo_words(merchant: Merchant, make_order: MakeOrder) -> None:
    """Any text pays, and the words go astray as they say; no option is missed."""
    orders = {
        word: make_order(order_id=word, attempt_id=f"att_{word}", extra={})
        for word in (
            "anything",
            "demo_decline",
            "demo_soft_decline",
            "demo_3ds",
            "demo_processing",
            "demo_timeout",
            "demo_error",
        )
    }

    async def charge(word: str) -> object:
        started = await merchant.demo.start(orders[word], None)
        return await merchant.demo.charge(orders[word], started.reference, word)

    assert isinstance(await charge("anything"), Paid)
    assert isinstance(await charge("demo_3ds"), Paid)  # UltraCart knows no step
    declined, soft = await charge("demo_decline"), await charge("demo_soft_decline")
    assert isinstance(declined, Declined)
    assert (declined.code, declined.retryable) == ("card_declined", False)
    assert isinstance(soft, Declined)
    assert (soft.code, soft.retryable) == ("insufficient_funds", True)
    with pytest.raises(ProviderUnavailable):  # certainly nothing was charged, though a cart was filled
        await charge("demo_error")
    assert await merchant.demo.look_up(orders["demo_error"], None) == NotFound()
    with pytest.raises(httpx.ReadTimeout):
        await charge("demo_timeout")
    assert isinstance(await merchant.demo.look_up(orders["demo_timeout"], None), Paid)


async def test_processing_is_told_by_a_webhook(merchant: Merchant, make_order: MakeOrder) -> None:
    """Two seconds later it is paid, and a webhook that the demo's own password proves says where to look."""
    waiting = await merchant.demo.charge(make_order(), None, "demo_processing")
    assert isinstance(waiting, Pending)
    _, (request, delay) = merchant.emitted  # that it was made, and that it is paid
    assert delay == 2_000
    assert isinstance(await merchant.demo.look_up(make_order(), waiting.reference), Pending)
    merchant.now += delay
    merchant.demo.verify_webhook(request)
    (event,) = merchant.demo.read_webhook(request)
    assert isinstance(event.news, PaymentNews)
    assert (event.news.reference, event.news.attempt_id) == (waiting.reference, make_order().attempt_id)
    assert event.news.paid is None
    assert isinstance(await merchant.demo.look_up(make_order(), event.news.reference), Paid)
