"""The life of one simulated process: its tasks, and its sudden end at any port that one of them touches."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from .chaos import Chaos, Killed

__all__ = ["Life"]

T = TypeVar("T")

_OTHERS = 0.4  # how often others run first


class Life:
    """Alive until killed. What it has committed, and what it has sent, stays; all else is gone with it."""

    def __init__(self, name: str, chaos: Chaos) -> None:
        self.name = name
        self.chaos = chaos
        self.alive = True
        self.ended = asyncio.Event()
        self._tasks: dict[asyncio.Task[Any], None] = {}  # in the order of their beginning

    def say(self, what: str) -> None:
        """Add a line to the log, in this process's name."""
        self.chaos.say(self.name, what)

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run a task that dies with this process."""
        task = asyncio.get_running_loop().create_task(work)
        self._adopt(task)
        return task

    def _adopt(self, task: asyncio.Task[Any]) -> None:
        self._tasks[task] = None
        task.add_done_callback(self._seen)

    def _seen(self, task: asyncio.Task[Any]) -> None:
        """Take notice of how a task ended, where nobody else does: a killed process tells no one."""
        del self._tasks[task]
        if not task.cancelled():
            task.exception()

    async def step(self, where: str) -> None:
        """Come by a port: others may run first, and the process may end here.

        Raises:
            Killed: it did, or had before.

        """
        if (task := asyncio.current_task()) is not None and task not in self._tasks:
            self._adopt(task)  # the code under test has begun it
        self.check()
        if self.chaos.strikes(self.chaos.weather.kill):
            self.kill(where)
        if (turn := self.chaos.random.random()) < _OTHERS:
            await asyncio.sleep(0)
            if turn < _OTHERS / 2:
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
        for task in list(self._tasks):
            if task is not running:
                task.cancel()
        if running in self._tasks:
            raise Killed

    async def gone(self) -> None:
        """Wait until nothing of it runs any more."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
