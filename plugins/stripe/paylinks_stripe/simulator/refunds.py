"""Refunds: create, read and list (docs.stripe.com/api/refunds). A refund of a card succeeds at once here."""

from typing import Any

from msgspec.structs import replace

from .books import all_intents, change, find_intent, new_id
from .call import Call
from .faults import invalid, no_such
from .pages import page
from .records import IntentRecord, RefundRecord
from .shapes import refund_of

__all__ = ["create", "list_all", "retrieve"]


async def create(call: Call) -> dict[str, Any]:
    """``POST /v1/refunds``."""
    given = call.given
    name = given.get("payment_intent")
    if name is None:
        raise invalid("One of the following params should be provided for this request: payment_intent or charge.")
    made = RefundRecord(
        id=new_id("re_3"),
        amount=0,
        created=call.world.now(),
        reason=given.get("reason"),
        metadata=given.get("metadata") or {},
    )

    def edit(record: IntentRecord) -> IntentRecord:
        return _refunded(record, made, given.get("amount"))

    record = await change(call.world, name, edit, livemode=call.caller.livemode)
    return refund_of(record, record.refunds[-1])


def _refunded(record: IntentRecord, made: RefundRecord, amount: int | None) -> IntentRecord:
    """Give back what is asked for, or all that is left.

    Raises:
        StripeFault: there is nothing, or not so much.

    """
    if record.status != "succeeded":
        message = f"This PaymentIntent ({record.id}) does not have a successful charge to refund."
        raise invalid(message, param="payment_intent")
    left = record.amount - sum(refund.amount for refund in record.refunds)
    if left == 0:
        message = f"Charge {record.charges[-1].id} has already been refunded."
        raise invalid(message, code="charge_already_refunded")
    wanted = left if amount is None else amount
    if wanted < 1:
        raise invalid("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if wanted > left:
        raise invalid(f"Refund amount ({wanted}) is greater than unrefunded amount on charge ({left})", param="amount")
    return replace(record, refunds=(*record.refunds, replace(made, amount=wanted)))


async def retrieve(call: Call) -> dict[str, Any]:
    """``GET /v1/refunds/{id}``."""
    for record in await all_intents(call.world, livemode=call.caller.livemode):
        for refund in record.refunds:
            if refund.id == call.name:
                return refund_of(record, refund)
    raise no_such("refund", call.name)


async def list_all(call: Call) -> dict[str, Any]:
    """``GET /v1/refunds``."""
    wanted = call.given.get("payment_intent")
    if wanted is None:
        records = await all_intents(call.world, livemode=call.caller.livemode)
    else:
        records = [await find_intent(call.world, wanted, livemode=call.caller.livemode)]
    return page(call, [refund_of(record, refund) for record in records for refund in reversed(record.refunds)])
