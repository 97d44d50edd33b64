"""What only databases promise: migrations, a whole pool after failures, threads that end, coming back by itself."""

import asyncio
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from piccolo.table import Table

from paylinks_adapters.database import Database, open_database, tables
from paylinks_adapters.database.migrations import LATEST, MIGRATIONS
from paylinks_ports.errors import Conflict, StorageUnavailable
from paylinks_ports.records.tenants import Brand, Organization

pytestmark = pytest.mark.anyio

ORGANIZATION = Organization(id="org_1", name="O", slug="o", created_at=1)
ORPHAN = Brand(id="brand_1", organization_id="nobody", name="B", slug="b", created_at=1)


async def _rows(database: Database, sql: str) -> list[dict[str, object]]:
    async with database._engine.reading() as session:
        return [dict(row) for row in await session.fetch(sql)]


async def test_migrating_again_changes_nothing(database: Database) -> None:
    """A schema that is up to date stays, and so do its rows."""
    async with database.units() as work:
        await work.organizations.add(ORGANIZATION)
        await work.commit()

    assert await database.pending_migrations() == []
    assert await database.migrate() == []

    async with database.units.reading() as rows:
        assert await rows.organizations.get("org_1") == ORGANIZATION


async def test_several_processes_may_migrate_at_once(postgres_url: str) -> None:
    """Of several that start together one applies each migration."""
    opened = [open_database(postgres_url, pool_size=2) for _ in range(4)]
    for one in opened:
        await one.start()

    applied = await asyncio.gather(*(one.migrate() for one in opened))

    assert [len(names) for names in applied if names] == [len(MIGRATIONS)]
    for one in opened:
        await one.stop()


async def test_a_newer_database_is_refused(database: Database) -> None:
    """A program that is older than its database does not touch it."""
    async with database._engine.transaction() as session:
        await session.fetch("INSERT INTO migrations VALUES (?, ?, ?)", (LATEST + 1, "future", 1))
        await session.commit()

    with pytest.raises(StorageUnavailable):
        await database.units.ping()
    with pytest.raises(StorageUnavailable):
        await database.migrate()


async def test_a_missing_schema_is_said(tmp_path: Path, postgres_url: str) -> None:
    """A database that was never migrated is not ready."""
    for url in (f"sqlite:///{tmp_path}/empty.db", postgres_url):
        database = open_database(url)
        await database.start()
        with pytest.raises(StorageUnavailable):
            await database.units.ping()
        await database.stop()


@pytest.mark.parametrize(
    "table", [getattr(tables, name) for name in tables.__all__], ids=lambda table: table._meta.tablename
)
async def test_tables_are_what_the_database_has(database: Database, table: type[Table]) -> None:
    """Piccolo's picture of a table names just the columns that the migrations made."""
    name = table._meta.tablename
    if database.dialect == "sqlite":
        rows = await _rows(database, f"SELECT name FROM pragma_table_info('{name}')")  # noqa: S608 - our own name
    else:
        where = f"WHERE table_name = '{name}' AND table_schema = current_schema()"
        rows = await _rows(database, f"SELECT column_name AS name FROM information_schema.columns {where}")  # noqa: S608

    assert {row["name"] for row in rows} == {column._meta.db_column_name for column in table._meta.columns}


async def _add_orphan(database: Database) -> None:
    async with database.units() as work:
        await work.brands.add(ORPHAN)
        await work.commit()


async def test_failures_leave_every_connection_whole(database: Database) -> None:
    """More failed transactions than there are connections, and the next ones work."""
    for _ in range(8):
        with pytest.raises(Conflict):
            await _add_orphan(database)

    async def one(number: int) -> None:
        async with database.units() as work:
            await work.organizations.add(Organization(id=f"o{number}", name="", slug=f"{number}", created_at=1))
            await work.commit()

    await asyncio.gather(*(one(number) for number in range(20)))


async def test_counts_statements_and_commits(database: Database) -> None:
    """What a call costs can be known."""
    statements, commits = database.statements, database.commits
    async with database.units() as work:
        await work.organizations.add(ORGANIZATION)
        await work.organizations.get("org_1")
        await work.commit()

    assert (database.statements - statements, database.commits - commits) == (2, 1)


async def test_comes_back_when_the_server_does(postgres_url: str) -> None:
    """Connections that the server has cut are replaced, without a restart of ours."""
    database = open_database(postgres_url, pool_size=3)
    await database.start()
    await database.migrate()
    admin = await asyncpg.connect(postgres_url)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> $1"
    await admin.execute(cut.replace("$1", "pg_backend_pid()"))
    await admin.close()

    async def recovered() -> None:
        while True:
            try:
                await database.units.ping()
            except StorageUnavailable:
                await asyncio.sleep(0.05)
            else:
                return

    await asyncio.wait_for(recovered(), 20)
    await database.stop()


async def test_a_server_that_is_away_is_said() -> None:
    """Nobody listens: the start goes on, and every call says so."""
    database = open_database("postgresql://postgres@127.0.0.1:9/none")
    await database.start()

    with pytest.raises(StorageUnavailable):
        await database.units.ping()
    with pytest.raises(StorageUnavailable):
        async with database.units() as work:
            await work.organizations.get("x")
    await database.stop()


def test_a_forgotten_database_does_not_hang_the_exit(tmp_path: Path) -> None:
    """A program that ends without closing SQLite ends at once, and only its owner may read the file."""
    script = (
        "import asyncio\nfrom paylinks_adapters.database import open_database\n"
        f"database = open_database('sqlite:///{tmp_path}/new/x.db')\n"
        "async def main():\n    await database.start()\n    await database.migrate()\nasyncio.run(main())\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=20)  # noqa: S603 - our own script

    assert (tmp_path / "new" / "x.db").stat().st_mode & 0o777 == 0o600
