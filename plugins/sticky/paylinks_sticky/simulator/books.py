"""The simulator's memory over the given store: prospects and orders, numbered, changed by compare-and-set."""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from msgspec import Struct

from paylinks_ports import SimulatedWorld

from .faults import TOO_BUSY, StickyFault

__all__ = ["OrderRecord", "ProspectRecord", "add", "all_orders", "burn", "change", "find"]

R = TypeVar("R", bound=Struct)
_TRIES = 100
_FIRST = 10_000


class ProspectRecord(Struct, frozen=True, kw_only=True):
    """Who may buy; `used`: an order has made a customer of it."""

    id: str
    given: dict[str, str]
    used: bool = False


class OrderRecord(Struct, frozen=True, kw_only=True):
    """One order, a declined one, too.

    Args:
        total: in cents, as all amounts here.
        settles_at: until then it is pending.
        given: who bought, in the request's own names.

    """

    id: str
    customer_id: str
    at: int
    total: int
    click_id: str = ""
    campaign_id: str = ""
    email: str = ""
    decline_reason: str = ""
    test: bool = False
    settles_at: int = 0
    refunded: int = 0
    voided: bool = False
    given: dict[str, str] = {}
    offers: list[dict[str, str]] = []

    def status(self, now: int) -> str:
        """Say ``order_status`` as it is now."""
        if self.decline_reason:
            return "7"
        if self.voided or (self.refunded and self.refunded == self.total):
            return "6"
        return "11" if now < self.settles_at else "2"


def _dump(record: Struct) -> str:
    return msgspec.json.encode(record).decode()


async def _next(world: SimulatedWorld, kind: str) -> str:
    for _ in range(_TRIES):
        last = await world.store.get(f"last/{kind}")
        following = str(int(last or _FIRST) + 1)
        if await world.store.put(f"last/{kind}", following, was=last):
            return following
    raise StickyFault(*TOO_BUSY)


async def add(world: SimulatedWorld, kind: str, make: Callable[[str], R]) -> R:
    """Keep a new record under the next number."""
    record = make(await _next(world, kind))
    await world.store.put(f"{kind}/{record.id}", _dump(record), was=None)  # type: ignore[attr-defined]  # both have one
    return record


async def find(world: SimulatedWorld, kind: str, number: str, record: type[R]) -> R | None:
    """Read a record."""
    raw = await world.store.get(f"{kind}/{number}")
    return None if raw is None else msgspec.json.decode(raw, type=record)


async def change(world: SimulatedWorld, kind: str, number: str, record: type[R], edit: Callable[[R], R]) -> R | None:
    """Change a record; of several at once each sees what the one before it left."""
    for _ in range(_TRIES):
        raw = await world.store.get(f"{kind}/{number}")
        if raw is None:
            return None
        edited = edit(msgspec.json.decode(raw, type=record))
        if await world.store.put(f"{kind}/{number}", _dump(edited), was=raw):
            return edited
    raise StickyFault(*TOO_BUSY)


async def all_orders(world: SimulatedWorld) -> list[OrderRecord]:
    """List all orders, newest first; fit for a demo's and a test's numbers."""
    last = int(await world.store.get("last/order") or _FIRST)
    found = [await find(world, "order", str(number), OrderRecord) for number in range(last, _FIRST, -1)]
    return [record for record in found if record is not None]


async def burn(world: SimulatedWorld, token: str) -> bool:
    """Use a payment token up; False: it was before."""
    return await world.store.put(f"token/{token}", "used", was=None)
