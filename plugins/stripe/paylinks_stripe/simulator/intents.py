"""Payment intents: create, read, list, search, update and cancel (docs.stripe.com/api/payment_intents)."""

import re
from typing import Any

from msgspec.structs import replace

from .books import add_intent, all_intents, change, find_customer, find_intent, new_id
from .call import Call
from .faults import StripeFault, invalid, no_such, unexpected_state
from .pages import page
from .records import IntentRecord
from .shapes import browsers_intent, expanded, intent_of

__all__ = ["cancel", "create", "list_all", "owned", "retrieve", "search", "update"]

_MOST = 99_999_999  # docs.stripe.com/api/payment_intents/create#create_payment_intent-amount: eight digits
_LEAST = {"usd": 50, "eur": 50, "gbp": 30, "jpy": 50}  # docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
_THREE_DECIMAL = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
_CANCELABLE = frozenset({"requires_payment_method", "requires_action"})
_PLAIN = ("customer", "description", "receipt_email", "setup_future_usage", "statement_descriptor_suffix")
_FORBIDDEN = 401
_CLAUSE = re.compile(
    r"""\s*(?:metadata\[(?P<q>['"])(?P<key>.+?)(?P=q)\]|(?P<field>status|customer))\s*:\s*(['"])(?P<value>.*?)\4\s*"""
)


async def create(call: Call) -> dict[str, Any]:
    """``POST /v1/payment_intents``."""
    given = call.given
    _check_amount(call, given["amount"], given["currency"])
    await _check_customer(call)
    name = new_id("pi_3")
    automatic = given.get("automatic_payment_methods")
    record = IntentRecord(
        id=name,
        client_secret=f"{name}_secret_{new_id('', 25)}",
        livemode=call.caller.livemode,
        demo=call.caller.demo,
        created=call.world.now(),
        amount=given["amount"],
        currency=given["currency"],
        metadata=_metadata(given.get("metadata") or {}),
        shipping=given.get("shipping"),
        # docs.stripe.com/api/payment_intents/create: automatic payment methods are the default.
        allow_redirects=(automatic or {}).get("allow_redirects") or "always",
        customer=given.get("customer"),
        description=given.get("description"),
        receipt_email=given.get("receipt_email"),
        setup_future_usage=given.get("setup_future_usage"),
        statement_descriptor_suffix=given.get("statement_descriptor_suffix"),
    )
    return await expanded(call.world, await add_intent(call.world, record), call.expand)


async def retrieve(call: Call) -> dict[str, Any]:
    """``GET /v1/payment_intents/{id}``."""
    record = owned(call, await find_intent(call.world, call.name, livemode=call.caller.livemode))
    return browsers_intent(record) if call.caller.is_browser else await expanded(call.world, record, call.expand)


async def list_all(call: Call) -> dict[str, Any]:
    """``GET /v1/payment_intents``."""
    records = await all_intents(call.world, livemode=call.caller.livemode)
    ours = [record for record in records if call.given.get("customer") in (None, record.customer)]
    expand = [name.removeprefix("data.") for name in call.expand]
    return page(call, [await expanded(call.world, record, expand) for record in ours])


async def search(call: Call) -> dict[str, Any]:
    """``GET /v1/payment_intents/search``, at once up to date, which Stripe's own is not."""
    clauses = [_CLAUSE.fullmatch(part) for part in re.split(r"\sAND\s", call.given["query"])]
    expand = [name.removeprefix("data.") for name in call.expand]
    found = []
    for record in await all_intents(call.world, livemode=call.caller.livemode):
        for clause in clauses:
            if clause is None:
                raise invalid("We were unable to parse your search query.", param="query")
            value = clause["value"].replace("\\'", "'").replace("\\\\", "\\")
            if (getattr(record, clause["field"]) if clause["field"] else record.metadata.get(clause["key"])) != value:
                break
        else:
            found.append(record)
    limit = call.given.get("limit", 10)
    data = [await expanded(call.world, record, expand) for record in found[:limit]]
    return {
        "object": "search_result",
        "data": data,
        "has_more": len(found) > limit,
        "next_page": None,
        "url": call.path,
    }


