"""The promises of the storage port on what marketing systems are told, on every adapter."""

import pytest
from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.records.marketing import UNTIL_CHANGED, MarketingNotice, MarketingPause, NoticeAccount
from paylinks_ports.storage import Units

from .test_storage import seed

pytestmark = pytest.mark.anyio

NOTICE = MarketingNotice(
    id="mkt_1",
    brand_id="brand_1",
    integration="klaviyo",
    demo=False,
    payment_id="pay_1",
    checkout_id="chk_1",
    next_at=100,
    created_at=5,
    updated_at=5,
)
ACCOUNT = NoticeAccount(brand_id="brand_1", integration="klaviyo", demo=False)
PAUSE = MarketingPause(
    brand_id="brand_1", integration="klaviyo", demo=False, until=UNTIL_CHANGED, reason="ß", created_at=1
)


async def add(units: Units, *notices: MarketingNotice) -> None:
    """Add some."""
    async with units() as work:
        for notice in notices:
            await work.marketing_notices.add(notice)
        await work.commit()


async def test_a_payment_is_noted_once_a_system(units: Units) -> None:
    """Another system has a notice of its own; the same one is refused, and a stale change is too."""
    await seed(units)
    other = replace(NOTICE, id="mkt_2", integration="attentive", demo=True, status="sending", reason="x")
    await add(units, NOTICE, other)
    with pytest.raises(Conflict):
        await add(units, replace(NOTICE, id="mkt_3"))
    async with units() as work:
        kept = await work.marketing_notices.replace(NOTICE, replace(NOTICE, attempts=1, failures=2, status="failed"))
        await work.commit()
    assert kept.version == 2
    with pytest.raises(Conflict):
        async with units() as work:
            await work.marketing_notices.replace(NOTICE, replace(NOTICE, attempts=3))
    async with units.reading() as rows:
        assert await rows.marketing_notices.of_checkout("chk_1") == (kept, other)
        assert await rows.marketing_notices.of_checkout("chk_2") == ()


async def test_due_accounts_wait_longest_first(units: Units) -> None:
    """By account, without those that are paused or have nothing open."""
    await seed(units)
    await add(
        units,
        NOTICE,
        replace(NOTICE, id="mkt_0", payment_id="p2", next_at=90, created_at=9),
        replace(NOTICE, id="mkt_2", payment_id="p3", demo=True, next_at=80, status="sending"),
        replace(NOTICE, id="mkt_3", payment_id="p4", integration="maropost", next_at=70, status="done"),
        replace(NOTICE, id="mkt_4", payment_id="p5", integration="attentive", next_at=101),
    )
    demo = replace(ACCOUNT, demo=True)
    async with units.reading() as rows:
        notices = rows.marketing_notices
        assert await notices.due_accounts(79, 10) == ()
        assert await notices.due_accounts(100, 10) == (demo, ACCOUNT)
        assert await notices.due_accounts(100, 1) == (demo,)
        assert [one.id for one in (await notices.due(ACCOUNT, 100, 10)).rows] == ["mkt_1", "mkt_0"]
        assert [one.id for one in (await notices.due(ACCOUNT, 95, 10)).rows] == ["mkt_0"]
        assert [one.id for one in (await notices.due(demo, 100, 10)).rows] == ["mkt_2"]


async def test_pauses_hold_and_are_lifted(units: Units) -> None:
    """A pause keeps its own account back until it is over or lifted."""
    await seed(units)
    await add(units, NOTICE, replace(NOTICE, id="mkt_2", payment_id="p2", demo=True))
    demo = replace(ACCOUNT, demo=True)
    async with units() as work:
        await work.marketing_notices.pause(replace(PAUSE, until=150))
        await work.marketing_notices.pause(replace(PAUSE, demo=True, until=150))
        await work.commit()
    async with units() as work:
        assert await work.marketing_notices.due_accounts(149, 10) == ()
        assert set(await work.marketing_notices.due_accounts(150, 10)) == {ACCOUNT, demo}
        await work.marketing_notices.pause(PAUSE)
        await work.commit()
    async with units() as work:
        assert await work.marketing_notices.due_accounts(2**61, 10) == (demo,)
        assert await work.marketing_notices.pauses("brand_1") == (PAUSE, replace(PAUSE, demo=True, until=150))
        assert await work.marketing_notices.pauses("brand_2") == ()
        await work.marketing_notices.lift("brand_1", "klaviyo")
        await work.marketing_notices.pause(replace(PAUSE, integration="maropost"))
        await work.marketing_notices.lift("brand_2", "maropost")
        await work.commit()
    async with units.reading() as rows:
        assert set(await rows.marketing_notices.due_accounts(200, 10)) == {ACCOUNT, demo}
        assert await rows.marketing_notices.pauses("brand_1") == (replace(PAUSE, integration="maropost"),)


async def test_what_ended_long_ago_is_forgotten(units: Units) -> None:
    """Some at a time, and never what is still open."""
    await seed(units)
    await add(
        units,
        NOTICE,
        replace(NOTICE, id="mkt_2", payment_id="p2", status="done"),
        replace(NOTICE, id="mkt_3", payment_id="p3", status="in_doubt"),
        replace(NOTICE, id="mkt_4", payment_id="p4", status="done", updated_at=6),
    )
    async with units() as work:
        assert await work.marketing_notices.forget(6, 1) == 1
        assert await work.marketing_notices.forget(6, 10) == 1
        assert await work.marketing_notices.forget(6, 10) == 0
        await work.commit()
    async with units.reading() as rows:
        assert {one.id for one in await rows.marketing_notices.of_checkout("chk_1")} == {"mkt_1", "mkt_4"}
