"""The simulator's memory over the given store: carts, orders, and orders by a custom field; all by compare-and-set."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import msgspec
from msgspec import Struct

from paylinks_ports import SimulatedWorld

from .faults import UltraCartFault
from .shapes import Cart, Order

__all__ = [
    "CartRecord",
    "OrderRecord",
    "add_cart",
    "add_order",
    "by_field",
    "change_cart",
    "change_order",
    "find_cart",
    "find_order",
    "now_dts",
]

R = TypeVar("R", bound=Struct)

_TRIES = 50
_ENCODER = msgspec.json.Encoder(decimal_format="number")


class CartRecord(Struct, kw_only=True):
    """A cart; `order_id` once it has become an order."""

    cart: Cart
    declines: int = 0
    order_id: str | None = None


class OrderRecord(Struct, kw_only=True):
    """An order; unpaid until `pays_at` where that is set."""

    order: Order
    created_at: int
    pays_at: int | None = None


def now_dts(world: SimulatedWorld) -> str:
    """Write the time as UltraCart does."""
    return datetime.fromtimestamp(world.now() / 1000, UTC).isoformat(timespec="seconds")


async def _load(world: SimulatedWorld, key: str, record: type[R]) -> tuple[R, str] | None:
    raw = await world.store.get(key)
    return None if raw is None else (msgspec.json.decode(raw, type=record), raw)


def _dump(record: object) -> str:
    return _ENCODER.encode(record).decode()


async def _change(world: SimulatedWorld, key: str, record: type[R], edit: Callable[[R], None]) -> R:
    for _ in range(_TRIES):
        found = await _load(world, key, record)
        if found is None:
            raise UltraCartFault(400, f"{key.partition('/')[0]} not found", code="NOT_FOUND")
        one, raw = found
        edit(one)
        if await world.store.put(key, _dump(one), was=raw):
            return one
    raise UltraCartFault(429, "Too many concurrent calls", code="TOO_MANY_REQUESTS")


async def add_cart(world: SimulatedWorld, merchant_id: str) -> CartRecord:
    """Keep a new, empty cart."""
    record = CartRecord(cart=Cart(cart_id=secrets.token_hex(16).upper(), merchant_id=merchant_id))
    await world.store.put(f"cart/{record.cart.cart_id}", _dump(record), was=None)
    return record


async def find_cart(world: SimulatedWorld, cart_id: str) -> CartRecord:
    """Read a cart.

    Raises:
        UltraCartFault: there is none, or it has become an order.

    """
    found = await _load(world, f"cart/{cart_id}", CartRecord)
    if found is None or found[0].order_id is not None:
        raise UltraCartFault(400, "Cart not found", code="NOT_FOUND")
    return found[0]


async def change_cart(world: SimulatedWorld, cart_id: str, edit: Callable[[CartRecord], None]) -> CartRecord:
    """Change a cart; `edit` may refuse by an `UltraCartFault`."""
    return await _change(world, f"cart/{cart_id}", CartRecord, edit)


async def add_order(world: SimulatedWorld, record: OrderRecord) -> None:
    """Keep a new order, and list it under its custom field 1; UltraCart lets several have the same."""
    await world.store.put(f"order/{record.order.order_id}", _dump(record), was=None)
    field = record.order.checkout and record.order.checkout.custom_field1
    if not field:
        return
    for _ in range(_TRIES):
        raw = await world.store.get(f"field1/{field}")
        listed: list[str] = msgspec.json.decode(raw) if raw else []
        if await world.store.put(f"field1/{field}", _dump([*listed, record.order.order_id]), was=raw):
            return


async def find_order(world: SimulatedWorld, order_id: str) -> OrderRecord:
    """Read an order as it is now.

    Raises:
        UltraCartFault: there is none.

    """
    found = await _load(world, f"order/{order_id}", OrderRecord)
    if found is None:
        raise UltraCartFault(404, "Order not found", code="NOT_FOUND")
    return _at(found[0], world)


async def change_order(world: SimulatedWorld, order_id: str, edit: Callable[[OrderRecord], None]) -> OrderRecord:
    """Change an order as it is now; `edit` may refuse by an `UltraCartFault`."""

    def timed(record: OrderRecord) -> None:
        edit(_at(record, world))

    return await _change(world, f"order/{order_id}", OrderRecord, timed)


async def by_field(world: SimulatedWorld, field: str) -> list[OrderRecord]:
    """List the orders of one custom field 1."""
    raw = await world.store.get(f"field1/{field}")
    listed: list[str] = msgspec.json.decode(raw) if raw else []
    return [await find_order(world, order_id) for order_id in listed]


def _at(record: OrderRecord, world: SimulatedWorld) -> OrderRecord:
    """Let the gateway have answered meanwhile."""
    payment = record.order.payment
    if record.pays_at is not None and record.pays_at <= world.now() and payment is not None:
        record.pays_at = None
        payment.payment_status, payment.payment_dts = "Processed", now_dts(world)
        record.order.current_stage = "Shipping Department"
        for one in payment.transactions or []:
            one.successful = True
    return record
