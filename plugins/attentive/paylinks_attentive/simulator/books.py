"""The simulator's memory over the given store: users by their address or number, segments, and every purchase."""

import secrets
from collections.abc import Callable
from typing import TypeVar

import msgspec
from msgspec import Struct

from paylinks_ports import SimulatedWorld

from .faults import AttentiveFault

__all__ = ["SegmentRecord", "UserRecord", "add_purchase", "change", "count", "find", "new_id"]

R = TypeVar("R")

_TRIES = 50
_SECOND = 1_000


class SegmentRecord(Struct, frozen=True, kw_only=True):
    """One segment."""

    external_id: str
    name: str
    created: int


class UserRecord(Struct, frozen=True, kw_only=True):
    """One user.

    Args:
        subscriptions: ``MARKETING/EMAIL`` and the like.
        told: how often Attentive has written to say that there is a subscription already.

    """

    attributes: dict[str, object] = {}
    subscriptions: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    told: int = 0


def new_id() -> str:
    """Make an id."""
    return secrets.token_hex(12)


async def find(world: SimulatedWorld, key: str, kind: type[R]) -> R | None:
    """Read one record."""
    raw = await world.store.get(key)
    return None if raw is None else msgspec.json.decode(raw, type=kind)


async def change(world: SimulatedWorld, key: str, kind: type[R], edit: Callable[[R | None], R]) -> R:
    """Write one record anew; of several at once each sees what the one before it left.

    Raises:
        AttentiveFault: too many change it at once.

    """
    for _ in range(_TRIES):
        raw = await world.store.get(key)
        edited = edit(None if raw is None else msgspec.json.decode(raw, type=kind))
        if await world.store.put(key, msgspec.json.encode(edited).decode(), was=raw):
            return edited
    raise AttentiveFault(429, "Too many requests")


async def add_purchase(world: SimulatedWorld, content: bytes) -> None:
    """Keep a purchase: each, for nothing says that a second one of the same order would be dropped."""
    await world.store.put(f"purchase/{new_id()}", content.decode(), was=None)


async def count(world: SimulatedWorld, route: str, limit: int) -> int:
    """Count a call in its second, and give how many are left.

    Raises:
        AttentiveFault: there is none left.

    """
    second = world.now() // _SECOND

    def one_more(was: tuple[int, int] | None) -> tuple[int, int]:
        return (second, was[1] + 1) if was and was[0] == second else (second, 1)

    _, used = await change(world, f"rate/{route}", tuple[int, int], one_more)
    if used > limit:
        headers = {"x-ratelimit-limit": str(limit), "x-ratelimit-remaining": "0"}
        raise AttentiveFault(429, "Too many requests", headers=headers)
    return limit - used
