"""Refunds: which charges of an order they come from, how they are found again, and what they came to."""

from paylinks_ports import Money, Refunded, RefundFailed, RefundOrder, RefundPending, RefundResult, Unknown

from .outcomes import taken
from .wire import Order, Refund, from_shopify

__all__ = ["find", "input_of", "read"]

Json = dict[str, object]

_NO = frozenset({"FAILURE", "ERROR"})


def mark(refund: RefundOrder) -> str:
    """Write our refund's id, so that it is found in a refund's note."""
    return f"[{refund.refund_id}]"


def find(made: Order, refund: RefundOrder, reference: str | None) -> Refund | None:
    """Find a refund of an order, by Shopify's id or by ours."""
    known = reference or ""
    return next((one for one in made.refunds if one.id == known or mark(refund) in (one.note or "")), None)


def input_of(made: Order, refund: RefundOrder) -> Json | None:
    """Write the input of a refund (RefundInput), from the order's charges in turn; None where they don't hold as much.

    Raises:
        ValueError: an amount of the order can't be read.

    """
    left, currency = refund.money.amount, refund.money.currency
    back: dict[str, int] = {}
    for one in made.transactions:
        if one.kind == "REFUND" and one.status not in _NO and one.parent_transaction is not None:
            parent = one.parent_transaction.id
            back[parent] = back.get(parent, 0) + from_shopify(one.amount_set).amount
    movements: list[Json] = []
    for one in taken(made.transactions):
        part = min(left, from_shopify(one.amount_set).amount - back.get(one.id, 0))
        if part > 0 and from_shopify(one.amount_set).currency == currency:
            left -= part
            movements.append(
                {
                    "orderId": made.id,
                    "parentId": one.id,
                    "gateway": one.gateway or "",
                    "kind": "REFUND",
                    "amount": str(Money(part, currency).major),
                }
            )
    if left:
        return None
    return {
        "orderId": made.id,
        "currency": currency,
        "note": f"{(refund.reason or 'Refund')[:200]} {mark(refund)}",
        "notify": False,
        "transactions": movements,
    }


def read(found: Refund) -> RefundResult:
    """Say what a refund has come to: that it exists is not yet that money moves (refunds/create)."""
    statuses = [one.status for one in found.transactions.nodes if one.kind == "REFUND"]
    if not statuses or any(status not in _NO | {"SUCCESS"} for status in statuses):
        return RefundPending(reference=found.id)
    if all(status in _NO for status in statuses):
        return RefundFailed(message="Shopify could not give the money back", reference=found.id)
    if any(status in _NO for status in statuses):
        return Unknown(message="Shopify gave back a part of it only")
    try:
        return Refunded(reference=found.id, money=from_shopify(found.total_refunded_set))
    except ValueError as error:
        return Unknown(message=f"It is refunded, but how much can't be read: {error}")
