"""Refunds: which charges of an order they come from, how they are found again, and what they came to."""

import uuid

from paylinks_ports import Money, Refunded, RefundFailed, RefundOrder, RefundPending, RefundResult, Unknown

from .outcomes import FAILED, taken
from .wire import Parent, Refund, ShopifyOrder

__all__ = ["find", "read", "variables_of"]

Json = dict[str, object]

_NAMESPACE = uuid.UUID("6f0f1d6e-6d0c-5f0c-9c43-0d5b7b1f6f65")


def find(made: ShopifyOrder, refund: RefundOrder, reference: str | None = None) -> Refund | None:
    """Find a refund of an order, by Shopify's id or by ours, which ends its note."""
    return next((one for one in made.refunds if one.id == reference or (one.note or "").endswith(_mark(refund))), None)


def _mark(refund: RefundOrder) -> str:
    return f"[{refund.refund_id}]"


def variables_of(made: ShopifyOrder, refund: RefundOrder) -> Json | None:
    """Write the variables of `REFUND`, from the order's charges in turn; None where they don't hold as much.

    Raises:
        ValueError: an amount of the order can't be read.

    """
    left, currency = refund.money.amount, refund.money.currency
    movements: list[Json] = []
    for charge in taken(made):
        money, parent = charge.amount_set.read(), Parent(charge.id)
        back = [one for one in made.transactions if one.kind == "REFUND" and one.parent_transaction == parent]
        gone = sum(one.amount_set.read().amount for one in back if one.status not in FAILED)
        part = min(left, money.amount - gone)
        if part > 0 and money.currency == currency:
            left -= part
            movements.append(
                {
                    "orderId": made.id,
                    "parentId": charge.id,
                    "gateway": charge.gateway or "",
                    "kind": "REFUND",
                    "amount": str(Money(part, currency).major),
                }
            )
    if left:
        return None
    return {
        # It is to be a UUID.
        "key": str(uuid.uuid5(_NAMESPACE, refund.refund_id)),
        "input": {
            "orderId": made.id,
            "currency": currency,
            "note": f"{(refund.reason or 'Refund')[:200]} {_mark(refund)}",
            "notify": False,
            "transactions": movements,
        },
    }


def read(found: Refund) -> RefundResult:
    """Say what a refund has come to: that it exists is not yet that money moves (refunds/create)."""
    statuses = {one.status for one in found.transactions.nodes if one.kind == "REFUND"}
    if not statuses or not statuses <= FAILED | {"SUCCESS"}:
        return RefundPending(reference=found.id)
    if statuses <= FAILED:
        return RefundFailed(message="Shopify could not give the money back", reference=found.id)
    if statuses & FAILED:
        return Unknown(message="Shopify gave back a part of it only")
    try:
        return Refunded(reference=found.id, money=found.total_refunded_set.read())
    except ValueError as error:
        return Unknown(message=f"It is refunded, but how much can't be read: {error}")
