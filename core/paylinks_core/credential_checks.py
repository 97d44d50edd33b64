"""Asking a provider or a marketing system whether a brand's credentials work."""

import asyncio

from msgspec import Struct

from paylinks_ports.errors import CredentialsRejected, PaylinksError, ProviderRefused, ProviderUnavailable
from paylinks_ports.marketing import MarketingIntegration, TryLater
from paylinks_ports.payments import Unknown
from paylinks_ports.providers import ChecksCredentials
from paylinks_ports.records.settings import PluginSetting
from paylinks_ports.records.tenants import Brand

from .errors import NotConfigured, ProviderNotConfigured
from .parts import Parts
from .settings import PluginKind, find_announced, is_configured

__all__ = ["CredentialsCheck", "check_stored_credentials"]


class CredentialsCheck(Struct, frozen=True, kw_only=True, rename="camel"):
    """What the other side says of credentials.

    Args:
        id: the plugin's name.
        working: null: it has no way to ask.
        reason: why they don't work, or why it can't be asked.

    """

    id: str
    working: bool | None
    reason: str | None = None


async def check_stored_credentials(parts: Parts, brand: Brand, kind: PluginKind, name: str) -> CredentialsCheck:
    """Ask whether what is stored works, switched on or not; no money moves.

    Raises:
        UnknownProvider, UnknownIntegration: no such plugin is installed.
        ProviderNotConfigured, NotConfigured: there is nothing to ask about.
        ProviderUnavailable: the other side can't be asked now.

    """
    announced = find_announced(parts, kind, name)
    async with parts.units.reading() as rows:
        setting = await rows.plugin_settings.get(brand.id, name)
    if setting is None or not is_configured(parts, announced, setting):
        if isinstance(announced, MarketingIntegration):
            raise NotConfigured(sentence=announced.missing)
        raise ProviderNotConfigured(f"{kind}: {name} has no credentials to ask about")
    try:
        able = await (_ask_provider if kind == "provider" else _ask_integration)(parts, brand, name, setting)
    except CredentialsRejected as error:
        return CredentialsCheck(id=name, working=False, reason=error.message)
    except ProviderRefused as error:
        return CredentialsCheck(id=name, working=False, reason=error.message)
    if not able:
        return CredentialsCheck(id=name, working=None, reason=f"{announced.title} has no way to ask without an order")
    return CredentialsCheck(id=name, working=True)


async def _ask_provider(parts: Parts, brand: Brand, name: str, setting: PluginSetting) -> bool:
    account = await parts.accounts.open(brand.id, name, setting)
    if not isinstance(account.gateway, ChecksCredentials):
        return False
    if isinstance(await account.ask(account.gateway.check_credentials()), Unknown):
        raise ProviderUnavailable("The provider's answer was lost")
    return True


async def _ask_integration(parts: Parts, brand: Brand, name: str, setting: PluginSetting) -> bool:
    if parts.marketing is None:
        return False
    account = await parts.marketing.open(brand.id, name, setting)
    if not isinstance(account.gateway, ChecksCredentials):
        return False
    try:
        async with asyncio.timeout(account.timeout):
            await account.gateway.check_credentials()
    except TryLater as error:
        raise ProviderUnavailable(error.message) from None
    except PaylinksError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing was learned; its words may hold what was sent
        raise ProviderUnavailable("The marketing system could not be reached", details=type(error).__name__) from None
    return True
