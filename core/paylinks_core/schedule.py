"""When what has no end yet is looked at again: a payment or a refund at its provider, an event in the inbox."""

from paylinks_ports.records.payments import Payment
from paylinks_ports.records.refunds import Refund

__all__ = ["next_attempt", "next_check", "next_refund_check"]

_SECOND = 1_000
_MINUTE = 60 * _SECOND
_HOUR = 60 * _MINUTE

_UNRESOLVED = (30 * _SECOND, 5 * _MINUTE, _HOUR, 24 * _HOUR)
_DEMO = (2 * _SECOND, 2 * _SECOND, 30 * _SECOND, 5 * _MINUTE, _HOUR, 24 * _HOUR)
_WAITING = (5 * _MINUTE, _HOUR, 24 * _HOUR)
_INBOX = (_MINUTE, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 6 * _HOUR, 12 * _HOUR)


def next_check(payment: Payment, now: int) -> int:
    """Say when, in Unix milliseconds: soon while money may be moving, rarely while the customer only has not paid."""
    waits: tuple[int, ...]
    if payment.state in ("new", "action_required", "declined"):
        waits = _WAITING
    else:
        waits = _DEMO if payment.demo else _UNRESOLVED
    return now + waits[min(payment.checks, len(waits) - 1)]


def next_refund_check(refund: Refund, now: int) -> int:
    """Say when, in Unix milliseconds: soon while nobody knows, rarely while the provider is known to work on it."""
    waits: tuple[int, ...] = _WAITING if refund.state == "pending" else _UNRESOLVED
    if refund.demo:
        waits = _DEMO
    return now + waits[min(refund.checks, len(waits) - 1)]


def next_attempt(attempts: int, now: int) -> int:
    """Say when an event that could not be processed is tried again, in Unix milliseconds."""
    return now + _INBOX[min(attempts, len(_INBOX) - 1)]
