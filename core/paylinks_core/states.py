"""The lives of a payment and of a checkout, as tables. Nothing else decides what may follow what.

Rule 1: only NEW, ACTION_REQUIRED and DECLINED lead to IN_FLIGHT, the only state in which a charge is asked for.
Rule 2: UNKNOWN leaves by evidence alone; time never resolves it.
Rule 3: PAID is final. Whoever brings proof of payment is believed in every other state.
"""

from collections.abc import Mapping
from typing import assert_never

from paylinks_ports.errors import Conflict
from paylinks_ports.payments import (
    Canceled,
    Declined,
    LookUpResult,
    NotFound,
    NotSubmitted,
    Paid,
    Pending,
    RequiresAction,
    Unknown,
)
from paylinks_ports.providers import Proof
from paylinks_ports.records.checkouts import CheckoutState
from paylinks_ports.records.payments import PaymentState

__all__ = ["CHARGEABLE", "CHECKOUT_STATES", "MOVES", "UNRESOLVED", "checkout_state", "move", "settle"]

_ANSWERS: frozenset[PaymentState] = frozenset({"action_required", "pending", "declined", "paid", "canceled"})

MOVES: Mapping[PaymentState, frozenset[PaymentState]] = {
    "new": _ANSWERS | {"in_flight", "unknown"},
    "in_flight": _ANSWERS | {"new", "unknown"},
    "action_required": _ANSWERS | {"in_flight", "new", "unknown"},
    "pending": _ANSWERS | {"new", "unknown"},
    "unknown": _ANSWERS | {"new"},
    "declined": _ANSWERS | {"in_flight", "unknown"},
    "canceled": frozenset({"paid", "unknown"}),
    "paid": frozenset(),
}
"""From each state of a payment, the states it may move to."""

CHARGEABLE: frozenset[PaymentState] = frozenset(state for state, following in MOVES.items() if "in_flight" in following)
"""States in which no charge is open, so that one may be asked for."""

UNRESOLVED: frozenset[PaymentState] = frozenset({"in_flight", "pending", "unknown"})
"""States in which money may be moving."""

CHECKOUT_STATES: Mapping[PaymentState, CheckoutState] = {
    "new": "open",
    "in_flight": "processing",
    "action_required": "processing",
    "pending": "processing",
    "unknown": "processing",
    "declined": "failed",
    "canceled": "open",
    "paid": "paid",
}
"""What the state of its payment makes of a checkout."""


def move(was: PaymentState, now: PaymentState) -> PaymentState:
    """Allow a move of the table.

    Raises:
        Conflict: the table has no such move.

    """
    if now not in MOVES[was]:
        message = f"A payment can't go from {was} to {now}"
        raise Conflict(message)
    return now


def settle(was: PaymentState, result: LookUpResult, proof: Proof) -> PaymentState:
    """Say what a provider's answer makes of a payment; where it tells nothing new, the state it was in.

    Args:
        was: the state before.
        result: what a charge, a look-up or a cancellation came to.
        proof: what the way of asking proves, which decides what "not found" is worth.

    """
    match result:
        case Paid():
            now: PaymentState = "paid"
        case RequiresAction():
            now = "action_required"
        case Pending():
            now = "pending"
        case Declined():
            now = "declined"
        case Canceled():
            now = "canceled"
        case NotSubmitted():
            now = "new"
        case NotFound() if proof == "authoritative":
            now = "new"
        case Unknown() | NotFound():
            # No news of a payment that nobody is charging; a doubt of one that somebody is.
            now = "unknown" if was in UNRESOLVED else was
        case _:
            assert_never(result)
    return now if now in MOVES[was] else was


def checkout_state(payment: PaymentState, was: CheckoutState) -> CheckoutState:
    """Say what a payment's state makes of its checkout: paid stays paid, abandoned leaves only by money moving."""
    moving = payment == "paid" or payment in UNRESOLVED
    if was == "paid" or (was == "abandoned" and not moving):
        return was
    return CHECKOUT_STATES[payment]
