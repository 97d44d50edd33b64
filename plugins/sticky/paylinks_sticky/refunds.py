"""Giving money back at Sticky.io: ``order_refund``, ``order_void``, and how a refund is found again.

A refund has no id at Sticky.io and no place for ours. An order shows how much it has given back altogether
(``amount_refunded_to_date``); together with what the platform knows of its other refunds that tells whether this one
was made.
"""

from paylinks_ports import (
    ProviderRefused,
    ProviderUnavailable,
    Refunded,
    RefundFailed,
    RefundLookUpResult,
    RefundOrder,
    RefundResult,
    Unknown,
    judge_total,
    read_amount,
    write_amount,
)

from .client import StickyClient
from .wire import Answer

__all__ = ["find", "give_back"]

_NOT_BY_GATEWAY = "701"
_VOIDED = "6"


async def give_back(sticky: StickyClient, refund: RefundOrder) -> RefundResult:
    """Refund; what has not been settled yet some gateways only void, which must then be the whole of it."""
    answer = await sticky.submit(
        "order_refund",
        {
            "order_id": refund.reference,
            "amount": write_amount(refund.money),
            # Who gets everything back is not to be billed again.
            "keep_recurring": "0" if refund.whole else "1",
        },
    )
    if refund.whole and _NOT_BY_GATEWAY in answer.codes and answer.kind == "refused":
        answer = await sticky.submit("order_void", {"order_id": refund.reference})
    return _read(sticky, refund, answer)


def _read(sticky: StickyClient, refund: RefundOrder, answer: Answer) -> RefundResult:
    match answer.kind:
        case "ok" if answer.text("error_found") in (None, "0"):
            return Refunded(reference=refund.refund_id, money=refund.money)
        case "refused" | "declined" | "authentication":
            return RefundFailed(message=sticky.reason(answer) or "Sticky.io refused the refund")
        case _:
            return Unknown(message="Sticky.io's answer does not say whether it was refunded")


async def find(sticky: StickyClient, refund: RefundOrder) -> RefundLookUpResult:
    """Compare what the order has given back with what it must have, if this refund was made."""
    view = await sticky.ask("order_view", {"order_id": refund.reference})
    if view.kind != "ok":
        raise ProviderRefused("Sticky.io does not show the order", details=sticky.reason(view) or None)
    if view.text("order_status") == _VOIDED and refund.whole:
        return Refunded(reference=refund.refund_id, money=refund.money)
    try:
        given = read_amount(view.text("amount_refunded_to_date"), refund.money.currency)
    except ValueError:
        raise ProviderUnavailable("Sticky.io's order does not say what it has given back") from None
    return judge_total(refund, given)
