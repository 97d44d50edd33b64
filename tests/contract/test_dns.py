"""What the resolver says of a name, against real DNS servers on loopback: one that others ask, and the zone's own."""

from collections.abc import AsyncIterator

import pytest

from paylinks_adapters import dns
from paylinks_adapters.dns import DnsResolver
from paylinks_ports.services import TextRecords

from ..dns_server import DnsServer, serving

pytestmark = pytest.mark.anyio

NAME = "_paylinks.pay.shop.example"
RECURSIVE, OWN = "127.0.0.1", "127.0.0.2"


@pytest.fixture
async def servers() -> AsyncIterator[tuple[DnsResolver, DnsServer, DnsServer]]:
    """Serve both, and give a resolver that knows the first one."""
    async with serving(RECURSIVE, OWN) as (port, (recursive, own)):
        for server in (recursive, own):
            server.zone("shop.example", OWN)
        yield DnsResolver((RECURSIVE,), port=port, allow_private=True), recursive, own


Servers = tuple[DnsResolver, DnsServer, DnsServer]


async def test_the_zones_own_words_count(servers: Servers) -> None:
    """What a cache still holds is not believed, neither a record nor that there is none."""
    resolver, recursive, own = servers
    recursive.text(NAME, "old")
    own.text(NAME, "new", "other")
    assert set((await resolver.texts(NAME)).values) == {"new", "other"}
    own.text(NAME)
    assert await resolver.texts(NAME) == TextRecords()
    recursive.text(NAME)
    own.text(NAME, "newer")
    assert (await resolver.texts(NAME)).values == ("newer",)


async def test_long_and_odd_values_are_read(servers: Servers) -> None:
    """A value may come in parts, and may hold anything."""
    resolver, _, own = servers
    own.records[NAME, "TXT"] = ['"a" "b c" "d"', '"\\255\\206\\177"']
    values = (await resolver.texts(NAME)).values
    assert "ab cd" in values
    assert len(values) == 2


async def test_others_are_asked_where_the_zones_own_are_away(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Silent, failing, or in a network that we don't send into: then the recursive answer has to do."""
    resolver, recursive, own = servers
    recursive.text(NAME, "known")
    own.text(NAME, "own")
    own.failing.add(NAME)
    assert (await resolver.texts(NAME)).values == ("known",)
    own.failing.clear()
    monkeypatch.setattr(dns, "_SECONDS", 0.3)
    own.silent.add(NAME)
    assert (await resolver.texts(NAME)).values == ("known",)
    own.silent.clear()
    careful = DnsResolver((RECURSIVE,), port=resolver._port)
    own.asked.clear()
    assert (await careful.texts(NAME)).values == ("known",)
    assert own.asked == []


async def test_an_alias_is_followed(servers: Servers) -> None:
    """A record may stand in another zone, which the zone's own server knows nothing of."""
    resolver, recursive, own = servers
    own.records[NAME, "CNAME"] = ["there.other.example."]
    recursive.records[NAME, "CNAME"] = ["there.other.example."]
    recursive.text("there.other.example", "aliased")
    assert (await resolver.texts(NAME)).values == ("aliased",)


async def test_what_is_certain_is_told_from_what_is_not(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """No such name and no such record are certain; silence and errors prove nothing."""
    resolver, recursive, own = servers
    assert await resolver.texts(NAME) == TextRecords()
    assert await resolver.texts("_paylinks.nowhere.example") == TextRecords()
    for server in (recursive, own):
        server.failing.add(NAME)
    assert "error" in str((await resolver.texts(NAME)).problem)
    monkeypatch.setattr(dns, "_SECONDS", 0.3)
    for server in (recursive, own):
        server.failing.clear()
        server.silent.add(NAME)
    assert "in time" in str((await resolver.texts(NAME)).problem)
    assert (await DnsResolver(("127.0.0.3",), port=1).texts(NAME)).problem
    assert (await resolver.texts("a..b")).problem
