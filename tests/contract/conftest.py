"""The storage port on everything that keeps it: memory, SQLite and PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from paylinks_adapters.database import Database, open_database
from paylinks_adapters.memory import MemoryUnits
from paylinks_ports.storage import Units

from ..databases import Prepared


@pytest.fixture(params=["sqlite", "postgres"])
async def database(request: pytest.FixtureRequest, tmp_path: Path, newest: Prepared) -> AsyncIterator[Database]:
    """Open an empty database of each kind, on the newest schema."""
    with newest.copy(request.param, tmp_path) as url:
        opened = open_database(url, pool_size=5)
        await opened.start()
        yield opened
        await opened.stop()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def units(request: pytest.FixtureRequest, tmp_path: Path, newest: Prepared) -> AsyncIterator[Units]:
    """Open empty storage of each kind."""
    if request.param == "memory":
        yield MemoryUnits()
        return
    with newest.copy(request.param, tmp_path) as url:
        opened = open_database(url, pool_size=5)
        await opened.start()
        yield opened.units
        await opened.stop()
