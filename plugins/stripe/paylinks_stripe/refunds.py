"""Refunds (docs.stripe.com/api/refunds): giving back, and what became of it."""

from paylinks_ports import (
    NotFound,
    Order,
    Refunded,
    RefundFailed,
    RefundLookUpResult,
    RefundOrder,
    RefundPending,
    RefundResult,
    Unknown,
)

from . import parameters, wire
from .amounts import from_stripe
from .sdk import Refusal, Sdk, as_error

__all__ = ["look_up_refund", "refund"]

_PAGE = 100
# docs.stripe.com/error-codes: there is not so much left, or nothing that could be given back.
_NOTHING_LEFT = frozenset({"charge_already_refunded", "charge_disputed", "amount_too_large"})


async def refund(sdk: Sdk, order: Order, wanted: RefundOrder) -> RefundResult:
    """Give back once: our id of the refund is the idempotency key."""
    given = parameters.refund(order, wanted)
    answer = await sdk.ask(
        lambda stripe: stripe.v1.refunds.create_async(given, {"idempotency_key": wanted.refund_id}), wire.Refund
    )
    if isinstance(answer, wire.Refund):
        return _read(answer)
    if answer.kind in ("doubt", "key_reused"):
        return Unknown(message="Stripe's answer does not say whether it was given back")
    if answer.kind == "refused" and (answer.error.code in _NOTHING_LEFT or answer.error.param == "amount"):
        return RefundFailed(message=answer.details or "Stripe refused the refund")
    raise as_error(answer)


async def look_up_refund(sdk: Sdk, wanted: RefundOrder, reference: str | None) -> RefundLookUpResult:
    """Read one by Stripe's id, or find it by ours among those of its payment; lists are up to date at once."""
    if reference is not None:
        found = await sdk.ask(lambda stripe: stripe.v1.refunds.retrieve_async(reference), wire.Refund)
        if isinstance(found, wire.Refund):
            return _read(found)
        if found.error.code == "resource_missing":
            return Unknown(message="Stripe does not know this refund under the present secret key", reference=reference)
        raise as_error(found)
    after: str | None = None
    while True:
        page = await _page(sdk, wanted.reference, after)
        for one in page.data:
            if one.metadata.get("refund_id") == wanted.refund_id:
                return _read(one)
        if not page.has_more or not page.data:
            return NotFound()
        after = page.data[-1].id


async def _page(sdk: Sdk, reference: str, after: str | None) -> wire.RefundPage:
    page = await sdk.ask(
        lambda stripe: stripe.v1.refunds.list_async(
            {"payment_intent": reference, "limit": _PAGE} | ({"starting_after": after} if after else {})  # type: ignore[arg-type]  # a union of TypedDicts is none
        ),
        wire.RefundPage,
    )
    if isinstance(page, Refusal):
        raise as_error(page)
    return page


def _read(found: wire.Refund) -> RefundResult:
    """docs.stripe.com/api/refunds/object#refund_object-status."""
    match found.status:
        case "succeeded":
            try:
                return Refunded(reference=found.id, money=from_stripe(found.amount, found.currency))
            except ValueError as error:
                return Unknown(message=f"It is given back, but how much can't be read: {error}", reference=found.id)
        case "pending" | "requires_action":
            return RefundPending(reference=found.id)
        case "failed" | "canceled":
            reason = found.failure_reason or found.status
            return RefundFailed(message=f"Stripe: {reason.replace('_', ' ')}", reference=found.id)
        case _:
            return Unknown(message="Stripe's refund has a status that is not known here", reference=found.id)
