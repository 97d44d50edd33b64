"""Which provider a checkout is paid with: known, allowed, switched on, and able to; and its merchant account opened."""

from paylinks_ports.records.checkouts import Claims
from paylinks_ports.records.payments import Payment
from paylinks_ports.records.tenants import Brand
from paylinks_ports.services import Account
from paylinks_ports.storage import Reading

from .errors import ProviderDisabled, ProviderNotAllowed, ProviderNotConfigured, UnknownProvider
from .parts import Parts

__all__ = ["account_of", "open_account"]


async def open_account(parts: Parts, rows: Reading, brand: Brand, provider: str, claims: Claims) -> Account:
    """Open the account a checkout is to be paid through.

    Raises:
        UnknownProvider, ProviderNotAllowed, ProviderDisabled, ProviderNotConfigured: it can't be.

    """
    if provider not in parts.providers:
        raise UnknownProvider(f"provider: {provider[:64]!r} is not installed")
    if claims.providers and provider not in claims.providers:
        raise ProviderNotAllowed(f"provider: this checkout allows {', '.join(claims.providers)}")
    setting = await rows.plugin_settings.get(brand.id, provider)
    if setting is not None and not setting.enabled:
        raise ProviderDisabled(f"provider: {provider} is switched off")
    account = await parts.accounts.open(brand.id, provider, setting)
    if account.demo and not (parts.demo_everywhere or brand.test):
        raise ProviderNotConfigured(f"provider: {provider} has no credentials, and the brand is no test brand")
    return account


async def account_of(parts: Parts, rows: Reading, payment: Payment) -> Account:
    """Open the account that a payment was made through, switched off or not: what is open there must be settled.

    Raises:
        ProviderNotConfigured: its credentials have been taken away.
        UnknownProvider: its plugin has.

    """
    if payment.provider not in parts.providers:
        raise UnknownProvider(f"provider: {payment.provider} is not installed any more")
    setting = None if payment.demo else await rows.plugin_settings.get(payment.brand_id, payment.provider)
    account = await parts.accounts.open(payment.brand_id, payment.provider, setting)
    if account.demo != payment.demo:
        raise ProviderNotConfigured(f"provider: {payment.provider} has no credentials any more")
    return account
