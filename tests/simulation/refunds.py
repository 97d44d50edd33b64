"""Refunds: whole and in parts, several at once, asked for again when no answer came, or made without us."""

import asyncio
from collections import Counter

from paylinks_core.audit import Actor
from paylinks_core.refunds import GivenBack, RefundCall, refund

from .decisions import press_the_desk
from .ledgers import Desk
from .subjects import Order, Subject
from .world import World

__all__ = ["REFUNDS"]

_DESK = Actor(organization_id="org_default", id="desk", kind="system")


async def _ask_back(world: World, order: Order) -> None:
    """Give some or all of it back."""
    pick = world.chaos.random
    for _ in range(pick.choice((0, 0, 1, 2, 4))):
        ways = [_refund] * pick.choice((1, 1, 2, 3)) + [_give_back_without_us] * pick.choice((0, 0, 1))
        await asyncio.gather(*(way(world, order) for way in ways))
        await asyncio.sleep(pick.choice((0, 1, 45, 400)))


async def _refund(world: World, order: Order) -> None:
    amount = world.chaos.random.choice((None, None, order.amount // 2, order.amount // 3, 100))
    call = RefundCall(amount=amount)
    brand = world.brand
    answer = await world.call(
        "desk", f"refund {amount} of {order.order_id}", lambda parts: refund(parts, brand, order.order_id, call, _DESK)
    )
    if isinstance(answer, GivenBack) and answer.refund.state == "unknown":
        await press_the_desk(world, order)


async def _give_back_without_us(world: World, order: Order) -> None:
    """Be somebody at the provider's own desk."""
    paid = (one for one in world.memory.committed.payments.values() if one.state == "paid")
    payment = next((one for one in paid if one.order_id == order.order_id), None)
    if payment is None or payment.reference is None:
        return
    provider, ledger = world.providers[payment.provider]
    if isinstance(ledger, Desk):
        amount = world.chaos.random.choice((None, order.amount // 2, order.amount // 3, 100))
        world.chaos.say(provider.name, f"is made to give {amount} of {payment.id} back")
        await ledger.give_back(provider, world.provider_world(provider.name), payment.reference, amount)


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
