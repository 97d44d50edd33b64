"""Draft orders, orders and refunds as the Admin API writes them, with the fields that the documents ask for."""

from decimal import Decimal

from ..credentials import DEMO_CREDENTIALS
from .books import DraftRecord, OrderRecord, RefundRecord

__all__ = ["draft_view", "refund_view"]

Json = dict[str, object]

_BACK = frozenset({("REFUND", "SUCCESS"), ("REFUND", "PENDING")})


def _money(amount: Decimal, currency: str) -> Json:
    return {"presentmentMoney": {"amount": str(amount), "currencyCode": currency}}


def draft_view(draft: DraftRecord) -> Json:
    """Write a draft order."""
    number = draft.id.rpartition("/")[2]
    shop = DEMO_CREDENTIALS.shop_domain
    return {
        "id": draft.id,
        "status": "COMPLETED" if draft.order else "OPEN",
        "ready": True,
        "invoiceUrl": None if draft.order else f"https://{shop}/1/invoices/{number}",
        "customAttributes": [{"key": key, "value": value} for key, value in draft.attributes],
        "totalPriceSet": _money(draft.total, draft.currency),
        "order": _order_view(draft.order, draft) if draft.order else None,
    }


def _order_view(order: OrderRecord, draft: DraftRecord) -> Json:
    status = _status(order)
    collected = f"https://{DEMO_CREDENTIALS.shop_domain}/1/payments/{order.id.rpartition('/')[2]}"
    return {
        "id": order.id,
        "name": order.name,
        "test": True,
        "cancelledAt": None,
        "displayFinancialStatus": status,
        "paymentCollectionDetails": {
            "additionalPaymentCollectionUrl": collected if status == "PENDING" and not _is_waiting(order) else None
        },
        "transactions": [
            {
                "id": one.id,
                "kind": one.kind,
                "status": one.status,
                "gateway": "bogus",
                "errorCode": one.error_code,
                "amountSet": _money(one.amount, draft.currency),
                "parentTransaction": {"id": one.parent_id} if one.parent_id else None,
            }
            for one in order.transactions
        ],
        "refunds": [refund_view(one, draft) for one in order.refunds],
    }


def _is_waiting(order: OrderRecord) -> bool:
    return any((one.kind, one.status) == ("SALE", "PENDING") for one in order.transactions)


def _status(order: OrderRecord) -> str:
    taken = sum((one.amount for one in order.transactions if (one.kind, one.status) == ("SALE", "SUCCESS")), Decimal(0))
    back = sum((one.amount for one in order.transactions if (one.kind, one.status) in _BACK), Decimal(0))
    if not taken:
        return "PENDING"
    if not back:
        return "PAID"
    return "REFUNDED" if back == taken else "PARTIALLY_REFUNDED"


def refund_view(refund: RefundRecord, draft: DraftRecord) -> Json:
    """Write a refund."""
    movements = {one.id: one for one in (draft.order.transactions if draft.order else ())}
    return {
        "id": refund.id,
        "note": refund.note,
        "totalRefundedSet": _money(refund.amount, draft.currency),
        "transactions": {
            "nodes": [{"id": one, "kind": "REFUND", "status": movements[one].status} for one in refund.transaction_ids]
        },
    }
