"""What a unit of work needs of a database connection, whichever dialect it speaks."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import lru_cache
from typing import Any, Protocol, TypeAlias

__all__ = ["Counts", "Engine", "Session", "Value", "numbered", "unlocked"]

Value: TypeAlias = str | int | bool | None
"""What is bound to a mark; times and money are whole numbers, JSON is text."""


class Counts:
    """How many statements and commits a database has been asked for, so that a call's cost can be known."""

    def __init__(self) -> None:
        self.statements = 0
        self.commits = 0


class Session(Protocol):
    """Runs statements: in one transaction, or each for itself when it is for reading."""

    async def fetch(self, sql: str, values: Sequence[Value] = ()) -> Sequence[Mapping[str, Any]]:
        """Run one statement with `?` marks and give its rows by column name.

        Raises:
            Conflict: a constraint or a concurrent transaction says no.
            StorageUnavailable: the database does not answer.

        """

    async def commit(self) -> None:
        """Make it durable; a later statement begins anew.

        Raises:
            Conflict, StorageUnavailable: as for `fetch`.

        """


class Engine(Protocol):
    """Opens sessions."""

    counts: Counts

    async def start(self) -> None:
        """Open what is needed; a database that is away may come back later."""

    async def stop(self) -> None:
        """Close everything."""

    def transaction(self) -> AbstractAsyncContextManager[Session]:
        """Open a session for one transaction; what is not committed at its end is forgotten."""

    def reading(self) -> AbstractAsyncContextManager[Session]:
        """Open a session for reading what is committed."""


@lru_cache(maxsize=1024)
def unlocked(sql: str) -> str:
    """Leave row locks out, for a database whose one writer holds everything locked already."""
    return sql.replace(" FOR UPDATE SKIP LOCKED", "").replace(" FOR UPDATE", "")


@lru_cache(maxsize=1024)
def numbered(sql: str) -> str:
    """Write `$1`, `$2` … in place of the `?` marks."""
    first, *rest = sql.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))
