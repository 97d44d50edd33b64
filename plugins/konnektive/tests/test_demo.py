"""Demo mode: the platform's words for another branch than a paid order, by the simulator's own cards."""

from collections.abc import Callable

import pytest

from paylinks_konnektive import PROVIDER
from paylinks_ports import (
    Customer,
    Declined,
    Order,
    Paid,
    Pending,
    ProviderUnavailable,
    RequiresAction,
    SavedMethod,
    Unknown,
)

from .conftest import Merchant

MakeOrder = Callable[..., Order]
CARD_OF = PROVIDER.simulator.card
assert CARD_OF is not None


async def test_demo_words(merchant: Merchant, make_order: MakeOrder) -> None:
    """Any text pays; the words go astray as they ask."""
    demo = merchant.demo

    async def charge(word: str) -> object:
        assert CARD_OF is not None
        order = make_order(attempt_id=f"att_{word}", payment_id=f"pay_{word}")
        return await demo.charge_card(order, (await demo.start(order, None)).reference, CARD_OF(word))

    assert isinstance(await charge("anything"), Paid)
    declined, soft = await charge("demo_decline"), await charge("demo_soft_decline")
    assert isinstance(declined, Declined)
    assert (declined.code, declined.retryable, declined.message) == ("card_declined", False, "Do Not Honor")
    assert isinstance(soft, Declined)
    assert (soft.code, soft.retryable) == ("insufficient_funds", True)
    action = await charge("demo_3ds")
    assert isinstance(action, RequiresAction)
    assert action.action.url == "https://pay.example.com/c/abc"
    assert isinstance(await charge("demo_3ds"), Paid)
    with pytest.raises(ProviderUnavailable):
        await charge("demo_error")


async def test_processing(merchant: Merchant, make_order: MakeOrder) -> None:
    """Pending, until a postback about two seconds later says to look."""
    assert CARD_OF is not None
    pending = await merchant.demo.charge_card(make_order(), None, CARD_OF("demo_processing"))
    assert isinstance(pending, Pending)
    assert await merchant.demo.look_up(make_order(), pending.reference) == pending
    ((request, delay),) = merchant.emitted
    assert delay == 2_000
    merchant.now += delay
    merchant.demo.verify_webhook(request)
    (event,) = merchant.demo.read_webhook(request)
    assert event.news is not None
    assert event.news.attempt_id == make_order().attempt_id  # type: ignore[union-attr]  # of a payment
    assert isinstance(await merchant.demo.look_up(make_order(), pending.reference), Paid)


async def test_timeout(merchant: Merchant, make_order: MakeOrder) -> None:
    """It charges, and is found by any reference or none."""
    assert CARD_OF is not None
    unknown = await merchant.demo.charge_card(make_order(), None, CARD_OF("demo_timeout"))
    assert isinstance(unknown, Unknown)
    assert unknown.reference == "2711A10"
    for known in (unknown.reference, None):
        assert isinstance(await merchant.demo.look_up(make_order(), known), Paid)


async def test_word_of_the_call(merchant: Merchant, make_order: MakeOrder) -> None:
    """A saved method has no place for a word; asked again after the bank's page, it is paid."""
    merchant.word = "demo_3ds"
    saved = SavedMethod("2711A10", "50001")
    assert isinstance(await merchant.demo.charge_saved(make_order(), saved), RequiresAction)
    assert isinstance(await merchant.demo.charge_saved(make_order(attempt_id="att_2"), saved), Paid)


async def test_nobodys_order(merchant: Merchant, make_order: MakeOrder) -> None:
    """Demo mode sells to customers of whom nothing is known."""
    assert CARD_OF is not None
    order = make_order(customer=Customer(), shipping_address=None, ip_address=None, return_url=None)
    reference = (await merchant.demo.start(order, None)).reference
    assert isinstance(await merchant.demo.charge_card(order, reference, CARD_OF("demo")), Paid)
