"""The simulator's memory over the given store: documents changed by compare-and-set, and chains to list them by.

A list of all intents in one value would be written anew with each; so every intent names the one made before it, and
the store keeps only the last of each chain. There are sixteen, by the id's last letter, so that few writers meet.
"""

import secrets
import string
from collections.abc import Callable
from typing import TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports import SimulatedWorld

from .faults import StripeFault, no_such
from .records import CustomerRecord, IntentRecord, at

__all__ = ["add_customer", "add_intent", "all_intents", "change", "find_customer", "find_intent", "new_id"]

R = TypeVar("R", bound=Struct)

_CHAINS = "0123456789abcdef"
_TRIES = 50
_TOO_MANY = 429


def new_id(prefix: str, length: int = 24) -> str:
    """Make an id as Stripe's look."""
    body = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length - 1))
    return f"{prefix}{body}{secrets.choice(_CHAINS)}"


async def _load(world: SimulatedWorld, key: str, record: type[R]) -> tuple[R, str] | None:
    raw = await world.store.get(key)
    return None if raw is None else (msgspec.json.decode(raw, type=record), raw)


def _dump(record: Struct) -> str:
    return msgspec.json.encode(record).decode()


async def add_customer(world: SimulatedWorld, record: CustomerRecord) -> None:
    """Keep a new customer."""
    await world.store.put(f"customer/{record.id}", _dump(record), was=None)


async def find_customer(world: SimulatedWorld, name: str, *, livemode: bool) -> CustomerRecord | None:
    """Read a customer of one mode."""
    found = await _load(world, f"customer/{name}", CustomerRecord)
    return found[0] if found and found[0].livemode == livemode else None


async def add_intent(world: SimulatedWorld, record: IntentRecord) -> IntentRecord:
    """Keep a new intent, and make it the last of its chain.

    Raises:
        StripeFault: too many are made at once.

    """
    chain, key, was = f"last_intent/{record.id[-1]}", f"intent/{record.id}", None
    for _ in range(_TRIES):
        last = await world.store.get(chain)
        record = replace(record, previous=last)
        raw = _dump(record)
        await world.store.put(key, raw, was=was)
        was = raw
        if await world.store.put(chain, record.id, was=last):
            return record
    raise _locked()


async def find_intent(world: SimulatedWorld, name: str, *, livemode: bool) -> IntentRecord:
    """Read an intent of one mode, as it is now.

    Raises:
        StripeFault: there is none.

    """
    found = await _load(world, f"intent/{name}", IntentRecord)
    if found is None or found[0].livemode != livemode:
        raise no_such("payment_intent", name, param="intent")
    return at(found[0], world.now())


async def change(
    world: SimulatedWorld, name: str, edit: Callable[[IntentRecord], IntentRecord], *, livemode: bool
) -> IntentRecord:
    """Change an intent; of several at once each sees what the one before it left, so one intent is charged once.

    Raises:
        StripeFault: there is none, `edit` refuses, or too many change it at once.

    """
    for _ in range(_TRIES):
        found = await _load(world, f"intent/{name}", IntentRecord)
        if found is None or found[0].livemode != livemode:
            raise no_such("payment_intent", name, param="intent")
        record, raw = found
        edited = edit(at(record, world.now()))
        if edited == record or await world.store.put(f"intent/{name}", _dump(edited), was=raw):
            return edited
    raise _locked()


async def all_intents(world: SimulatedWorld, *, livemode: bool) -> list[IntentRecord]:
    """List the intents of one mode, newest first. It reads each of them: fit for a demo's and a test's numbers."""
    found: list[IntentRecord] = []
    for chain in _CHAINS:
        name = await world.store.get(f"last_intent/{chain}")
        while name is not None:
            loaded = await _load(world, f"intent/{name}", IntentRecord)
            if loaded is None:
                break
            found.append(at(loaded[0], world.now()))
            name = loaded[0].previous
    ours = [record for record in found if record.livemode == livemode]
    return sorted(ours, key=lambda record: (record.created, record.id), reverse=True)


def _locked() -> StripeFault:
    message = "This object cannot be accessed right now because another API request or Stripe process is accessing it."
    return StripeFault(_TOO_MANY, {"type": "invalid_request_error", "code": "lock_timeout", "message": message})
