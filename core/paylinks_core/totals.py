"""What came in and went back, folded from the events of payments; and what is left to give back."""

from collections.abc import Iterable

from msgspec import Struct

from paylinks_ports.records.payments import Payment, PaymentEvent
from paylinks_ports.records.refunds import Refund

from .refund_states import COUNTED

__all__ = ["REFUND_EVENT", "Totals", "counted", "fold", "left_of"]

REFUND_EVENT = "refund."
"""How the type of an event about a refund begins; its state follows, and its id is `refundId` of the detail."""

_ENDS = (f"{REFUND_EVENT}succeeded", f"{REFUND_EVENT}failed")


class Totals(Struct, frozen=True, kw_only=True):
    """One payment's, in minor units of its currency."""

    charged: int = 0
    refunded: int = 0


def fold(events: Iterable[PaymentEvent]) -> Totals:
    """Add up the events of one payment."""
    charged, refunded = 0, dict[str, int]()
    # Within one millisecond, what came of a refund comes after its being asked for.
    for event in sorted(events, key=lambda one: (one.at, one.type in _ENDS)):
        if event.type == "paid":
            charged = event.amount
        elif event.type.startswith(REFUND_EVENT):
            succeeded = event.type == f"{REFUND_EVENT}succeeded"
            refunded[event.detail["refundId"]] = event.amount if succeeded else 0
    return Totals(charged=charged, refunded=sum(refunded.values()))


def counted(refunds: Iterable[Refund]) -> int:
    """Add up what refunds of one payment have given back or may yet."""
    return sum(refund.amount for refund in refunds if refund.state in COUNTED)


def left_of(payment: Payment, refunds: Iterable[Refund]) -> int:
    """Say how much of a paid payment may still be given back."""
    return max(payment.amount - counted(refunds), 0)
