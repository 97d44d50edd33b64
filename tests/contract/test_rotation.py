"""Sealing anew while settings change, on every storage: whoever is quicker, nothing that was entered is lost."""

import asyncio

import pytest
from msgspec import Struct
from msgspec.structs import replace

from paylinks_adapters.fakes import FakeAccounts, FakeClock, FakeIds, fake_provider
from paylinks_adapters.tokens import JwtTokens
from paylinks_adapters.vault import SealedVault
from paylinks_core.audit import Actor
from paylinks_core.parts import Parts
from paylinks_core.sealing import reseal
from paylinks_core.settings import PluginChange, change_plugin, stored_credentials
from paylinks_core.tenants import seed
from paylinks_ports.credentials import Secret
from paylinks_ports.storage import Units

pytestmark = pytest.mark.anyio

ACTOR = Actor(organization_id="org_default", id="operator", kind="operator")
OLD, NEW = "A" * 43, "B" * 42 + "A"
ROUNDS = 15


class Keys(Struct, frozen=True, kw_only=True):
    """Two fields, each entered by another call."""

    one: Secret
    two: Secret | None = None


async def test_nothing_is_lost_under_load(units: Units) -> None:
    """Servers with the old ring, servers with the new one, and the resealing meet in every order."""
    provider = replace(fake_provider("acme", browser_pays=False), credentials=Keys)
    before = Parts(
        units=units,
        clock=FakeClock(),
        ids=FakeIds(),
        tokens=JwtTokens(),
        vault=SealedVault(f"{OLD},{NEW}"),  # it can open what the others seal, and seals under the old key
        accounts=FakeAccounts({}),
        providers={"acme": provider},
        token_secret="s" * 32,
        base_url="http://127.0.0.1:8000",
        demo_everywhere=True,
    )
    after = replace(before, vault=SealedVault(f"{NEW},{OLD}"))
    await seed(before)

    async def write(parts: Parts, field: str) -> None:
        for number in range(ROUNDS):
            change = PluginChange(enabled=bool(number % 2), credentials={field: f"{field}-{number}"})
            await change_plugin(parts, ACTOR, "brand_default", "provider", "acme", change)

    async def rotate() -> None:
        for _ in range(ROUNDS):
            await reseal(after)
            await asyncio.sleep(0)

    await asyncio.gather(write(before, "one"), write(after, "two"), rotate(), rotate())
    await reseal(after)

    async with units.reading() as rows:
        kept = await rows.plugin_settings.get("brand_default", "acme")
    newest = replace(after, vault=SealedVault(NEW))
    assert stored_credentials(newest, kept) == {"one": f"one-{ROUNDS - 1}", "two": f"two-{ROUNDS - 1}"}
