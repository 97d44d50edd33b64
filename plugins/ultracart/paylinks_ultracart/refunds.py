"""What an order's refunded total says of one refund: UltraCart keeps totals and no single refunds."""

from paylinks_ports import NotFound, Refunded, RefundFailed, RefundOrder, Unknown

from .outcomes import refunded_so_far
from .wire import Order

__all__ = ["read"]


def read(refund: RefundOrder, found: Order) -> Refunded | RefundFailed | Unknown | NotFound:
    """Compare the total with what it was before this refund and what it is with it, less what came after it.

    A later one is asked for only where the total holds all that were before it, so this one, too.

    Anything else was done at UltraCart's own desk, or another refund is not through: then nobody can say whose it is,
    and a total that is written over it would give back too much or too little.
    """
    try:
        so_far = refunded_so_far(refund, found).amount
    except ValueError as error:
        return Unknown(message=f"What was refunded at UltraCart can't be read: {error}")
    if so_far == refund.refunded_before + refund.money.amount + refund.refunded_after:
        return Refunded(reference=f"{found.order_id}:{refund.refund_id}", money=refund.money)
    if so_far == refund.refunded_before + refund.refunded_after:
        return NotFound()
    return Unknown(message=f"UltraCart shows a refunded total of {so_far}, which is not of the known refunds")
