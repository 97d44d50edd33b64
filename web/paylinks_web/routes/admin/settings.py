"""/api/admin/settings: what a brand has chosen for its plugins and its checkout."""

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType

from paylinks_core import brands, settings
from paylinks_core.credential_checks import CredentialsCheck, check_stored_credentials
from paylinks_core.errors import InvalidInput
from paylinks_core.settings import PluginChange, PluginEntry, PluginKind
from paylinks_ports.records.tenants import Brand

from ...answers import Success
from ...guards import signed_in
from ..desk import Desk
from .callers import admitted

__all__ = ["change", "index", "test"]

Name = Annotated[str, Meta(min_length=1, max_length=64)]


class CheckoutSettings(Struct, frozen=True, kw_only=True, rename="camel"):
    """What holds for all of a brand's checkouts.

    Args:
        default_provider: chosen where a checkout names none.
        routes_payments: after a proven failure the next provider may be tried.
        allowed_currencies: those that orders may have; none named: all.

    """

    default_provider: str | None
    routes_payments: bool
    allowed_currencies: tuple[str, ...]


class Settings(Struct, frozen=True, kw_only=True, rename="camel"):
    """All that a brand has set up."""

    brand_id: str
    providers: tuple[PluginEntry, ...]
    integrations: tuple[PluginEntry, ...]
    checkout: CheckoutSettings


class SettingsAnswer(Success, frozen=True, kw_only=True):
    """All that a brand has set up."""

    data: Settings


class CheckoutSettingsBody(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What to change of it; what is left out stays."""

    default_provider: Name | UnsetType | None = UNSET
    routes_payments: bool | UnsetType = UNSET
    allowed_currencies: tuple[str, ...] | UnsetType = UNSET


class SettingsBody(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What to change of one plugin, or of the checkout; what is left out stays, and null clears a credential."""

    provider: Name | UnsetType = UNSET
    integration: Name | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    priority: int | UnsetType = UNSET
    credentials: dict[str, str | None] | UnsetType = UNSET
    options: dict[str, Any] | UnsetType = UNSET
    checkout: CheckoutSettingsBody | UnsetType = UNSET


class CheckoutEntry(Struct, frozen=True, kw_only=True, rename="camel"):
    """The checkout's settings as they are now."""

    checkout: CheckoutSettings


class PluginEntryAnswer(Success, frozen=True, kw_only=True):
    """The plugin that was changed, as it is now."""

    data: PluginEntry


class CheckoutEntryAnswer(Success, frozen=True, kw_only=True):
    """The checkout's settings that were changed, as they are now."""

    data: CheckoutEntry


class PluginBody(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Which plugin."""

    provider: Name | UnsetType = UNSET
    integration: Name | UnsetType = UNSET


class CredentialsCheckAnswer(Success, frozen=True, kw_only=True):
    """What the other side says of the credentials."""

    data: CredentialsCheck


@get("/api/admin/settings", tags=["Settings"], access="session", permission="settings.read", guards=[signed_in])
async def index(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> SettingsAnswer:
    """Show what a brand has chosen for each installed plugin; secrets are masked."""
    brand, _ = await admitted(request, desk)
    providers, integrations = await settings.list_entries(desk.parts, brand)
    shown = Settings(brand_id=brand.id, providers=providers, integrations=integrations, checkout=_checkout(brand))
    return SettingsAnswer(data=shown)


@post(
    "/api/admin/settings",
    status_code=200,
    tags=["Settings"],
    access="session",
    permission="settings.write",
    guards=[signed_in],
)
async def change(
    request: Request[Any, Any, Any], data: JSONBody[SettingsBody], desk: NamedDependency[Desk]
) -> PluginEntryAnswer | CheckoutEntryAnswer:
    """Change what a brand has chosen for one plugin or its checkout; it counts from the next request on."""
    brand, actor = await admitted(request, desk)
    if data.checkout is not UNSET:
        _refuse_others(data)
        wanted = brands.BrandChange(
            default_provider=data.checkout.default_provider,
            routes_payments=data.checkout.routes_payments,
            allowed_currencies=data.checkout.allowed_currencies,
        )
        brand = await brands.change_brand(desk.parts, actor, brand.id, wanted)
        return CheckoutEntryAnswer(data=CheckoutEntry(checkout=_checkout(brand)))
    kind, name = _named(data)
    given = PluginChange(
        enabled=data.enabled, priority=data.priority, credentials=data.credentials, options=data.options
    )
    return PluginEntryAnswer(data=await settings.change_plugin(desk.parts, actor, brand.id, kind, name, given))


@post(
    "/api/admin/settings/test",
    status_code=200,
    tags=["Settings"],
    access="session",
    permission="settings.write",
    guards=[signed_in],
)
async def test(
    request: Request[Any, Any, Any], data: JSONBody[PluginBody], desk: NamedDependency[Desk]
) -> CredentialsCheckAnswer:
    """Ask a provider or a marketing system whether the credentials work; no money moves."""
    brand, _ = await admitted(request, desk)
    kind, name = _named(data)
    return CredentialsCheckAnswer(data=await check_stored_credentials(desk.parts, brand, kind, name))


def _named(data: SettingsBody | PluginBody) -> tuple[PluginKind, str]:
    match data.provider, data.integration:
        case str() as name, UnsetType():
            return "provider", name
        case UnsetType(), str() as name:
            return "integration", name
    raise InvalidInput("provider: either it or integration is required")


def _refuse_others(data: SettingsBody) -> None:
    """Refuse what would be lost beside `checkout`."""
    for name in ("provider", "integration", "enabled", "priority", "credentials", "options"):
        if getattr(data, name) is not UNSET:
            raise InvalidInput(f"{name}: can't be changed together with checkout")


def _checkout(brand: Brand) -> CheckoutSettings:
    return CheckoutSettings(
        default_provider=brand.default_provider,
        routes_payments=brand.routes_payments,
        allowed_currencies=brand.allowed_currencies,
    )
