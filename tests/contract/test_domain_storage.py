"""The promises of the storage port on domains, on every adapter."""

import pytest
from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.records.domains import Domain
from paylinks_ports.storage import Units

from .test_storage import BRAND, seed

pytestmark = pytest.mark.anyio

DOMAIN = Domain(
    id="dom_1", brand_id="brand_1", host="pay.shop.example", nonce="n", lapses_at=50, check_at=10, created_at=1
)
OTHER = replace(DOMAIN, id="dom_2", brand_id="brand_2", created_at=2)


async def claims(units: Units) -> None:
    """Have two brands claim one host."""
    await seed(units)
    async with units() as work:
        await work.brands.add(replace(BRAND, id="brand_2", slug="b2"))
        await work.domains.add(DOMAIN)
        await work.domains.add(OTHER)
        await work.commit()


async def test_one_brand_has_a_verified_domain(units: Units) -> None:
    """Claims stand side by side; verified is the first one, until it is no longer."""
    await claims(units)
    async with units() as work:
        assert await work.domains.verified(DOMAIN.host) is None
        mine = await work.domains.replace(DOMAIN, replace(DOMAIN, verified=True, preferred=True, lapses_at=None))
        await work.commit()
    assert mine.version == 2
    with pytest.raises(Conflict):
        async with units() as work:
            await work.domains.replace(OTHER, replace(OTHER, verified=True))
    with pytest.raises(Conflict):
        async with units() as work:
            await work.domains.replace(DOMAIN, replace(DOMAIN, reason="stale"))
    with pytest.raises(Conflict):
        async with units() as work:
            await work.domains.add(replace(OTHER, id="dom_3"))
    async with units.reading() as rows:
        assert await rows.domains.verified(DOMAIN.host) == mine
        assert await rows.domains.primary("brand_1") == mine
        assert await rows.domains.primary("brand_2") is None
        assert await rows.domains.get("brand_2", DOMAIN.host) == OTHER
        assert await rows.domains.get("brand_2", "x.example") is None
        assert await rows.domains.of_brand("brand_1") == (mine,)
    async with units() as work:
        lost = await work.domains.replace(mine, replace(mine, verified=False))
        theirs = await work.domains.replace(OTHER, replace(OTHER, verified=True))
        await work.commit()
    async with units.reading() as rows:
        assert await rows.domains.verified(DOMAIN.host) == theirs
        assert await rows.domains.primary("brand_1") is None
        assert await rows.domains.of_brand("brand_1") == (lost,)


async def test_domains_come_due_and_lapse(units: Units) -> None:
    """Longest waiting first; only claims that are not verified lapse."""
    await claims(units)
    kept = replace(DOMAIN, id="dom_3", host="a.example", verified=True, check_at=5)
    async with units() as work:
        await work.domains.add(kept)
        await work.commit()
    async with units() as work:
        assert [one.id for one in (await work.domains.due(10, 10)).rows] == ["dom_3", "dom_1", "dom_2"]
        assert [one.id for one in (await work.domains.due(9, 10)).rows] == ["dom_3"]
        assert [one.id for one in (await work.domains.due(10, 1)).rows] == ["dom_3"]
        assert await work.domains.forget_lapsed(49) == 0
        assert await work.domains.forget_lapsed(50) == 2
        assert await work.domains.of_brand("brand_1") == (kept,)
        assert await work.domains.remove("dom_3")
        assert not await work.domains.remove("dom_3")
        await work.commit()
    async with units.reading() as rows:
        assert await rows.domains.of_brand("brand_1") == ()
