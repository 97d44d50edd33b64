"""The composition root: every part made once from the configuration, started and stopped together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx
import structlog
from msgspec import Struct

from paylinks_adapters.clock import SystemClock
from paylinks_adapters.database import Database, open_database
from paylinks_adapters.dns import DnsResolver
from paylinks_adapters.gateways import MerchantAccounts, PluginOptions
from paylinks_adapters.ids import RandomIds
from paylinks_adapters.mail import LocalOutbox, SmtpMailer
from paylinks_adapters.marketing import OpenedMarketing
from paylinks_adapters.oauth import FacebookSignIn, GoogleSignIn
from paylinks_adapters.passwords import ArgonPasswords
from paylinks_adapters.rate_limits import MemoryRateLimiter, RateLimiter, RedisRateLimiter
from paylinks_adapters.sender import HttpSender
from paylinks_adapters.throttles import CountingThrottle
from paylinks_adapters.tokens import JwtTokens
from paylinks_adapters.totp import TotpCodes
from paylinks_adapters.vault import SealedVault
from paylinks_core.entrance import Entrance
from paylinks_core.inbox import receive_simulated
from paylinks_core.owners import seed_owner
from paylinks_core.parts import Parts
from paylinks_core.tenants import seed
from paylinks_ports.errors import StorageUnavailable
from paylinks_ports.records.people import SignInProviderName
from paylinks_ports.sign_in import Mailer, SignInProvider
from paylinks_ports.webhooks import WebhookRequest

from .config import Config
from .plugins import Installed, InstalledIntegration, Plugins, find_plugins

__all__ = ["House", "build"]

_log = structlog.get_logger()
_PATIENCE = 10.0  # seconds that a start waits for the database before it goes on without it
_ROUND = 1.0  # seconds between two looks for a database that is away


class House(Struct, frozen=True, kw_only=True):
    """All that one process stands on."""

    config: Config
    plugins: Plugins
    database: Database
    accounts: MerchantAccounts
    marketing: OpenedMarketing
    limiter: RateLimiter
    sender: HttpSender
    parts: Parts
    entrance: Entrance
    passwords: ArgonPasswords
    http: httpx.AsyncClient | None

    @asynccontextmanager
    async def open(self) -> AsyncIterator["House"]:
        """Start the parts, in development on the newest schema and with a default brand; stop them at the end.

        A database that is away is no reason not to start: calls answer 503 until it is back.
        """
        await self.database.start()
        preparing = asyncio.create_task(_prepare(self)) if self.config.development else None
        try:
            if preparing is not None:
                await asyncio.wait([preparing], timeout=_PATIENCE)
                if preparing.done():
                    preparing.result()
            yield self
        finally:
            if preparing is not None:
                preparing.cancel()
            await self.limiter.close()
            await self.sender.close()
            if self.http is not None:
                await self.http.aclose()
            self.passwords.close()
            await self.marketing.close()
            await self.accounts.close()
            await self.database.stop()


async def _prepare(house: House) -> None:
    while True:
        try:
            await house.database.migrate()
            await seed(house.parts)
            await seed_owner(house.entrance, house.config.admin_password)
        except StorageUnavailable as error:
            _log.warning("database.away", details=error.details)
            await asyncio.sleep(_ROUND)
        else:
            return


def build(config: Config) -> House:
    """Choose the real part for every port; nothing is opened yet.

    Raises:
        ConfigError: a plugin or its settings are wrong.

    """
    plugins = find_plugins(config.plugins_file)
    providers = {name: one.provider for name, one in plugins.payment.items()}
    database = open_database(config.database_url)
    clock = SystemClock()
    vault = SealedVault(config.secret_keys)
    accounts = MerchantAccounts(
        providers=providers,
        options={name: _options_of(one) for name, one in plugins.payment.items()},
        vault=vault,
        units=database.units,
        clock=clock,
        base_url=config.base_url,
    )
    integrations = {name: one.integration for name, one in plugins.marketing.items()}
    marketing = OpenedMarketing(
        MerchantAccounts(
            providers=integrations,
            options={name: _options_of(one) for name, one in plugins.marketing.items()},
            vault=vault,
            units=database.units,
            clock=clock,
            base_url=config.base_url,
        )
    )
    limiter = RedisRateLimiter(config.redis_url) if config.redis_url else MemoryRateLimiter()
    parts = Parts(
        units=database.units,
        clock=clock,
        ids=RandomIds(),
        tokens=JwtTokens(),
        vault=vault,
        accounts=accounts,
        providers=providers,
        token_secret=config.token_secret,
        base_url=config.base_url,
        demo_everywhere=config.demo_everywhere,
        raw_cards=frozenset(name for name, one in plugins.payment.items() if one.settings.raw_cards),
        webhook_secret=config.webhook_secret,
        integrations=integrations,
        marketing=marketing,
        resolver=DnsResolver(allow_private=config.development),
    )

    async def hear(brand_id: str, provider: str, request: WebhookRequest, delay: int) -> None:
        await receive_simulated(parts, brand_id, provider, request, delay)

    accounts.emit = hear
    passwords = ArgonPasswords()
    # Reading which certificates are trusted is a good part of a start.
    outside = config.google or config.facebook
    http = httpx.AsyncClient(timeout=10, follow_redirects=False, trust_env=False) if outside else None
    entrance = Entrance(
        parts=parts,
        passwords=passwords,
        one_time_codes=TotpCodes(),
        throttle=CountingThrottle(limiter, clock),
        mailer=_mailer(config, database),
        sign_in_providers=_sign_in_providers(config, http, clock) if http else {},
        registration_open=config.registration_open,
        wrong_passwords=config.rate_limit_login,
    )
    return House(
        config=config,
        plugins=plugins,
        database=database,
        accounts=accounts,
        marketing=marketing,
        limiter=limiter,
        sender=HttpSender(allow_private=config.allow_private_webhooks),
        parts=parts,
        entrance=entrance,
        passwords=passwords,
        http=http,
    )


def _mailer(config: Config, database: Database) -> Mailer:
    if config.smtp_url is None:
        return LocalOutbox(database.units)
    return SmtpMailer(config.smtp_url, urlsplit(config.base_url).hostname or "localhost")


def _sign_in_providers(
    config: Config, http: httpx.AsyncClient, clock: SystemClock
) -> dict[SignInProviderName, SignInProvider]:
    providers: dict[SignInProviderName, SignInProvider] = {}
    if config.google:
        providers["google"] = GoogleSignIn(*config.google, http, clock)
    if config.facebook:
        providers["facebook"] = FacebookSignIn(*config.facebook, http)
    return providers


def _options_of(plugin: Installed | InstalledIntegration) -> PluginOptions:
    settings = plugin.settings
    own = plugin.provider.timeout_seconds if isinstance(plugin, Installed) else PluginOptions().timeout_seconds
    return PluginOptions(api_base=settings.api_base, timeout_seconds=settings.timeout_seconds or own)
