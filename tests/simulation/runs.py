"""Running one seed: a while of chaos, then calm until all is settled, then what does not hold."""

import asyncio
import logging
import sys
from collections import Counter
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from random import Random
from typing import Any, NoReturn
from unittest.mock import patch

import structlog
from msgspec import Struct

from paylinks_core.verification import verify

from . import invariants
from .chaos import Weather
from .customers import HABITS, Customer, come_back
from .decisions import DECISIONS
from .events import EVENTS
from .ledgers import installed
from .loop import run
from .processes import Process
from .refunds import REFUNDS
from .subjects import Subject
from .upsells import UPSELLS
from .webhooks import WEBHOOKS
from .world import HOUR, MINUTE, SECOND, World

__all__ = ["SUBJECTS", "Leaning", "Outcome", "play"]

SUBJECTS: list[Subject] = [UPSELLS, REFUNDS, DECISIONS, WEBHOOKS, EVENTS]
"""What a shop is about beside its orders."""

_DAY = 24 * HOUR
# Each pause is longer than what the platform waits between two looks, so that the round after it has one to make.
_PAUSES = (SECOND, 3 * MINUTE, 10 * MINUTE, 2 * HOUR, _DAY + HOUR, _DAY + HOUR, _DAY + HOUR, _DAY + HOUR)
_SOON = 1
"""After which of them every order that is not paid must be open for its customer again."""
_TAIL = 60


class Outcome(Struct, frozen=True, kw_only=True):
    """What came of a seed.

    Args:
        charged: how often each provider took money.

    """

    seed: int
    charged: Counter[str]
    wrong: tuple[str, ...]
    log: tuple[str, ...]
    digest: str

    def __str__(self) -> str:
        lines = [*self.log[-_TAIL:], "", *(f"WRONG: {one}" for one in self.wrong)]
        again = f"Again: PAYLINKS_SEED={self.seed} .venv/bin/pytest -m long tests/simulation -k seeds"
        return "\n".join([f"seed {self.seed}, {len(self.log)} lines; the last ones:", *lines, again])


class Leaning(Struct, frozen=True, kw_only=True):
    """What a run is made to lean to, where a rare thing is looked for; else its seed decides.

    Args:
        providers: those that take part alone.
        habits: what customers do.
        answers: what they do about offers.
        receivers: how each endpoint is: well, flaky, away for a while, or gone.

    """

    providers: frozenset[str] = frozenset()
    habits: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    weather: Weather | None = None
    receivers: tuple[str, ...] = ()


_UPRIGHT = Leaning()


def play(seed: int, leaning: Leaning = _UPRIGHT) -> Outcome:
    """Run a seed."""
    crashes: list[str] = []
    with _foreseeable(seed, crashes):
        return run(_play(seed, leaning, crashes))


async def _play(seed: int, leaning: Leaning, crashes: list[str]) -> Outcome:
    every = installed()
    world = World(seed, {name: every[name] for name in sorted(leaning.providers or every)})
    chaos = world.chaos
    world.kinds, world.answers = leaning.receivers, leaning.answers
    await world.open()
    for subject in SUBJECTS:
        if subject.opened is not None:
            await subject.opened(world)
    chaos.brew(leaning.weather)
    habits = chaos.random.sample(HABITS, chaos.random.randint(1, len(HABITS)))
    world.habits = leaning.habits or ("pay", "pay", *habits)
    chaos.say("customers", f"do {', '.join(world.habits)}")
    servers = [asyncio.create_task(world.keep_up(name)) for name in (("a",) if world.alone else ("a", "b"))]
    beside = [asyncio.create_task(_steps(world))]
    beside += [asyncio.create_task(one.beside(world)) for one in SUBJECTS if one.beside is not None]
    subjects = tuple(SUBJECTS)
    customers = [
        asyncio.create_task(Customer(world, number + 1).shop(subjects))
        for number in range(chaos.random.choice((1, 1, 2, 3)))
    ]
    await asyncio.gather(*customers)
    for task in (*beside, *servers):
        task.cancel()
    await asyncio.gather(*beside, *servers, return_exceptions=True)
    process = await _settle(world)
    wrong = [*world.troubles, *crashes, *invariants.books_wrong(world)]
    report = await verify(process.parts)
    wrong += [f"{one.invariant}: {one.message}" for one in report.findings]
    for subject in SUBJECTS:
        if subject.wrong is not None:
            wrong += subject.wrong(world)
    for one in wrong:
        chaos.say("WRONG", one)
    charged = Counter(provider for provider, _ in world.charges())
    return Outcome(seed=seed, charged=charged, wrong=tuple(wrong), log=tuple(chaos.log), digest=chaos.digest)


async def _steps(world: World) -> None:
    """Put the clock a little forward and back, now and then."""
    while True:
        await asyncio.sleep(world.chaos.random.uniform(1, 600))
        world.step_clock()


async def _settle(world: World) -> Process:
    """Let everything come right: one good process, no accidents, and days of time."""
    world.chaos.calm()
    for process in world.processes:
        process.life.kill("the end of the chaos")
        await process.life.gone()
    world.alone = False  # no start of `serve` brings anything forward: a crash may be the last thing that happened
    process = world.boot("last")
    for number, pause in enumerate(_PAUSES):
        await asyncio.sleep(pause / SECOND)
        if number == _SOON:
            await come_back(world, process)
        for subject in SUBJECTS:
            if subject.settle is not None:
                await subject.settle(world)
        await process.round()
    return process


@contextmanager
def _foreseeable(seed: int, crashes: list[str]) -> Iterator[None]:
    """Let the simulators' ids come from the seed too, and nothing be printed; what only the log tells is noted."""
    source = Random(seed)  # noqa: S311 - it is to be foreseen
    before = structlog.get_config()

    def note(logger: object, method: str, told: MutableMapping[str, Any]) -> NoReturn:
        del logger, method
        if told["event"].endswith(".crashed"):
            crashes.append(f"{told['event']}: {sys.exc_info()[1]!r}")
        raise structlog.DropEvent

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR), processors=[note])
    words: dict[str, Any] = {
        "choice": source.choice,
        "randbelow": source.randrange,
        "token_bytes": lambda size=32: source.randbytes(size),
        "token_hex": lambda size=32: source.randbytes(size).hex(),
        "token_urlsafe": lambda size=32: source.randbytes(size).hex(),
    }
    try:
        with patch.multiple("secrets", **words):
            yield
    finally:
        structlog.configure(**before)
