"""Rounds of the background: who hangs delays nobody else, and what fails is put off while the others go on."""

import asyncio
from typing import Any
from unittest.mock import patch

import pytest
from msgspec import Struct
from msgspec.structs import replace

from paylinks_adapters.fakes import FakeAccounts
from paylinks_adapters.memory.payments import Payments
from paylinks_core import inbox, reconciler, upsells
from paylinks_core.audit import Actor
from paylinks_core.errors import OutcomeUnknown
from paylinks_core.reconciler import abandon_expired, reconcile
from paylinks_core.refunds import RefundCall, reconcile_refunds, refund
from paylinks_core.rounds import UNREADABLE, Lanes, account_lane, one_by_one, put_off_unreadable, work_off
from paylinks_ports.errors import Conflict, StorageUnavailable
from paylinks_ports.payments import LookUpResult, Order, Unknown
from paylinks_ports.storage import Due

from ..waiting import until
from .conftest import HOUR, Shop

pytestmark = pytest.mark.anyio

ACTOR = Actor(organization_id="org_default", brand_id="brand_default", id="key_1", kind="api_key")
MINUTE = 60_000


class _One(Struct, frozen=True):
    id: str


class _Hanging:
    """A provider that answers nobody before it is too late, and how many it keeps waiting."""

    def __init__(self) -> None:
        self.asked = 0
        self.ended = asyncio.Event()

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        del order, reference
        self.asked += 1
        await self.ended.wait()
        return Unknown(message="too late")


async def in_doubt(shop: Shop, count: int) -> None:
    """Leave some payments at one provider of which nobody knows what came of them."""
    for number in range(count):
        access = await shop.access(f"doubt-{number}")
        await shop.initialize(access, "server")
        shop.server.twists = ["lose_reply"]
        with pytest.raises(OutcomeUnknown):
            await shop.complete(access)


async def state_of(shop: Shop, order_id: str) -> str:
    """Read what became of an order's payment."""
    return (await shop.now(order_id))[1].state


async def test_who_hangs_delays_nobody_else() -> None:
    """Lanes go on beside the rounds; each has one thing under way, and all of them only so much."""
    lanes, gate, seen = Lanes(places=2), asyncio.Event(), list[str]()

    async def work(name: str) -> None:
        seen.append(name)
        await gate.wait()

    assert lanes.begin("a", lambda: work("a1"))
    assert not lanes.begin("a", lambda: work("a2"))
    assert lanes.begin("b", lambda: work("b1"))
    assert not lanes.begin("c", lambda: work("c1"))
    gate.set()
    await lanes.finish()
    assert seen == ["a1", "b1"]
    assert lanes.begin("c", lambda: work("c2"))
    await lanes.stop()
    assert lanes.begin("c", lambda: work("c3"))
    await lanes.finish()


async def test_a_hanging_provider_delays_no_other_account(shop: Shop) -> None:
    """Its payments hold a few lanes, and another provider's payment is settled in the same second."""
    hanging = _Hanging()
    await in_doubt(shop, 30)
    opened = await shop.initialize(await shop.access("innocent"), "browser")
    assert opened.payment.reference is not None
    shop.browser.pay(opened.payment.reference, opened.payment.money)
    shop.clock.move(10 * MINUTE)
    lanes = Lanes()

    with patch.object(shop.server, "look_up", hanging.look_up):
        for _ in range(3):
            await reconcile(shop.parts, lanes)
        await until(lambda: hanging.asked == 4)
        for _ in range(50):
            await asyncio.sleep(0)
        assert await state_of(shop, "innocent") == "paid"
        assert await state_of(shop, "doubt-0") == "unknown"
        assert hanging.asked == 4
        hanging.ended.set()
        await lanes.finish()

    shop.clock.move(HOUR)
    await reconcile(shop.parts)
    assert {await state_of(shop, f"doubt-{number}") for number in range(30)} == {"paid"}


async def test_a_payment_is_asked_about_once_at_a_time(shop: Shop) -> None:
    """However long the provider takes, and though its next look is due meanwhile."""
    hanging = _Hanging()
    await in_doubt(shop, 1)
    lanes = Lanes()

    with patch.object(shop.server, "look_up", hanging.look_up):
        for _ in range(5):
            shop.clock.move(HOUR)
            await reconcile(shop.parts, lanes)
            await asyncio.sleep(0)
        assert hanging.asked == 1
        await lanes.stop()


async def test_a_hanging_provider_delays_no_other_refund(shop: Shop) -> None:
    """The same holds for refunds and for what providers tell us."""
    access = await shop.access()
    await shop.initialize(access, "server")
    await shop.complete(access)
    shop.server.refund_twists = ["lose_reply"]
    await refund(shop.parts, await shop.brand(), "o-1", RefundCall(), ACTOR)
    hanging, lanes = _Hanging(), Lanes()

    async def look_up_refund(order: Order, *_: object) -> LookUpResult:
        return await hanging.look_up(order, None)

    shop.clock.move(HOUR)
    with patch.object(shop.server, "look_up_refund", look_up_refund):
        assert await asyncio.wait_for(reconcile_refunds(shop.parts, lanes), 1) == 1
        await until(lambda: hanging.asked == 1)
        assert await inbox.process_due(shop.parts, lanes) == 0
    await lanes.stop()


