"""Demo mode: the customer at Shopify's checkout, as the platform's words ask."""

from collections.abc import Callable

import httpx
import msgspec
import pytest

from paylinks_ports import Declined, LookUpResult, NotSubmitted, Order, Paid, PaymentNews, Pending
from paylinks_shopify import PROVIDER
from paylinks_shopify.operations import CreateCheckoutBody

from .conftest import Merchant

MakeOrder = Callable[..., Order]


async def test_demo_words(merchant: Merchant, make_order: MakeOrder) -> None:
    """Any text pays, and the words go astray as they say."""

    async def pay(word: str, *, fails: type[Exception] | None = None) -> tuple[Order, str, LookUpResult]:
        order = make_order(order_id=word, attempt_id=f"att_{word}")
        reference = str((await merchant.demo.start(order, None)).reference)
        if fails is None:
            await merchant.pay(reference, word)
        else:
            with pytest.raises(fails):
                await merchant.pay(reference, word)
        return order, reference, await merchant.demo.look_up(order, reference)

    for word in ("anything", "demo_3ds"):  # 3-D Secure is the checkout's own affair
        assert isinstance((await pay(word))[2], Paid)
    order, reference, declined = await pay("demo_decline")
    assert isinstance(declined, Declined)
    assert (declined.code, declined.retryable) == ("card_declined", False)
    again = await merchant.demo.start(order, reference)
    assert "/payments/" in again.browser["checkoutUrl"]  # the order's own page takes another card
    await merchant.pay(reference)
    assert isinstance(await merchant.demo.look_up(order, reference), Paid)
    soft = (await pay("demo_soft_decline"))[2]
    assert isinstance(soft, Declined)
    assert (soft.code, soft.retryable) == ("insufficient_funds", True)
    assert isinstance((await pay("demo_error", fails=httpx.ConnectError))[2], NotSubmitted)
    assert isinstance((await pay("demo_timeout", fails=httpx.ReadTimeout))[2], Paid)


async def test_lines_are_ignored(merchant: Merchant, make_order: MakeOrder) -> None:
    """Nobody knows what the demo's variants cost, so the order's own items are sold, whatever proves its webhooks."""
    body = msgspec.convert({"lines": [{"variantId": "17"}]}, CreateCheckoutBody)
    own = msgspec.structs.replace(PROVIDER.simulator.credentials, webhook_secret="own")
    for gateway in (merchant.demo, merchant.open(own)):
        started = await gateway.create_checkout(make_order(), None, body)
        assert started.browser["checkoutUrl"]
    assert [one["input"]["lineItems"][0]["title"] for one in merchant.variables("Create")] == ["Blue shirt"] * 2


async def test_processing_is_told_by_a_webhook(merchant: Merchant, make_order: MakeOrder) -> None:
    """Two seconds later it is paid, and a signed webhook names the attempt."""
    reference = (await merchant.demo.start(make_order(), None)).reference
    await merchant.pay(reference, "demo_processing")
    assert isinstance(await merchant.demo.look_up(make_order(), reference), Pending)
    created, paid = sorted(merchant.emitted, key=lambda one: one[1])
    assert (created[1], paid[1]) == (0, 2_000)
    merchant.now += paid[1]
    for request in (created[0], paid[0]):
        merchant.demo.verify_webhook(request)
        (event,) = merchant.demo.read_webhook(request)
        assert event.news == PaymentNews(attempt_id=make_order().attempt_id, order_id="order-1")
    assert isinstance(await merchant.demo.look_up(make_order(), reference), Paid)
