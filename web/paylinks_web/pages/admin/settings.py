"""/admin/settings: which providers and marketing systems a brand uses, with which credentials, and its checkout."""

import re
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from paylinks_core import brands, settings
from paylinks_core.brands import BrandChange
from paylinks_core.credential_checks import CredentialsCheck, check_stored_credentials
from paylinks_core.errors import InvalidInput, NotKnown
from paylinks_core.settings import PluginChange, PluginEntry, PluginKind
from paylinks_ports.errors import PaylinksError

from ...routes.desk import Desk
from .forms import UNTROUBLED, Form, Trouble, read_form, trouble_of
from .visit import Visit, enter, go, shows, takes

__all__ = ["act", "change_checkout", "index", "show"]

_CREDENTIAL = "credentials."
_WHOLE = re.compile(r"[0-9]{1,9}")


@shows("/admin/settings", "settings.read")
async def index(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """List what is installed, and how the brand has set it up."""
    return await _list(desk, await enter(request, desk))


@takes("/admin/settings", "settings.write")
async def change_checkout(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[Any]:
    """Change what holds for all of the brand's checkouts."""
    visit, form = await enter(request, desk), await read_form(request)
    change = BrandChange(
        default_provider=form.optional("defaultProvider"),
        routes_payments=form.text("routesPayments") == "on",
        allowed_currencies=tuple(form.text("allowedCurrencies").upper().replace(",", " ").split()),
    )
    try:
        await brands.change_brand(desk.parts, visit.caller.actor, visit.brand.id, change)
    except PaylinksError as error:
        return await _list(desk, visit, trouble_of(error, form))
    return go("/admin/settings", "saved")


@shows("/admin/settings/{plugin:str}", "settings.read")
async def show(request: Request[Any, Any, Any], plugin: FromPath[str], desk: NamedDependency[Desk]) -> Response[bytes]:
    """Show one plugin: on or off, credentials, options."""
    return await _one(desk, await enter(request, desk), plugin)


@takes("/admin/settings/{plugin:str}", "settings.write")
async def act(request: Request[Any, Any, Any], plugin: FromPath[str], desk: NamedDependency[Desk]) -> Response[Any]:
    """Change a plugin, switch it on or off, forget its credentials, or ask the other side whether they work."""
    visit, form = await enter(request, desk), await read_form(request)
    kind, entry = await _find(desk, visit, plugin)
    here = f"/admin/settings/{entry.id}"
    try:
        match form.text("do"):
            case "switch":
                await _change(desk, visit, kind, entry, PluginChange(enabled=not entry.enabled))
                return go("/admin/settings", "saved")
            case "forget":
                nothing = PluginChange(credentials=dict.fromkeys(entry.credentials))
                await _change(desk, visit, kind, entry, nothing)
                return go(here, "removed")
            case "test":
                told = await check_stored_credentials(desk.parts, visit.brand, kind, entry.id)
                return _render(visit, kind, entry, told=told)
            case "change":
                await _change(desk, visit, kind, entry, _change_of(form, entry))
                return go(here, "saved")
            case _:
                raise InvalidInput("do: is required")
    except PaylinksError as error:
        return _render(visit, kind, entry, trouble_of(error, form))


async def _change(desk: Desk, visit: Visit, kind: PluginKind, entry: PluginEntry, change: PluginChange) -> None:
    await settings.change_plugin(desk.parts, visit.caller.actor, visit.brand.id, kind, entry.id, change)


def _change_of(form: Form, entry: PluginEntry) -> PluginChange:
    """Read a plugin's form; a secret that is left empty stays, because it is never shown to be sent back."""
    credentials: dict[str, str | None] = {}
    for name in entry.credentials:
        given = form.optional(_CREDENTIAL + name)
        if given is not None or not _is_secret(entry, name):
            credentials[name] = given
    priority = form.text("priority") or "0"
    if _WHOLE.fullmatch(priority) is None:
        raise InvalidInput("priority: is not a whole number")
    return PluginChange(
        enabled=form.text("enabled") == "on",
        priority=int(priority),
        credentials=credentials,
        options=_options_of(form, entry),
    )


def _options_of(form: Form, entry: PluginEntry) -> dict[str, Any]:
    """Read the options; one that is no longer in the text takes the plugin's own value again."""
    try:
        given = msgspec.json.decode(form.text("options") or "{}", type=dict[str, Any])
    except msgspec.MsgspecError:
        raise InvalidInput('options: is not a JSON object, such as {"currency": "USD"}') from None
    return dict.fromkeys(entry.options) | given


def _is_secret(entry: PluginEntry, name: str) -> bool:
    return bool(entry.fields["properties"][name].get("writeOnly"))


async def _find(desk: Desk, visit: Visit, plugin: str) -> tuple[PluginKind, PluginEntry]:
    providers, integrations = await settings.list_entries(desk.parts, visit.brand)
    for entry in providers:
        if entry.id == plugin:
            return "provider", entry
    for entry in integrations:
        if entry.id == plugin:
            return "integration", entry
    raise NotKnown("plugin: there is none of this name")


async def _list(desk: Desk, visit: Visit, trouble: Trouble = UNTROUBLED) -> Response[bytes]:
    providers, integrations = await settings.list_entries(desk.parts, visit.brand)
    return visit.render("settings.html", trouble, providers=providers, integrations=integrations, brand=visit.brand)


async def _one(desk: Desk, visit: Visit, plugin: str) -> Response[bytes]:
    kind, entry = await _find(desk, visit, plugin)
    return _render(visit, kind, entry)


def _render(
    visit: Visit,
    kind: PluginKind,
    entry: PluginEntry,
    trouble: Trouble = UNTROUBLED,
    *,
    told: CredentialsCheck | None = None,
) -> Response[bytes]:
    credentials = [
        {
            "name": _CREDENTIAL + name,
            "title": entry.fields["properties"][name].get("title") or name,
            "value": value or "",
            "secret": _is_secret(entry, name),
            "required": name in entry.fields.get("required", ()),
        }
        for name, value in entry.credentials.items()
    ]
    options = msgspec.json.format(msgspec.json.encode(entry.options), indent=2).decode() if entry.options else ""
    return visit.render(
        "plugin.html", trouble, kind=kind, entry=entry, credentials=credentials, options=options, told=told
    )
