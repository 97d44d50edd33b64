"""Whose a domain is: proven by the DNS, watched, and never taken over."""

import asyncio
from unittest.mock import patch

import pytest
from msgspec import Struct
from msgspec.structs import replace

from paylinks_adapters.fakes import FakeResolver
from paylinks_core import domains
from paylinks_core.audit import Actor
from paylinks_core.domains import (
    GRACE,
    LAPSES,
    add_domain,
    check_domain,
    check_due_domains,
    list_domains,
    owner_of,
    prefer_domain,
    record_of,
    remove_domain,
    state_of,
)
from paylinks_core.errors import DomainExists, InvalidInput, NotKnown
from paylinks_core.hosts import checked_host, host_of_header
from paylinks_core.links import generate
from paylinks_ports.records.domains import Domain
from paylinks_ports.records.tenants import Brand
from paylinks_ports.services import TextRecords

from .conftest import HOUR, Shop

pytestmark = pytest.mark.anyio

ACTOR = Actor(organization_id="org_default", id="operator", kind="operator")
HOST = "pay.shop.example"
DAY = 24 * HOUR


class Town(Struct, frozen=True, kw_only=True):
    """A shop with two brands, and a DNS."""

    shop: Shop
    dns: FakeResolver
    brand: Brand
    other: Brand

    async def add(self, brand: Brand, host: str = HOST, *, primary: bool = False) -> Domain:
        """Claim a domain."""
        return await add_domain(self.shop.parts, ACTOR, brand, host, primary=primary)

    def publish(self, *domains: Domain) -> None:
        """Publish the records of some claims, all of one host, and no others."""
        name = record_of(domains[0])[0]
        self.dns.records[name] = TextRecords(values=("v=spf1 -all", *(record_of(one)[1] for one in domains)))

    async def check(self, brand: Brand, host: str = HOST) -> Domain:
        """Check a claim now."""
        return await check_domain(self.shop.parts, brand, host)

    async def wait(self, milliseconds: int) -> None:
        """Let time pass, an hour at a time, and the round run."""
        end = self.shop.clock.now() + milliseconds
        while self.shop.clock.now() < end:
            self.shop.clock.move(min(HOUR, end - self.shop.clock.now()))
            await check_due_domains(self.shop.parts)


@pytest.fixture
async def town(shop: Shop) -> Town:
    """Open it."""
    resolver = FakeResolver()
    parts = replace(shop.parts, resolver=resolver, base_url="https://paylinks.test.example")
    brand = await shop.brand()
    other = replace(brand, id="brand_other", slug="other", created_at=brand.created_at + 1)
    async with parts.units() as work:
        await work.brands.add(other)
        await work.commit()
    return Town(shop=replace(shop, parts=parts), dns=resolver, brand=brand, other=other)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("Pay.Shop.Example", "pay.shop.example"),
        (" shop.example. ", "shop.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("faß.example", "xn--fa-hia.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("日本。jp", "xn--wgv71a.jp"),
    ],
)
def test_a_domain_has_one_form(text: str, host: str) -> None:
    """Case, dots and other letters make no second domain."""
    assert checked_host(text, "platform.example") == host


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "com",
        "localhost",
        "shop.localhost",
        "shop.local",
        "10.0.0.1",
        "::1",
        "[::1]",
        "1.2.3",
        "https://shop.example",
        "shop.example/path",
        "shop.example:443",
        "-a.example",
        "a..example",
        "a_b.example",
        "*.shop.example",
        "a b.example",
        "x" * 64 + ".example",
        ".".join(["abcdefg"] * 31),
        "platform.example",
        "PLATFORM.example.",
        "a.platform.example",
        "☃\u200d.example",
        "shop.example\n",
        "shop.example\x00",
    ],
)
def test_what_no_brand_can_own_is_refused(text: str) -> None:
    """No address, no name inside a network, not the platform's own, nothing but a name."""
    if text == "shop.example\n":
        assert checked_host(text, "platform.example") == "shop.example"  # white space around a name is nothing
        return
    with pytest.raises(InvalidInput) as caught:
        checked_host(text, "platform.example")
    assert str(caught.value.details).startswith("domain: ")


