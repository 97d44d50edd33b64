"""SQLite under Piccolo, fit for money: one writer thread, a few readers, WAL, every commit on the disk.

Piccolo's own engine opens a connection and a thread for each query, begins transactions that fail under load, and leaks
both when a commit fails. Here each connection lives on a daemon thread of its own and is asked in order.
"""

import asyncio
import contextlib
import itertools
import queue
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from piccolo.engine.sqlite import SQLiteEngine
from piccolo.querystring import QueryString

from paylinks_ports.errors import Conflict, StorageUnavailable

from .sessions import Counts, Session, Value, unlocked

__all__ = ["EmbeddedEngine"]

T = TypeVar("T")
_READERS = 3
_BUSY_SECONDS = 5.0  # how long a command in another process may hold the lock
_TURN_SECONDS = 10.0  # how long a writer waits for those before it
_LEAST_VERSION = (3, 35)  # the first with RETURNING


class _Connection(threading.Thread):
    """One SQLite connection and the only thread that touches it."""

    def __init__(self, path: str, *, reader: bool) -> None:
        super().__init__(name=f"sqlite-{'reader' if reader else 'writer'}", daemon=True)
        self._path = path
        self._reader = reader
        self._calls: queue.SimpleQueue[tuple[Callable[[sqlite3.Connection], Any], Callable[[Any, Any], None]] | None]
        self._calls = queue.SimpleQueue()
        self._opening: Exception | None = None
        self._opened = threading.Event()
        self._closed = False

    def open(self) -> None:
        """Start the thread and wait until the connection is open."""
        self.start()
        self._opened.wait()
        if self._opening is not None:
            raise StorageUnavailable("The database file can't be opened") from self._opening

    def run(self) -> None:
        """Do what is asked, one after the other."""
        try:
            connection = self._connect()
        except sqlite3.Error as error:
            self._opening = error
            return
        finally:
            self._opened.set()
        while (call := self._calls.get()) is not None:
            work, tell = call
            try:
                result = work(connection)
            except BaseException as error:  # noqa: BLE001 - whoever asked is told
                tell(None, error)
            else:
                tell(result, None)
        connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None, cached_statements=256)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        if self._reader:
            connection.execute("PRAGMA query_only = ON")
        return connection

    async def ask(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Have the thread do something; it is done even when whoever asked stops waiting."""
        if self._closed:
            raise StorageUnavailable("The database has been closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def settle(result: T, error: BaseException | None) -> None:
            if future.done():
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)

        def tell(result: T, error: BaseException | None) -> None:
            with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
                loop.call_soon_threadsafe(settle, result, error)

        self._calls.put((work, tell))
        with _meaning():
            return await future

    def post(self, work: Callable[[sqlite3.Connection], Any]) -> None:
        """Have the thread do something that nobody waits for."""
        self._calls.put((work, lambda _result, _error: None))

    def close(self) -> None:
        """End the thread after all that was asked before; an open transaction is forgotten."""
        self._closed = True
        self._calls.put(None)


@contextmanager
def _meaning() -> Iterator[None]:
    """Turn SQLite's errors into the port's."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise Conflict("A constraint of the database says no") from error
    except sqlite3.ProgrammingError:
        raise  # a mistake of ours
    except sqlite3.DatabaseError as error:
        if str(error).startswith(("no such table", "no such column")):
            raise StorageUnavailable("The database's schema is not this program's; run `paylinks migrate`") from error
        raise StorageUnavailable("The database does not answer", details=str(error)) from error


def _make_file(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError as error:
        raise StorageUnavailable("The database file can't be made", details=error.strerror) from error


def _rollback(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


class _Transaction:
    """One transaction on the writer; it begins with its first statement, in the same hop to the thread."""

    def __init__(self, writer: _Connection, counts: Counts) -> None:
        self._writer = writer
        self._counts = counts

    async def fetch(self, sql: str, values: Sequence[Value] = ()) -> Sequence[Mapping[str, Any]]:
        self._counts.statements += 1

        def work(connection: sqlite3.Connection) -> list[Mapping[str, Any]]:
            if not connection.in_transaction:
                connection.execute("BEGIN IMMEDIATE")
            return [dict(row) for row in connection.execute(unlocked(sql), values)]

        return await self._writer.ask(work)

    async def commit(self) -> None:
        self._counts.commits += 1

        def work(connection: sqlite3.Connection) -> None:
            if connection.in_transaction:
                try:
                    connection.execute("COMMIT")
                except sqlite3.Error:
                    _rollback(connection)
                    raise

        await self._writer.ask(work)


class _Reading:
    """Statements for themselves on one reader."""

    def __init__(self, reader: _Connection, counts: Counts) -> None:
        self._reader = reader
        self._counts = counts

    async def fetch(self, sql: str, values: Sequence[Value] = ()) -> Sequence[Mapping[str, Any]]:
        self._counts.statements += 1
        return await self._reader.ask(lambda connection: [dict(row) for row in connection.execute(sql, values)])

    async def commit(self) -> None:
        raise AssertionError("there is nothing to commit when reading")


class EmbeddedEngine(SQLiteEngine):
    """One SQLite file, for one process; short commands of others wait for the lock."""

    def __init__(self, path: str) -> None:
        super().__init__(path=path)
        self.counts = Counts()
        self._file = path
        self._turn = asyncio.Lock()
        self._writer: _Connection | None = None
        self._readers: itertools.cycle[_Connection] | None = None
        self._open: list[_Connection] = []

    async def start(self) -> None:
        """Open the connections; the file and its folder are made when missing, for the owner's eyes only."""
        if self._open:
            return
        if sqlite3.sqlite_version_info < _LEAST_VERSION:
            raise StorageUnavailable("SQLite is too old", details=f"{sqlite3.sqlite_version} is older than 3.35")
        _make_file(Path(self._file))
        try:
            for number in range(1 + _READERS):
                connection = _Connection(self._file, reader=number > 0)
                await asyncio.to_thread(connection.open)
                self._open.append(connection)
        except BaseException:
            await self.stop()
            raise
        self._writer, self._readers = self._open[0], itertools.cycle(self._open[1:])

    async def stop(self) -> None:
        """Close the connections and wait for their threads."""
        opened, self._open = self._open, []
        self._writer = self._readers = None
        for connection in opened:
            connection.close()
        for connection in opened:
            await asyncio.to_thread(connection.join)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:  # type: ignore[override]  # ours, in place of Piccolo's
        """Open a transaction; one at a time, in the order they were asked for."""
        try:
            async with asyncio.timeout(_TURN_SECONDS):
                await self._turn.acquire()
        except TimeoutError:
            raise StorageUnavailable("The database is busy", details="no turn to write") from None
        try:
            if self._writer is None:
                raise StorageUnavailable("The database is not open")
            writer = self._writer
            try:
                yield _Transaction(writer, self.counts)
            finally:
                # Queued and not awaited: it comes after whatever a cancelled caller has asked for.
                writer.post(_rollback)
        finally:
            self._turn.release()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """Open a session for reading."""
        if self._readers is None:
            raise StorageUnavailable("The database is not open")
        yield _Reading(next(self._readers), self.counts)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> Any:  # noqa: ANN401, ARG002, FBT001, FBT002 - Piccolo's own signature
        """Run a query of Piccolo's builder outside a unit of work."""
        sql, values = querystring.compile_string(engine_type=self.engine_type)
        return await self._run_alone(sql, values)

    async def run_ddl(self, ddl: str, in_pool: bool = False) -> Any:  # noqa: ANN401, ARG002, FBT001, FBT002 - likewise
        """Run a statement of Piccolo's schema tools."""
        return await self._run_alone(ddl, ())

    async def _run_alone(self, sql: str, values: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
        async with self.transaction() as session:
            rows = await session.fetch(sql, values)
            await session.commit()
            return rows
