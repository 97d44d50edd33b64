"""Opens merchant accounts at providers, or their doubles in demo mode; gives every accident of a call its meaning."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Coroutine, Mapping
from typing import Any, TypeVar

import httpx
import msgspec
from msgspec import Struct

from paylinks_ports.errors import CredentialsRejected, ProviderRefused, ProviderUnavailable, VaultError
from paylinks_ports.payments import Unknown
from paylinks_ports.providers import PaymentProvider, SimulatedWorld
from paylinks_ports.records.settings import PluginSetting
from paylinks_ports.services import Clock, Vault
from paylinks_ports.storage import Units

from .logs import get_logger
from .transports import SENT, LiveTransport, Sent, SimulatedTransport

__all__ = ["MerchantAccount", "MerchantAccounts", "PluginOptions", "StoredEntries"]

R = TypeVar("R")
_log = get_logger()
_CONNECT_SECONDS = 10.0
_LEASE_MARGIN = 10_000
_MOST_OPEN = 500
# A provider that hangs holds its connections for as long as a call may take; the others need theirs meanwhile.
_LIMITS = httpx.Limits(max_connections=1000, max_keepalive_connections=100)


class PluginOptions(Struct, frozen=True, kw_only=True):
    """What the operator has set for one plugin."""

    api_base: str | None = None
    timeout_seconds: float = 30


class MerchantAccount:
    """One opened account; see the port."""

    def __init__(
        self,
        provider: str,
        gateway: Any,  # noqa: ANN401 - its powers
        client: httpx.AsyncClient,
        *,
        demo: bool,
        timeout: float,
    ) -> None:
        self.provider = provider
        self.gateway = gateway
        self.demo = demo
        self.lease = int(timeout * 1000) + _LEASE_MARGIN
        self._client = client
        self._timeout = timeout

    async def ask(self, call: Awaitable[R]) -> R | Unknown:
        """Await one call of the gateway.

        The conformance kit has the same rule (`paylinks_ports.testing.ask`); a test in tests/contract holds them
        together.

        Args:
            call: a coroutine. Of a task that runs already it can't be known what it has sent, so its failures are all
                in doubt.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing happened at the provider.

        """
        sent = Sent()
        if not isinstance(call, Coroutine):
            sent.unsafe = 1
        token = SENT.set(sent)
        try:
            async with asyncio.timeout(self._timeout):
                return await call
        except (ProviderUnavailable, CredentialsRejected, ProviderRefused):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it has one of two meanings
            kind = type(error).__name__
            # Neither its words nor its traceback: both may hold what was sent.
            _log.warning(
                "provider.call_failed",
                provider=self.provider,
                error=kind,
                where=_place(error),
                unsafe_requests=sent.unsafe,
            )
            if sent.unsafe:
                return Unknown(message=f"The provider's answer was lost ({kind})")
            raise ProviderUnavailable("The provider could not be reached", details=kind) from None
        finally:
            SENT.reset(token)

    async def close(self) -> None:
        """Close its client; the connections are the pool's."""
        await self._client.aclose()


def _place(error: Exception) -> str:
    """Name the line that raised an error, so that a plugin's bug can be found without its words."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else ""


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
        providers: Mapping[str, PaymentProvider[Any]],
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
        # By brand and plugin, with the sealed credentials each was opened with: newer ones push the old ones out.
        self._opened: OrderedDict[tuple[str, str], tuple[str | None, MerchantAccount]] = OrderedDict()
        self._pool: httpx.AsyncHTTPTransport | None = None

    async def open(self, brand_id: str, provider: str, setting: PluginSetting | None) -> MerchantAccount:
        """Open a brand's account; without credentials, its double.

        Raises:
            VaultError: the credentials can't be unsealed.

        """
        sealed = setting.credentials if setting else None
        key = (brand_id, provider)
        known = self._opened.get(key)
        if known is None or known[0] != sealed:
            known = self._opened[key] = (sealed, self._open(brand_id, provider, sealed))
            if len(self._opened) > _MOST_OPEN:
                # Its client is not closed: a call may be under way, and it holds no connections of its own.
                self._opened.popitem(last=False)
        self._opened.move_to_end(key)
        return known[1]

    def _open(self, brand_id: str, name: str, sealed: str | None) -> MerchantAccount:
        provider = self._providers[name]
        options = self._options.get(name, PluginOptions())
        transport: httpx.AsyncBaseTransport
        credentials: Struct
        if sealed is None:
            credentials = provider.simulator.credentials
            entries = StoredEntries(self._units, f"{name}:{brand_id}")
            world = SimulatedWorld(store=entries, now=self._clock.now, base_url=self._base_url)
            transport = SimulatedTransport(provider.simulator, world)
        else:
            credentials = self._unsealed(brand_id, name, sealed)
            if self._pool is None:
                self._pool = httpx.AsyncHTTPTransport(retries=0, trust_env=False, limits=_LIMITS)
            transport = LiveTransport(self._pool, options.api_base)
        # Waiting for the pool, the connection and TLS together must end before the call's own time does: only as their
        # own timeouts they prove that nothing was sent.
        connect = min(_CONNECT_SECONDS, options.timeout_seconds / 4)
        client = httpx.AsyncClient(
            transport=transport,
            timeout=httpx.Timeout(options.timeout_seconds, connect=connect, pool=connect),
            follow_redirects=False,
            trust_env=False,
        )
        gateway = provider.gateway(credentials, client)
        return MerchantAccount(name, gateway, client, demo=sealed is None, timeout=options.timeout_seconds)

    def _unsealed(self, brand_id: str, name: str, sealed: str) -> Struct:
        plain = self._vault.open(sealed, f"credentials:{brand_id}:{name}")
        try:
            credentials: Struct = msgspec.json.decode(plain, type=self._providers[name].credentials)
        except msgspec.DecodeError:
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
