"""Migrations: numbered, forward only, applied in one transaction by one process at a time."""

import time
from collections.abc import Awaitable, Callable
from types import ModuleType

from paylinks_ports.errors import StorageUnavailable

from ..sessions import Engine, Session
from . import (
    audit,
    domains,
    expiry,
    figures,
    first,
    idempotency,
    inbox,
    marketing,
    outbox,
    people,
    refunds,
    searched,
    upsells,
)
from .dialects import Dialect

__all__ = ["LATEST", "MIGRATIONS", "Dialect", "migrate", "pending"]

MIGRATIONS: tuple[tuple[int, ModuleType], ...] = (
    (1, first),
    (2, audit),
    (3, upsells),
    (10, refunds),
    (11, inbox),
    (20, outbox),
    (21, idempotency),
    (30, people),
    (40, marketing),
    (41, domains),
    (60, figures),
    (61, expiry),
    (65, searched),
)
"""Number and module; a module has `statements(dialect)`, and `fill(session)` where SQL alone can't say it.

New ones are added at the end and never changed after.
"""

LATEST = MIGRATIONS[-1][0]

_LOCK = 0x7061796C  # any number that is ours among PostgreSQL's advisory locks
_TABLE = (
    "CREATE TABLE IF NOT EXISTS migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)"
)


async def migrate(engine: Engine, dialect: Dialect) -> list[str]:
    """Apply what is missing and name it.

    Raises:
        StorageUnavailable: the database does not answer, or is newer than this program.

    """
    async with engine.transaction() as session:
        missing = await _missing(session, dialect)
        for number, module in missing:
            statements: Callable[[Dialect], list[str]] = module.statements
            for statement in statements(dialect):
                await session.fetch(statement)
            fill: Callable[[Session], Awaitable[None]] | None = getattr(module, "fill", None)
            if fill is not None:
                await fill(session)
            sql = "INSERT INTO migrations (number, name, applied_at) VALUES (?, ?, ?)"
            await session.fetch(sql, (number, _name(module), int(time.time() * 1000)))
        await session.commit()
    return [f"{number:04} {_name(module)}" for number, module in missing]


async def pending(engine: Engine, dialect: Dialect) -> list[str]:
    """Name what `migrate` would apply.

    Raises:
        StorageUnavailable: as for `migrate`.

    """
    async with engine.transaction() as session:  # left without commit, so nothing is made
        return [f"{number:04} {_name(module)}" for number, module in await _missing(session, dialect)]


async def _missing(session: Session, dialect: Dialect) -> list[tuple[int, ModuleType]]:
    if dialect == "postgres":  # SQLite has one writer at a time anyway
        await session.fetch("SELECT pg_advisory_xact_lock(?)", (_LOCK,))
    await session.fetch(_TABLE)
    rows = await session.fetch("SELECT number FROM migrations")
    applied = {int(row["number"]) for row in rows}
    if applied and max(applied) > LATEST:
        raise StorageUnavailable("The database is newer than this program; start the newer program")
    return [(number, module) for number, module in MIGRATIONS if number not in applied]


def _name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]
