"""Demo mode: the platform's words for another branch than a paid order, and no option needed."""

from collections.abc import Callable

import httpx
import pytest

from paylinks_ports import Customer, Declined, Order, Paid, Pending, ProviderUnavailable

from .conftest import Merchant

MakeOrder = Callable[..., Order]


async def test_demo_words(merchant: Merchant, make_order: MakeOrder) -> None:
    """Any text pays, again and again; the words go astray as they ask."""
    demo = merchant.demo

    async def charge(word: str, attempt: str) -> object:
        order = make_order(attempt_id=attempt)
        return await demo.charge(order, (await demo.start(order, None)).reference, word)

    for number, word in enumerate(("anything", "anything", "demo_3ds")):
        assert isinstance(await charge(word, f"att_paid_{number}"), Paid)
    declined, soft = await charge("demo_decline", "att_1"), await charge("demo_soft_decline", "att_2")
    assert isinstance(declined, Declined)
    assert (declined.code, declined.retryable, declined.message) == ("card_declined", False, "Do Not Honor")
    assert isinstance(soft, Declined)
    assert (soft.code, soft.retryable, soft.message) == ("insufficient_funds", True, "Insufficient funds")


async def test_processing(merchant: Merchant, make_order: MakeOrder) -> None:
    """Pending, until a postback about two seconds later says to look."""
    pending = await merchant.demo.charge(make_order(), None, "demo_processing")
    assert isinstance(pending, Pending)
    assert isinstance(await merchant.demo.look_up(make_order(), pending.reference), Pending)
    ((request, delay),) = merchant.emitted
    assert delay == 2_000
    merchant.now += delay
    merchant.demo.verify_webhook(request)
    (event,) = merchant.demo.read_webhook(request)
    assert event.news is not None
    assert isinstance(await merchant.demo.look_up(make_order(), event.news.reference), Paid)


async def test_timeout_and_error(merchant: Merchant, make_order: MakeOrder) -> None:
    """The one charges and is found, by any reference or none; the other never happens."""
    order = make_order()
    reference = (await merchant.demo.start(order, None)).reference
    with pytest.raises(ProviderUnavailable):
        await merchant.demo.charge(order, reference, "demo_error")
    with pytest.raises(httpx.ReadTimeout):
        await merchant.demo.charge(order, reference, "demo_timeout")
    for known in (reference, None):
        paid = await merchant.demo.look_up(order, known)
        assert isinstance(paid, Paid)
    assert merchant.store.entries["last/order"] == "10001"


async def test_word_of_the_call(merchant: Merchant, make_order: MakeOrder) -> None:
    """A saved method has no place for a word."""
    paid = await merchant.demo.charge(make_order(), None, "tok")
    assert isinstance(paid, Paid)
    assert paid.saved_method is not None
    merchant.word = "demo_timeout"
    upsell = make_order(attempt_id="att_2")
    with pytest.raises(httpx.ReadTimeout):
        await merchant.demo.charge_saved(upsell, paid.saved_method)
    merchant.word = None
    assert isinstance(await merchant.demo.look_up(upsell, None), Paid)


async def test_nobodys_order(merchant: Merchant, make_order: MakeOrder) -> None:
    """Demo mode sells to customers of whom nothing is known, and finds their orders, too."""
    merchant.now = 0
    order = make_order(customer=Customer(), shipping_address=None, ip_address=None)
    reference = (await merchant.demo.start(order, None)).reference
    paid = await merchant.demo.charge(order, reference, "demo")
    assert isinstance(paid, Paid)
    assert merchant.sent("new_order_with_prospect")[0]["ipAddress"] == "127.0.0.1"
