"""The simulator's memory over the given store: draft orders with the orders they became, changed by compare-and-set."""

import secrets
from collections.abc import Callable
from decimal import Decimal

import msgspec
from msgspec import Struct, field

from paylinks_ports import SimulatedWorld

from .faults import QueryFault

__all__ = [
    "DraftRecord",
    "OrderRecord",
    "RefundRecord",
    "TransactionRecord",
    "add",
    "change",
    "find",
    "new_gid",
    "of_order",
    "of_tag",
]

_TRIES = 50
_LAG_MS = 8_000
"""Shopify's search knows a new draft order after a while."""


class TransactionRecord(Struct, kw_only=True):
    """A movement of an order; pending until `settles_at` where that is set, and failed from then on if it `fails`."""

    id: str
    kind: str
    status: str
    amount: Decimal
    error_code: str | None = None
    parent_id: str | None = None
    settles_at: int | None = None
    fails: bool = False


class RefundRecord(Struct, kw_only=True):
    """A refund of an order; `key` and `asked` are of its idempotency."""

    id: str
    note: str | None
    amount: Decimal
    transaction_ids: list[str]
    key: str
    asked: str


class OrderRecord(Struct, kw_only=True):
    """An order; `card` is how it was paid last, which its refunds go by, too."""

    id: str
    name: str
    transactions: list[TransactionRecord] = field(default_factory=list)
    refunds: list[RefundRecord] = field(default_factory=list)
    card: str = ""


class DraftRecord(Struct, kw_only=True):
    """A draft order."""

    id: str
    created_at: int
    currency: str
    total: Decimal
    tags: list[str]
    attributes: list[tuple[str, str]]
    po_number: str | None = None
    deleted: bool = False
    order: OrderRecord | None = None


def new_gid(kind: str) -> str:
    """Make an id as Shopify's look."""
    return f"gid://shopify/{kind}/{secrets.randbelow(9 * 10**12) + 10**12}"


def _dump(record: object) -> str:
    return msgspec.json.encode(record).decode()


async def _list(world: SimulatedWorld, key: str) -> tuple[list[str], str | None]:
    raw = await world.store.get(key)
    return (msgspec.json.decode(raw, type=list[str]) if raw else []), raw


async def add(world: SimulatedWorld, record: DraftRecord) -> None:
    """Keep a new draft order, and list it under its tags."""
    await world.store.put(record.id, _dump(record), was=None)
    for tag in record.tags:
        for _ in range(_TRIES):
            listed, raw = await _list(world, f"tag/{tag}")
            if await world.store.put(f"tag/{tag}", _dump([*listed, record.id]), was=raw):
                break


async def find(world: SimulatedWorld, gid: str) -> DraftRecord | None:
    """Read a draft order as it is now."""
    raw = await world.store.get(gid)
    record = msgspec.json.decode(raw, type=DraftRecord) if raw else None
    return _at(record, world) if record and not record.deleted else None


async def of_tag(world: SimulatedWorld, tag: str) -> list[DraftRecord]:
    """Search by a tag, newest first."""
    listed, _ = await _list(world, f"tag/{tag}")
    found = [await find(world, gid) for gid in reversed(listed)]
    return [one for one in found if one is not None and one.created_at + _LAG_MS <= world.now()]


async def of_order(world: SimulatedWorld, order_gid: str) -> str | None:
    """Name the draft order that an order was."""
    return await world.store.get(order_gid)


async def change(world: SimulatedWorld, gid: str, edit: Callable[[DraftRecord], None]) -> DraftRecord | None:
    """Change a draft order as it is now; `edit` may refuse. None: there is none."""
    for _ in range(_TRIES):
        raw = await world.store.get(gid)
        record = msgspec.json.decode(raw, type=DraftRecord) if raw else None
        if record is None or record.deleted:
            return None
        edit(_at(record, world))
        if record.order is not None:
            await world.store.put(record.order.id, gid, was=None)
        if await world.store.put(gid, _dump(record), was=raw):
            return record
    raise QueryFault("Throttled", "THROTTLED")


def _at(record: DraftRecord, world: SimulatedWorld) -> DraftRecord:
    """Let the gateway have answered meanwhile."""
    for one in record.order.transactions if record.order else ():
        if one.settles_at is not None and one.settles_at <= world.now():
            one.settles_at = None
            one.status = "FAILURE" if one.fails else "SUCCESS"
    return record
