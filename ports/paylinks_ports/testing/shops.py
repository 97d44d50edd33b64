"""The kit's merchant: calls one power at a time, as the platform would, and watches what is told."""

import base64
import hashlib
from collections.abc import Awaitable, Callable, Coroutine
from types import TracebackType
from typing import Any, Generic, TypeVar

import httpx
from msgspec import Struct

from ..calls import NEVER_SENT
from ..credentials import secret_fields
from ..errors import CredentialsRejected, PaylinksError, ProviderRefused, ProviderUnavailable
from ..payments import SavedMethod, Unknown
from ..providers import SimulatedWorld, Simulator
from .faults import CARD_NUMBER, EMAIL, Fault
from .leaks import Watch
from .merchants import Merchant, SimulatedNetwork

__all__ = ["Network", "Shop", "ask"]

R = TypeVar("R")
C = TypeVar("C", bound=Struct)
_READS = frozenset({"GET", "HEAD"})


class Network(SimulatedNetwork):
    """Remembers what one call sent, counts as the platform counts, and lets one fault happen.

    Args:
        only_reads: says of a request whether it changes nothing, whatever its method.

    """

    def __init__(
        self, simulator: Simulator[Any], world: SimulatedWorld, only_reads: Callable[[httpx.Request], bool]
    ) -> None:
        super().__init__(simulator, world)
        self._only_reads = only_reads
        self.writes: list[httpx.Request] = []
        self.unsafe = 0
        self.fault: tuple[Fault, int] | None = None

    def forget(self) -> None:
        """Begin a new call."""
        self.sent, self.writes, self.unsafe = [], [], 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request, and count it as the platform counts."""
        await request.aread()
        self.sent.append(request)
        if not self._only_reads(request):
            self.writes.append(request)
        unsafe = request.method not in _READS
        self.unsafe += unsafe
        try:
            if self.fault is not None and self.fault[1] == len(self.sent) - 1:
                return await self.fault[0].act(request, self.answer)
            return await self.answer(request)
        except NEVER_SENT:
            self.unsafe -= unsafe
            raise


async def ask(network: Network, call: Awaitable[R]) -> R | Unknown:
    """Await one call of a gateway and give its accidents the meaning that the platform gives them.

    The rule is that of `MerchantAccount.ask` in the platform's `gateways.py`; a test of the platform holds the two
    together.

    Raises:
        ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing happened at the provider.

    """
    network.forget()
    if not isinstance(call, Coroutine):
        network.unsafe = 1
    try:
        return await call
    except (ProviderUnavailable, CredentialsRejected, ProviderRefused):
        raise
    except Exception as error:
        if network.unsafe:
            return Unknown(message=f"The provider's answer was lost ({type(error).__name__})")
        raise ProviderUnavailable("The provider could not be reached", details=type(error).__name__) from error


class Shop(Merchant, Generic[C]):
    """One merchant at one provider's simulator."""

    def __init__(
        self,
        simulator: Simulator[C],
        credentials: C,
        open_gateway: Callable[[C, httpx.AsyncClient], object],
        *,
        watch: Watch,
        only_reads: Callable[[httpx.Request], bool],
    ) -> None:
        super().__init__(simulator)
        self.called: set[str] = set()
        self.crash: Exception | None = None
        self.saved: SavedMethod | None = None
        self.watch = watch
        self.credentials = credentials
        self.network: Network = Network(simulator, self.world, only_reads)
        self.client = httpx.AsyncClient(transport=self.network, follow_redirects=False, trust_env=False)
        self.gateway: Any = open_gateway(credentials, self.client)  # Any: a gateway is its powers
        self._open_gateway = open_gateway
        self._made = 0
        watch.forbid("a card number", CARD_NUMBER)
        watch.forbid("an e-mail address", EMAIL)
        for field in secret_fields(type(credentials)):
            if secret := getattr(credentials, field):
                watch.forbid(f"the secret {field}", secret)

    async def __aenter__(self) -> "Shop[C]":
        """Open it."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close its client."""
        await self.aclose()

    def id(self, prefix: str) -> str:
        """Make an id of the platform's own form: ``att_`` and 29 digits of base 32."""
        self._made += 1
        raw = hashlib.sha256(f"{prefix}{self._made}".encode()).digest()[:18]
        return f"{prefix}_{base64.b32hexencode(raw).decode().rstrip('=').lower()}"

    def another(self, credentials: C) -> Any:  # noqa: ANN401 - a gateway is its powers
        """Open another account's gateway on the same network."""
        return self._open_gateway(credentials, self.client)

    def fail_at(self, fault: Fault | None, index: int = 0) -> None:
        """Let an accident happen to the request of that number in each call that follows; None: to none."""
        self.network.fault = None if fault is None else (fault, index)

    async def ask(self, power: str, *arguments: object, gateway: object = None) -> object:
        """Call one power or operation, as the platform would.

        Returns:
            Its result, or the error that says that nothing happened.

        """
        self.called.add(power)
        self.crash = None
        method = getattr(self.gateway if gateway is None else gateway, power)
        outcome: object
        try:
            outcome = await ask(self.network, self._noted(method(*arguments)))
        except PaylinksError as error:
            outcome = error
        self.watch.see(f"what {power} gave: {type(outcome).__name__}", outcome)
        return outcome

    async def _noted(self, call: Awaitable[R]) -> R:
        try:
            return await call
        except PaylinksError:
            raise
        except Exception as error:
            self.crash = error
            raise

    def told(self, outcome: object) -> str:
        """Say in a failure what came of a call: its name, and its reason where it has one."""
        details = getattr(outcome, "details", None)
        parts = (getattr(outcome, "message", None), details if isinstance(details, str) else None)
        reason = " ".join(part for part in parts if part)
        crash = f" from {self.crash!r}" if self.crash else ""
        return f"{type(outcome).__name__}{crash}{f' ({reason})' if reason else ''}"
