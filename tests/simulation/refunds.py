"""Refunds: whole and in parts, several at once, and asked for again when no answer came."""

import asyncio
from collections import Counter

from paylinks_core.audit import Actor
from paylinks_core.refunds import RefundCall, refund

from .subjects import Order, Subject
from .world import World

__all__ = ["REFUNDS"]

_DESK = Actor(organization_id="org_default", id="desk", kind="system")


async def _ask_back(world: World, order: Order) -> None:
    """Give some or all of it back."""
    pick = world.chaos.random
    for _ in range(pick.choice((0, 0, 1, 2, 4))):
        await asyncio.gather(*(_refund(world, order) for _ in range(pick.choice((1, 1, 2, 3)))))
        await asyncio.sleep(pick.choice((0, 1, 45, 400)))


async def _refund(world: World, order: Order) -> None:
    amount = world.chaos.random.choice((None, None, order.amount // 2, order.amount // 3, 100))
    call = RefundCall(amount=amount)
    brand = world.brand
    await world.call(
        "desk", f"refund {amount} of {order.order_id}", lambda parts: refund(parts, brand, order.order_id, call, _DESK)
    )


def _wrong(world: World) -> list[str]:
    """What the providers gave back is what we say they did, and never more than was taken; nothing stays open."""
    rows = world.memory.committed
    transactions = {one.id: (one.provider, one.transaction_id) for one in rows.payments.values()}
    ours: Counter[tuple[str, str | None]] = Counter()
    doubts: Counter[tuple[str, str | None]] = Counter()
    wrong: list[str] = []
    for one in rows.refunds.values():
        of = transactions[one.payment_id]
        if one.state == "succeeded":
            ours[of] += one.amount
        lookup = world.providers[one.provider][0].lookup
        proof = lookup.refund_by_reference if one.reference else lookup.refund_by_id
        if one.state == "unknown" and proof != "authoritative":
            doubts[of] += one.amount  # it waits for a person, who is told
            if one.check_at is None:
                wrong.append(f"{one.id} is unknown, and nobody looks any more")
        elif one.state in ("in_flight", "pending", "unknown"):
            wrong.append(f"{one.id} is {one.state} for ever")
    for name, charge in world.charges():
        key: tuple[str, str | None] = (name, charge.transaction_id)
        if not ours[key] <= charge.refunded <= ours[key] + doubts[key]:
            wrong.append(f"{name} gave {charge.refunded} of {charge.transaction_id} back, and here it is {ours[key]}")
        if charge.refunded > charge.money.amount:
            wrong.append(f"{name} gave back more than it took: {charge}")
    return wrong


REFUNDS = Subject(paid=_ask_back, wrong=_wrong)
