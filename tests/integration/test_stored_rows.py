"""What one order holds, over HTTP and in the background: it never keeps another one from being read or settled."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ..waiting import until
from .conftest import Client

pytestmark = pytest.mark.anyio


def spoil(data: Path, sql: str) -> None:
    """Change rows as no program of ours does."""
    with closing(sqlite3.connect(data / "paylinks.db")) as connection:
        connection.execute(sql)
        connection.commit()


def state(data: Path, order_id: str) -> str:
    """Read what became of an order."""
    with closing(sqlite3.connect(data / "paylinks.db")) as connection:
        (found,) = connection.execute("SELECT state FROM checkouts WHERE order_id = ?", (order_id,)).fetchone()
    return str(found)


async def test_an_order_that_was_stored_too_long(client: Client, data: Path) -> None:
    """It is listed, told, abandoned and looked up as any other; one that can't be read stands in nobody's way."""
    for order_id in ("long", "lost", "good"):
        await client.opened(orderId=order_id, customer={"email": "ada@example.com", "firstName": "Ada"})
    spoil(
        data,
        f"UPDATE checkouts SET claims = replace(claims, '\"Ada\"', '\"{'N' * 101}\"') WHERE order_id = 'long'",  # noqa: S608 - our own
    )
    spoil(data, "UPDATE checkouts SET claims = '{}' WHERE order_id = 'lost'")

    listed = await client.http.get("/api/admin/orders")
    told = await client.http.get("/api/admin/orders/long")
    spoil(data, "UPDATE checkouts SET expires_at = created_at - CASE order_id WHEN 'lost' THEN 9 ELSE 1 END")
    await until(lambda: {state(data, "long"), state(data, "good")} == {"abandoned"})

    assert listed.status_code == 200, listed.text
    assert {one["orderId"] for one in listed.json()["data"]} == {"long", "good"}
    assert told.status_code == 200, told.text
    assert told.json()["data"]["customer"]["firstName"] == "N" * 100
    assert state(data, "lost") == "open"
