"""The unit of work over either engine: one transaction, for the task that opened it, until it is left."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from paylinks_ports import storage
from paylinks_ports.errors import StorageUnavailable

from ..ownership import Owner, Owners
from .migrations import LATEST
from .repositories import Repositories
from .sessions import Engine, Session, Value

__all__ = ["DatabaseUnits"]


class _Owned:
    """A session for its owner alone."""

    def __init__(self, session: Session, owner: Owner) -> None:
        self._session = session
        self._owner = owner

    async def fetch(self, sql: str, values: Sequence[Value] = ()) -> Sequence[Mapping[str, Any]]:
        self._owner.check(writes=not sql.startswith("SELECT"))
        try:
            return await self._session.fetch(sql, values)
        except BaseException as error:
            self._owner.fail(error)
            raise

    async def commit(self) -> None:
        self._owner.check(writes=True)
        try:
            await self._session.commit()
        except BaseException as error:
            self._owner.fail(error)
            raise


class _Work(Repositories):
    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    async def commit(self) -> None:
        await self._session.commit()


class DatabaseUnits:
    """The storage port on a database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._owners = Owners()

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[storage.Work]:
        """Open a transaction for reading and writing."""
        with self._owners.unit() as owner:
            async with self._engine.transaction() as session:
                yield _Work(_Owned(session, owner))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[storage.Reading]:
        """Open the repositories for reading only."""
        with self._owners.reading() as owner:
            async with self._engine.reading() as session:
                yield Repositories(_Owned(session, owner))

    async def ping(self) -> None:
        """Return when the database answers and its schema is this program's.

        Raises:
            StorageUnavailable: it does not, or is not.

        """
        async with self._engine.reading() as session:
            rows = await session.fetch("SELECT max(number) AS number FROM migrations")
        if rows[0]["number"] != LATEST:
            raise StorageUnavailable("The database's schema is not this program's; run `paylinks migrate`")
