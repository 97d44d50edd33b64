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

from . import parameters
from .answers import Answer
from .api import Api
from .outcomes import judge_refund, void_of
from .parameters import BY_ATTEMPT, BY_TRANSACTION
from .redaction import redact
from .reports import Transaction

__all__ = ["look_up", "refund"]

_UNSETTLED = frozenset({"pending", "pendingsettlement"})
_LOST = "The gateway's answer does not say whether it was refunded"


async def refund(api: Api, order: RefundOrder) -> RefundResult:
    """Give back once.

    Some processors refuse to refund what has not settled, and a void costs the merchant nothing; so the whole of an
    unsettled sale is voided. A void that is refused has done nothing (the batch may have settled meanwhile).

    Raises:
        ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was given back.

    """
    given = parameters.refund(order)
    before = await _search(api, order)
    if isinstance(before, Refunded | Unknown):
        return before  # it was asked for earlier, and the answer was lost
    sale = await _sale(api, order)
    if sale is not None and sale.condition == "canceled":
        voided = void_of(order.paid, sale) if order.whole else None
        return voided or RefundFailed(message="The payment was voided at the gateway before")
    if sale is not None and sale.condition in _UNSETTLED and order.whole:
        result = await _read(api, order, await api.transact(parameters.void(order)))
        if not isinstance(result, RefundFailed):
            return result
    return await _read(api, order, await api.transact(given))


async def look_up(api: Api, order: RefundOrder, reference: str | None) -> RefundLookUpResult:
    """Search for a refund's own id, read the transaction that is known, or find the sale voided.

    Raises:
        ProviderUnavailable, CredentialsRejected: nothing was learned.

    """
    result = await _search(api, order)
    if isinstance(result, NotFound) and reference is not None and reference != order.transaction_id:
        found = await api.query({BY_TRANSACTION: reference})
        result = judge_refund(order.money.currency, [one for one in found if one.id == reference])
    if isinstance(result, Refunded) or not order.whole:
        return result
    sale = await _sale(api, order)
    voided = void_of(order.paid, sale) if sale else None
    return voided or result


async def _search(api: Api, order: RefundOrder) -> RefundLookUpResult:
    found = await api.query({BY_ATTEMPT: order.refund_id})
    return judge_refund(order.money.currency, [one for one in found if one.order_id == order.refund_id])


async def _sale(api: Api, order: RefundOrder) -> Transaction | None:
    found = await api.query({BY_TRANSACTION: order.transaction_id})
    return next((one for one in found if one.id == order.transaction_id), None)


async def _read(api: Api, order: RefundOrder, answer: Answer | None) -> RefundResult:
    verdict = answer.verdict if answer else "doubt"
    if answer is not None and verdict == "approved":
        # The answer has no amount of its own.
        return Refunded(reference=answer.transaction_id, money=order.money)
    if answer is not None and verdict in ("declined", "refused", "no_vault"):
        return RefundFailed(message=redact(answer.text) or "The gateway refused the refund")
    try:
        result = await look_up(api, order, None)
    except PaylinksError:
        return Unknown(message=_LOST)
    if not isinstance(result, NotFound):
        return result
    if answer is not None and verdict == "duplicate":
        # Refused, and nothing of this refund is there: it is like another one of the same amount and card.
        return RefundFailed(message=redact(answer.text))
    return Unknown(message=_LOST)
