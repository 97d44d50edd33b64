"""Importing leads and orders, where alone the simulator takes money, and the demo's accidents."""

from typing import Any

import httpx
from msgspec.structs import replace

from paylinks_ports import DemoWord

from .books import OrderRecord, add, all_orders, change, complete, find, is_duplicate
from .call import Call
from .cards import is_slow, is_test, word_of
from .faults import KonnektiveFault, required
from .postbacks import PROCESSING, announce
from .shapes import cents, order_of

__all__ = ["import_lead", "import_order"]

_CATALOGUE_PRICE = "19.99"
_COMPLETE = "Order is already complete"
_DUPLICATE = "4000000000000259"
_SECRET = frozenset({"cardNumber", "cardSecurityCode", "cardMonth", "cardYear"})
_DECLINES: dict[DemoWord, tuple[str, str]] = {
    "demo_decline": ("Do Not Honor", "HARD_DECLINE"),
    "demo_soft_decline": ("Insufficient Funds", "SOFT_DECLINE"),
}


async def import_lead(call: Call) -> tuple[str, Any]:
    """``/leads/import/``: a PARTIAL order, an earlier one of the same customer where one was left open.

    Also one whose sale is still at the bank's page; but with ``disableCustomerDedup`` a new customer's.
    """
    if not call.demo:
        _complete(call)
    email, address = call.text("emailAddress"), call.text("ipAddress")
    apart = call.text("disableCustomerDedup") == "1"
    for known in () if apart else await all_orders(call.world):
        theirs = (known.given.get("emailAddress", ""), known.given.get("ipAddress", ""), known.campaign_id)
        if theirs != (email, address, call.text("campaignId")):
            continue
        record = await change(call.world, known.id, lambda record: _given_again(call, record))
        if record.state == "PARTIAL":
            return "SUCCESS", order_of(record, call.world.now())
    record = await add(call.world, lambda number: _opened(call, number))
    return "SUCCESS", order_of(record, call.world.now())


def _given_again(call: Call, record: OrderRecord) -> OrderRecord:
    return replace(record, given=record.given | _kept(call)) if record.state == "PARTIAL" else record


def _opened(call: Call, number: int) -> OrderRecord:
    return OrderRecord(
        number=number,
        customer_id=str(number + 40_000),
        at=call.world.now(),
        campaign_id=call.text("campaignId"),
        given=_kept(call),
    )


def _complete(call: Call) -> None:
    if not call.text("firstName") or not call.text("lastName"):
        raise KonnektiveFault("First and last name are required fields.")
    if not call.text("emailAddress") and not call.text("phoneNumber"):
        raise required("emailAddress")


def _kept(call: Call) -> dict[str, str]:
    return {name: value for name, value in call.given.items() if name not in _SECRET}


async def import_order(call: Call) -> tuple[str, Any]:
    """``/order/import/`` into the order of a lead."""
    number = _source(call)
    word = word_of(number) or call.world.word()
    if word == "demo_error":
        raise httpx.ConnectError("The demo's provider can't be reached", request=call.request)
    total = _total(call)
    decline = _DECLINES.get(word) if word else None
    if (await find(call.world, call.text("orderId"))).state != "PARTIAL":
        raise KonnektiveFault(_COMPLETE)
    if number == _DUPLICATE or (_counts(call, number) and await is_duplicate(call.world, f"{number}/{total}")):
        decline = ("Duplicate transaction", "HARD_DECLINE")

    def edit(record: OrderRecord) -> OrderRecord:
        return _paid(call, record, word, total, decline)

    record = await change(call.world, call.text("orderId"), edit)
    if record.challenged:
        # No bank has a page here: the redirect is already the way back from it.
        return "MERC_REDIRECT", {"url": call.text("redirectsTo")}
    await announce(call, record, "Decline" if decline else "New Sale")
    if decline:
        raise KonnektiveFault(f"Transaction Declined: {decline[0]}")
    if word == "demo_timeout":
        raise httpx.ReadTimeout("The demo's provider charges, and its reply is lost", request=call.request)
    return "SUCCESS", order_of(record, call.world.now())


def _counts(call: Call, number: str) -> bool:
    """Say whether a sale may be a duplicate: a card that is typed in, and no test card."""
    return not call.demo and number != "" and not is_test(number)


def _source(call: Call) -> str:
    """Read the card's number; the card on file has none here."""
    match call.text("paySource"):
        case "CREDITCARD":
            for name in sorted(_SECRET):
                if not call.text(name).isdecimal():
                    raise required(name)
            if not call.demo:
                _complete(call)
            return call.text("cardNumber")
        case "ACCTONFILE":
            if not call.text("customerId"):
                raise required("customerId")
            return ""
        case _:
            raise KonnektiveFault({"paySource": "is not a valid pay source"})


def _total(call: Call) -> int:
    total, number = 0, 1
    # Konnektive's pitfalls: it stops at a gap, and a product without a price is sold at the campaign's own.
    while call.text(f"product{number}_id"):
        price = cents(call.text(f"product{number}_price") or _CATALOGUE_PRICE)
        total += price * int(call.text(f"product{number}_qty") or 1) + cents(call.text(f"product{number}_shipPrice"))
        number += 1
    if number == 1:
        raise KonnektiveFault("No products exist in the order")
    return total + cents(call.text("salesTax"))


def _paid(
    call: Call, record: OrderRecord, word: DemoWord | None, total: int, decline: tuple[str, str] | None
) -> OrderRecord:
    if record.state != "PARTIAL":
        raise KonnektiveFault(_COMPLETE)
    number = call.text("cardNumber")
    record = replace(
        record,
        given=_kept(call),
        total=total,
        last4=number[-4:],
        sold_as=call.text("custom3"),
        slow=is_slow(number),
        test=is_test(number),
    )
    if word == "demo_3ds" and call.text("redirectsTo"):
        return replace(record, challenged=True)
    record = replace(
        record,
        customer_id=call.text("customerId") or record.customer_id,
        settles_at=call.world.now() + PROCESSING if word == "demo_processing" else 0,
    )
    return complete(record, *((decline[1], decline[0]) if decline else ("SUCCESS", "Approved")))
