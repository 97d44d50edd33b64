"""The simulator's memory over the given store: prospects and orders, numbered, changed by compare-and-set."""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports import SimulatedWorld

from .faults import TOO_BUSY, StickyFault

__all__ = ["OrderRecord", "ProspectRecord", "add", "all_orders", "burn", "change", "find", "is_duplicate"]

R = TypeVar("R", bound=Struct)
_TRIES = 100
_FIRST = 10_000
_LAG = 90_000  # milliseconds until a change of a slow order is shown
_WINDOW = 1_200_000  # milliseconds in which gateways take a sale for a duplicate, where they are not told otherwise


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
        slow: each change is shown a while later.
        before: what is shown until `shown_at`, if anything.

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
    slow: bool = False
    before: "OrderRecord | None" = None
    shown_at: int = 0

    def shown(self, now: int) -> "OrderRecord | None":
        """Give it as it is shown; None: not yet."""
        return self if now >= self.shown_at else self.before

    def changed(self, now: int, was: "OrderRecord | None" = None) -> "OrderRecord":
        """Give a changed record as it is kept: a slow one with what was shown of it before."""
        if not self.slow:
            return self
        shown = was.shown(now) if was else None
        return replace(self, before=replace(shown, before=None) if shown else None, shown_at=now + _LAG)

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


async def is_duplicate(world: SimulatedWorld, sale: str) -> bool:
    """Say whether a gateway has approved the same sale just now; if not, it is noted as approved."""
    for _ in range(_TRIES):
        raw, now = await world.store.get(f"sale/{sale}"), world.now()
        if raw is not None and now - int(raw) < _WINDOW:
            return True
        if await world.store.put(f"sale/{sale}", str(now), was=raw):
            return False
    raise StickyFault(*TOO_BUSY)