@pytest.mark.parametrize(
    ("header", "host"),
    [("A.example:443", "a.example"), ("a.example.", "a.example"), ("[::1]:80", "[::1]"), ("", ""), ("a:b", "a:b")],
)
def test_a_host_header_is_read(header: str, host: str) -> None:
    """Whatever a client sends there."""
    assert host_of_header(header) == host


async def test_a_domain_is_verified_by_its_own_record(town: Town) -> None:
    """Not before, not by another claim's record, and then it is the brand's."""
    domain = await town.add(town.brand)
    theirs = await town.add(town.other)
    assert record_of(domain)[0] == record_of(theirs)[0] == f"_paylinks.{HOST}"
    elsewhere = [replace(domain, brand_id="b"), replace(domain, host="b.example"), replace(domain, nonce="n"), theirs]
    assert record_of(domain)[1] not in [record_of(one)[1] for one in elsewhere]
    assert "no TXT record" in str((await town.check(town.brand)).reason)
    town.publish(theirs)
    pending = await town.check(town.brand)
    assert (pending.verified, "another value" in str(pending.reason)) == (False, True)
    assert record_of(domain)[1] in str(pending.reason)
    assert await owner_of(town.shop.parts, HOST) is None

    town.publish(domain, theirs)
    verified = await town.check(town.brand)
    assert (state_of(verified), verified.reason) == ("verified", None)
    assert await owner_of(town.shop.parts, HOST) == town.brand.id
    refused = await town.check(town.other)
    assert (refused.verified, refused.reason) == (False, "Another brand has verified this domain")
    assert await owner_of(town.shop.parts, HOST) == town.brand.id


async def test_claims_that_are_not_verified_block_nobody_and_lapse(town: Town) -> None:
    """A verified one blocks everybody; the brand itself has one claim."""
    await town.add(town.brand)
    theirs = await town.add(town.other, "PAY.shop.example.")
    with pytest.raises(DomainExists, match="Domain already exists"):
        await town.add(town.brand)
    town.publish(theirs)
    await town.check(town.other)
    await remove_domain(town.shop.parts, ACTOR, town.brand, HOST)
    with pytest.raises(DomainExists):
        await town.add(town.brand)
    await town.add(town.brand, "b.example")
    await town.wait(LAPSES - 1)
    assert len(await list_domains(town.shop.parts, town.brand)) == 1
    await town.wait(HOUR)
    assert await list_domains(town.shop.parts, town.brand) == ()
    assert await owner_of(town.shop.parts, HOST) == town.other.id


async def test_a_claim_made_again_has_another_record(town: Town) -> None:
    """What an earlier owner published proves nothing later."""
    old = await town.add(town.brand)
    town.publish(old)
    await town.check(town.brand)
    await remove_domain(town.shop.parts, ACTOR, town.brand, HOST)
    assert await owner_of(town.shop.parts, HOST) is None
    again = await town.add(town.brand)
    assert not (await town.check(town.brand)).verified
    town.publish(again)
    assert (await town.check(town.brand)).verified


async def test_a_record_that_is_gone_ends_it_after_three_days(town: Town) -> None:
    """Until then it stays, and comes back by itself; then it is anyone's who can prove it."""
    domain = await town.add(town.brand)
    town.publish(domain)
    await town.check(town.brand)
    town.dns.records.clear()
    await town.wait(GRACE - 6 * HOUR)
    (failing,) = await list_domains(town.shop.parts, town.brand)
    assert (state_of(failing), failing.verified) == ("failing", True)
    assert "3 days" in str(failing.reason)
    town.publish(domain)
    await town.wait(HOUR)
    (back,) = await list_domains(town.shop.parts, town.brand)
    assert state_of(back) == "verified"

    town.dns.records.clear()
    await town.wait(GRACE + 7 * HOUR)
    assert await owner_of(town.shop.parts, HOST) is None
    theirs = await town.add(town.other)
    town.publish(theirs)
    assert (await town.check(town.other)).verified
    await town.wait(LAPSES)
    assert await list_domains(town.shop.parts, town.brand) == ()


