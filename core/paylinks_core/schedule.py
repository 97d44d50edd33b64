"""When the provider is asked again about a payment that has no end yet."""

from paylinks_ports.records.payments import Payment

__all__ = ["next_check"]

_SECOND = 1_000
_MINUTE = 60 * _SECOND
_HOUR = 60 * _MINUTE

_UNRESOLVED = (30 * _SECOND, 5 * _MINUTE, _HOUR, 24 * _HOUR)
_DEMO = (2 * _SECOND, 2 * _SECOND, 30 * _SECOND, 5 * _MINUTE, _HOUR, 24 * _HOUR)
_WAITING = (5 * _MINUTE, _HOUR, 24 * _HOUR)


def next_check(payment: Payment, now: int) -> int:
    """Say when, in Unix milliseconds: soon while money may be moving, rarely while the customer only has not paid."""
    waits: tuple[int, ...]
    if payment.state in ("new", "action_required", "declined"):
        waits = _WAITING
    else:
        waits = _DEMO if payment.demo else _UNRESOLVED
    return now + waits[min(payment.checks, len(waits) - 1)]
