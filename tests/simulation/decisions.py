"""People at the desk: they read the provider's books and decide what nobody else could find out."""

import asyncio
from collections.abc import Iterator

from paylinks_core.audit import Actor
from paylinks_core.errors import NotInDoubt
from paylinks_core.parts import Parts
from paylinks_core.resolutions import Decision, Verdict, resolve
from paylinks_ports.errors import Conflict, PaylinksError, StorageUnavailable
from paylinks_ports.records.payments import Payment
from paylinks_ports.records.refunds import Refund

from .ledgers import Charge, Desk, Diary
from .subjects import Order, Subject
from .world import HOUR, MINUTE, SECOND, World

__all__ = ["DECISIONS", "ask_the_desk", "press_the_desk"]

_PERSON = Actor(organization_id="org_default", id="usr_desk", kind="user")
_DAY = 24 * HOUR
_LONG = _DAY  # after which no request of ours is under way, and whatever a provider does late is done
_FOUND = 10 * MINUTE  # after which each provider finds what it has; some find it at once, and can say so
_NOTE = "looked in their books"


def _is_in_doubt(one: Payment | Refund) -> bool:
    return one.state in ("unknown", "pending")


def _age(world: World, one: Payment | Refund) -> int:
    """Say how long ago it was last asked for."""
    events = world.memory.committed.payment_events.values()
    asked = (event.at for event in events if event.attempt_id == one.attempt_id and event.type.endswith("in_flight"))
    return world.now() - max(asked, default=one.created_at)


# ── What the books say ───────────────────────────────────────────────────────────────────────────────────────────────


def _told_of_payment(world: World, payment: Payment) -> Decision | None:
    """Read what became of a payment; None where the books leave it open, or show another amount."""
    payments = world.memory.committed.payments.values()
    ours = {(one.provider, one.transaction_id) for one in payments if one.state == "paid"}
    found = [
        charge
        for provider, charge in world.charges()
        if provider == payment.provider
        and charge.order_id == payment.order_id
        and (provider, charge.transaction_id) not in ours
    ]
    if not found:
        return Decision(outcome="not_charged", payment_id=payment.id, note=_NOTE)
    rivals = [one for one in payments if one.order_id == payment.order_id and _is_in_doubt(one)]
    if len(found) > 1 or len(rivals) > 1 or found[0].money != payment.money:
        return None
    return Decision(outcome="charged", payment_id=payment.id, reference=found[0].transaction_id, note=_NOTE)


def _told_of_refund(world: World, refund: Refund) -> Decision | None:
    """Read what became of a refund: what went back of its payment beyond those that are known is it, or all in doubt.

    Where somebody may give back at the provider's own desk, what went back is perhaps not ours.
    """
    rows = world.memory.committed
    charge = _charge_of(world, rows.payments[refund.payment_id])
    if charge is None or isinstance(world.providers[refund.provider][1], Desk):
        return None
    others = [one for one in rows.refunds.values() if one.payment_id == refund.payment_id]
    if any(one.state == "in_flight" for one in others):
        return None
    more = charge.refunded - sum(one.amount for one in others if one.state == "succeeded")
    if more == 0:
        return Decision(outcome="not_refunded", refund_id=refund.id, note=_NOTE)
    if more != sum(one.amount for one in others if _is_in_doubt(one)):
        return None
    return Decision(outcome="refunded", refund_id=refund.id, note=_NOTE)


def _charge_of(world: World, payment: Payment) -> Charge | None:
    key = (payment.provider, payment.transaction_id)
    return next((charge for name, charge in world.charges() if (name, charge.transaction_id) == key), None)


def _told(world: World, one: Payment | Refund) -> Decision | None:
    return _told_of_payment(world, one) if isinstance(one, Payment) else _told_of_refund(world, one)


def _in_doubt(world: World, age: int, order_id: str | None = None) -> list[Payment | Refund]:
    rows = world.memory.committed
    every: list[Payment | Refund] = [*rows.payments.values(), *rows.refunds.values()]
    return [one for one in every if _is_in_doubt(one) and order_id in (None, one.order_id) and _age(world, one) >= age]


# ── What people do ───────────────────────────────────────────────────────────────────────────────────────────────────


