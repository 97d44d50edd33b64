"""PostgreSQL under Piccolo, fit for money: a pool that no failed commit, rollback or cancellation can drain.

Piccolo's own engine connects when it is made, and does not give a connection back whose COMMIT failed.
"""

import asyncio
import contextvars
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import asyncpg
from piccolo.engine.postgres import PostgresEngine
from piccolo.querystring import QueryString

from paylinks_ports.errors import Conflict, StorageUnavailable

from .sessions import Counts, Session, Value, numbered

__all__ = ["ServerEngine"]

_CONNECT_SECONDS = 5.0
_ACQUIRE_SECONDS = 5.0
_STATEMENT_SECONDS = 30.0
_RELEASE_SECONDS = 5.0

_AWAY = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shutting down, starting up, cancelled, dropped
    asyncpg.InsufficientResourcesError,  # too many connections, disk full
    asyncpg.PostgresSystemError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError,  # became a replica
    asyncpg.IdleInTransactionSessionTimeoutError,
)
_CONFLICT = (asyncpg.IntegrityConstraintViolationError, asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
_OLD_SCHEMA = (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError)


@contextmanager
def _meaning() -> Iterator[None]:
    """Turn asyncpg's errors into the port's."""
    try:
        yield
    except _CONFLICT as error:
        raise Conflict("The database says no", details=type(error).__name__) from error
    except _OLD_SCHEMA as error:
        raise StorageUnavailable("The database's schema is not this program's; run `paylinks migrate`") from error
    except _AWAY as error:
        raise StorageUnavailable("The database does not answer", details=type(error).__name__) from error


def _storable(values: Sequence[Value]) -> Iterator[Value]:
    """Put U+FFFD in place of NUL, the one character that PostgreSQL's text can't hold.

    What a provider has said must be remembered after a charge, whatever characters it is in.
    """
    return (value.replace("\0", "\ufffd") if isinstance(value, str) and "\0" in value else value for value in values)


class _Transaction:
    """One transaction on a connection of the pool; it begins with its first statement."""

    def __init__(self, connection: Any, counts: Counts) -> None:  # noqa: ANN401 - asyncpg's proxy has no public type
        self._connection = connection
        self._counts = counts
        # Ours and not the connection's to say: of a connection that was lost it would say that there is nothing open.
        self._begun = False

    async def fetch(self, sql: str, values: Sequence[Value] = ()) -> Sequence[Mapping[str, Any]]:
        self._counts.statements += 1
        with _meaning():
            if not self._begun:
                await self._connection.execute("BEGIN")
                self._begun = True
            rows: Sequence[Mapping[str, Any]] = await self._connection.fetch(numbered(sql), *_storable(values))
            return rows

    async def commit(self) -> None:
        self._counts.commits += 1
        if not self._begun:
            return
        with _meaning():
            answer = await self._connection.execute("COMMIT")
        self._begun = False
        if answer != "COMMIT":  # a transaction in which a statement failed is rolled back, and that is no error to it
            raise Conflict("A statement failed before the commit, so nothing was kept")


class _Reading:
    """Statements for themselves."""

    def __init__(self, connection: Any, counts: Counts) -> None:  # noqa: ANN401 - as above
        self._connection = connection
        self._counts = counts

    async def fetch(self, sql: str, values: Sequence[Value] = ()) -> Sequence[Mapping[str, Any]]:
        self._counts.statements += 1
        with _meaning():
            rows: Sequence[Mapping[str, Any]] = await self._connection.fetch(numbered(sql), *_storable(values))
            return rows

    async def commit(self) -> None:
        raise AssertionError("there is nothing to commit when reading")


async def _keep(connection: Any) -> None:  # noqa: ANN401 - asyncpg's proxy has no public type
    """Reset nothing when a connection comes back: no session state is ever set, and a round trip is saved."""


async def _release(pool: Any, connection: Any, *, clean: bool) -> None:  # noqa: ANN401 - asyncpg ships no types
    """Give a connection back without a transaction, or throw it away."""
    try:
        if not clean:
            # Also where nothing seems open: a BEGIN may be under way whose caller was cancelled.
            async with asyncio.timeout(_RELEASE_SECONDS):
                await connection.execute("ROLLBACK")
    except (*_AWAY, asyncpg.PostgresError):
        with suppress(asyncpg.InterfaceError):  # it has been taken from us already
            connection.terminate()
    finally:
        with suppress(*_AWAY, asyncpg.PostgresError):
            await pool.release(connection, timeout=_RELEASE_SECONDS)


class ServerEngine(PostgresEngine):
    """One PostgreSQL database, for any number of processes."""

    def __init__(self, url: str, pool_size: int) -> None:
        # Piccolo's own __init__ connects; what it would set is set here.
        self.config = {"dsn": url}
        self.extensions = ()
        self.log_queries = self.log_responses = False
        self.extra_nodes = {}
        self.pool = None
        self.engine_type = "postgres"
        self.min_version_number = 10
        self.query_id = 0
        self.current_transaction = contextvars.ContextVar("paylinks_postgres_transaction", default=None)
        self.counts = Counts()
        self._size = pool_size
        self._releases: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Open the pool; where the server is away, each call looks for it anew."""
        if self.pool is None:
            self.pool = await asyncpg.create_pool(
                **self.config,
                min_size=0,  # so that this does not connect, and a server that is away is found back by any call
                max_size=self._size,
                timeout=_CONNECT_SECONDS,
                command_timeout=_STATEMENT_SECONDS,
                reset=_keep,
            )
        with suppress(StorageUnavailable):
            async with self._connection():
                pass  # the first call finds a connection

    async def stop(self) -> None:
        """Close the pool; what does not close in time is cut off."""
        pool, self.pool = self.pool, None
        if pool is None:
            return
        if self._releases:
            await asyncio.wait(self._releases, timeout=_RELEASE_SECONDS)
        try:
            await asyncio.wait_for(pool.close(), _RELEASE_SECONDS)
        except TimeoutError:
            pool.terminate()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        pool = self.pool
        if pool is None:
            raise StorageUnavailable("The database is not open")
        with _meaning():
            connection = await pool.acquire(timeout=_ACQUIRE_SECONDS)
        clean = False
        try:
            yield connection
            with suppress(asyncpg.InterfaceError):  # lost meanwhile
                clean = not connection.is_in_transaction()
        finally:
            # In a task of its own, because a cancelled caller must give its connection back too.
            release = asyncio.create_task(_release(pool, connection, clean=clean))
            self._releases.add(release)
            release.add_done_callback(self._releases.discard)
            await asyncio.shield(release)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:  # type: ignore[override]  # ours, in place of Piccolo's
        """Open a transaction."""
        async with self._connection() as connection:
            yield _Transaction(connection, self.counts)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """Open a session for reading."""
        async with self._connection() as connection:
            yield _Reading(connection, self.counts)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:  # noqa: ANN401, ARG002, FBT001, FBT002 - Piccolo's own signature
        """Run a query of Piccolo's builder outside a unit of work."""
        sql, values = querystring.compile_string(engine_type=self.engine_type)
        return await self._run_alone(sql, values)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:  # noqa: ANN401, ARG002, FBT001, FBT002 - likewise
        """Run a statement of Piccolo's schema tools."""
        return await self._run_alone(ddl, ())

    async def _run_alone(self, sql: str, values: Sequence[Any]) -> Any:  # noqa: ANN401 - asyncpg ships no types
        async with self._connection() as connection:
            with _meaning():
                return await connection.fetch(sql, *values)
