"""Giving money back: a void before the batch settles, a refund after it (Payment API, "Void" and "Refund")."""

from paylinks_ports import (
    NotFound,
    PaylinksError,
    Refunded,
    RefundFailed,
    RefundLookUpResult,
    RefundOrder,
    RefundResult,
    Unknown,
)

from .answers import Answer
from .api import Api
from .declines import redact
from .parameters import major
from .transactions import Transaction, judge_refund

__all__ = ["look_up_refund", "refund"]


async def refund(api: Api, order: RefundOrder) -> RefundResult:
    """Give back once, under the refund's own id, by which it is found again.

    Some processors refuse to refund what has not settled, and a void costs the merchant nothing; so the whole of an
    unsettled sale is voided. A void that is refused has done nothing (the batch may have settled meanwhile).

    Raises:
        ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was given back.

    """
    amount = major(order.money)
    before = await _find(api, order)
    if isinstance(before, Refunded | Unknown):
        return before  # it was asked for earlier, and the answer was lost
    sale = await _sale(api, order)
    if sale.voided and order.whole:
        return Refunded(reference=order.transaction_id, money=order.paid)
    if sale.condition == "canceled":
        return RefundFailed(message="The payment was voided at the gateway before")
    if sale.condition in ("pending", "pendingsettlement") and order.whole:
        # It knows no amount and no order id.
        result = await _read(api, order, await api.transact(type="void", transactionid=order.transaction_id))
        if not isinstance(result, RefundFailed):
            return result
    answer = await api.transact(
        type="refund", transactionid=order.transaction_id, amount=amount, orderid=order.refund_id
    )
    return await _read(api, order, answer)


async def look_up_refund(api: Api, order: RefundOrder, reference: str | None) -> RefundLookUpResult:
    """Search for a refund's own id, read the transaction that is known, or find the sale voided.

    Raises:
        ProviderUnavailable, CredentialsRejected: nothing was learned.

    """
    result = await _find(api, order)
    if isinstance(result, NotFound) and reference is not None and reference != order.transaction_id:
        result = judge_refund(order.money.currency, await api.find("transaction_id", reference))
    if not isinstance(result, Refunded) and order.whole and (await _sale(api, order)).voided:
        return Refunded(reference=order.transaction_id, money=order.paid)
    return result


async def _find(api: Api, order: RefundOrder) -> RefundLookUpResult:
    return judge_refund(order.money.currency, await api.find("order_id", order.refund_id))


async def _sale(api: Api, order: RefundOrder) -> Transaction:
    """Read the sale; one of which nothing is known where it is not found."""
    return next(iter(await api.find("transaction_id", order.transaction_id)), Transaction())


async def _read(api: Api, order: RefundOrder, answer: Answer) -> RefundResult:
    refused = RefundFailed(message=redact(answer.text) or "The gateway refused the refund")
    lost = Unknown(message="The gateway's answer does not say whether it was refunded")
    match answer.verdict:
        case "approved":
            # The answer has no amount of its own.
            return Refunded(reference=answer.transaction_id, money=order.money)
        case "declined" | "refused" | "no_vault":
            return refused
    try:
        result = await look_up_refund(api, order, None)
    except PaylinksError:
        return lost
    if not isinstance(result, NotFound):
        return result
    # A duplicate of which nothing is there was refused: it is like another refund of the same amount and card.
    return refused if answer.verdict == "duplicate" else lost
