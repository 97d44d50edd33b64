"""Reading orders and their transactions, and giving their money back."""

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from .books import OrderRecord, TransactionRecord, all_orders, change, complete, find
from .call import Call
from .faults import KonnektiveFault, required
from .postbacks import announce
from .shapes import cents, order_of, page_of, transaction_of

__all__ = ["campaigns", "find_orders", "find_transactions", "refund"]

_DATE = "%m/%d/%Y"


async def campaigns(call: Call) -> tuple[str, Any]:
    """``/campaign/query/``."""
    return "SUCCESS", page_of([{"campaignId": call.text("campaignId") or "1", "campaignName": "Demo"}])


async def find_orders(call: Call) -> tuple[str, Any]:
    """``/order/query/``: one by its id, or those of some days."""
    now = call.world.now()
    if call.text("orderId"):
        return "SUCCESS", page_of([order_of(await _returned(call), now)])
    first, last = _day(call, "startDate"), _day(call, "endDate")
    found = [
        record
        for record in (one.shown(now) for one in await all_orders(call.world))
        if first.date() <= datetime.fromtimestamp(record.at / 1000, UTC).date() <= last.date()
        and call.text("emailAddress").lower() in ("", record.given.get("emailAddress", "").lower())
    ]
    if not found:
        raise KonnektiveFault("No orders matching those parameters could be found")
    return "SUCCESS", page_of([order_of(record, now) for record in found])


async def _returned(call: Call) -> OrderRecord:
    """Read an order; no bank has a page here, so a customer who was sent to one has come back with its yes by now.

    As at Konnektive, the order is then paid by itself, and nobody imports it again.
    """
    record = await find(call.world, call.text("orderId"))
    if not record.challenged or record.state != "PARTIAL":
        return record.shown(call.world.now())

    def edit(record: OrderRecord) -> OrderRecord:
        return record if record.state != "PARTIAL" else complete(record, "SUCCESS", "Approved")

    return (await change(call.world, record.id, edit)).shown(call.world.now())


def _day(call: Call, name: str) -> datetime:
    if not call.text(name):
        raise required(name)
    try:
        return datetime.strptime(call.text(name), _DATE).replace(tzinfo=UTC)
    except ValueError as error:
        raise KonnektiveFault({name: "must be a date m/d/Y"}) from error


async def find_transactions(call: Call) -> tuple[str, Any]:
    """``/transactions/query/`` of one order."""
    record = (await find(call.world, call.text("orderId"))).shown(call.world.now())
    if not record.transactions:
        raise KonnektiveFault("No transactions matching those parameters could be found")
    return "SUCCESS", page_of([transaction_of(record, one) for one in record.transactions])


async def refund(call: Call) -> tuple[str, Any]:
    """``/order/refund/``: in part or in whole, never more than was paid."""

    def edit(record: OrderRecord) -> OrderRecord:
        before = sum(one.amount for one in record.transactions if one.kind == "REFUND")
        left = record.total - before
        amount = left if call.text("fullRefund") == "1" else cents(call.text("refundAmount"))
        if record.status(call.world.now()) != "COMPLETE":
            raise KonnektiveFault("Only complete orders are valid: refund is not allowed")
        if not 0 < amount <= left:
            raise KonnektiveFault("Refund amount exceeds the amount left")
        back = TransactionRecord(
            id=str(record.number * 100 + len(record.transactions)), kind="REFUND", response="SUCCESS", amount=amount
        )
        state = "REFUNDED" if amount == left else record.state
        return replace(record, transactions=(*record.transactions, back), state=state)

    record = await change(call.world, call.text("orderId"), edit)
    await announce(call, record, "All Refunds" if record.state == "REFUNDED" else "Partial Refunds")
    return "SUCCESS", "Order refunded"
