"""From an order at UltraCart to the platform's answers (OrderPayment.payment_status, Order.current_stage)."""

from decimal import Decimal

from paylinks_ports import (
    Canceled,
    Declined,
    LookUpResult,
    Money,
    Order,
    Paid,
    Pending,
    RefundOrder,
    SavedMethod,
    Unknown,
    from_major,
)

from .declines import declined
from .ids import fit
from .wire import Order as UltraCartOrder

__all__ = ["is_open_decline", "is_ours", "read", "refunded_so_far"]

_TAKEN = frozenset({"Processed", "Refunded"})
_WAITING = frozenset({"Unprocessed", "Authorized", "Capture Failed"})


def is_ours(order: Order, found: UltraCartOrder) -> bool:
    """Say whether an order at UltraCart is of the merchant's order: another's is never believed."""
    return found.checkout is not None and found.checkout.custom_field2 == fit(order.order_id)


def is_open_decline(found: UltraCartOrder) -> bool:
    """Say whether an order was declined and yet kept, where the merchant's desk may still charge it.

    UltraCart does so by itself after some declines of one cart ("Charge During Checkout").
    """
    status = found.payment.payment_status if found.payment else None
    return status == "Declined" and found.current_stage != "Rejected"


def read(order: Order, found: UltraCartOrder) -> LookUpResult:
    """Say what has become of an order's payment."""
    reference = found.order_id
    if not is_ours(order, found):
        return Unknown(message="UltraCart's order is another order's")
    status = found.payment.payment_status if found.payment else None
    if status in _TAKEN:
        return _paid(order, found)
    if status == "Voided":
        return Canceled(reference=reference)
    if found.current_stage == "Rejected":
        return _declined(found) if status == "Declined" else Canceled(reference=reference)
    if status == "Declined" or status in _WAITING:
        # A declined order that UltraCart keeps is as open as one that waits: its desk may charge it any time.
        return Pending(reference=reference)
    return Unknown(message="UltraCart's payment has a status that is not known here", reference=reference)


def _paid(order: Order, found: UltraCartOrder) -> Paid | Unknown:
    total = found.summary.total.value if found.summary and found.summary.total else None
    if total is None:
        return Unknown(message="It is paid, and UltraCart does not say how much", reference=found.order_id)
    try:
        money = from_major(total, order.money.currency)
    except ValueError as error:
        return Unknown(message=f"It is paid, but how much can't be read: {error}", reference=found.order_id)
    transactions = (found.payment.transactions if found.payment else None) or []
    taken = next((one.transaction_id for one in transactions if one.successful and one.transaction_id), None)
    details = {"transactionId": str(taken)} if taken else {}
    if found.payment and found.payment.test_order:
        details["testOrder"] = "true"
    return Paid(
        reference=found.order_id,
        transaction_id=found.order_id,
        money=money,
        saved_method=SavedMethod(found.order_id),
        details=details,
    )


def _declined(found: UltraCartOrder) -> Declined | Unknown:
    transactions = (found.payment.transactions if found.payment else None) or []
    told = [detail.value for one in transactions for detail in one.details or [] if detail.value]
    result = declined(told, found.order_id)
    # The gateway's own words are for the table only: nobody knows what else a gateway writes there.
    if isinstance(result, Unknown):
        return Declined(
            code="processing_error", message="The card was declined.", retryable=True, reference=found.order_id
        )
    return Declined(
        code=result.code, message="The card was declined.", retryable=result.retryable, reference=found.order_id
    )


def refunded_so_far(refund: RefundOrder, found: UltraCartOrder) -> Money:
    """Read what all refunds of an order have given back together.

    Raises:
        ValueError: it can't be read.

    """
    if found.summary is None:
        raise ValueError("no summary")
    total = found.summary.total_refunded.value if found.summary.total_refunded else None
    return from_major(total or Decimal(0), refund.money.currency)
