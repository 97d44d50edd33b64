"""The simulator's memory over the given store: lists, contacts by address, and orders by contact and original id."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import msgspec
from msgspec import Struct

from paylinks_ports import SimulatedWorld

from .faults import MaropostFault

__all__ = ["ContactRecord", "ListRecord", "OrderRecord", "Subscription", "change", "contact_key", "find", "number"]

R = TypeVar("R")

_TRIES = 50


class ListRecord(Struct, frozen=True, kw_only=True):
    """One list."""

    id: int
    name: str


class Subscription(Struct, frozen=True, kw_only=True):
    """A contact's standing in one list; `updated_at` in Unix milliseconds."""

    status: str
    updated_at: int


class ContactRecord(Struct, frozen=True, kw_only=True):
    """One contact; `do_not_mail` says since when, Unix milliseconds."""

    id: int
    email: str
    fields: dict[str, str]
    lists: dict[int, Subscription] = {}
    do_not_mail: int | None = None


class OrderRecord(Struct, frozen=True, kw_only=True):
    """One order."""

    id: int
    email: str
    original_order_id: str
    order_date: datetime
    grand_total: str | None
    items: list[dict[str, str]]


def number(text: str) -> int:
    """Make an id as Maropost's look, the same for the same text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def contact_key(email: str) -> str:
    """Name the place of a contact."""
    return f"contact/{email.lower()}"


async def find(world: SimulatedWorld, key: str, kind: type[R]) -> R | None:
    """Read one record."""
    raw = await world.store.get(key)
    return None if raw is None else msgspec.json.decode(raw, type=kind)


async def change(world: SimulatedWorld, key: str, kind: type[R], edit: Callable[[R | None], R]) -> R:
    """Write one record anew; of several at once each sees what the one before it left.

    Raises:
        MaropostFault: too many change it at once, or `edit` refuses.

    """
    for _ in range(_TRIES):
        raw = await world.store.get(key)
        edited = edit(None if raw is None else msgspec.json.decode(raw, type=kind))
        if await world.store.put(key, msgspec.json.encode(edited).decode(), was=raw):
            return edited
    raise MaropostFault(429, {"error": "Too many concurrent requests"})
