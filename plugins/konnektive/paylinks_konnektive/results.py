"""From Konnektive's answers and orders to the platform's results; success is a whitelist."""

import re

from paylinks_ports import (
    Declined,
    NextAction,
    Order,
    Paid,
    PaymentResult,
    Pending,
    RequiresAction,
    SavedMethod,
    Unknown,
    View,
    decline,
    meaning_of,
    read_amount,
)

from .answers import Answer, redact

__all__ = ["OPEN", "RETRYABLE", "charged", "declined", "settled"]

OPEN = frozenset({"PARTIAL", "DECLINED"})
RETRYABLE = {"HARD_DECLINE": False, "SOFT_DECLINE": True}
"""``responseType`` of a decline in ``/transactions/query/`` (apidocs.checkoutchamp.com); nothing else tells them."""


def charged(order: Order, answer: Answer, reference: str) -> PaymentResult:
    """Say what an answer to a charge means that is no ERROR."""
    view, url = answer.message, answer.message.text("url")
    match answer.kind:
        case "success" if view.text("orderId") in ("", reference) and (done := settled(order, view, reference)):
            return done
        case "redirect" if url.startswith(("https://", "http://")):
            return RequiresAction(reference=reference, action=NextAction(type="redirect", url=url))
        case "redirect":
            return Unknown(message="The bank asks for a step that can't be shown here", reference=reference)
        case _:
            message = "Konnektive's answer is lost, or does not say whether it was charged"
            return Unknown(message=message, reference=reference)


def settled(order: Order, view: View, reference: str) -> Paid | Pending | Unknown | None:
    """Say what an order has come to; None: it is still open."""
    status = view.text("orderStatus")
    if status in OPEN:
        return None
    if status == "PENDING":
        return Pending(reference=reference)
    if status != "COMPLETE":
        message = "Konnektive's order is neither open nor paid: it may be refunded or canceled at the desk"
        return Unknown(message=message, reference=reference)
    try:
        # The currency is the answer's, or the order's where it names none.
        money = read_amount(view.text("totalAmount"), view.text("currencyCode") or order.money.currency)
    except ValueError as error:
        return Unknown(message=f"It is paid, but how much can't be read: {redact(str(error))}", reference=reference)
    customer = view.text("customerId")
    return Paid(
        reference=reference,
        transaction_id=reference,
        money=money,
        # ACCTONFILE charges the customer's card on file; the order says which card that was.
        saved_method=SavedMethod(reference, customer) if customer else None,
        details={name: view.text(name) for name in ("customerId", "cardType", "cardLast4") if view.text(name)},
    )


def declined(sentence: str, response_type: str, reference: str) -> Declined:
    """Read a decline: the gateway's own words, but Konnektive's word on soft and hard wins."""
    reason = re.sub("^transaction declined:", "", redact(sentence), flags=re.IGNORECASE).strip()
    code, retryable = meaning_of(reason) or ("card_declined", True)
    return decline((code, RETRYABLE.get(response_type, retryable)), reason, reference)
