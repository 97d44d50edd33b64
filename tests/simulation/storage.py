"""The storage with accidents: a connection lost at any statement, before a commit or right after it; or a kill."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from paylinks_adapters.memory import MemoryUnits
from paylinks_ports import storage
from paylinks_ports.errors import StorageUnavailable

from .life import Life

__all__ = ["ChaosUnits"]


class _Connection:
    """Whether one unit of work's connection still stands: once lost, nothing more of it is said or kept."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.lost = False

    async def use(self, what: str) -> None:
        """Come by a place where it may break.

        Raises:
            StorageUnavailable: it did.

        """
        await self.life.step(what)
        if self.lost or self.life.chaos.strikes(self.life.chaos.weather.storage):
            self.lose(what)

    def lose(self, what: str) -> None:
        """Break it.

        Raises:
            StorageUnavailable: always.

        """
        self.lost = True
        self.life.say(f"the database is lost at {what}")
        raise StorageUnavailable("The database does not answer")


class _Repository:
    """One repository, each of whose methods may find the connection lost."""

    def __init__(self, name: str, real: Any, connection: _Connection) -> None:  # noqa: ANN401 - any of them
        self._name = name
        self._real = real
        self._connection = connection

    def __getattr__(self, method: str) -> Callable[..., Awaitable[Any]]:
        real = getattr(self._real, method)
        where = f"{self._name}.{method}"

        async def statement(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever the real one takes
            await self._connection.use(where)
            return await real(*args, **options)

        return statement


class _Rows:
    """A unit of work or a reading, with every repository wrapped."""

    def __init__(self, real: Any, connection: _Connection) -> None:  # noqa: ANN401 - either
        self._real = real
        self._connection = connection

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a repository
        return _Repository(name, getattr(self._real, name), self._connection)

    async def commit(self) -> None:
        """Commit, unless the connection is lost before; lost after it, all is kept and only we don't know."""
        await self._connection.use("commit")
        await self._real.commit()
        life = self._connection.life
        life.say("committed")
        await life.step("committed")
        if life.chaos.strikes(life.chaos.weather.storage):
            self._connection.lose("committed")


class ChaosUnits:
    """The storage port of one process over the storage that all processes share."""

    def __init__(self, memory: MemoryUnits, life: Life) -> None:
        self._memory = memory
        self._life = life

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[storage.Work]:
        """Open a transaction."""
        connection = _Connection(self._life)
        await connection.use("begin")
        async with self._memory() as work:
            yield _Rows(work, connection)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[storage.Reading]:
        """Open the repositories for reading."""
        connection = _Connection(self._life)
        await connection.use("read")
        async with self._memory.reading() as rows:
            yield _Rows(rows, connection)

    async def ping(self) -> None:
        """Answer, if it does."""
        await _Connection(self._life).use("ping")
