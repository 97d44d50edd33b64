"""One opened merchant account, or its double in demo mode; gives every accident of a call its meaning."""

import asyncio
from collections.abc import Awaitable, Coroutine
from contextvars import ContextVar
from typing import Any, TypeVar

import httpx
from msgspec import Struct

from paylinks_ports.cards import Card
from paylinks_ports.errors import CredentialsRejected, ProviderRefused, ProviderUnavailable
from paylinks_ports.payments import Unknown
from paylinks_ports.providers import DemoWord, SimulatedWorld, Simulator

from .logs import get_logger
from .transports import SENT, Sent

__all__ = ["DEMO_WORD", "Double", "MerchantAccount"]

R = TypeVar("R")

DEMO_WORD: ContextVar[DemoWord | None] = ContextVar("paylinks_demo_word", default=None)
"""What the simulator is asked to let the running call come to."""

_log = get_logger()
_LEASE_MARGIN = 10_000


class Double(Struct, frozen=True, kw_only=True):
    """A simulator, and the world one merchant's account has in it."""

    simulator: Simulator[Any]
    world: SimulatedWorld


class MerchantAccount:
    """One opened account; see the port."""

    def __init__(
        self,
        provider: str,
        gateway: Any,  # noqa: ANN401 - its powers
        client: httpx.AsyncClient,
        *,
        double: "Double | None",
        timeout: float,
    ) -> None:
        self.provider = provider
        self.gateway = gateway
        self.demo = double is not None
        self.lease = int(timeout * 1000) + _LEASE_MARGIN
        self._client = client
        self.timeout = timeout
        self._double = double

    async def ask(self, call: Awaitable[R], word: DemoWord | None = None) -> R | Unknown:
        """Await one call of the gateway.

        The conformance kit has the same rule (`paylinks_ports.testing.ask`); a test in tests/contract holds them
        together.

        Args:
            call: a coroutine. Of a task that runs already it can't be known what it has sent, so its failures are all
                in doubt.
            word: what a simulator is to let it come to.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing happened at the provider.

        """
        sent = Sent()
        if not isinstance(call, Coroutine):
            sent.unsafe = 1
        token, spoken = SENT.set(sent), DEMO_WORD.set(word)
        try:
            async with asyncio.timeout(self.timeout):
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
            DEMO_WORD.reset(spoken)

    def plays(self) -> bool:
        """Say whether the customer's part in the browser can be played."""
        return self._double is not None and self._double.simulator.pay is not None

    async def play(self, reference: str, word: str) -> None:
        """Play the customer, counted as a request would be, so that its accidents mean the same."""
        double, sent = self._double, SENT.get()
        if double is None or double.simulator.pay is None or sent is None:
            raise RuntimeError(
                "the customer is played in demo mode, within `ask`, where the provider has a part for it"
            )
        sent.unsafe += 1
        try:
            await double.simulator.pay(reference, word, double.world)
        except httpx.ConnectError:
            sent.unsafe -= 1
            raise

    def card(self, word: str) -> Card | None:
        """Give the simulator's own test card for a word."""
        return self._double.simulator.card(word) if self._double and self._double.simulator.card else None

    async def close(self) -> None:
        """Close its client; the connections are the pool's."""
        await self._client.aclose()


def _place(error: Exception) -> str:
    """Name the line that raised an error, so that a plugin's bug can be found without its words."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else ""
