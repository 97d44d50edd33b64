"""Storage on SQLite and PostgreSQL, on Piccolo's engines and tables."""

from pathlib import Path
from typing import TYPE_CHECKING

from paylinks_ports.storage import Units

from .migrations import Dialect, migrate, pending

if TYPE_CHECKING:
    from .sessions import Engine

__all__ = ["Database", "open_database"]

POOL_SIZE = 10


class Database:
    """One database; `units` is the storage port.

    Args:
        engine: opens sessions.
        dialect: which SQL it speaks.

    """

    def __init__(self, engine: "Engine", dialect: Dialect) -> None:
        from .work import DatabaseUnits

        self._engine = engine
        self.dialect: Dialect = dialect
        self.units: Units = DatabaseUnits(engine)

    @property
    def statements(self) -> int:
        """How many statements it has been asked for."""
        return self._engine.counts.statements

    @property
    def commits(self) -> int:
        """How many commits it has been asked for."""
        return self._engine.counts.commits

    async def start(self) -> None:
        """Open it; a PostgreSQL server that is away may come back later."""
        await self._engine.start()

    async def migrate(self) -> list[str]:
        """Bring the schema up to this program's, and name what was applied."""
        return await migrate(self._engine, self.dialect)

    async def pending_migrations(self) -> list[str]:
        """Name what `migrate` would apply."""
        return await pending(self._engine, self.dialect)

    async def stop(self) -> None:
        """Close it."""
        await self._engine.stop()


def open_database(url: str, *, pool_size: int = POOL_SIZE) -> Database:
    """Choose the engine of a URL; nothing is opened yet.

    Args:
        url: ``sqlite:///relative.db``, ``sqlite:////absolute.db`` or ``postgresql://…``.
        pool_size: the most connections to PostgreSQL.

    Raises:
        ValueError: the URL is none of these.

    """
    if url.startswith("sqlite:///") and url.removeprefix("sqlite:///") not in ("", ":memory:"):
        from .sqlite import EmbeddedEngine

        return Database(EmbeddedEngine(str(Path(url.removeprefix("sqlite:///")))), "sqlite")
    if not url.startswith(("postgresql://", "postgres://")):
        raise ValueError(
            "a database URL is sqlite:///file.db or postgresql://…"
        )  # without quoting it: it may hold a password
    from .postgres import ServerEngine

    return Database(ServerEngine(url, pool_size), "postgres")
