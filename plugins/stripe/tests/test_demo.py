"""Demo mode: the platform's words for another branch than a paid order."""

from collections.abc import Callable

import httpx
import pytest

from paylinks_ports import Declined, Order, Paid, ProviderUnavailable
from paylinks_stripe import PROVIDER

from .conftest import Merchant

MakeOrder = Callable[..., Order]


async def test_demo_words(merchant: Merchant, make_order: MakeOrder) -> None:
    """Demo mode pays by any text, and goes astray as its words ask."""
    key = PROVIDER.simulator.credentials.secret_key
    started = [str((await merchant.demo.start(make_order(attempt_id=f"start_{n}"), None)).reference) for n in range(8)]

    async def charge(n: int, word: str, attempt: str = "") -> object:
        return await merchant.demo.charge(make_order(attempt_id=f"{word}{attempt}"), started[n], word)

    assert isinstance(await charge(0, "anything"), Paid)
    declined, soft = await charge(1, "demo_decline"), await charge(2, "demo_soft_decline")
    assert isinstance(declined, Declined)
    assert (declined.code, declined.retryable) == ("card_declined", False)
    assert isinstance(soft, Declined)
    assert (soft.code, soft.retryable) == ("insufficient_funds", True)
    with pytest.raises(ProviderUnavailable):
        await charge(3, "demo_error")
    assert len(await merchant.charges(key=key)) == 1

    with pytest.raises(httpx.ReadTimeout):
        await charge(4, "demo_timeout")
    assert isinstance(await merchant.demo.look_up(make_order(), started[4]), Paid)
    assert isinstance(await charge(4, "demo_timeout"), Paid)  # the attempt's own answer, again
    await charge(5, "demo_processing")
    assert type(await merchant.demo.look_up(make_order(), started[5])).__name__ == "Pending"
    merchant.now += 2_000
    assert isinstance(await merchant.demo.look_up(make_order(), started[5]), Paid)
    assert type(await charge(6, "demo_3ds")).__name__ == "RequiresAction"
    assert isinstance(await charge(6, "demo_3ds", "again"), Paid)
    assert len(await merchant.charges(key=key)) == 4
