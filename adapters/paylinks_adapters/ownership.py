"""Who may use a unit of work, for how long, and whether it can still be kept; no storage is touched here."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from paylinks_ports.errors import PaylinksError, StorageUnavailable

__all__ = ["Owner", "Owners"]


class Owner:
    """The task that opened a unit of work: nobody else may use it, and nobody once it is left.

    A task made inside inherits nothing by accident: its statements would land in a transaction that is not its own.
    """

    def __init__(self, task: "asyncio.Task[Any] | None", *, writes: bool) -> None:
        self._task = task
        self._writes = writes
        self._left = False
        self._failure: type[PaylinksError] | None = None

    def check(self, *, writes: bool = False) -> None:
        """Let the owner pass.

        Raises:
            RuntimeError: the caller is not the owner, has left it, or writes where it said that it would only read.
            Conflict, StorageUnavailable: a statement of this unit of work failed so before; nothing of it is kept.

        """
        if self._left:
            raise RuntimeError("this unit of work has been left")
        if asyncio.current_task() is not self._task:
            raise RuntimeError("this unit of work belongs to another task")
        if writes and not self._writes:
            raise RuntimeError("nothing is written through `reading`")
        if self._failure is not None:
            raise self._failure("An earlier statement of this unit of work failed, so nothing of it is kept")

    def fail(self, error: BaseException) -> None:
        """Remember that a statement failed or was cancelled: databases differ in what is left, so nothing is kept."""
        self._failure = type(error) if isinstance(error, PaylinksError) else StorageUnavailable

    def leave(self) -> None:
        """End it."""
        self._left = True


class Owners:
    """The tasks that have a unit of work open at one storage."""

    def __init__(self) -> None:
        self._open: set[asyncio.Task[Any] | None] = set()

    @contextmanager
    def unit(self) -> Iterator[Owner]:
        """Make the running task an owner.

        Raises:
            RuntimeError: it has a unit of work open: where writers take turns, a second one would wait for ever.

        """
        task = asyncio.current_task()
        if task in self._open:
            raise RuntimeError("this task has a unit of work open already")
        self._open.add(task)
        owner = Owner(task, writes=True)
        try:
            yield owner
        finally:
            owner.leave()
            self._open.discard(task)

    @contextmanager
    def reading(self) -> Iterator[Owner]:
        """Make the running task an owner of something to read from; also inside a unit of work."""
        owner = Owner(asyncio.current_task(), writes=False)
        try:
            yield owner
        finally:
            owner.leave()
