"""The simulator's memory over the given store: lists, profiles by each of their identifiers, and events once each."""

import secrets
import string
from collections.abc import Callable
from typing import TypeVar

import msgspec
from msgspec import Struct

from paylinks_ports import SimulatedWorld

from .faults import throttled

__all__ = ["EventRecord", "ListRecord", "ProfileRecord", "add_event", "change", "count", "find", "new_id", "own"]

R = TypeVar("R")

_TRIES = 50
_MINUTE = 60_000


class ListRecord(Struct, frozen=True, kw_only=True):
    """One list."""

    id: str
    name: str
    created: int
    opt_in_process: str


class ProfileRecord(Struct, frozen=True, kw_only=True):
    """One profile.

    Args:
        lists: whose e-mails it gets.
        unconfirmed: lists with a double opt-in that has been asked for.
        consent_at: when the consent was last given or withdrawn, Unix milliseconds.

    """

    id: str
    attributes: dict[str, object]
    consent: str = "NEVER_SUBSCRIBED"
    consent_at: int | None = None
    lists: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()


class EventRecord(Struct, frozen=True, kw_only=True):
    """One event."""

    profile_id: str
    metric: str
    attributes: dict[str, object]


def new_id(length: int = 26) -> str:
    """Make an id as Klaviyo's look."""
    return "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(length))


async def find(world: SimulatedWorld, key: str, kind: type[R]) -> R | None:
    """Read one record."""
    raw = await world.store.get(key)
    return None if raw is None else msgspec.json.decode(raw, type=kind)


async def change(world: SimulatedWorld, key: str, kind: type[R], edit: Callable[[R | None], R]) -> R:
    """Write one record anew; of several at once each sees what the one before it left.

    Raises:
        KlaviyoFault: too many change it at once.

    """
    for _ in range(_TRIES):
        raw = await world.store.get(key)
        edited = edit(None if raw is None else msgspec.json.decode(raw, type=kind))
        if await world.store.put(key, msgspec.json.encode(edited).decode(), was=raw):
            return edited
    raise throttled(1)


async def own(world: SimulatedWorld, identifier: str, profile_id: str) -> str:
    """Give an identifier (``email/…``, ``phone_number/…``) to a profile if it is no other's; say whose it is."""
    await world.store.put(f"identifier/{identifier}", profile_id, was=None)
    return await world.store.get(f"identifier/{identifier}") or profile_id


async def add_event(world: SimulatedWorld, record: EventRecord, unique_id: str) -> None:
    """Keep the first event of a profile, a metric and an id; any other is dropped without a word."""
    key = f"event/{record.profile_id}/{record.metric}/{unique_id}"
    await world.store.put(key, msgspec.json.encode(record).decode(), was=None)


async def count(world: SimulatedWorld, route: str, limit: int) -> int:
    """Count a call in its fixed window of a minute, and give how many are left.

    Raises:
        KlaviyoFault: there is none left.

    """
    minute, since = divmod(world.now(), _MINUTE)

    def one_more(was: tuple[int, int] | None) -> tuple[int, int]:
        return (minute, was[1] + 1) if was and was[0] == minute else (minute, 1)

    _, used = await change(world, f"rate/{route}", tuple[int, int], one_more)
    if used > limit:
        raise throttled(-(-(_MINUTE - since) // 1000))
    return limit - used
