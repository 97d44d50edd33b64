"""Reading orders, and giving their money back."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from .books import OrderRecord, all_orders, change, find
from .call import Call
from .faults import StickyFault
from .postbacks import announce
from .strict import cents

__all__ = ["order_find", "order_refund", "order_view", "order_void"]

_NO_ORDER = ("350", "Invalid order Id supplied")
_DATE = "%m/%d/%Y"


async def order_view(call: Call) -> dict[str, Any]:
    """``order_view`` of one order."""
    now = call.world.now()
    record = await find(call.world, "order", call.text("order_id"), OrderRecord)
    shown = record.shown(now) if record else None
    if shown is None:
        raise StickyFault(*_NO_ORDER)
    return {"response_code": "100", "error_found": "0"} | _view(shown, now)


async def order_find(call: Call) -> dict[str, Any]:
    """``order_find``: by campaign, days and an e-mail address, or everything."""
    criteria, campaign = call.given["criteria"], call.text("campaign_id")
    try:
        first, last = (
            datetime.strptime(call.text(name), _DATE).replace(tzinfo=UTC) for name in ("start_date", "end_date")
        )
    except ValueError as error:
        raise StickyFault("303", "Invalid date range") from error
    if criteria != "all" and (not isinstance(criteria, dict) or criteria.keys() != {"email"}):
        raise StickyFault("303", "Invalid criteria")
    now = call.world.now()
    shown = [record.shown(now) for record in await all_orders(call.world)]
    found = [
        record
        for record in shown
        if record is not None
        and campaign in ("all", record.campaign_id)
        and first.date() <= datetime.fromtimestamp(record.at / 1000, UTC).date() <= last.date()
        and (criteria == "all" or record.email.lower() == str(criteria["email"]).lower())
    ]
    if not found:
        raise StickyFault("333", "No orders found")
    return {
        "response_code": "100",
        "total_orders": str(len(found)),
        "order_id": [record.id for record in found],
        "data": {record.id: {"response_code": "100"} | _view(record, now) for record in found},
    }


async def order_refund(call: Call) -> dict[str, Any]:
    """``order_refund``: in part or in whole, never more than was paid."""
    amount = cents(call.text("amount"))

    def edit(record: OrderRecord) -> OrderRecord:
        status = record.status(call.world.now())
        if status == "6":
            raise StickyFault("379", "Order has already been fully refunded or voided")
        if status != "2":
            raise StickyFault("701", "Action not permitted by gateway")
        if amount == 0:
            raise StickyFault("399", "Refund amount must be greater than 0")
        if record.refunded + amount > record.total:
            raise StickyFault("372", "Refund amount exceeds the order total")
        return replace(record, refunded=record.refunded + amount)

    await announce(call, await _edit(call, edit), "order_refund")
    return {"response_code": "100", "error_found": "0"}


async def order_void(call: Call) -> dict[str, Any]:
    """``order_void``: in whole, of what is approved or still pending."""

    def edit(record: OrderRecord) -> OrderRecord:
        if record.refunded or record.decline_reason or record.voided:
            raise StickyFault("373", "Order cannot be voided")
        return replace(record, voided=True)

    await announce(call, await _edit(call, edit), "order_void")
    return {"response_code": "100", "error_found": "0"}


async def _edit(call: Call, edit: Callable[[OrderRecord], OrderRecord]) -> OrderRecord:
    def kept(record: OrderRecord) -> OrderRecord:
        return edit(record).changed(call.world.now(), record)

    changed = await change(call.world, "order", call.text("order_id"), OrderRecord, kept)
    if changed is None:
        raise StickyFault(*_NO_ORDER)
    return changed


def _view(record: OrderRecord, now: int) -> dict[str, Any]:
    """Write an order, in its mixture of text and numbers."""
    return {
        "order_id": int(record.id),
        "order_status": record.status(now),
        "order_total": f"{record.total / 100:.2f}",
        "transaction_id": "Not Available" if record.decline_reason or record.test else f"59{record.id}0001",
        "auth_id": "Not Available" if record.decline_reason or record.test else f"A{record.id}",
        "customer_id": int(record.customer_id),
        "campaign_id": record.campaign_id,
        "click_id": record.click_id,
        "decline_reason": record.decline_reason or "N/A",
        "email_address": record.email,
        "gateway_id": "1",
        "is_test_cc": "1" if record.test else "0",
        "amount_refunded_to_date": f"{record.refunded / 100:.2f}",
        "is_void": "yes" if record.voided else "no",
        "products": [{"product_id": offer["product_id"], "price": offer.get("price", "")} for offer in record.offers],
    }
