"""The outbox and idempotency keys, on every storage adapter."""

import asyncio

import pytest
from msgspec.structs import replace

from paylinks_adapters.database import open_database
from paylinks_ports.errors import Conflict
from paylinks_ports.records.events import Delivery, Endpoint, OutgoingEvent, WebhookSecret
from paylinks_ports.records.idempotency import IdempotencyKey, KeptAnswer
from paylinks_ports.records.tenants import Brand, Organization
from paylinks_ports.storage import Units, Window

pytestmark = pytest.mark.anyio

EVENT = OutgoingEvent(
    id="evt_1",
    brand_id="brand_1",
    checkout_id="chk_1",
    type="checkout.created",
    data='{"b":1,"a":"é"}',
    webhook_url="https://a.example/",
    created_at=1,
)
ENDPOINT = Endpoint(
    id="whk_1",
    brand_id="brand_1",
    url="https://shop.example/hook",
    events=("*",),
    description="the shop",
    secret="sealed",
    previous_secret="older",
    previous_until=7,
    created_at=3,
)
DELIVERY = Delivery(
    id="dlv_1",
    event_id="evt_1",
    event_type="checkout.created",
    brand_id="brand_1",
    endpoint_id="whk_1",
    url="https://shop.example/hook",
    lane="whk_1",
    next_at=10,
    response_headers={"x": "y"},
    created_at=10,
)
KEY = IdempotencyKey(id="k", fingerprint="f", claim="one", free_at=100)


async def seed(units: Units) -> None:
    """Write what endpoints hang on."""
    async with units() as work:
        await work.organizations.add(Organization(id="org_1", name="O", slug="o", created_at=1))
        await work.brands.add(Brand(id="brand_1", organization_id="org_1", name="B", slug="b", created_at=1))
        await work.commit()


async def add(units: Units, *deliveries: Delivery) -> None:
    """Write deliveries."""
    async with units() as work:
        await work.deliveries.add(*deliveries)
        await work.commit()


async def claim(units: Units, now: int, limit: int = 10, lane: str | None = None) -> list[str]:
    """Claim for a minute, and name what was given."""
    async with units() as work:
        claimed = await work.deliveries.claim(now, now + 60, limit, lane)
        await work.commit()
    assert all(one.locked_until == now + 60 for one in claimed)
    return sorted(one.id for one in claimed)


async def settle(units: Units, delivery_id: str, **changed: object) -> None:
    """Change a delivery as whoever has sent it does."""
    async with units() as work:
        was = await work.deliveries.get(delivery_id)
        assert was is not None
        await work.deliveries.replace(was, replace(was, locked_until=None, **changed))
        await work.commit()


async def test_gives_back_what_was_kept(units: Units) -> None:
    """Every record comes back as it was written."""
    await seed(units)
    secret = WebhookSecret(brand_id="brand_1", secret="a", previous_secret="b", previous_until=1, updated_at=1)
    async with units() as work:
        await work.outgoing_events.add(EVENT)
        await work.endpoints.add(ENDPOINT)
        await work.endpoints.add(replace(ENDPOINT, id="whk_2", enabled=False, created_at=4))
        await work.webhook_secrets.put(replace(secret, secret="former"))
        await work.webhook_secrets.put(secret)
        await work.deliveries.add(DELIVERY)
        await work.commit()

    async with units.reading() as rows:
        assert await rows.outgoing_events.get("evt_1") == EVENT
        assert await rows.endpoints.get("whk_1") == ENDPOINT
        assert await rows.endpoints.enabled_of({"brand_1", "brand_2"}) == (ENDPOINT,)
        assert await rows.endpoints.enabled_of(set()) == ()
        assert [one.id for one in (await rows.endpoints.page("brand_1", Window())).rows] == ["whk_2", "whk_1"]
        assert await rows.webhook_secrets.get("brand_1") == secret
        assert await rows.webhook_secrets.get("brand_2") is None
        assert await rows.deliveries.get("dlv_1") == DELIVERY
        assert (await rows.deliveries.page("whk_1", Window(search="CREATED"))).rows == (DELIVERY,)
    async with units() as work:
        await work.endpoints.delete("whk_1")
        assert await work.endpoints.get("whk_1") is None
        with pytest.raises(Conflict):
            await work.outgoing_events.add(EVENT)


async def test_events_are_taken_once_in_order(units: Units) -> None:
    """However many there are, each is fanned out once, oldest first."""
    many = [replace(EVENT, id=f"evt_{number:03}") for number in range(120)]
    async with units() as work:
        await work.outgoing_events.add(*reversed(many))
        await work.commit()

    async def take() -> list[str]:
        async with units() as work:
            taken = await work.outgoing_events.take(5, 50)
            await work.commit()
        assert all(event.fanned_at == 5 for event in taken)
        return [event.id for event in taken]

    taken = await asyncio.gather(take(), take(), take())

    assert [sorted(names) for names in taken] == list(taken)
    assert sorted(name for names in taken for name in names) == [event.id for event in many]
    async with units.reading() as rows:
        assert not await rows.outgoing_events.waiting()


