"""Refunds as UltraCart reckons them: by the totals that an order is to have, never by what is added (refundOrder)."""

from decimal import Decimal

from .faults import UltraCartFault
from .shapes import Currency, Order, OrderSummary, money

__all__ = ["refund_to"]

_PARTS = ("subtotal_refunded", "tax_refunded", "shipping_handling_refunded", "other_refunded")


def refund_to(order: Order, asked: Order, at: str) -> None:
    """Bring an order to the totals that are asked for.

    Raises:
        UltraCartFault: the order is not whole or not paid, a total shrinks, or more would go back than was paid.

    """
    payment, summary = order.payment, order.summary
    if asked.order_id != order.order_id or asked.summary is None or not asked.items or asked.payment is None:
        raise UltraCartFault(400, "The whole order is required")
    if payment is None or summary is None or payment.payment_status not in ("Processed", "Refunded"):
        raise UltraCartFault(400, "The order can not be refunded")
    total = _total(order, summary, asked.summary)
    currency = order.currency_code
    for part in _PARTS:
        if getattr(asked.summary, part) is not None:
            setattr(summary, part, money(_value(getattr(asked.summary, part)), currency))
    summary.total_refunded = money(total, currency)
    for item, returned in zip(order.items or [], asked.items, strict=False):
        item.quantity_refunded, item.total_refunded = returned.quantity_refunded, returned.total_refunded
    order.refund_reason, order.refund_dts = asked.refund_reason or order.refund_reason, at
    if total == summary.total.value:
        payment.payment_status = "Refunded"


def _total(order: Order, before: OrderSummary, asked: OrderSummary) -> Decimal:
    total = Decimal(0)
    for part in _PARTS:
        was, now = _value(getattr(before, part)), _value(getattr(asked, part))
        if now < was:
            raise UltraCartFault(400, f"{part} can not be less than {was}")
        total += now
    if total > before.total.value:
        raise UltraCartFault(400, "The refund is more than what was paid")
    if total == _value(before.total_refunded):
        raise UltraCartFault(400, f"There is nothing to refund of {order.order_id}")
    return total


def _value(amount: Currency | None) -> Decimal:
    return amount.value if amount is not None else Decimal(0)
