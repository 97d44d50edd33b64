"""What must hold of every order and payment once all is settled, whatever happened before."""

from collections import Counter, defaultdict

from paylinks_core.states import MOVES
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.payments import Payment, PaymentEvent

from .ledgers import Charge
from .world import World

__all__ = ["books_wrong"]


def books_wrong(world: World) -> list[str]:
    """Compare our books with the providers', and both with themselves."""
    rows = world.memory.committed
    payments, checkouts = list(rows.payments.values()), list(rows.checkouts.values())
    charges = world.charges()
    events: dict[str, list[PaymentEvent]] = defaultdict(list)
    for event in rows.payment_events.values():  # in the order they were committed
        events[event.payment_id].append(event)
    return [
        *_charged_once(world, checkouts, charges),
        *_same_money(payments, checkouts, charges),
        *(trouble for payment in payments for trouble in _story(payment, events[payment.id])),
        *(trouble for payment in payments for trouble in _left_open(world, payment)),
        *(trouble for checkout in checkouts for trouble in _in_step(checkout, payments)),
    ]


def _charged_once(world: World, checkouts: list[Checkout], charges: list[tuple[str, Charge]]) -> list[str]:
    """Each order is charged at most once, at whatever provider; and who was told it is paid has paid."""
    count = Counter(charge.order_id for _, charge in charges)
    orders = {checkout.order_id for checkout in checkouts}
    return [
        *(f"order {order} was charged {count[order]} times" for order in sorted(orders) if count[order] > 1),
        *(f"order {order} was called paid and never was" for order in sorted(world.called_paid) if not count[order]),
    ]


def _same_money(payments: list[Payment], checkouts: list[Checkout], charges: list[tuple[str, Charge]]) -> list[str]:
    """Every charge at a provider is a paid payment here, and the other way round, each in the same money.

    What was taken in another amount than was asked for is in doubt here, and a person is told.
    """
    told = {one.id for one in checkouts if one.attention}
    doubted = {
        (one.provider, one.reference): one.money
        for one in payments
        if one.state == "unknown" and one.checkout_id in told
    }
    ours = Counter((one.provider, one.transaction_id, str(one.money)) for one in payments if one.state == "paid")
    theirs: Counter[tuple[str, str | None, str]] = Counter()
    for provider, charge in charges:
        if doubted.get((provider, charge.transaction_id), charge.money) == charge.money:
            theirs[provider, charge.transaction_id, str(charge.money)] += 1
    return [
        *(f"{provider} took {money} as {charge}, unknown here" for provider, charge, money in theirs - ours),
        *(f"{provider} never took {money} as {charge}, paid here" for provider, charge, money in ours - theirs),
    ]


def _story(payment: Payment, events: list[PaymentEvent]) -> list[str]:
    """States never go backwards along the events, and come to what the payment is now."""
    state, before = "new", "new"
    attempts: set[str] = set()
    for event in events:
        if event.type == "not_sent" and state == "in_flight":
            state = before
        elif event.type in MOVES and event.type != state:
            if event.type not in MOVES[state]:  # type: ignore[index]  # its own words
                return [f"{payment.id} went from {state} to {event.type}"]
            before, state = state, event.type
        if event.type == "in_flight" and event.attempt_id in attempts:
            return [f"{payment.id} was asked for twice as {event.attempt_id}"]
        if event.type == "in_flight":
            attempts.add(event.attempt_id)
    return [] if state == payment.state else [f"{payment.id} is {payment.state}, and its story ends as {state}"]


def _left_open(world: World, payment: Payment) -> list[str]:
    """Nothing is left in doubt that evidence could resolve; what is left is visible, and looked at again."""
    if payment.state in ("in_flight", "pending"):
        return [f"{payment.id} is {payment.state} for ever"]
    if payment.state != "unknown":
        return []
    lookup = world.providers[payment.provider][0].lookup
    proof = lookup.by_reference if payment.reference else lookup.by_attempt
    wrong = []
    if proof == "authoritative":
        wrong.append(f"{payment.id} is unknown, and {payment.provider} could tell")
    if payment.check_at is None:
        wrong.append(f"{payment.id} is unknown, and nobody looks any more")
    return wrong


def _in_step(checkout: Checkout, payments: list[Payment]) -> list[str]:
    """A checkout is what its payments make of it; where it can't be, a person is told."""
    own = [one for one in payments if one.checkout_id == checkout.id and one.kind == "sale"]
    paid = [one for one in own if one.state == "paid"]
    current = next((one for one in own if one.id == checkout.payment_id), None)
    if checkout.state == "paid" and (current is None or current.state != "paid"):
        return [f"{checkout.order_id} is paid by {current}"]
    if paid and checkout.state != "paid" and not checkout.attention:
        return [f"{checkout.order_id} is {checkout.state}, {paid[0].id} is paid, and nobody is told"]
    if current and current.state == "unknown" and checkout.state != "processing":
        return [f"{checkout.order_id} is {checkout.state}, and its payment in doubt"]
    if checkout.state == "processing" and current and current.state in ("declined", "canceled", "new"):
        return [f"{checkout.order_id} is processing, and its payment {current.state}"] if not checkout.attention else []
    return []
