"""The simulator's memory over the given store: documents changed by compare-and-set, and lists to find them by."""

import secrets
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec
from msgspec import Struct

from paylinks_ports import SimulatedWorld

from .faults import GatewayFault
from .records import TransactionRecord, VaultRecord, at

__all__ = ["add", "burn", "change", "find", "find_card", "find_list", "keep_card", "new_id", "remember_sale"]

R = TypeVar("R", bound=Struct)
_TRIES = 50
_BUSY = "301"


def new_id() -> str:
    """Make an id as the gateway's look."""
    return str(secrets.randbelow(9_000_000_000) + 1_000_000_000)


async def _load(world: SimulatedWorld, key: str, record: type[R]) -> tuple[R | None, str | None]:
    raw = await world.store.get(key)
    return (None if raw is None else msgspec.json.decode(raw, type=record)), raw


def _dump(record: object) -> str:
    return msgspec.json.encode(record).decode()


async def add(world: SimulatedWorld, record: TransactionRecord) -> None:
    """Keep a new transaction, and enter it in the lists that it is found by."""
    await world.store.put(f"transaction/{record.id}", _dump(record), was=None)
    lists = [f"order_id/{record.order_id}", *(f"{name}/{value}" for name, value in record.fields.items())]
    for key in lists:
        await _enter(world, key, record.id)


async def _enter(world: SimulatedWorld, key: str, name: str) -> None:
    for _ in range(_TRIES):
        raw = await world.store.get(key)
        names = [] if raw is None else msgspec.json.decode(raw, type=list[str])
        if await world.store.put(key, _dump([*names, name]), was=raw):
            return
    raise GatewayFault("Rate limit exceeded", _BUSY)


async def find(world: SimulatedWorld, name: str) -> TransactionRecord | None:
    """Read a transaction, as it is now."""
    record, _ = await _load(world, f"transaction/{name}", TransactionRecord)
    return at(record, world.now()) if record else None


async def find_list(world: SimulatedWorld, key: str) -> Iterable[str]:
    """List the ids that were entered under a filter and its value, oldest first."""
    raw = await world.store.get(key)
    return [] if raw is None else msgspec.json.decode(raw, type=list[str])


async def change(
    world: SimulatedWorld, name: str, edit: Callable[[TransactionRecord], TransactionRecord]
) -> TransactionRecord:
    """Change a transaction; of several at once each sees what the one before it left.

    Raises:
        GatewayFault: there is none, `edit` refuses, or too many change it at once.

    """
    for _ in range(_TRIES):
        record, raw = await _load(world, f"transaction/{name}", TransactionRecord)
        if record is None:
            raise GatewayFault("Transaction not found")
        edited = edit(at(record, world.now()))
        if await world.store.put(f"transaction/{name}", _dump(edited), was=raw):
            return edited
    raise GatewayFault("Rate limit exceeded", _BUSY)


async def burn(world: SimulatedWorld, token: str) -> bool:
    """Use up a payment token; say whether it was there to be used."""
    return await world.store.put(f"token/{token}", "burned", was=None)


async def keep_card(world: SimulatedWorld, card: str) -> VaultRecord:
    """Put a card in the vault."""
    record = VaultRecord(id=new_id(), card=card)
    await world.store.put(f"vault/{record.id}", _dump(record), was=None)
    return record


async def find_card(world: SimulatedWorld, name: str) -> VaultRecord | None:
    """Read a card of the vault."""
    record, _ = await _load(world, f"vault/{name}", VaultRecord)
    return record


async def remember_sale(world: SimulatedWorld, key: str, window: int) -> bool:
    """Note that a sale is being made; say whether none like it was within the window, in milliseconds."""
    for _ in range(_TRIES):
        raw = await world.store.get(key)
        if raw is not None and world.now() - int(raw) < window:
            return False
        if await world.store.put(key, str(world.now()), was=raw):
            return True
    raise GatewayFault("Rate limit exceeded", _BUSY)
