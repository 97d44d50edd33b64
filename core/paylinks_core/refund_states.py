"""The life of a refund, as a table. Nothing else decides what may follow what.

Rule 1: money counts as given back from the moment it is asked for until it is proven that it was not.
Rule 2: UNKNOWN leaves by evidence, or by asking again under the same id where the provider honours that.
Rule 3: what has ended changes only by what the provider itself says of it now: a bank may send a refund back.
"""

from collections.abc import Mapping
from typing import assert_never

from paylinks_ports.errors import Conflict
from paylinks_ports.payments import NotFound, Unknown
from paylinks_ports.providers import Proof
from paylinks_ports.records.refunds import RefundState
from paylinks_ports.refunds import Refunded, RefundFailed, RefundLookUpResult, RefundPending

__all__ = ["COUNTED", "REFUND_MOVES", "UNSETTLED", "move_refund", "settle_refund"]

REFUND_MOVES: Mapping[RefundState, frozenset[RefundState]] = {
    "in_flight": frozenset({"pending", "unknown", "succeeded", "failed"}),
    "pending": frozenset({"succeeded", "failed"}),
    "unknown": frozenset({"in_flight", "pending", "succeeded", "failed"}),
    "succeeded": frozenset({"failed"}),
    "failed": frozenset({"succeeded"}),
}
"""From each state of a refund, the states it may move to."""

UNSETTLED: frozenset[RefundState] = frozenset({"in_flight", "pending", "unknown"})
"""States in which money may be moving."""

COUNTED: frozenset[RefundState] = UNSETTLED | {"succeeded"}
"""States that take of what is left to give back."""


def move_refund(was: RefundState, now: RefundState) -> RefundState:
    """Allow a move of the table.

    Raises:
        Conflict: the table has no such move.

    """
    if now not in REFUND_MOVES[was]:
        message = f"A refund can't go from {was} to {now}"
        raise Conflict(message)
    return now


def settle_refund(was: RefundState, result: RefundLookUpResult, proof: Proof) -> RefundState:
    """Say what a provider's answer makes of a refund; where it tells nothing new, the state it was in.

    Args:
        was: the state before.
        result: what a refund or a look-up came to.
        proof: what the way of asking proves, which decides what "not found" is worth.

    """
    now: RefundState
    match result:
        case Refunded():
            now = "succeeded"
        case RefundPending():
            now = "pending"
        case RefundFailed():
            now = "failed"
        case NotFound() if proof == "authoritative" and was in UNSETTLED:
            now = "failed"
        case Unknown() | NotFound():
            now = "unknown" if was == "in_flight" else was
        case _:
            assert_never(result)
    return now if now in REFUND_MOVES[was] else was