async def _decide(world: World, checkout_id: str, decision: Decision) -> object:
    """Send a decision; there may be nothing to decide any more."""
    subject = decision.payment_id or decision.refund_id or checkout_id

    async def verb(parts: Parts) -> Decision:
        await resolve(parts, world.brand, checkout_id, decision, _PERSON)
        return decision

    answer = await world.call("desk", f"decides that {subject} is {decision.outcome}", verb)
    if isinstance(answer, PaylinksError) and not isinstance(answer, NotInDoubt | Conflict | StorageUnavailable):
        world.amiss(f"nobody could decide about {subject}: {answer!r}", answer)
    return answer


async def _decide_all(world: World, order_id: str | None = None) -> None:
    """Decide about all that has been in doubt for long, and about every sentence that waits for a person."""
    for one in _in_doubt(world, _LONG, order_id):
        now: Payment | Refund = _rows_of(world, one)[one.id]
        if _is_in_doubt(now) and (decision := _told(world, now)) is not None:
            await _decide(world, one.checkout_id, decision)
    for checkout_id, decision in list(_sentences(world)):
        await _decide(world, checkout_id, decision)


def _rows_of(world: World, one: Payment | Refund) -> dict[str, Payment] | dict[str, Refund]:
    rows = world.memory.committed
    return rows.payments if isinstance(one, Payment) else rows.refunds


def _sentences(world: World) -> Iterator[tuple[str, Decision]]:
    """Say what is to be said of orders with a sentence, of which nothing is in doubt."""
    rows = world.memory.committed
    for checkout in rows.checkouts.values():
        payments = [one for one in rows.payments.values() if one.checkout_id == checkout.id]
        if checkout.attention is None or any(_is_in_doubt(one) or one.state == "in_flight" for one in payments):
            continue
        paid = [one for one in payments if (one.kind, one.state) == ("sale", "paid")]
        if checkout.state == "paid":
            yield checkout.id, Decision(outcome="noted", note=_NOTE)
        elif len(paid) == 1 and _charge_of(world, paid[0]) is not None:
            yield checkout.id, Decision(outcome="accepted", payment_id=paid[0].id, note=_NOTE)


async def ask_the_desk(world: World, order: Order) -> None:
    """Have the desk look into an order's doubts, the day after."""
    if not any(one.order_id == order.order_id for one in _in_doubt(world, 0)):
        return
    world.chaos.say("desk", f"looks into {order.order_id} tomorrow")
    world.sleepers += 1
    await asyncio.sleep((_DAY + HOUR) / SECOND)
    world.sleepers -= 1
    await _decide_all(world, order.order_id)


async def _follow(world: World, order: Order) -> None:
    if world.chaos.random.random() < 0.3:
        await ask_the_desk(world, order)


async def press_the_desk(world: World, order: Order) -> None:
    """Have the desk decide at once, now and then, where the books show at once what is under way.

    What they do not show may still be on its way there: then the desk must not be believed.
    """
    pick = world.chaos.random
    for one in _in_doubt(world, 0, order.order_id):
        _, ledger = world.providers[one.provider]
        if not isinstance(ledger, Diary) or pick.random() < 0.7:
            continue
        waiting = ledger.waiting(world.entries(one.provider), world.providers_now())
        if one.order_id not in waiting and (decision := _told(world, one)) is not None:
            await _decide(world, one.checkout_id, decision)


async def _settle(world: World) -> None:
    """Be mistaken in good weather, when each provider can tell so; and then decide what it can't tell."""
    for one in _in_doubt(world, 0):
        lookup = world.providers[one.provider][0].lookup
        proof = lookup.by_attempt if isinstance(one, Payment) else lookup.refund_by_id
        decision = _told(world, one) if proof == "authoritative" or _age(world, one) >= _FOUND else None
        if decision is not None and decision.outcome in ("charged", "refunded"):
            no: Verdict = "not_charged" if decision.outcome == "charged" else "not_refunded"
            mistake = Decision(outcome=no, payment_id=decision.payment_id, refund_id=decision.refund_id, note="no idea")
            if not isinstance(await _decide(world, one.checkout_id, mistake), NotInDoubt):
                world.amiss(f"a person was believed that {one.id} is {no}, which {one.provider} knows better")
    await _decide_all(world)


def _wrong(world: World) -> list[str]:
    """Nobody is left in doubt of whom the books tell."""
    return [
        f"{one.id} is {one.state}, and the books say that it is {decision.outcome}"
        for one in _in_doubt(world, _LONG)
        if (decision := _told(world, one)) is not None
    ]


DECISIONS = Subject(paid=_follow, settle=_settle, wrong=_wrong)
