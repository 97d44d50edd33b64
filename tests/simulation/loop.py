"""An event loop without real time, threads or I/O: waiting takes no time, and the same program runs the same way."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

__all__ = ["VirtualLoop", "run"]

T = TypeVar("T")


class _Instant(selectors.SelectSelector):
    """Waits for nobody: where the loop would sleep until its next timer, its clock is moved there."""

    def __init__(self) -> None:
        super().__init__()
        self.moved = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        """Give no event, for there is no I/O.

        Raises:
            RuntimeError: everyone waits for everyone.

        """
        if timeout is None:
            raise RuntimeError("the simulation is stuck: every task waits, and no timer runs")
        self.moved += max(timeout, 0)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose time passes only when all its tasks wait."""

    def __init__(self) -> None:
        self._instant = _Instant()
        super().__init__(self._instant)

    def time(self) -> float:
        """Tell its own time, in seconds from zero."""
        return self._instant.moved

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]  # noqa: ANN401 - as asyncio has it
        """Run it at once, on no thread: when a thread ends is nobody's to foresee."""
        del executor
        done: asyncio.Future[T] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - the caller's to handle
            done.set_exception(error)
        return done


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on a loop of its own."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
