"""What a brand chooses for its plugins: on or off, credentials, options; sealed, checked, and shown masked.

Nothing here is kept in memory: every call reads what is stored, so a change counts from the next one on, in every
process.
"""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from paylinks_ports.credentials import is_complete
from paylinks_ports.errors import Conflict, VaultError
from paylinks_ports.marketing import MarketingIntegration
from paylinks_ports.providers import PaymentProvider
from paylinks_ports.records.settings import PluginSetting
from paylinks_ports.records.tenants import Brand
from paylinks_ports.storage import CREDENTIALS

from . import audit
from .audit import Actor
from .errors import InvalidInput, NotKnown, UnknownIntegration, UnknownProvider
from .forms import Form, check_credentials, check_options, form_of, masked
from .parts import Parts

__all__ = [
    "Announced",
    "PluginChange",
    "PluginEntry",
    "PluginKind",
    "change_plugin",
    "entry_of",
    "find_announced",
    "is_configured",
    "list_entries",
    "set_credentials",
    "stored_credentials",
]

Announced: TypeAlias = PaymentProvider[Any] | MarketingIntegration[Any]
PluginKind: TypeAlias = Literal["provider", "integration"]

_QUICKER = 20  # how often a writer may be overtaken before something is wrong
_MOST_LISTS = 50
_LONGEST_LIST_ID = 128
_MOST_PRIORITY = 1_000_000


class PluginEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """One plugin as a brand has set it up.

    Args:
        configured: all that it needs has been entered.
        demo: without that it runs in demo mode.
        priority: providers are offered in rising order.
        credentials: by field; secret ones are masked for ever, missing ones null.
        options: what was chosen besides; of a marketing system also `listIds`.
        fields: the form of the credentials, a JSON Schema.
        option_fields: the form of the options, likewise.
        attention: what a person must do about it, or null.

    """

    id: str
    title: str
    enabled: bool
    configured: bool
    demo: bool
    priority: int
    credentials: dict[str, str | None]
    options: dict[str, Any]
    fields: Form
    option_fields: Form
    attention: str | None


class PluginChange(Struct, frozen=True, kw_only=True):
    """What is to change; what is unset stays.

    Args:
        credentials: by field; None clears one, and what is not named stays as it was entered before.
        options: likewise; None brings back the plugin's own.

    """

    enabled: bool | UnsetType = UNSET
    priority: int | UnsetType = UNSET
    credentials: Mapping[str, str | None] | UnsetType = UNSET
    options: Mapping[str, Any] | UnsetType = UNSET


def find_announced(parts: Parts, kind: PluginKind, name: str) -> Announced:
    """Find a plugin.

    Raises:
        UnknownProvider, UnknownIntegration: none such is installed.

    """
    found: Announced | None
    if kind == "provider":
        found = parts.providers.get(name)
        if found is None:
            raise UnknownProvider(f"provider: {name[:64]!r} is not installed")
        return found
    found = parts.integrations.get(name)
    if found is None:
        raise UnknownIntegration(f"integration: {name[:64]!r} is not installed")
    return found


def stored_credentials(parts: Parts, setting: PluginSetting | None) -> dict[str, str]:
    """Open what a brand has entered, by the fields' names on the wire.

    Raises:
        VaultError: it can't be opened.

    """
    if setting is None or setting.credentials is None:
        return {}
    plain = parts.vault.open(setting.credentials, CREDENTIALS.context(setting.brand_id, setting.plugin))
    values = msgspec.json.decode(plain, type=dict[str, str | None])
    return {name: value for name, value in values.items() if value is not None}


def is_configured(parts: Parts, announced: Announced, setting: PluginSetting | None) -> bool:
    """Say whether all that a plugin needs has been entered, and can be opened."""
    try:
        return is_complete(announced.credentials, stored_credentials(parts, setting))
    except VaultError:
        return False


async def list_entries(parts: Parts, brand: Brand) -> tuple[tuple[PluginEntry, ...], tuple[PluginEntry, ...]]:
    """List the payment providers, in the order they are offered, and the marketing systems."""
    async with parts.units.reading() as rows:
        settings = {one.plugin: one for one in await rows.plugin_settings.of_brand(brand.id)}
        now = parts.clock.now()
        waiting = {
            one.integration: one.reason
            for one in await rows.marketing_notices.pauses(brand.id)
            if one.until > now and not one.demo
        }
    providers = [entry_of(parts, brand, one, settings.get(name)) for name, one in sorted(parts.providers.items())]
    integrations = [
        entry_of(parts, brand, one, settings.get(name), waiting.get(name))
        for name, one in sorted(parts.integrations.items())
    ]
    return tuple(sorted(providers, key=lambda entry: entry.priority)), tuple(integrations)


def entry_of(
    parts: Parts, brand: Brand, announced: Announced, setting: PluginSetting | None, attention: str | None = None
) -> PluginEntry:
    """Show one plugin as a brand has set it up."""
    try:
        values = stored_credentials(parts, setting)
    except VaultError:
        values, attention = {}, "The stored credentials can't be opened with the present keys; please enter them again"
    configured = is_complete(announced.credentials, values)
    options: dict[str, Any] = msgspec.json.decode(setting.options) if setting and setting.options else {}
    option_fields = form_of(announced.options)
    if isinstance(announced, MarketingIntegration):
        options["listIds"] = setting.list_ids if setting else ()
        option_fields["properties"]["listIds"] = {"type": "array", "items": {"type": "string"}, "title": "Lists"}
    demo = isinstance(announced, PaymentProvider) and not configured and (parts.demo_everywhere or brand.test)
    return PluginEntry(
        id=announced.name,
        title=announced.title,
        enabled=setting.enabled if setting else True,
        configured=configured,
        demo=demo,
        priority=setting.priority if setting else 0,
        credentials=masked(announced.credentials, values),
        options=options,
        fields=form_of(announced.credentials),
        option_fields=option_fields,
        attention=attention,
    )


