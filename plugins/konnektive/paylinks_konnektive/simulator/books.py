"""The simulator's memory over the given store: orders with their transactions, changed by compare-and-set."""

from collections.abc import Callable

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports import SimulatedWorld

from .faults import KonnektiveFault

__all__ = ["OrderRecord", "TransactionRecord", "add", "all_orders", "change", "complete", "find", "is_duplicate"]

_TRIES = 100
_FIRST = 10_000
_LAG = 90_000  # milliseconds until queries show a change of a slow card's order
_WINDOW = 1_200_000  # milliseconds in which gateways take a sale for a duplicate, where they are not told otherwise
_NO_ORDER = "No orders matching those parameters could be found"


class TransactionRecord(Struct, frozen=True, kw_only=True):
    """One try at a gateway.

    Args:
        amount: in cents, as all amounts here.
        sold_as: ``custom3`` of the import that asked for it, whoever's lead the order is by now.

    """

    id: str
    kind: str
    response: str
    amount: int
    text: str = ""
    sold_as: str = ""


class OrderRecord(Struct, frozen=True, kw_only=True):
    """One order, from its lead on.

    Args:
        number: what the order's id is made of.
        settles_at: until then a paid order is pending.
        challenged: the bank's page was shown to the customer.
        given: who buys, and what Konnektive keeps for others, in the request's own names.
        test: a test card's, which no postback tells of.
        sold_as: ``custom3`` of the import before.
        slow: queries show each change a while later.
        before: what they show until `shown_at`.

    """

    number: int
    customer_id: str
    at: int
    campaign_id: str
    state: str = "PARTIAL"
    total: int = 0
    settles_at: int = 0
    challenged: bool = False
    given: dict[str, str] = {}
    last4: str = ""
    transactions: tuple[TransactionRecord, ...] = ()
    test: bool = False
    sold_as: str = ""
    slow: bool = False
    before: "OrderRecord | None" = None
    shown_at: int = 0

    @property
    def id(self) -> str:
        """The order's id."""
        return f"{self.number:X}A{self.number % 97:02}"

    def status(self, now: int) -> str:
        """Say ``orderStatus`` as it is now."""
        return "PENDING" if self.state == "COMPLETE" and now < self.settles_at else self.state

    def shown(self, now: int) -> "OrderRecord":
        """Give it as queries show it."""
        return self if self.before is None or now >= self.shown_at else self.before


def _number(order_id: str) -> int:
    body = order_id[:-3]
    return int(body, 16) if body and all(sign in "0123456789ABCDEF" for sign in body) else 0


def _dump(record: OrderRecord) -> str:
    return msgspec.json.encode(record).decode()


async def add(world: SimulatedWorld, make: Callable[[int], OrderRecord]) -> OrderRecord:
    """Keep a new order under the next number."""
    for _ in range(_TRIES):
        last = await world.store.get("last_order")
        following = int(last or _FIRST) + 1
        if await world.store.put("last_order", str(following), was=last):
            record = make(following)
            await world.store.put(f"order/{following}", _dump(record), was=None)
            return record
    raise KonnektiveFault("Rate limit exceeded")


async def _read(world: SimulatedWorld, number: int) -> OrderRecord | None:
    raw = await world.store.get(f"order/{number}")
    return None if raw is None else msgspec.json.decode(raw, type=OrderRecord)


async def find(world: SimulatedWorld, order_id: str) -> OrderRecord:
    """Read an order.

    Raises:
        KonnektiveFault: there is none.

    """
    record = await _read(world, _number(order_id))
    if record is None or record.id != order_id:
        raise KonnektiveFault(_NO_ORDER)
    return record


async def change(world: SimulatedWorld, order_id: str, edit: Callable[[OrderRecord], OrderRecord]) -> OrderRecord:
    """Change an order; of several at once each sees what the one before it left.

    Raises:
        KonnektiveFault: there is none, or `edit` refuses.

    """
    await find(world, order_id)
    for _ in range(_TRIES):
        raw = await world.store.get(f"order/{_number(order_id)}")
        record = msgspec.json.decode(raw or "", type=OrderRecord)
        edited = edit(record)
        if edited.slow and edited != record:
            now = world.now()
            edited = replace(edited, before=replace(record.shown(now), before=None), shown_at=now + _LAG)
        if await world.store.put(f"order/{_number(order_id)}", _dump(edited), was=raw):
            return edited
    raise KonnektiveFault("Rate limit exceeded")


def complete(record: OrderRecord, response: str, text: str) -> OrderRecord:
    """Add what a gateway has said of a sale; its yes completes the order."""
    sale = TransactionRecord(
        id=str(record.number * 100 + len(record.transactions)),
        kind="SALE",
        response=response,
        amount=record.total,
        text=text,
        sold_as=record.sold_as,
    )
    state = "COMPLETE" if response == "SUCCESS" else "PARTIAL"
    return replace(record, state=state, challenged=False, transactions=(*record.transactions, sale))


async def all_orders(world: SimulatedWorld) -> list[OrderRecord]:
    """List all orders, newest first; fit for a demo's and a test's numbers."""
    last = int(await world.store.get("last_order") or _FIRST)
    found = [await _read(world, number) for number in range(last, _FIRST, -1)]
    return [record for record in found if record is not None]


async def is_duplicate(world: SimulatedWorld, sale: str) -> bool:
    """Say whether a gateway has approved the same sale just now; if not, it is noted as approved."""
    for _ in range(_TRIES):
        raw, now = await world.store.get(f"sale/{sale}"), world.now()
        if raw is not None and now - int(raw) < _WINDOW:
            return True
        if await world.store.put(f"sale/{sale}", str(now), was=raw):
            return False
    raise KonnektiveFault("Rate limit exceeded")
