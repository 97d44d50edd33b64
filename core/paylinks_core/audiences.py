"""The lists and segments of a brand's marketing systems, and what the brand calls them."""

import asyncio
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports.errors import Conflict, PaylinksError, ProviderUnavailable
from paylinks_ports.marketing import ListsAudiences, MarketingIntegration, MarketingList, TryLater
from paylinks_ports.records.settings import PluginSetting
from paylinks_ports.records.tenants import Brand

from . import audit
from .audit import Actor
from .errors import InvalidInput, NotConfigured, UnknownIntegration
from .parts import Parts
from .settings import find_announced, is_configured

__all__ = ["Audience", "list_audiences", "name_audiences"]

_MOST_NAMES = 1000
_LONGEST_ID, _LONGEST_NAME = 128, 200
_QUICKER = 20


class Audience(Struct, frozen=True, kw_only=True, rename="camel"):
    """A list or segment; `display_name` is the brand's own word for it, or the original one."""

    list_id: str
    original_name: str
    display_name: str


async def list_audiences(parts: Parts, brand: Brand, name: str) -> tuple[tuple[Audience, ...], dict[str, str]]:
    """Fetch all lists, and the brand's own names by their ids.

    Raises:
        UnknownIntegration, NotConfigured: there is no such system, or nothing to ask it with.
        ProviderUnavailable, CredentialsRejected, ProviderRefused, VaultError: it can't be asked now.

    """
    async with parts.units.reading() as rows:
        setting = await rows.plugin_settings.get(brand.id, name)
    integration, setting = _configured(parts, name, setting)
    names = setting.list_names
    return tuple(
        Audience(
            list_id=one.list_id,
            original_name=one.original_name,
            display_name=names.get(one.list_id, one.original_name),
        )
        for one in await _ask(parts, brand, integration, setting)
    ), names


async def name_audiences(parts: Parts, actor: Actor, brand: Brand, name: str, names: Mapping[str, str]) -> int:
    """Give lists other names; an empty one takes the list's own name back. Say how many were changed.

    Raises:
        UnknownIntegration, NotConfigured: as for `list_audiences`.
        InvalidInput: naming the mapping.

    """
    for list_id, text in names.items():
        if not 1 <= len(list_id) <= _LONGEST_ID:
            raise InvalidInput(f"mappings: a list's id has not 1 to {_LONGEST_ID} characters")
        if len(text) > _LONGEST_NAME or not text.isprintable():
            raise InvalidInput(f"mappings.{list_id}: has more than {_LONGEST_NAME} characters, or unprintable ones")
    for _ in range(_QUICKER):
        try:
            async with parts.units() as work:
                was = await work.plugin_settings.get(brand.id, name)
                _, setting = _configured(parts, name, was)
                given = {list_id: text.strip() for list_id, text in names.items()}
                now = {list_id: text for list_id, text in (setting.list_names | given).items() if text}
                if len(now) > _MOST_NAMES:
                    raise InvalidInput(f"mappings: there are more than {_MOST_NAMES} in all")
                changed = [one for one in given if now.get(one) != setting.list_names.get(one)]
                if changed:
                    setting = replace(setting, list_names=now, updated_at=parts.clock.now())
                    await work.plugin_settings.replace(was, setting)
                    await audit.record(parts, work, actor, "lists.named", name, {one: now.get(one) for one in changed})
                    await work.commit()
        except Conflict:
            continue
        return len(changed)
    raise Conflict("These names are changed too often at once")


def _configured(
    parts: Parts, name: str, setting: PluginSetting | None
) -> tuple[MarketingIntegration[Any], PluginSetting]:
    integration = find_announced(parts, "integration", name)
    if not isinstance(integration, MarketingIntegration):
        raise UnknownIntegration(f"integration: {name[:64]!r} is no marketing system")
    if setting is None or not is_configured(parts, integration, setting):
        raise NotConfigured(sentence=integration.missing)
    return integration, setting


async def _ask(
    parts: Parts, brand: Brand, integration: MarketingIntegration[Any], setting: PluginSetting
) -> tuple[MarketingList, ...]:
    account = await parts.marketing.open(brand.id, integration.name, setting) if parts.marketing else None
    if account is None or not isinstance(account.gateway, ListsAudiences):
        return ()
    try:
        async with asyncio.timeout(account.timeout):
            return await account.gateway.lists()
    except TryLater as error:
        raise ProviderUnavailable(error.message) from None
    except PaylinksError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing was learned; its words may hold what was sent
        message = f"{integration.title} could not be reached"
        raise ProviderUnavailable(message, details=type(error).__name__) from None