async def change_plugin(  # noqa: PLR0913, PLR0917 - who, whose, which plugin, and how
    parts: Parts, actor: Actor, brand_id: str, kind: PluginKind, name: str, change: PluginChange
) -> PluginEntry:
    """Change what a brand has chosen for a plugin, as the present call says and no more.

    Raises:
        UnknownProvider, UnknownIntegration: no such plugin is installed.
        NotKnown: there is no such brand.
        InvalidInput: naming the field, never its value; nothing was changed.
        Conflict: others change it all the time.

    """
    announced = find_announced(parts, kind, name)
    for _ in range(_QUICKER):
        try:
            async with parts.units() as work:
                brand = await work.brands.get(brand_id)
                if brand is None:
                    raise NotKnown(f"brand: there is no {brand_id}")
                was = await work.plugin_settings.get(brand_id, name)
                now = was or PluginSetting(brand_id=brand_id, plugin=name, updated_at=0)
                now, told = _changed(parts, announced, now, change)
                now = await work.plugin_settings.replace(was, replace(now, updated_at=parts.clock.now()))
                await work.marketing_notices.lift(brand_id, name)
                await audit.record(parts, work, actor, f"{kind}.changed", name, told)
                await work.commit()
        except Conflict:
            continue
        return entry_of(parts, brand, announced, now)
    raise Conflict("This plugin's settings are changed too often at once")


async def set_credentials(parts: Parts, brand_id: str, plugin: str, values: Mapping[str, str | None]) -> PluginEntry:
    """Enter a brand's credentials for a plugin of either kind, as the operator who has a shell.

    Raises:
        NotKnown, UnknownProvider, InvalidInput, Conflict: as for `change_plugin`.

    """
    async with parts.units.reading() as rows:
        brand = await rows.brands.get(brand_id)
    if brand is None:
        raise NotKnown(f"brand: there is no {brand_id}")
    kind: PluginKind = "integration" if plugin in parts.integrations else "provider"
    actor = Actor(organization_id=brand.organization_id, brand_id=brand.id, id="operator", kind="operator")
    return await change_plugin(parts, actor, brand_id, kind, plugin, PluginChange(credentials=values))


def _changed(
    parts: Parts, announced: Announced, now: PluginSetting, change: PluginChange
) -> tuple[PluginSetting, dict[str, str | int | bool | None]]:
    """Apply a change, and tell it for the audit log: of credentials no more than which were given."""
    told: dict[str, str | int | bool | None] = {}
    if change.enabled is not UNSET:
        told |= {"enabled": change.enabled, "enabled.was": now.enabled}
        now = replace(now, enabled=change.enabled)
    if change.priority is not UNSET:
        if not 0 <= change.priority <= _MOST_PRIORITY:
            raise InvalidInput(f"priority: is not a whole number from 0 to {_MOST_PRIORITY}")
        told |= {"priority": change.priority, "priority.was": now.priority}
        now = replace(now, priority=change.priority)
    if change.credentials is not UNSET:
        told |= {
            f"credentials.{field}": "cleared" if value is None else "entered"
            for field, value in change.credentials.items()
        }
        now = replace(now, credentials=_sealed(parts, announced, now, change.credentials))
    if change.options is not UNSET:
        told["options"] = ", ".join(sorted(change.options))
        now = _with_options(announced, now, change.options)
    return now, told


def _sealed(parts: Parts, announced: Announced, now: PluginSetting, given: Mapping[str, str | None]) -> str | None:
    """Lay what is given over what was entered before, check it, and seal it."""
    try:
        before = stored_credentials(parts, now)
    except VaultError:
        before = {}  # nobody can read them any more, so entering them again is the only way out
    values = {field: value for field, value in {**before, **given}.items() if value is not None}
    check_credentials(announced.name, announced.credentials, given, values)
    if not values:
        return None
    context = CREDENTIALS.context(now.brand_id, now.plugin)
    return parts.vault.seal(msgspec.json.encode(values).decode(), context)


def _with_options(announced: Announced, now: PluginSetting, given: Mapping[str, Any]) -> PluginSetting:
    given = dict(given)
    if isinstance(announced, MarketingIntegration) and "listIds" in given:
        now = replace(now, list_ids=_list_ids(given.pop("listIds")))
    before: dict[str, Any] = msgspec.json.decode(now.options) if now.options else {}
    options = check_options(announced.name, announced.options, before, given)
    return replace(now, options=msgspec.json.encode(options).decode() if options else None)


def _list_ids(given: object) -> tuple[str, ...]:
    try:
        ids = msgspec.convert(given or (), tuple[str, ...])
    except msgspec.ValidationError:
        raise InvalidInput("options.listIds: is not a list of texts") from None
    if len(ids) > _MOST_LISTS or any(not 1 <= len(one) <= _LONGEST_LIST_ID for one in ids):
        raise InvalidInput(f"options.listIds: has more than {_MOST_LISTS}, or one that is no list's id")
    return tuple(dict.fromkeys(ids))
