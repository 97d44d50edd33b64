"""A provider's durable memory in the simulation, and what a reader of it finds there."""

import asyncio
from collections.abc import Mapping
from random import Random
from typing import Any, Protocol, runtime_checkable

from msgspec import Struct

from paylinks_ports.money import Money
from paylinks_ports.payments import Details
from paylinks_ports.providers import PaymentProvider, SimulatedWorld

from ..chaos import Chaos

__all__ = ["Books", "Browser", "Charge", "Desk", "Diary", "Ledger"]


class Charge(Struct, frozen=True, kw_only=True):
    """Money that a provider took.

    Args:
        transaction_id: as the merchant finds it there.
        order_id: whose, in the merchant's own words.
        refunded: minor units given back of it.

    """

    transaction_id: str
    order_id: str
    money: Money
    refunded: int = 0


class Books:
    """A simulator's store that nothing but the provider touches; its own calls take turns with everyone else's."""

    def __init__(self, chaos: Chaos) -> None:
        self.entries: dict[str, str] = {}
        self._chaos = chaos

    async def get(self, key: str) -> str | None:
        """Read one entry."""
        await self._turn()
        return self.entries.get(key)

    async def put(self, key: str, value: str, *, was: str | None) -> bool:
        """Write an entry if it still is what it was."""
        await self._turn()
        if self.entries.get(key) != was:
            return False
        self.entries[key] = value
        return True

    async def _turn(self) -> None:
        for _ in range(self._chaos.random.choice((0, 0, 1))):
            await asyncio.sleep(0)


class Browser(Struct, frozen=True, kw_only=True):
    """What a customer's browser has in hand.

    Args:
        shown: what `initialize` told it.
        reference: the provider's id of what is open.
        token: what the customer pays with.

    """

    world: SimulatedWorld
    shown: Details
    reference: str | None
    token: str | None


class Ledger(Protocol):
    """How one provider's simulator is read, and played by its customers.

    A ledger may have more: `options`, what a brand must have chosen, and `extra`, what the customer's browser sends
    beside a payment token, each in the provider's own words; and `apart`, which gives the provider as it is where what
    it keeps in a process's memory is not shared by our simulated ones.

    Args:
        credentials: that open a live account at the simulator.

    """

    credentials: Mapping[str, str]

    def token(self, source: Random) -> str:
        """Choose what a live customer pays with; most often it is good."""

    def charges(self, entries: Mapping[str, str], now: int) -> list[Charge]:
        """Read every charge that took money by now."""

    async def pay(self, provider: PaymentProvider[Any], browser: Browser) -> None:
        """Pay in the browser what is open there, or take the step that the bank asks for; whatever comes of it."""


@runtime_checkable
class Desk(Protocol):
    """A ledger of a provider at whose own desk somebody may give money back, which we are told by webhooks alone."""

    async def give_back(
        self, provider: PaymentProvider[Any], world: SimulatedWorld, reference: str, amount: int | None
    ) -> None:
        """Give back some of what was paid, or all that is left, if there is so much."""


@runtime_checkable
class Diary(Protocol):
    """A ledger that shows at once, too, what may still take money."""

    def waiting(self, entries: Mapping[str, str], now: int) -> set[str]:
        """Name the orders of which something waits for the customer or for the bank."""
