"""Orders and transactions as Konnektive writes them: text and numbers mixed, amounts with two decimals."""

from typing import Any

from .books import OrderRecord, TransactionRecord

__all__ = ["cents", "order_of", "page_of", "transaction_of"]


def cents(text: str) -> int:
    """Read a checked amount; absent: 0."""
    whole, _, rest = text.partition(".")
    return int(whole or 0) * 100 + int(f"{rest}00"[:2])


def order_of(record: OrderRecord, now: int) -> dict[str, Any]:
    """Write an order."""
    shown = {
        name: value for name, value in record.given.items() if name.startswith(("custom", "first", "last", "email"))
    }
    return shown | {
        "orderId": record.id,
        "orderStatus": record.status(now),
        "customerId": int(record.customer_id),
        "campaignId": record.campaign_id,
        "totalAmount": f"{record.total / 100:.2f}",
        "cardType": "VISA" if record.last4 else None,
        "cardLast4": record.last4 or None,
        "items": [],
    }


def transaction_of(record: OrderRecord, one: TransactionRecord) -> dict[str, Any]:
    """Write a transaction."""
    return {
        "transactionId": int(one.id),
        "orderId": record.id,
        "txnType": one.kind,
        "responseType": one.response,
        "responseText": one.text,
        "totalAmount": f"{one.amount / 100:.2f}",
    }


def page_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Write what a query has found."""
    return {"totalResults": len(rows), "resultsPerPage": 200, "page": 1, "data": rows}
