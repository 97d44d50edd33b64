"""Opens merchant accounts at providers, or their doubles in demo mode, and keeps those opened last."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

import httpx
import msgspec
from msgspec import Struct

from paylinks_ports.credentials import is_complete, with_own_webhook_secrets
from paylinks_ports.errors import VaultError
from paylinks_ports.marketing import MarketingIntegration
from paylinks_ports.providers import NoOptions, PaymentProvider, SimulatedWorld
from paylinks_ports.records.settings import PluginSetting
from paylinks_ports.services import Clock, Vault
from paylinks_ports.storage import CREDENTIALS, Units
from paylinks_ports.webhooks import WebhookRequest

from .accounts import DEMO_WORD, Double, MerchantAccount
from .transports import LiveTransport, SimulatedTransport

__all__ = ["MerchantAccounts", "PluginOptions", "StoredEntries"]

Emit: TypeAlias = Callable[[str, str, WebhookRequest, int], Awaitable[None]]
"""Takes a simulator's webhook: for which brand, of which provider, the request, and after how many milliseconds."""

_CONNECT_SECONDS = 10.0
_MOST_OPEN = 500
# A provider that hangs holds its connections for as long as a call may take; the others need theirs meanwhile.
_LIMITS = httpx.Limits(max_connections=1000, max_keepalive_connections=100)


async def _unheard(brand_id: str, provider: str, request: WebhookRequest, delay: int) -> None:
    """Drop a simulator's webhook, where nothing takes it."""


class PluginOptions(Struct, frozen=True, kw_only=True):
    """What the operator has set for one plugin."""

    api_base: str | None = None
    timeout_seconds: float = 30


class _Entered(Struct, frozen=True, kw_only=True):
    """What a brand has entered for a plugin, as it is stored."""

    credentials: str | None
    options: str | None


class StoredEntries:
    """What one merchant's simulator remembers, in the platform's own storage."""

    def __init__(self, units: Units, space: str) -> None:
        self._units = units
        self._space = space

    async def get(self, key: str) -> str | None:
        """Read one entry."""
        async with self._units.reading() as rows:
            return await rows.simulator_entries.get(self._space, key)

    async def put(self, key: str, value: str, *, was: str | None) -> bool:
        """Write an entry if it still is what it was."""
        async with self._units() as work:
            done = await work.simulator_entries.put(self._space, key, value, was=was)
            await work.commit()
            return done


class MerchantAccounts:
    """Opens accounts, and keeps those opened last."""

    def __init__(  # noqa: PLR0913 - the composition root names them all
        self,
        *,
        providers: Mapping[str, PaymentProvider[Any] | MarketingIntegration[Any]],
        options: Mapping[str, PluginOptions],
        vault: Vault,
        units: Units,
        clock: Clock,
        base_url: str,
    ) -> None:
        self._providers = providers
        self._options = options
        self._vault = vault
        self._units = units
        self._clock = clock
        self._base_url = base_url
        self.emit: Emit = _unheard
        # By brand and plugin, with what each was opened with: something newer pushes the old one out.
        self._opened: OrderedDict[tuple[str, str], tuple[_Entered, MerchantAccount]] = OrderedDict()
        self._pool: httpx.AsyncHTTPTransport | None = None

    async def open(self, brand_id: str, provider: str, setting: PluginSetting | None) -> MerchantAccount:
        """Open a brand's account; without the credentials it needs, its double.

        Raises:
            VaultError: the credentials can't be unsealed.

        """
        entered = _Entered(
            credentials=setting.credentials if setting else None, options=setting.options if setting else None
        )
        key = (brand_id, provider)
        known = self._opened.get(key)
        if known is None or known[0] != entered:
            known = self._opened[key] = (entered, self._open(brand_id, provider, entered))
            if len(self._opened) > _MOST_OPEN:
                # Its client is not closed: a call may be under way, and it holds no connections of its own.
                self._opened.popitem(last=False)
        self._opened.move_to_end(key)
        return known[1]

    def _open(self, brand_id: str, name: str, entered: _Entered) -> MerchantAccount:
        provider = self._providers[name]
        values = self._unsealed(brand_id, name, entered.credentials) if entered.credentials else {}
        credentials = self._complete(name, values)
        double: Double | None = None
        transport: httpx.AsyncBaseTransport
        if credentials is None:
            # A webhook secret may be entered alone, and then proves outside events of demo orders.
            double = Double(simulator=provider.simulator, world=self._world(brand_id, name))
            credentials = with_own_webhook_secrets(provider.simulator.credentials, values)
            transport = SimulatedTransport(provider.simulator, double.world)
        else:
            if self._pool is None:
                self._pool = httpx.AsyncHTTPTransport(retries=0, trust_env=False, limits=_LIMITS)
            transport = LiveTransport(self._pool, self._options.get(name, PluginOptions()).api_base)
        timeout = self._options.get(name, PluginOptions()).timeout_seconds
        # Waiting for the pool, the connection and TLS together must end before the call's own time does: only as their
        # own timeouts they prove that nothing was sent.
        connect = min(_CONNECT_SECONDS, timeout / 4)
        client = httpx.AsyncClient(
            transport=transport,
            timeout=httpx.Timeout(timeout, connect=connect, pool=connect),
            follow_redirects=False,
            trust_env=False,
        )
        if provider.options is NoOptions:
            gateway = provider.gateway(credentials, client)
        else:
            options = msgspec.json.decode(entered.options or "{}", type=provider.options)
            gateway = provider.gateway(credentials, client, options=options)
        return MerchantAccount(name, gateway, client, double=double, timeout=timeout)

    def _world(self, brand_id: str, name: str) -> SimulatedWorld:
        async def emit(request: WebhookRequest, delay: int) -> None:
            await self.emit(brand_id, name, request, delay)

        return SimulatedWorld(
            store=StoredEntries(self._units, f"{name}:{brand_id}"),
            now=self._clock.now,
            base_url=self._base_url,
            emit=emit,
            word=DEMO_WORD.get,
        )

    def _unsealed(self, brand_id: str, name: str, sealed: str) -> dict[str, str]:
        plain = self._vault.open(sealed, CREDENTIALS.context(brand_id, name))
        values = msgspec.json.decode(plain, type=dict[str, str | None])
        return {field: value for field, value in values.items() if value is not None}

    def _complete(self, name: str, values: Mapping[str, str]) -> Struct | None:
        """Read credentials; None where one that the provider needs is still missing."""
        kind = self._providers[name].credentials
        if not is_complete(kind, values):
            return None
        try:
            credentials: Struct = msgspec.convert(values, kind)
        except msgspec.ValidationError:
            message = f"The credentials of {name} do not fit its plugin any more"
            # Without the cause: it may quote them.
            raise VaultError(message) from None
        return credentials

    async def close(self) -> None:
        """Close all clients and connections."""
        opened = [account for _, account in self._opened.values()]
        self._opened.clear()
        for account in opened:
            await account.close()
        if self._pool is not None:
            await self._pool.aclose()
            self._pool = None
