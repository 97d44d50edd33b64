"""The life of one simulated process: its tasks, and its sudden end at any port that one of them touches."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from .chaos import Chaos, Killed

__all__ = ["Life"]

T = TypeVar("T")


class Life:
    """Alive until killed. What it has committed, and what it has sent, stays; all else is gone with it."""

    def __init__(self, name: str, chaos: Chaos) -> None:
        self.name = name
        self.chaos = chaos
        self.alive = True
        self.ended = asyncio.Event()
        self._tasks: list[asyncio.Task[Any]] = []

    def say(self, what: str) -> None:
        """Add a line to the log, in this process's name."""
        self.chaos.say(self.name, what)

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run a task that dies with this process."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks = [one for one in self._tasks if not one.done()]
        self._tasks.append(task)
        task.add_done_callback(_seen)
        return task

    async def step(self, where: str) -> None:
        """Come by a port: others may run first, and the process may end here.

        Raises:
            Killed: it did, or had before.

        """
        self.check()
        if self.chaos.strikes(self.chaos.weather.kill):
            self.kill(where)
        for _ in range(self.chaos.random.choice((0, 0, 0, 1, 2))):
            await asyncio.sleep(0)
        self.check()

    def check(self) -> None:
        """Go on if it is alive.

        Raises:
            Killed: it is not.

        """
        if not self.alive:
            raise Killed

    def kill(self, where: str) -> None:
        """End it, with all its tasks.

        Raises:
            Killed: in the task that runs now, where it is one of its own.

        """
        if not self.alive:
            return
        self.alive = False
        self.ended.set()
        self.say(f"killed at {where}")
        running = asyncio.current_task()
        for task in self._tasks:
            if task is not running:
                task.cancel()
        if running in self._tasks:
            raise Killed

    async def gone(self) -> None:
        """Wait until nothing of it runs any more."""
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _seen(task: asyncio.Task[Any]) -> None:
    """Take notice of how a task ended, where nobody else does: a killed process tells no one."""
    if not task.cancelled():
        task.exception()