async def test_a_row_that_fails_is_put_off_and_the_others_go_on(shop: Shop) -> None:
    """A bug over one provider's payments is logged with their ids, and waits for its next time."""
    await in_doubt(shop, 2)
    opened = await shop.initialize(await shop.access("innocent"), "browser")
    assert opened.payment.reference is not None
    shop.browser.pay(opened.payment.reference, opened.payment.money)
    real = FakeAccounts.open

    async def broken(accounts: FakeAccounts, brand_id: str, provider: str, setting: Any) -> Any:  # noqa: ANN401 - as it is
        if provider == "server":
            raise RuntimeError("a bug")
        return await real(accounts, brand_id, provider, setting)

    shop.clock.move(10 * MINUTE)
    with patch.object(FakeAccounts, "open", broken):
        assert await reconcile(shop.parts) == 3
        assert await reconcile(shop.parts) == 0

    assert await state_of(shop, "innocent") == "paid"
    assert await state_of(shop, "doubt-1") == "unknown"
    await shop.wait(HOUR)
    assert await state_of(shop, "doubt-1") == "paid"


async def test_an_expired_checkout_that_fails_stops_no_other(shop: Shop) -> None:
    """It is looked past, though there are more of them than one reading gives."""
    for number in range(5):
        await shop.initialize(await shop.access(f"o-{number}"), "browser")
    real = Payments.get

    async def broken(rows: Payments, payment_id: str) -> Any:  # noqa: ANN401 - as it is
        payment = await real(rows, payment_id)
        if payment is not None and payment.order_id in {"o-0", "o-1", "o-3"}:
            raise ValueError("can't be read")
        return payment

    shop.clock.move(2 * HOUR)
    with patch.object(Payments, "get", broken), patch.object(reconciler, "_BATCH", 2):
        await abandon_expired(shop.parts)

    states = [(await shop.now(f"o-{number}"))[0].state for number in range(5)]
    assert states == ["open", "open", "abandoned", "open", "abandoned"]
    await abandon_expired(shop.parts)
    assert (await shop.now("o-0"))[0].state == "abandoned"
    assert await upsells.expire_sessions(shop.parts) == 0


async def test_one_by_one_stops_for_the_database_alone() -> None:
    """Whoever else is quicker or fails is passed over; without a database there is no use in going on."""
    done: list[str] = []

    async def find(skip: int) -> Due[_One]:
        left = [one for one in "abcd" if one not in done]
        return Due(rows=tuple(_One(one) for one in left[skip : skip + 2]))

    async def work(row: _One) -> None:
        if row.id == "a":
            raise Conflict("quicker")
        if row.id == "b":
            raise KeyError(row.id)
        if row.id == "d":
            raise StorageUnavailable("away")
        done.append(row.id)

    with pytest.raises(StorageUnavailable):
        await one_by_one(find, work, 2)
    assert done == ["c"]


async def test_a_lane_stops_for_the_database_alone(shop: Shop) -> None:
    """The rest of it is still due, and found again."""
    await in_doubt(shop, 3)
    shop.clock.move(HOUR)
    seen: list[str] = []

    async def work(payment: Any) -> None:  # noqa: ANN401 - a payment
        seen.append(payment.order_id)
        raise (Conflict, ValueError, StorageUnavailable)[len(seen) - 1]("no")

    await work_off(shop.parts, lambda rows: rows.payments, lambda _: "one", work, None)
    assert seen == ["doubt-0", "doubt-1", "doubt-2"]
    assert (
        await work_off(shop.parts, lambda rows: rows.payments, lambda _: "one", lambda _: asyncio.sleep(0), None) == 3
    )


async def test_what_can_not_be_read_is_put_off(shop: Shop) -> None:
    """It is out of the way for an hour, unread."""
    await in_doubt(shop, 1)
    _, payment = await shop.now("doubt-0")

    await put_off_unreadable(shop.parts, lambda rows: rows.payments, Due[Any](rows=(), unreadable=(payment.id, "gone")))

    _, later = await shop.now("doubt-0")
    assert (later.check_at, later.version) == (shop.clock.now() + UNREADABLE, payment.version + 1)


async def test_an_account_has_a_few_lanes(shop: Shop) -> None:
    """What belongs to one order is in one of them, and another account's never in the same."""
    await in_doubt(shop, 1)
    _, payment = await shop.now("doubt-0")

    lanes = {account_lane(payment, f"chk_{number}") for number in range(100)}

    assert len(lanes) == 4
    assert account_lane(payment, "chk_1") == account_lane(replace(payment, id="other"), "chk_1")
    assert account_lane(replace(payment, brand_id="brand_other"), "chk_1") not in lanes