async def test_a_lane_is_sent_in_order(units: Units) -> None:
    """One at a time; the next one waits for it to be received, or to have failed twice."""
    second = replace(DELIVERY, id="dlv_2", event_id="evt_2")
    await add(units, second, DELIVERY, replace(DELIVERY, id="dlv_3", event_id="evt_0", lane="other"))

    assert await claim(units, 9) == []
    assert await claim(units, 10) == ["dlv_1", "dlv_3"]
    assert await claim(units, 11) == []
    assert await claim(units, 70) == ["dlv_1", "dlv_3"]  # whoever had them died, and their lease is over
    await settle(units, "dlv_1", attempts=1, next_at=100)
    assert await claim(units, 80, lane="whk_1") == []  # it has failed once
    assert await claim(units, 100, lane="whk_1") == ["dlv_1"]
    await settle(units, "dlv_1", next_at=500)
    assert await claim(units, 101, lane="whk_1") == ["dlv_2"]  # it has failed twice
    await settle(units, "dlv_2", status="delivered")
    assert await claim(units, 499, lane="whk_1") == []
    await add(units, replace(DELIVERY, id="dlv_4", event_id="evt_4"))
    assert await claim(units, 500, lane="whk_1") == ["dlv_1"]
    assert await claim(units, 501, lane="whk_1") == []  # it is being sent
    await settle(units, "dlv_1", next_at=700)
    assert await claim(units, 650, lane="whk_1") == ["dlv_4"]
    assert await claim(units, 700, lane="whk_1") == []  # the other one is being sent
    assert await claim(units, 710, lane="whk_1") == ["dlv_1"]


async def test_many_workers_never_have_the_same(units: Units) -> None:
    """Whoever claims at once gets others, and never two of one lane."""
    await add(
        units,
        *(
            replace(DELIVERY, id=f"dlv_{number}", event_id=f"evt_{number}", lane=f"lane {number % 20}")
            for number in range(60)
        ),
    )

    claimed = [name for names in await asyncio.gather(*(claim(units, 10, 7) for _ in range(12))) for name in names]

    assert len(claimed) == len(set(claimed)) == len({int(name.removeprefix("dlv_")) % 20 for name in claimed})


async def test_two_processes_never_have_the_same(postgres_url: str) -> None:
    """Claims of two processes at once, again and again, on one PostgreSQL: each delivery is had once."""
    databases = [open_database(postgres_url, pool_size=4) for _ in range(2)]
    for database in databases:
        await database.start()
    await databases[0].migrate()
    await add(
        databases[0].units,
        *(
            replace(DELIVERY, id=f"dlv_{number}", event_id=f"evt_{number:03}", lane=f"lane {number % 9}")
            for number in range(180)
        ),
    )
    had: list[str] = []

    async def work(units: Units) -> None:
        while claimed := await claim(units, 10, 3):
            had.extend(claimed)
            for name in claimed:
                await settle(units, name, status="delivered")

    await asyncio.gather(*(work(database.units) for database in databases for _ in range(3)))
    while claimed := await claim(databases[0].units, 10):  # whoever saw only taken lanes has stopped early
        had.extend(claimed)
        for name in claimed:
            await settle(databases[0].units, name, status="delivered")

    assert len(had) == len(set(had)) == 180
    for database in databases:
        await database.stop()


async def test_deliveries_end_and_begin_again(units: Units) -> None:
    """What is on its way to an endpoint can be ended, and what failed since a time begun again."""
    await add(
        units, DELIVERY, replace(DELIVERY, id="dlv_2", created_at=20), replace(DELIVERY, id="x", endpoint_id=None)
    )
    async with units() as work:
        assert await work.deliveries.end_pending("whk_1", "off") == 2
        assert await work.deliveries.send_again("whk_1", 20, 33) == 1
        await work.commit()

    async with units.reading() as rows:
        ended, again = await rows.deliveries.get("dlv_1"), await rows.deliveries.get("dlv_2")
        assert ended is not None
        assert again is not None
        assert (ended.status, ended.error, again.status, again.next_at) == ("failed", "off", "pending", 33)
        assert await rows.deliveries.due(33)


async def test_the_old_is_forgotten(units: Units) -> None:
    """A batch at a time, and nothing that is younger."""
    await add(units, *(replace(DELIVERY, id=f"dlv_{number}", created_at=number) for number in range(6)))
    async with units() as work:
        await work.outgoing_events.add(EVENT, replace(EVENT, id="evt_2", created_at=9))
        assert await work.deliveries.delete_before(4, 3) == 3
        assert await work.deliveries.delete_before(4, 3) == 1
        assert await work.outgoing_events.delete_before(9, 3) == 1
        await work.commit()

    async with units.reading() as rows:
        assert await rows.deliveries.get("dlv_3") is None
        assert await rows.deliveries.get("dlv_4") is not None
        assert await rows.outgoing_events.get("evt_2") is not None


async def test_a_key_is_claimed_once(units: Units) -> None:
    """Of many at once one claims it; it is free again at the end of its lease, or of the kept answer."""

    async def take(name: str, now: int) -> str:
        async with units() as work:
            counts = await work.idempotency_keys.claim(replace(KEY, claim=name, free_at=now + 100), now)
            await work.commit()
        return counts.claim

    names = await asyncio.gather(*(take(f"c{number}", 0) for number in range(20)))
    assert len(set(names)) == 1
    assert await take("early", 99) == names[0]
    assert await take("late", 100) == "late"

    answer = KeptAnswer(status=201, content_type="application/json", body="sealed")
    async with units() as work:
        await work.idempotency_keys.finish(replace(KEY, claim=names[0]), answer, 900)  # too late: not its own any more
        await work.idempotency_keys.release(replace(KEY, claim=names[0]))
        await work.commit()
    assert await take("again", 199) == "late"
    async with units() as work:
        await work.idempotency_keys.finish(replace(KEY, claim="late"), answer, 900)
        await work.commit()
    async with units() as work:
        kept = await work.idempotency_keys.claim(replace(KEY, claim="other"), 899)
    assert (kept.claim, kept.answer) == ("late", answer)
    async with units() as work:
        assert await work.idempotency_keys.delete_free(899, 5) == 0
        assert await work.idempotency_keys.delete_free(900, 5) == 1
        await work.commit()
    assert await take("new", 900) == "new"
