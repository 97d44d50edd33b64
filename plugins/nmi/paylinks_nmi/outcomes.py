"""From the gateway's answers and reports to the platform's results."""

from collections.abc import Iterable

from paylinks_ports import (
    Canceled,
    Declined,
    Details,
    LookUpResult,
    Money,
    NotFound,
    Order,
    Paid,
    Pending,
    Refunded,
    RefundFailed,
    RefundLookUpResult,
    SavedMethod,
    Unknown,
)

from .amounts import from_nmi
from .answers import Answer
from .declines import declined
from .redaction import redact
from .reports import Transaction

__all__ = ["approved", "judge", "judge_refund", "taken", "void_of"]

# Query API, "condition".
_TAKEN = frozenset({"pendingsettlement", "complete"})
_FAILED = frozenset({"failed", "abandoned"})
_OPEN = frozenset({"in_progress", "pending"})  # a step is missing; an authorization that nobody has captured
_CHARGES = ("sale", "capture")
_REFUNDS = ("refund", "credit")
_RANK: tuple[type, ...] = (Paid, Pending, Unknown, Canceled, Declined)


def approved(order: Order, answer: Answer) -> Paid | Unknown:
    """Read an approved sale; it names no currency, so that is the one that was asked for."""
    money = order.money
    if answer.amount_authorized:
        # Payment API, "partial payments": the bank may approve less than was asked for, and yet it is approved.
        try:
            money = from_nmi(answer.amount_authorized, order.money.currency)
        except ValueError as error:
            return Unknown(message=f"It is paid, but how much can't be read: {error}", reference=answer.transaction_id)
    return Paid(
        reference=answer.transaction_id,
        transaction_id=answer.transaction_id,
        money=money,
        saved_method=SavedMethod(answer.vault_id) if answer.vault_id else None,
        details=_details(answer.authorization_code, answer.avs, answer.cvv, answer.vault_id),
    )


def judge(order: Order, transactions: Iterable[Transaction]) -> LookUpResult:
    """Say what transactions of one attempt come to together.

    Several can share one order id: a sale and its refunds, or a decline and what came after it. So none is "the first";
    what tells most counts, and money that was taken twice is told as the sum, which the platform then does not accept
    as the order's amount.
    """
    found = [_judge_one(order, one) for one in transactions if not _is_refund(one)]
    if not found:
        return NotFound()
    paid = [one for one in found if isinstance(one, Paid)]
    if len({one.money.currency for one in paid}) > 1:
        return Unknown(message="It was paid more than once, in several currencies", reference=paid[0].reference)
    best = min(found, key=lambda one: _RANK.index(type(one)))
    if isinstance(best, Paid):
        money = Money(sum(one.money.amount for one in paid), best.money.currency)
        return Paid(
            reference=best.reference,
            transaction_id=best.transaction_id,
            money=money,
            saved_method=best.saved_method,
            details=best.details,
        )
    return best


def _judge_one(order: Order, one: Transaction) -> Paid | Pending | Unknown | Canceled | Declined:
    if one.condition in _TAKEN:
        return _paid(order, one)
    if one.condition in _OPEN:
        return Pending(reference=one.id)
    if one.condition == "canceled":
        return Canceled(reference=one.id)
    if one.condition in _FAILED:
        last = next((action for action in reversed(one.actions) if not action.success), None)
        return declined(last.code if last else "", last.text if last else "")
    # "unknown" is the gateway's own doubt; and it may add conditions.
    return Unknown(message="The gateway does not know what became of it", reference=one.id)


def _paid(order: Order, one: Transaction) -> Paid | Unknown:
    try:
        money = taken(one, order.money.currency)
    except ValueError as error:
        return Unknown(message=f"It is paid, but how much can't be read: {error}", reference=one.id)
    if money is None:
        return Unknown(message="The gateway has it as paid, and shows no successful sale", reference=one.id)
    return Paid(
        reference=one.id,
        transaction_id=one.id,
        money=money,
        saved_method=SavedMethod(one.customer_id) if one.customer_id else None,
        details=_details(one.authorization_code, one.avs, one.cvv, one.customer_id),
    )


def taken(one: Transaction, currency: str) -> Money | None:
    """Say what a transaction's successful sale took, in its own currency or, where it names none, in the given one.

    Raises:
        ValueError: the amount can't be read.

    """
    charge = next(one.done(*_CHARGES), None)
    return from_nmi(charge.amount, one.currency or currency) if charge else None


def _is_refund(one: Transaction) -> bool:
    return any(action.type in _REFUNDS for action in one.actions) and not any(
        action.type in (*_CHARGES, "auth") for action in one.actions
    )


def judge_refund(currency: str, transactions: Iterable[Transaction]) -> RefundLookUpResult:
    """Say what transactions with a refund's own order id come to together."""
    found = [_judge_refund(currency, one) for one in transactions if _is_refund(one)]
    ranks = (Refunded, Unknown, RefundFailed)
    return min(found, key=lambda one: ranks.index(type(one)), default=NotFound())


def _judge_refund(currency: str, one: Transaction) -> Refunded | RefundFailed | Unknown:
    if one.condition in _TAKEN and (action := next(one.done(*_REFUNDS), None)):
        try:
            # Some reports write what leaves the account with a minus.
            return Refunded(reference=one.id, money=from_nmi(action.amount.removeprefix("-"), one.currency or currency))
        except ValueError as error:
            message = f"It is refunded, but how much can't be read: {error}"
            return Unknown(message=message, reference=one.id)
    if one.condition in _FAILED or one.condition == "canceled":
        text = next((action.text for action in reversed(one.actions) if not action.success), "")
        return RefundFailed(message=redact(text) or "The gateway has the refund as failed", reference=one.id)
    return Unknown(message="The gateway does not know what became of the refund", reference=one.id)


def void_of(paid: Money, one: Transaction) -> Refunded | None:
    """Read a voided sale as the whole of it given back: a void has no order id and no transaction of its own."""
    if one.condition != "canceled" or next(one.done("void"), None) is None:
        return None
    return Refunded(reference=one.id, money=paid)


def _details(authorization_code: str, avs: str, cvv: str, vault_id: str) -> Details:
    named = {
        "authCode": authorization_code,
        "avsResponse": avs,
        "cvvResponse": cvv,
        "customerVaultId": vault_id,
    }
    return {name: value for name, value in named.items() if value}
