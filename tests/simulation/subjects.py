"""What a simulated shop is about: each subject brings its actors, its background work and what must hold at the end."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from msgspec import Struct

from .world import World

__all__ = ["Order", "Subject"]


class Order(Struct, kw_only=True):
    """What one customer is after.

    Args:
        prices: every amount that a link of it was ever made for.

    """

    order_id: str
    amount: int
    currency: str
    provider: str
    prices: set[int]


class Subject(Struct, frozen=True, kw_only=True):
    """One part of the shop.

    Args:
        opened: what is there from the beginning.
        paid: what may follow when an order is paid.
        beside: what goes on in the world beside the customers, until it is cancelled.
        settle: what is done in the calm at the end, beside the rounds of a process.
        wrong: says what does not hold, once all is settled.

    """

    opened: Callable[[World], Awaitable[None]] | None = None
    paid: Callable[[World, Order], Awaitable[None]] | None = None
    beside: Callable[[World], Coroutine[Any, Any, None]] | None = None
    settle: Callable[[World], Awaitable[None]] | None = None
    wrong: Callable[[World], list[str]] | None = None
