"""Migration 65: what searches look at, in a text of its own beside each row that is listed."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec

from paylinks_ports.records.checkouts import Claims

from ...searched import joined, order_text
from ..sessions import Session
from .dialects import Dialect, statements_of

__all__ = ["fill", "statements"]

_ROWS = 500  # at once in memory

_COLUMNS = {
    "audit_entries": ("actor_id", "actor_email", "action", "target"),
    "deliveries": ("event_id", "event_type"),
    "endpoints": ("url", "description"),
    "incoming_events": ("event_id", "type", "provider", "error"),
    "memberships": ("email", "name"),
    "salespeople": ("email", "name"),
    "upsell_sessions": ("id", "order_id", "customer_email"),
}

# With a default, so that a process of before may go on writing while it is replaced.
_TABLES = "ALTER TABLE checkouts ADD COLUMN searched_order TEXT NOT NULL DEFAULT '';" + "".join(
    f"ALTER TABLE {table} ADD COLUMN searched TEXT NOT NULL DEFAULT '';" for table in ("checkouts", *_COLUMNS)
)


def statements(dialect: Dialect) -> list[str]:
    """Give the statements."""
    return statements_of(_TABLES, dialect)


async def fill(session: Session) -> None:
    """Write the texts of the rows that are there."""
    for table, columns in _COLUMNS.items():
        await _fill(session, table, columns, partial(_of_fields, columns))
    await _fill(session, "checkouts", ("order_id", "claims"), _of_checkout)


def _of_fields(columns: tuple[str, ...], row: Mapping[str, Any]) -> dict[str, str]:
    return {"searched": joined(*(row[column] for column in columns))}


def _of_checkout(row: Mapping[str, Any]) -> dict[str, str]:
    claims = msgspec.json.decode(row["claims"], type=Claims)
    return {
        "searched": order_text(row["id"], row["order_id"], claims),
        "searched_order": joined(row["order_id"]),
    }


async def _fill(
    session: Session, table: str, columns: tuple[str, ...], texts_of: Callable[[Mapping[str, Any]], dict[str, str]]
) -> None:
    names = ", ".join(dict.fromkeys(("id", *columns)))
    after = ""
    while rows := await session.fetch(
        f"SELECT {names} FROM {table} WHERE id > ? ORDER BY id LIMIT ?",  # noqa: S608 - it names tables and columns of ours only; values are bound
        (after, _ROWS),
    ):
        for row in rows:
            texts = texts_of(dict(row))
            sets = ", ".join(f"{column} = ?" for column in texts)
            await session.fetch(f"UPDATE {table} SET {sets} WHERE id = ?", (*texts.values(), row["id"]))  # noqa: S608 - it names tables and columns of ours only; values are bound
        after = rows[-1]["id"]
