"""One simulated server process: the real verbs on ports that may fail, and the rounds that `paylinks serve` makes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from paylinks_adapters.gateways import MerchantAccounts, PluginOptions
from paylinks_adapters.tokens import JwtTokens
from paylinks_core.deliveries import Deliverer
from paylinks_core.parts import Parts
from paylinks_core.rounds import Lanes
from paylinks_ports.errors import PaylinksError, StorageUnavailable
from paylinks_web.background import ROUNDS

from .chaos import Killed
from .life import Life
from .network import TIMEOUT, Network, Pool, with_network
from .receivers import ORDER_SECRET, Postman
from .storage import ChaosUnits

if TYPE_CHECKING:
    from .world import World

__all__ = ["PlainVault", "Process", "Verb"]

T = TypeVar("T")
Verb = Callable[[Parts], Awaitable[T]]


_NIGHTLY = 3600
"""Seconds between two rounds at night; more of them would be most of what a run does."""


class PlainVault:
    """Seals nothing: the vault has tests of its own."""

    def seal(self, plain: str, context: str) -> str:
        """Give it as it is."""
        del context
        return plain

    def is_current(self, sealed: str) -> bool:
        """Say yes: there is no key that could be old."""
        del sealed
        return True

    def open(self, sealed: str, context: str) -> str:
        """Give it as it is."""
        del context
        return sealed


class _Clock:
    def __init__(self, world: "World", life: Life) -> None:
        self._world = world
        self._life = life

    def now(self) -> int:
        self._life.check()
        return self._world.now()

    async def sleep(self, milliseconds: int) -> None:
        await self._life.step("sleep")
        await asyncio.sleep(milliseconds / 1000)
        self._life.check()


class _Ids:
    def __init__(self, world: "World", life: Life) -> None:
        self._world = world
        self._life = life

    def new(self, prefix: str) -> str:
        self._life.check()
        return f"{prefix}_{self._world.count():06}"

    def code(self) -> str:
        return f"code{self._world.count():06}"

    def secret(self, prefix: str) -> str:
        return f"{prefix}{self._world.count():043}"


class Process:
    """A process from its start to its sudden end."""

    def __init__(self, world: "World", name: str) -> None:
        self._world = world
        self.life = Life(name, world.chaos)
        network = Network(self.life)
        providers = {one: with_network(provider, network) for one, (provider, _) in world.providers.items()}
        clock = _Clock(world, self.life)
        vault = PlainVault()
        accounts = MerchantAccounts(
            providers=providers,
            options={one: PluginOptions(api_base=f"https://{one}.test", timeout_seconds=TIMEOUT) for one in providers},
            vault=vault,
            units=world.memory,  # of the demo's books only: what a provider keeps is none of our storage's accidents
            clock=clock,
            base_url=world.base_url,
        )
        accounts.emit = world.post
        accounts._pool = Pool(network, world.serve)  # type: ignore[assignment]
        self.parts = Parts(
            units=ChaosUnits(world.memory, self.life),
            clock=clock,
            ids=_Ids(world, self.life),
            tokens=JwtTokens(),
            vault=vault,
            accounts=accounts,
            providers=providers,
            token_secret="s" * 32,
            base_url=world.base_url,
            demo_everywhere=True,
            raw_cards=frozenset(providers),
            webhook_secret=ORDER_SECRET,
        )
        self._deliverer = Deliverer(self.parts, Postman(world, self.life))

    def start(self) -> None:
        """Start as `paylinks serve` does."""
        self.life.say("started")
        self.life.spawn(self._serve())

    async def _serve(self) -> None:
        if self._world.alone:  # on SQLite alone
            try:
                async with self.parts.units() as work:
                    await work.payments.bring_forward(self.parts.clock.now())
                    await work.refunds.bring_forward(self.parts.clock.now())
                    await work.commit()
            except StorageUnavailable:
                self.life.kill("its start, without a database")
        for one in ROUNDS:
            self.life.spawn(self._for_ever(one.bound(Lanes()), one.seconds))
        self.life.spawn(self._for_ever(self._deliver, 1, 60))

    async def _for_ever(self, verb: Verb[Any], shortest: float, longest: float = 120) -> None:
        while True:
            await self._go_round([verb])
            pause = max(shortest, self._world.chaos.random.choice((1, 5, 20, longest)))
            if self._world.sleepers:  # what is to be told is told soon at night, too
                pause = longest if verb == self._deliver else _NIGHTLY
            await self.parts.clock.sleep(int(pause * 1000))

    async def round(self) -> None:
        """Do all that is due, and then tell of it."""
        await self._go_round([*(one.bound(None) for one in ROUNDS), self._deliver])
        await self._deliverer.finish()

    async def _deliver(self, parts: Parts) -> None:
        del parts
        await self._deliverer.round()

    async def _go_round(self, rounds: Sequence[Verb[Any]]) -> None:
        for verb in rounds:
            try:
                await verb(self.parts)
            except StorageUnavailable:
                self.life.say("a round without a database")
            except Exception as error:  # noqa: BLE001 - whatever it is, it should not be
                name = getattr(getattr(verb, "func", verb), "__name__", "a round")
                self._world.amiss(f"{name} raised {error!r}", error)

    async def do(self, what: str, verb: Verb[T]) -> T | PaylinksError | None:
        """Answer one call.

        Returns:
            The answer, or the error it came to; None where the process died over it.

        """

        async def call() -> T:
            await self.life.step(what)
            return await verb(self.parts)

        task = self.life.spawn(call())
        await asyncio.wait([task])
        if task.cancelled():
            return None
        error = task.exception()
        if error is None:
            return task.result()
        if isinstance(error, Killed):
            return None
        if isinstance(error, PaylinksError):
            return error
        self._world.amiss(f"{what} raised {error!r}", error)
        return None
