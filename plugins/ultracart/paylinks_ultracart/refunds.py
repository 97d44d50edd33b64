"""Refunds at UltraCart, which keeps totals and no single refunds: what they say of one, and how one raises them."""

from collections.abc import Iterable, Mapping

from paylinks_ports import NotFound, Refunded, RefundOrder, Unknown, View, from_major, nothing_happened

from .documents import Document, Json, amount

__all__ = ["read", "refunding"]


def read(refund: RefundOrder, found: Document) -> Refunded | Unknown | NotFound:
    """Compare the total with what all refunds come to, and with what those come to that are known to be done.

    Anything else was done at UltraCart's own desk, or another refund is not through: then nobody can say whose it is,
    and a total that is written over it would give back too much or too little.
    """
    summary = found.view("summary")
    try:
        # An order without a summary is not read: it says nothing, not that nothing was refunded.
        total = amount(summary, "total_refunded", "0" if summary.fields else "NaN")
        so_far = from_major(total, refund.money.currency).amount
    except ValueError as error:
        return Unknown(message=f"What was refunded at UltraCart can't be read: {error}")
    if so_far == refund.refunded_before + refund.money.amount:
        return Refunded(reference=f"{refund.reference}:{refund.refund_id}", money=refund.money)
    if so_far == refund.refunded_before - refund.others_in_doubt:
        return NotFound()
    return Unknown(message=f"UltraCart shows a refunded total of {so_far}, which is not of the known refunds")


def refunding(found: Document, refund: RefundOrder, reason: str) -> Json:
    """Write an order with its new totals: UltraCart gives back what they grow by (OrderApi.refundOrder).

    All of an order goes back item by item, with its tax and its shipping; a part of it as another amount, for nobody
    has said of which item it is.
    """
    summary, items = found.view("summary"), found.views("items").values()
    body = found.fields | {"refund_reason": reason}
    if not (refund.whole and _adds_up(summary, items)):
        other = amount(summary, "other_refunded", "0") + refund.money.major
        if other.is_nan():
            raise nothing_happened("UltraCart", "doubt")
        return body | {"summary": summary.fields | {"other_refunded": {"value": other}}}
    returned = {"quantity_refunded": "quantity", "total_refunded": "total_cost_with_discount"}
    totals = {
        "subtotal_refunded": "subtotal",
        "tax_refunded": "tax",
        "shipping_handling_refunded": "shipping_handling_total",
    }
    return body | {"items": [_copied(item, returned) for item in items], "summary": _copied(summary, totals)}


def _adds_up(summary: View, items: Iterable[View]) -> bool:
    """Say whether items, tax and shipping are all there is; with a coupon or a gift certificate they are not."""
    parts = sum(amount(summary, name, "0") for name in ("subtotal", "tax", "shipping_handling_total"))
    sold = sum(amount(item, "total_cost_with_discount", "0") for item in items)
    return parts == amount(summary, "total") and sold == amount(summary, "subtotal")


def _copied(view: View, fields: Mapping[str, str]) -> Json:
    """Write an object with some of its fields under other names, too."""
    return view.fields | {name: view.fields[field] for name, field in fields.items() if field in view.fields}
