"""The composition root: every part made once from the configuration, started and stopped together."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

import structlog
from msgspec import Struct

from paylinks_adapters.clock import SystemClock
from paylinks_adapters.database import Database, open_database
from paylinks_adapters.dns import DnsResolver
from paylinks_adapters.gateways import MerchantAccounts, PluginOptions
from paylinks_adapters.ids import RandomIds
from paylinks_adapters.marketing import OpenedMarketing
from paylinks_adapters.rate_limits import MemoryRateLimiter, RateLimiter, RedisRateLimiter
from paylinks_adapters.tokens import JwtTokens
from paylinks_adapters.vault import SealedVault
from paylinks_core.domains import check_due_domains
from paylinks_core.marketing import forget_told, tell_due
from paylinks_core.parts import Parts
from paylinks_core.reconciler import abandon_expired, reconcile
from paylinks_core.tenants import seed
from paylinks_ports.errors import StorageUnavailable

from .config import Config
from .plugins import Plugins, find_plugins

__all__ = ["House", "build"]

_log = structlog.get_logger()
_PATIENCE = 10.0  # seconds that a start waits for the database before it goes on without it
_ROUND = 1.0  # seconds between two rounds of the reconciler


class House(Struct, frozen=True, kw_only=True):
    """All that one process stands on."""

    config: Config
    plugins: Plugins
    database: Database
    accounts: MerchantAccounts
    marketing: OpenedMarketing
    limiter: RateLimiter
    parts: Parts

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
            await self.marketing.close()
            await self.accounts.close()
            await self.database.stop()

    @asynccontextmanager
    async def reconciling(self) -> AsyncIterator[None]:
        """Settle in the background what was left open."""
        if self.database.dialect == "sqlite":
            # SQLite belongs to one server process, so whoever was asking before is gone: its leases are over.
            async with self.parts.units() as work:
                await work.payments.bring_forward(self.parts.clock.now())
                await work.commit()
        tasks = [
            asyncio.create_task(_reconcile_for_ever(self.parts)),
            asyncio.create_task(_for_ever("marketing", _ROUND, partial(tell_due, self.parts))),
            asyncio.create_task(_for_ever("domains", 10, partial(check_due_domains, self.parts))),
            asyncio.create_task(_for_ever("forget_told", 60, partial(forget_told, self.parts))),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


async def _prepare(house: House) -> None:
    while True:
        try:
            await house.database.migrate()
            await seed(house.parts)
        except StorageUnavailable as error:
            _log.warning("database.away", details=error.details)
            await asyncio.sleep(_ROUND)
        else:
            return


async def _reconcile_for_ever(parts: Parts) -> None:
    while True:
        try:
            await reconcile(parts)
            await abandon_expired(parts)
        except StorageUnavailable:
            _log.warning("reconciler.database_away")
        except Exception:  # noqa: BLE001 - it goes on whatever happens: a charge may be waiting to be found
            _log.exception("reconciler.crashed")
        await asyncio.sleep(_ROUND)


async def _for_ever(name: str, seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    while True:
        try:
            await work()
        except StorageUnavailable:
            _log.warning("background.database_away", round=name)
        except Exception:  # noqa: BLE001 - it goes on whatever happens
            _log.exception("background.crashed", round=name)
        await asyncio.sleep(seconds)


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
        options={
            name: PluginOptions(api_base=one.settings.api_base, timeout_seconds=one.settings.timeout_seconds)
            for name, one in plugins.payment.items()
        },
        vault=vault,
        units=database.units,
        clock=clock,
        base_url=config.base_url,
    )
    integrations = {name: one.integration for name, one in plugins.marketing.items()}
    marketing = OpenedMarketing(
        MerchantAccounts(
            providers=integrations,
            options={
                name: PluginOptions(api_base=one.settings.api_base, timeout_seconds=one.settings.timeout_seconds)
                for name, one in plugins.marketing.items()
            },
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
        integrations=integrations,
        marketing=marketing,
        resolver=DnsResolver(allow_private=config.development),
    )
    return House(
        config=config,
        plugins=plugins,
        database=database,
        accounts=accounts,
        marketing=marketing,
        limiter=limiter,
        parts=parts,
    )
