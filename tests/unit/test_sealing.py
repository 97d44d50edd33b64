"""Sealing everything anew: nothing is lost, whoever writes meanwhile and wherever it ends."""

import pytest
from msgspec.structs import replace as changed

from paylinks_adapters.vault import SealedVault
from paylinks_core.audit import Actor
from paylinks_core.sealing import reseal
from paylinks_core.settings import PluginChange, change_plugin
from paylinks_core.tenants import create_api_key
from paylinks_ports.records.settings import PluginSetting
from paylinks_ports.storage import CREDENTIALS, SIGNING_SECRET

from .conftest import Shop

pytestmark = pytest.mark.anyio

OLD, NEW = "A" * 43, "B" * 42 + "A"
ACTOR = Actor(organization_id="org_default", id="operator", kind="operator")


async def seal_some(shop: Shop, count: int) -> None:
    """Write settings sealed under the old key."""
    async with shop.parts.units() as work:
        for name in ("browser", "server", *(f"p{number:03}" for number in range(count))):
            text = shop.parts.vault.seal(f'{{"name":"{name}"}}', CREDENTIALS.context("brand_default", name))
            setting = PluginSetting(brand_id="brand_default", plugin=name, credentials=text, updated_at=1)
            await work.plugin_settings.put(setting)
        await work.commit()


async def readable(shop: Shop, keys: str) -> int:
    """Open every sealed text with a ring, and say how many there are."""
    vault = SealedVault(keys)
    async with shop.parts.units.reading() as rows:
        settings = await rows.sealed_texts.page(CREDENTIALS, None, 1000)
        secrets = await rows.sealed_texts.page(SIGNING_SECRET, None, 1000)
    for one in settings:
        assert one.key[1] in vault.open(one.text, CREDENTIALS.context(*one.key))
    for one in secrets:
        assert vault.open(one.text, SIGNING_SECRET.context(*one.key))
    return len(settings) + len(secrets)


async def test_everything_is_sealed_anew(shop: Shop) -> None:
    """More than one page, every place; the old key is needed no more, and a second run finds nothing to do."""
    await seal_some(shop, 250)
    await create_api_key(shop.parts, "brand_default", "k", "live")
    rotated = changed(shop.parts, vault=SealedVault(f"{NEW},{OLD}"))

    assert (await reseal(rotated)).changed == 253
    assert await readable(shop, NEW) == 253
    again = await reseal(rotated)
    assert (again.changed, again.overtaken, again.unreadable) == (0, 0, ())


async def test_what_is_changed_meanwhile_is_never_lost(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Someone who writes between reading and resealing wins, and the next run seals that."""
    await seal_some(shop, 3)
    ring = SealedVault(f"{NEW},{OLD}")
    rotated = changed(shop.parts, vault=ring)
    opened, seal = [], ring.seal

    def seal_and_be_overtaken(plain: str, context: str) -> str:
        opened.append(context)
        if len(opened) == 2:  # another process, which still seals under the old key
            text = shop.parts.vault.seal('{"name":"p000","newer":"1"}', context)
            tables = shop.parts.units.committed  # type: ignore[attr-defined]  # memory's own
            key = ("brand_default", "p000")
            tables.plugin_settings[key] = changed(tables.plugin_settings[key], credentials=text, version=9)
        return seal(plain, context)

    monkeypatch.setattr(ring, "seal", seal_and_be_overtaken)
    first = await reseal(rotated)
    assert (first.changed, first.overtaken) == (4, 1)
    assert (await reseal(rotated)).changed == 1
    assert await readable(shop, NEW) == 5
    async with shop.parts.units.reading() as rows:
        kept = await rows.plugin_settings.get("brand_default", "p000")
    assert kept is not None
    assert "newer" in ring.open(kept.credentials or "", CREDENTIALS.context("brand_default", "p000"))


async def test_an_interrupted_run_is_taken_up(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was done stays done, what was not stays readable under the ring."""
    await seal_some(shop, 5)
    ring = SealedVault(f"{NEW},{OLD}")
    rotated, seal, sealed = changed(shop.parts, vault=ring), ring.seal, []

    def seal_three(plain: str, context: str) -> str:
        sealed.append(context)
        if len(sealed) > 3:
            raise KeyboardInterrupt
        return seal(plain, context)

    monkeypatch.setattr(ring, "seal", seal_three)
    with pytest.raises(KeyboardInterrupt):
        await reseal(rotated)
    assert await readable(shop, f"{NEW},{OLD}") == 7
    monkeypatch.undo()
    assert (await reseal(rotated)).changed == 4
    assert await readable(shop, NEW) == 7


async def test_a_change_that_began_before_does_not_bring_the_old_seal_back(shop: Shop) -> None:
    """A toggle keeps the credentials as they are sealed now."""
    await seal_some(shop, 0)
    await reseal(changed(shop.parts, vault=SealedVault(f"{NEW},{OLD}")))
    rotated = changed(shop.parts, vault=SealedVault(f"{NEW},{OLD}"))
    await change_plugin(rotated, ACTOR, "brand_default", "provider", "server", PluginChange(enabled=False))
    assert await readable(shop, NEW) == 2


async def test_what_no_key_opens_is_named(shop: Shop) -> None:
    """The rest is sealed anew all the same."""
    await seal_some(shop, 1)
    async with shop.parts.units() as work:
        lost = PluginSetting(brand_id="brand_default", plugin="a", credentials="v1.0.x", updated_at=1)
        await work.plugin_settings.put(lost)
        await work.commit()
    done = await reseal(changed(shop.parts, vault=SealedVault(f"{NEW},{OLD}")))
    assert (done.changed, done.unreadable) == (3, ("plugin_settings brand_default a",))
