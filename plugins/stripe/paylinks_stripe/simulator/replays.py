"""Idempotency keys: one execution each, and its answer again for 24 hours (docs.stripe.com/idempotency)."""

import hashlib
import json
from typing import Any

import msgspec
from msgspec import Struct

from paylinks_ports import SimulatedWorld

from .faults import StripeFault, invalid

__all__ = ["Replay", "keep", "reserve"]

_KEPT = 24 * 3_600_000
_LEASE = 60_000
_LONGEST = 255
_CONFLICT = 409
_NOT_KEPT = frozenset({409, 429})  # nothing was executed


class Replay(Struct, frozen=True, kw_only=True):
    """What is kept of one key; without a status it is still running."""

    fingerprint: str
    at: int
    status: int | None = None
    body: dict[str, Any] = {}


async def reserve(world: SimulatedWorld, key: str, path: str, form: dict[str, Any]) -> Replay:
    """Take a key, or give what was answered under it.

    Raises:
        StripeFault: it belongs to another request, or to one that is running.

    """
    if len(key) > _LONGEST:
        raise invalid(f"Idempotency keys can be up to {_LONGEST} characters long.")
    fingerprint = hashlib.sha256(json.dumps([path, form], sort_keys=True).encode()).hexdigest()
    raw = await world.store.get(_name(key))
    if raw is not None:
        known = msgspec.json.decode(raw, type=Replay)
        if known.at > world.now() - _KEPT:
            if known.fingerprint != fingerprint:
                message = (
                    "Keys for idempotent requests can only be used with the same parameters they were first used with."
                )
                raise StripeFault(400, {"type": "idempotency_error", "message": message})
            if known.status is not None:
                return known
            if known.at > world.now() - _LEASE:
                raise _in_use()
    running = Replay(fingerprint=fingerprint, at=world.now())
    if not await world.store.put(_name(key), _dump(running), was=raw):
        raise _in_use()
    return running


async def keep(world: SimulatedWorld, key: str, running: Replay, status: int, body: dict[str, Any]) -> None:
    """Keep an answer; one that executed nothing frees the key."""
    if status in _NOT_KEPT:
        done = msgspec.structs.replace(running, at=0)
    else:
        done = msgspec.structs.replace(running, status=status, body=body)
    await world.store.put(_name(key), _dump(done), was=_dump(running))


def _name(key: str) -> str:
    return f"idempotency/{key}"


def _dump(replay: Replay) -> str:
    return msgspec.json.encode(replay).decode()


def _in_use() -> StripeFault:
    message = "There is currently another in-progress request using this Idempotent Key."
    return StripeFault(_CONFLICT, {"type": "idempotency_error", "code": "idempotency_key_in_use", "message": message})
