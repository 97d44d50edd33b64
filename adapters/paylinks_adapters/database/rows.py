"""Between a frozen Struct and a row: the SQL of each record, written once, and the values both ways."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from piccolo.columns import JSON
from piccolo.table import Table

from paylinks_ports.errors import Conflict
from paylinks_ports.storage import Due, Found, Window

from ..logs import get_logger
from ..searched import fold, searched_text
from .sessions import Session, Value
from .stored import Unreadable, read_stored

__all__ = ["SEARCHED", "Rows"]

_log = get_logger()

T = TypeVar("T", bound=Struct)

SEARCHED: Mapping[str, Callable[[Any], str]] = {"searched": searched_text}
"""The column of whatever has pages."""

_MOST_ROWS = 50  # of one statement, whose marks databases limit


class Rows(Generic[T]):
    """Reads and writes the records of one table; columns are named as the record's fields.

    SQL is written with `?` for values; a session puts its dialect's own mark there.
    """

    def __init__(
        self, table: type[Table], record: type[T], *key: str, made: Mapping[str, Callable[[T], str]] | None = None
    ) -> None:
        """Write its SQL.

        Args:
            table: where.
            record: what.
            key: the columns that a versioned row is found by; `id` where none is given.
            made: the columns that are no fields of the record but made of it, and never read.

        """
        meta = table._meta  # noqa: SLF001 - Piccolo's own way to ask a table about itself
        self._record = record
        self._columns = [column._meta.db_column_name for column in meta.columns]  # noqa: SLF001 - likewise
        self._json = frozenset(
            column._meta.db_column_name  # noqa: SLF001 - likewise
            for column in meta.columns
            if isinstance(column, JSON)
        )
        self._made = made or {}
        names = ", ".join(self._columns)
        read = ", ".join(column for column in self._columns if column not in self._made)
        marks = ", ".join("?" for _ in self._columns)
        self.name = meta.tablename
        self._marks = f"({marks})"
        self._insert = f"INSERT INTO {self.name} ({names}) VALUES ({marks})"  # noqa: S608 - it names tables and columns of ours only; values are bound
        self._select = f"SELECT {read} FROM {self.name} "  # noqa: S608 - it names tables and columns of ours only; values are bound
        self._key = key or ("id",)
        sets = ", ".join(f"{column} = ?" for column in self._columns if column not in (*self._key, "version"))
        found = " AND ".join(f"{column} = ?" for column in (*self._key, "version"))
        self._update = f"UPDATE {self.name} SET {sets}, version = version + 1 WHERE {found} RETURNING version"  # noqa: S608 - it names tables and columns of ours only; values are bound

    async def add(self, session: Session, record: T) -> None:
        """Insert one row.

        Raises:
            Conflict: a unique index has it already; the transaction goes on.

        """
        sql = f"{self._insert} ON CONFLICT DO NOTHING RETURNING 1"
        if not await session.fetch(sql, self._values(record)):
            raise Conflict(f"There is such a row in {self.name} already")

    async def add_all(self, session: Session, records: Sequence[T]) -> None:
        """Insert several rows, whose ids are new, in one statement.

        Raises:
            Conflict: an id is taken; the transaction is lost.

        """
        for start in range(0, len(records), _MOST_ROWS):
            some = records[start : start + _MOST_ROWS]
            values = [value for record in some for value in self._values(record)]
            await session.fetch(self._insert + f", {self._marks}" * (len(some) - 1), values)

    async def take(self, session: Session, sql: str, *values: Value) -> Due[T]:
        """Run a statement that ends in RETURNING * and takes what may not all be readable."""
        return self._due(await session.fetch(sql, values))

    async def delete(self, session: Session, where: str, *values: Value, limit: int) -> int:
        """Delete some of the rows that fit, and say how many."""
        # Several processes tidy up at once, and each takes others.
        some = f"SELECT id FROM {self.name} WHERE {where} LIMIT ? FOR UPDATE SKIP LOCKED"  # noqa: S608 - it names tables and columns of ours only; values are bound
        sql = f"DELETE FROM {self.name} WHERE id IN ({some}) RETURNING 1"  # noqa: S608 - it names tables and columns of ours only; values are bound
        return len(await session.fetch(sql, (*values, limit)))

    async def upsert(self, session: Session, record: T, *key: str) -> None:
        """Insert one row, or replace the one with the same key, whatever its version."""
        sets = ", ".join(
            f"version = {self.name}.version + 1" if column == "version" else f"{column} = excluded.{column}"
            for column in self._columns
            if column not in key
        )
        sql = f"{self._insert} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sets}"
        await session.fetch(sql, self._values(record))

    async def replace(self, session: Session, was: T, now: T) -> T:
        """Change a row that is still at the version of `was`.

        Raises:
            Conflict: it is not.

        """
        version: int = getattr(was, "version")  # noqa: B009 - only such records come here
        changed = self._values(now, without=(*self._key, "version"))
        key = [getattr(was, column) for column in self._key]
        if not await session.fetch(self._update, [*changed, *key, version]):
            raise Conflict(f"This row of {self.name} has been changed")
        return replace(now, version=version + 1)

    async def one(self, session: Session, where: str, *values: Value) -> T | None:
        """Read the first row that fits."""
        found = await self.many(session, where + " LIMIT 1", *values)
        return found[0] if found else None

    async def many(self, session: Session, where: str, *values: Value) -> tuple[T, ...]:
        """Read every row that fits; `where` is all that follows FROM."""
        return tuple(self._read(row) for row in await session.fetch(self._select + where, values))

    async def queue(self, session: Session, where: str, *values: Value) -> Due[T]:
        """Read rows that wait for something to be done about them; `where` is all that follows FROM."""
        return self._due(await session.fetch(self._select + where, values))

    async def due(self, session: Session, time: str, now: int, limit: int, each: int, *account: str) -> Due[T]:
        """Read rows whose time has come, oldest first, the first of every account before the second of any.

        Args:
            session: where.
            time: the column that says when.
            now: Unix milliseconds.
            limit: the most of all.
            each: the most of one account.
            account: the columns that name it.

        """
        names, of = ", ".join(self._columns), ", ".join(account)
        sql = (
            f"SELECT {names} FROM (SELECT {names}, "  # noqa: S608 - it names tables and columns of ours only; values are bound
            f"ROW_NUMBER() OVER (PARTITION BY {of} ORDER BY {time}, id) AS place FROM {self.name} WHERE {time} <= ?"
            f") AS waiting WHERE place <= ? ORDER BY place, {time}, id LIMIT ?"
        )
        return self._due(await session.fetch(sql, (now, each, limit)))

    async def put_off(self, session: Session, time: str, ids: Sequence[str], until: int) -> None:
        """Put the time of some rows off, without reading them."""
        if ids:
            marks = ", ".join("?" for _ in ids)
            sql = f"UPDATE {self.name} SET {time} = ?, version = version + 1 WHERE id IN ({marks})"  # noqa: S608 - it names tables and columns of ours only; values are bound
            await session.fetch(sql, (until, *ids))

    async def page(
        self, session: Session, window: Window, where: str, values: Sequence[Value], *, searched: str = "searched"
    ) -> Found[T]:
        """Read the part of a list that is asked for, newest first; the table has `id` and `created_at`.

        Args:
            session: where.
            window: which part.
            where: what all rows of the list have in common, with `?` marks for `values`.
            values: for the marks.
            searched: the column of folded text that the window's is looked for in.

        """
        conditions, bound = [where], list(values)
        for bound_by, limit in (("created_at >= ?", window.since), ("created_at <= ?", window.until)):
            if limit is not None:
                conditions.append(bound_by)
                bound.append(limit)
        if window.search:
            conditions.append(f"{searched} LIKE ? ESCAPE '!'")
            bound.append(_pattern(window.search))
        condition = "WHERE " + " AND ".join(conditions)
        counted = await session.fetch(f"SELECT COUNT(*) AS total FROM {self.name} {condition}", bound)  # noqa: S608 - it names tables and columns of ours only; values are bound
        newest = f"{condition} ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?"
        # One that can't be read must not hide the others from a person.
        found = await self.queue(session, newest, *bound, window.limit, window.offset)
        return Found(rows=found.rows, total=int(counted[0]["total"]))

    def _values(self, record: T, without: Sequence[str] = ()) -> list[Value]:
        return [self._value(record, column) for column in self._columns if column not in without]

    def _value(self, record: T, column: str) -> Value:
        if column in self._made:
            return self._made[column](record)
        value = getattr(record, column)
        return msgspec.json.encode(value).decode() if column in self._json else value

    def _due(self, found: Sequence[Mapping[str, Any]]) -> Due[T]:
        rows, unreadable = [], []
        for row in found:
            try:
                rows.append(self._read(row))
            except Unreadable:
                # Neither its words nor its traceback: both may hold a customer's.
                _log.error("row.unreadable", table=self.name, id=row["id"])
                unreadable.append(str(row["id"]))
        return Due(rows=tuple(rows), unreadable=tuple(unreadable))

    def _read(self, row: Mapping[str, Any]) -> T:
        try:
            values = {
                column: msgspec.json.decode(value) if column in self._json else value for column, value in row.items()
            }
        except msgspec.DecodeError as error:
            raise Unreadable(f"A row of {self.name} is no JSON") from error
        return read_stored(values, self._record)


def _pattern(text: str) -> str:
    """Write a text as a LIKE pattern that finds it anywhere in folded text."""
    text = fold(text)
    for sign in "!%_":
        text = text.replace(sign, "!" + sign)
    return f"%{text}%"