async def update(call: Call) -> dict[str, Any]:
    """``POST /v1/payment_intents/{id}``."""
    given = call.given
    await _check_customer(call)

    def edit(record: IntentRecord) -> IntentRecord:
        if record.status in ("succeeded", "canceled", "processing"):
            message = f"This PaymentIntent could not be updated because it has a status of {record.status}."
            raise unexpected_state(message, intent_of(record))
        amount, currency = given.get("amount", record.amount), given.get("currency", record.currency)
        _check_amount(call, amount, currency)
        changed = {name: given[name] for name in (*_PLAIN, "shipping") if name in given}
        metadata = _metadata(record.metadata | (given.get("metadata") or {}))
        return replace(record, amount=amount, currency=currency, metadata=metadata, **changed)

    return await expanded(
        call.world, await change(call.world, call.name, edit, livemode=call.caller.livemode), call.expand
    )


async def cancel(call: Call) -> dict[str, Any]:
    """``POST /v1/payment_intents/{id}/cancel``."""

    def edit(record: IntentRecord) -> IntentRecord:
        if record.status not in _CANCELABLE:
            message = f"You cannot cancel this PaymentIntent because it has a status of {record.status}."
            raise unexpected_state(message, intent_of(record))
        return replace(
            record,
            status="canceled",
            canceled_at=call.world.now(),
            cancellation_reason=call.given.get("cancellation_reason"),
            next_action=None,
        )

    return await expanded(
        call.world, await change(call.world, call.name, edit, livemode=call.caller.livemode), call.expand
    )


def owned(call: Call, record: IntentRecord) -> IntentRecord:
    """Let a browser see the intent whose client secret it holds, and no other.

    Raises:
        StripeFault: it holds another.

    """
    if call.caller.is_browser and call.caller.client_secret != record.client_secret:
        message = "The client_secret provided does not match the client_secret associated with the PaymentIntent."
        raise invalid(message, param="client_secret", code="payment_intent_invalid_parameter")
    return record


async def _check_customer(call: Call) -> None:
    name = call.given.get("customer")
    if name is not None and await find_customer(call.world, name, livemode=call.caller.livemode) is None:
        raise no_such("customer", name, param="customer", status=400)


def _check_amount(call: Call, amount: int, currency: str) -> None:
    if not re.fullmatch("[a-z]{3}", currency):
        raise invalid(f"Invalid currency: {currency}.", param="currency")
    if amount < 1:
        raise invalid("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if currency in _THREE_DECIMAL and amount % 10:
        raise invalid("Invalid amount: the last digit must be 0 in this currency.", param="amount")
    if currency == "isk" and amount % 100:
        message = "Invalid amount: this currency has no decimals."
        raise invalid(message, code="invalid_charge_amount_no_decimal_compatible", param="amount")
    if call.caller.demo:
        return  # demo mode promises that any amount is paid
    if amount > _MOST:
        raise invalid("Amount must be no more than 8 digits.", code="amount_too_large", param="amount")
    if amount < _LEAST.get(currency, 1):
        raise invalid("Amount is below the minimum for this currency.", code="amount_too_small", param="amount")


def _metadata(metadata: dict[str, str]) -> dict[str, str]:
    """docs.stripe.com/metadata; an empty value takes a key away."""
    if len(metadata) > 50 or any(len(key) > 40 or len(value) > 500 for key, value in metadata.items()):  # noqa: PLR2004 - as documented
        message = "Metadata can have up to 50 keys, with names up to 40 characters long and values up to 500."
        raise StripeFault(400, {"type": "invalid_request_error", "message": message, "param": "metadata"})
    return {key: value for key, value in metadata.items() if value}
