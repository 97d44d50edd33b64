"""What an order's refunded total says of one refund: UltraCart keeps totals and no single refunds."""

from paylinks_ports import NotFound, Refunded, RefundFailed, RefundOrder, Unknown

from .outcomes import refunded_so_far
from .wire import Order

__all__ = ["read"]


def read(refund: RefundOrder, found: Order) -> Refunded | RefundFailed | Unknown | NotFound:
    """Compare the total with what all refunds come to, and with what those come to that are known to be done.

    Anything else was done at UltraCart's own desk, or another refund is not through: then nobody can say whose it is,
    and a total that is written over it would give back too much or too little.
    """
    try:
        so_far = refunded_so_far(refund, found).amount
    except ValueError as error:
        return Unknown(message=f"What was refunded at UltraCart can't be read: {error}")
    if so_far == refund.refunded_before + refund.money.amount:
        return Refunded(reference=f"{found.order_id}:{refund.refund_id}", money=refund.money)
    if so_far == refund.refunded_before - refund.others_in_doubt:
        return NotFound()
    return Unknown(message=f"UltraCart shows a refunded total of {so_far}, which is not of the known refunds")