async def test_a_silent_dns_proves_nothing(town: Town) -> None:
    """It verifies nothing, and takes nothing away, however long it lasts."""
    domain = await town.add(town.brand)
    town.dns.records[record_of(domain)[0]] = TextRecords(problem="the DNS did not answer in time")
    pending = await town.check(town.brand)
    assert (pending.verified, "did not answer in time" in str(pending.reason)) == (False, True)
    town.publish(domain)
    await town.check(town.brand)
    town.dns.records[record_of(domain)[0]] = TextRecords(problem="the DNS did not answer in time")
    await town.wait(20 * DAY)
    assert await owner_of(town.shop.parts, HOST) == town.brand.id


async def test_it_is_checked_by_itself_and_on_read(town: Town) -> None:
    """In the background without anyone asking; on read when the last answer is older than ten seconds."""
    domain = await town.add(town.brand)
    town.publish(domain)
    await town.wait(HOUR)
    assert await owner_of(town.shop.parts, HOST) == town.brand.id

    other = await town.add(town.other, "b.example")
    town.publish(other)
    assert [one.verified for one in await list_domains(town.shop.parts, town.other)] == [True]
    asked = len(town.dns.asked)
    town.shop.clock.move(9_000)
    await list_domains(town.shop.parts, town.other)
    assert len(town.dns.asked) == asked
    town.shop.clock.move(2_000)
    await list_domains(town.shop.parts, town.other)
    assert len(town.dns.asked) == asked + 1


async def test_two_brands_that_can_both_prove_it_race_for_it(town: Town) -> None:
    """One has it, whoever is quicker; many checks at once change nothing."""
    mine, theirs = await town.add(town.brand), await town.add(town.other)
    town.publish(mine, theirs)
    await asyncio.gather(*(town.check(brand) for brand in (town.brand, town.other) for _ in range(5)))
    async with town.shop.parts.units.reading() as rows:
        both = [(await rows.domains.get(brand.id, HOST)) for brand in (town.brand, town.other)]
    assert sorted(one.verified for one in both if one) == [False, True]


async def test_links_are_on_the_primary_domain(town: Town) -> None:
    """Once it is verified, and as long; there is one of them."""
    order = {"orderId": "o-1", "amount": 1, "currency": "USD", "productName": "x"}

    async def link_host() -> str:
        return (await generate(town.shop.parts, town.brand, order, 3600)).url.split("/")[2]

    first = await town.add(town.brand, primary=True)
    assert await link_host() == "paylinks.test.example"
    town.publish(first)
    await town.check(town.brand)
    assert await link_host() == HOST
    second = await town.add(town.brand, "b.example")
    town.publish(second)
    await town.check(town.brand, "b.example")
    assert await link_host() == HOST
    await prefer_domain(town.shop.parts, ACTOR, town.brand, "B.example")
    assert await link_host() == "b.example"
    assert [one.preferred for one in await list_domains(town.shop.parts, town.brand)] == [False, True]
    await remove_domain(town.shop.parts, ACTOR, town.brand, "b.example")
    assert await link_host() == "paylinks.test.example"


async def test_other_brands_domains_are_not_there(town: Town) -> None:
    """Nor are they a brand's to check, prefer or remove."""
    await town.add(town.other)
    for verb in (
        check_domain(town.shop.parts, town.brand, HOST),
        remove_domain(town.shop.parts, ACTOR, town.brand, HOST),
    ):
        with pytest.raises(NotKnown):
            await verb
    with pytest.raises(NotKnown):
        await prefer_domain(town.shop.parts, ACTOR, town.brand, HOST)
    assert len(await list_domains(town.shop.parts, town.other)) == 1


async def test_a_domain_that_fails_stops_no_other(town: Town) -> None:
    """A bug over one is logged with its id; it is checked again at its next time."""
    broken = await town.add(town.brand)
    good = await town.add(town.brand, "other.shop.example")
    town.publish(good)
    town.shop.clock.move(HOUR)
    real = domains.record_of

    def record(domain: Domain) -> tuple[str, str]:
        if domain.id == broken.id:
            raise RuntimeError("a bug")
        return real(domain)

    with patch.object(domains, "record_of", record):
        await check_due_domains(town.shop.parts)

    assert {one.host: one.verified for one in await list_domains(town.shop.parts, town.brand)} == {
        HOST: False,
        "other.shop.example": True,
    }
