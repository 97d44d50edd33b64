"""Making prospects and orders, where alone the simulator takes money, and the demo's accidents."""

from typing import Any

import httpx
from msgspec.structs import replace

from paylinks_ports import demo_word

from .books import OrderRecord, ProspectRecord, add, burn, change, find, is_duplicate
from .call import Call
from .faults import StickyFault
from .postbacks import PROCESSING, announce
from .strict import cents
from .tokens import Behaviour, behaviour, card_of

__all__ = ["new_order", "new_order_card_on_file", "new_order_with_prospect", "new_prospect"]

_CATALOGUE_PRICE = "19.99"
_TEST_TOKEN = "test_card"  # noqa: S105 - what the browser makes of Sticky.io's own test card
_DECLINES: dict[Behaviour, str] = {
    "declined": "Do Not Honor",
    "short": "Insufficient funds REFID:1234567",
    "duplicate": "Duplicate transaction REFID:1234567",
}
_KEPT = ("firstName", "lastName", "phone", "notes", "shippingCountry")


async def new_prospect(call: Call) -> dict[str, Any]:
    """``new_prospect``."""
    given = {name: str(value) for name, value in call.given.items()}
    record = await add(call.world, "prospect", lambda number: ProspectRecord(id=number, given=given))
    return {"response_code": "100", "error_found": "0", "prospectId": record.id}


async def new_order(call: Call) -> dict[str, Any]:
    """``new_order``."""
    return await _sell(call, call.text("email"), call.text("payment_token"))


async def new_order_with_prospect(call: Call) -> dict[str, Any]:
    """``new_order_with_prospect``: an approved order uses its prospect up."""
    number = call.text("prospectId")
    prospect = await find(call.world, "prospect", number, ProspectRecord)
    if prospect is None or prospect.used:
        raise StickyFault("330", "No prospect found")
    try:
        sold = await _sell(call, prospect.given.get("email", ""), call.text("payment_token"))
    except httpx.ReadTimeout:
        await _use_up(call, number)
        raise
    await _use_up(call, number)
    return sold


async def _use_up(call: Call, number: str) -> None:
    await change(call.world, "prospect", number, ProspectRecord, lambda record: replace(record, used=True))


async def new_order_card_on_file(call: Call) -> dict[str, Any]:
    """``new_order_card_on_file``: a new order with the card of an earlier one."""
    previous = await find(call.world, "order", call.text("previousOrderId"), OrderRecord)
    if previous is None or previous.decline_reason:
        raise StickyFault("332", "Original order not found")
    return await _sell(call, previous.email, None, customer_id=previous.customer_id)


async def _sell(call: Call, email: str, token: str | None, customer_id: str | None = None) -> dict[str, Any]:
    word = demo_word(token or "") or call.world.word()
    if word == "demo_error":
        raise httpx.ConnectError("The demo's provider can't be reached", request=call.request)
    if token is not None and not call.demo and not await burn(call.world, token):
        raise StickyFault("319", "Invalid payment token")
    how = behaviour(token or "", word)
    card, total = card_of(token or ""), _total(call)
    if card and not call.demo and how not in _DECLINES and await is_duplicate(call.world, f"{card}/{total}"):
        how = "duplicate"
    record = await add(
        call.world,
        "order",
        lambda number: _record(call, number, email, how, token, customer_id).changed(call.world.now()),
    )
    await announce(call, record, "order_declined" if record.decline_reason else "order_approved")
    if reason := record.decline_reason:
        raise StickyFault("800", f"This transaction has been declined: {reason}", **_declined(record, reason))
    if word == "demo_timeout":
        raise httpx.ReadTimeout("The demo's provider charges, and its reply is lost", request=call.request)
    return _approved(record)


def _total(call: Call) -> int:
    # Sticky.io's pitfall: an offer without a price is sold at the catalogue's own.
    offers = call.given["offers"]
    total = sum(cents(str(offer.get("price") or _CATALOGUE_PRICE)) * int(offer["quantity"]) for offer in offers)
    return total + cents(call.text("dynamic_shipping_charge") or "0")


def _record(  # noqa: PLR0913, PLR0917 - what an order is made of
    call: Call, number: str, email: str, how: Behaviour, token: str | None, customer_id: str | None
) -> OrderRecord:
    now = call.world.now()
    return OrderRecord(
        id=number,
        customer_id=customer_id or str(int(number) + 40_000),
        at=now,
        total=_total(call),
        click_id=call.text("click_id"),
        campaign_id=call.text("campaignId"),
        email=email,
        decline_reason=_DECLINES.get(how, ""),
        test=token == _TEST_TOKEN,
        settles_at=now + PROCESSING if how == "processing" else 0,
        given={name: call.text(name) for name in _KEPT if name in call.given},
        offers=[{name: str(value) for name, value in offer.items()} for offer in call.given["offers"]],
        slow=how == "slow",
    )


def _approved(record: OrderRecord) -> dict[str, Any]:
    return {
        "response_code": "100",
        "error_found": "0",
        "order_id": record.id,
        "transactionID": "Not Available" if record.test else f"59{record.id}0001",
        "customerId": record.customer_id,
        "authId": "Not Available" if record.test else f"A{record.id}",
        "orderTotal": f"{record.total / 100:.2f}",
        "orderSalesTaxPercent": "0.00",
        "orderSalesTaxAmount": "0.00",
        "test": "1" if record.test else "0",
        "prepaid_match": "0",
        "gateway_id": "1",
        "gatewayCustomerService": "8005550100",
        "gatewayDescriptor": "DEMO SHOP",
        "resp_msg": "Approved",
        "line_items": [{"product_id": offer["product_id"], "quantity": offer["quantity"]} for offer in record.offers],
    }


def _declined(record: OrderRecord, reason: str) -> dict[str, str]:
    """Write what is beside the code of a decline; the order that it leaves has a number."""
    return {
        "order_id": record.id,
        "decline_reason": reason,
        "gateway_id": "1",
        "orderTotalAmount": f"{record.total / 100:.2f}",
        "transId": "0",
        "authId": "",
        "source": "External",
        "provider_type": "PAYMENT",
        "provider_name": "NETWORK MERCHANT INC",
    }
