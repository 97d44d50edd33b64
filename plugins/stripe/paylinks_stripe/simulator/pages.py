"""Lists in pages (docs.stripe.com/api/pagination), and the endpoints beside payment intents."""

from typing import Any

from .books import add_customer, all_intents, find_customer, find_intent, new_id
from .call import Call
from .faults import invalid, no_such
from .records import CustomerRecord, at
from .shapes import charge_of, customer_of, listed

__all__ = ["create_customer", "list_charges", "page", "retrieve_balance", "retrieve_charge", "retrieve_customer"]

_MOST = 100


def page(call: Call, items: list[dict[str, Any]]) -> dict[str, Any]:
    """Give the page that `limit`, `starting_after` and `ending_before` ask for.

    Raises:
        StripeFault: there is no such page.

    """
    limit = call.given.get("limit", 10)
    if not 1 <= limit <= _MOST:
        raise invalid(f"Invalid limit: {limit} is not between 1 and {_MOST}", param="limit")
    names = [item["id"] for item in items]
    for cursor in ("starting_after", "ending_before"):
        if cursor in call.given and call.given[cursor] not in names:
            raise no_such("object", call.given[cursor], param=cursor, status=400)
    if "ending_before" in call.given:
        before = items[: names.index(call.given["ending_before"])]
        return listed(call.path, before[-limit:], more=len(before) > limit)
    rest = items[names.index(call.given["starting_after"]) + 1 :] if "starting_after" in call.given else items
    return listed(call.path, rest[:limit], more=len(rest) > limit)


async def list_charges(call: Call) -> dict[str, Any]:
    """``GET /v1/charges``: all that this merchant was ever paid, and every try that failed."""
    wanted = call.given.get("payment_intent")
    if wanted is None:
        records = await all_intents(call.world, livemode=call.caller.livemode)
    else:
        records = [await find_intent(call.world, wanted, livemode=call.caller.livemode)]
    ours = [record for record in records if call.given.get("customer") in (None, record.customer)]
    return page(call, [charge_of(record, charge) for record in ours for charge in reversed(record.charges)])


async def retrieve_charge(call: Call) -> dict[str, Any]:
    """``GET /v1/charges/{id}``; a charge's id is its intent's, and which of its tries it was."""
    intent = f"pi_{call.name.removeprefix('ch_')[:-2]}"
    record = at(await find_intent(call.world, intent, livemode=call.caller.livemode), call.world.now())
    for charge in record.charges:
        if charge.id == call.name:
            return charge_of(record, charge)
    raise no_such("charge", call.name)


async def create_customer(call: Call) -> dict[str, Any]:
    """``POST /v1/customers``."""
    email = call.given.get("email")
    if email and "@" not in email:
        raise invalid(f"Invalid email address: {email}", code="email_invalid", param="email")
    given = {name: value for name, value in call.given.items() if name != "expand"}
    record = CustomerRecord(id=new_id("cus_", 14), livemode=call.caller.livemode, created=call.world.now(), given=given)
    await add_customer(call.world, record)
    return customer_of(record)


async def retrieve_customer(call: Call) -> dict[str, Any]:
    """``GET /v1/customers/{id}``."""
    record = await find_customer(call.world, call.name, livemode=call.caller.livemode)
    if record is None:
        raise no_such("customer", call.name)
    return customer_of(record)


async def retrieve_balance(call: Call) -> dict[str, Any]:
    """``GET /v1/balance``; what is in it is not kept."""
    empty = [{"amount": 0, "currency": "usd", "source_types": {"card": 0}}]
    return {"object": "balance", "available": empty, "livemode": call.caller.livemode, "pending": empty}
