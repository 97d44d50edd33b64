"""Giving money back at Konnektive: ``/order/refund/``, and how a refund is found again.

A refund has no place for an id of ours. The order's transactions of type REFUND and VOID say how much it has given back
altogether; together with what the platform knows of its other refunds that tells whether this one was made.
"""

from paylinks_ports import (
    Money,
    Order,
    ProviderUnavailable,
    Refunded,
    RefundFailed,
    RefundLookUpResult,
    RefundOrder,
    RefundResult,
    Unknown,
    judge_total,
    read_amount,
    write_amount,
)

from .client import KonnektiveClient
from .sentences import kind_of

__all__ = ["find", "give_back"]

_BACK = frozenset({"REFUND", "VOID"})


async def give_back(konnektive: KonnektiveClient, refund: RefundOrder) -> RefundResult:
    """Refund."""
    much = {"fullRefund": "1"} if refund.whole else {"refundAmount": write_amount(refund.money)}
    answer = await konnektive.submit("/order/refund/", {"orderId": refund.reference} | much)
    if answer is None:
        return Unknown(message="Konnektive's answer to the refund was lost")
    if answer.result == "SUCCESS":
        return Refunded(reference=refund.refund_id, money=refund.money)
    if answer.result == "ERROR" and kind_of(answer.sentence) in ("refused", "declined", "nothing_found"):
        return RefundFailed(message=answer.sentence or "Konnektive refused the refund")
    return Unknown(message="Konnektive's answer does not say whether it was refunded")


async def find(konnektive: KonnektiveClient, order: Order, refund: RefundOrder) -> RefundLookUpResult:
    """Compare what the order has given back with what it must have, if this refund was made."""
    rows = await konnektive.find("/transactions/query/", {"orderId": refund.reference})
    given = 0
    for row in rows:
        if row.text("txnType") not in _BACK or row.text("responseType") != "SUCCESS":
            continue
        currency = row.text("currencyCode") or order.money.currency
        try:
            given += read_amount(row.text("totalAmount").removeprefix("-"), currency).amount
        except ValueError:
            raise ProviderUnavailable("Konnektive's transaction does not say what it gave back") from None
    return judge_total(refund, Money(given, refund.money.currency))
