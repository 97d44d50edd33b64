"""What a person decides where no look-up can: written down with who did it, and only about what is in doubt."""

from typing import Literal, TypeAlias

import structlog
from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports.errors import PaylinksError
from paylinks_ports.payments import NotFound, Paid, Pending
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.payments import Payment, PaymentEvent
from paylinks_ports.records.refunds import Refund
from paylinks_ports.records.tenants import Brand
from paylinks_ports.refunds import Refunded, RefundPending
from paylinks_ports.services import Account
from paylinks_ports.storage import Work

from . import audit, payments
from .errors import InvalidInput, NotInDoubt, NotKnown
from .orders import find_order
from .outcomes import follow, keep
from .parts import Parts
from .providers import account_of
from .refund_outcomes import keep_refund
from .refunds import check_refund, open_refund
from .stories import add_event, may_be_on_its_way

__all__ = ["RESOLVED", "Decision", "Verdict", "resolve"]

_log = structlog.get_logger()

Verdict: TypeAlias = Literal["charged", "not_charged", "accepted", "refunded", "not_refunded", "noted"]
"""`accepted`: what was paid, in whatever amount, pays the order; `noted`: the order's sentence has been dealt with."""

RESOLVED = "resolved"
"""The type of the event that tells of a decision."""


class Decision(Struct, frozen=True, kw_only=True):
    """What a person has found out.

    Args:
        payment_id: for charged, not_charged and accepted.
        refund_id: for refunded and not_refunded.
        reference: the provider's id, where the person has found one: of the charge, or of the refund.
        note: why, in the person's own words.

    """

    outcome: Verdict
    note: str
    payment_id: str | None = None
    refund_id: str | None = None
    reference: str | None = None


async def resolve(parts: Parts, brand: Brand, order_id: str, decision: Decision, actor: audit.Actor) -> None:
    """Settle by a person's word what nothing else settles; the provider is asked once more before.

    Raises:
        NotKnown: there is no such order, payment or refund.
        InvalidInput: the decision lacks what it is about.
        NotInDoubt: the outcome is known, or what was asked for may be under way still.

    """
    async with parts.units.reading() as rows:
        checkout = await find_order(rows, brand.id, order_id)
        found = await rows.payments.of_checkout(checkout.id)
        refunds = await rows.refunds.of_checkouts([checkout.id])
    payment = next((one for one in found if one.id == decision.payment_id), None)
    refund = next((one for one in refunds if one.id == decision.refund_id), None)
    match decision.outcome:
        case "charged" | "not_charged" | "accepted":
            if payment is None:
                raise _missing("paymentId", decision.payment_id)
            if decision.outcome == "charged" and not (decision.reference or payment.transaction_id):
                raise InvalidInput("transactionId: is required; the provider's own records show it")
            payment = await _asked_once_more(parts, checkout, payment, decision)
        case "refunded" | "not_refunded":
            if refund is None:
                raise _missing("refundId", decision.refund_id)
            refund = await _refund_asked_once_more(parts, refund, decision)
        case _:
            if checkout.attention is None:
                raise NotInDoubt("orderId: has nothing that waits for a person")
    async with parts.units() as work:
        current = await work.checkouts.get(checkout.id)
        if current is None:  # rows are never deleted
            raise NotKnown("orderId: is gone")
        subject: Payment | Refund | None = payment
        if refund is not None and decision.outcome in ("refunded", "not_refunded"):
            subject = refund
            await _write_refund(parts, work, refund, decision)
        else:
            await _write(parts, work, current, payment, decision)
        await _tell_decision(parts, work, current, subject, decision)
        changes: dict[str, str | int | bool | None] = {
            "outcome": decision.outcome,
            "note": decision.note,
            "reference": decision.reference,
            "was": subject.state if subject else current.attention,
        }
        target = subject.id if subject else current.id
        await audit.record(parts, work, actor, "order.resolved", target, changes)
        await work.commit()


def _missing(name: str, given: str | None) -> PaylinksError:
    return NotKnown(f"{name}: the order has no such one") if given else InvalidInput(f"{name}: is required")


async def _asked_once_more(parts: Parts, checkout: Checkout, payment: Payment, decision: Decision) -> Payment:
    if decision.outcome == "accepted":
        if payment.kind != "sale" or payment.state != "paid" or checkout.state == "paid":
            raise NotInDoubt(f"paymentId: is {payment.state}, and the order is {checkout.state}")
        return payment
    if payment.state not in ("unknown", "pending"):
        raise NotInDoubt(f"paymentId: is {payment.state}")
    account, says, began = None, None, parts.clock.now()
    try:
        async with parts.units.reading() as rows:
            account = await account_of(parts, rows, payment)
        _, payment, says = await payments.look_up(parts, account, checkout, payment)
    except PaylinksError as error:
        # The provider may be gone for good; that is when a person decides.
        _log.info("payment.check_failed", payment_id=payment.id, error=type(error).__name__)
    if payment.state not in ("unknown", "pending"):
        raise NotInDoubt(f"paymentId: the provider says now that it is {payment.state}")
    if decision.outcome == "not_charged":
        # It has money, in another amount than was asked, or may have it soon: then nobody else's no counts.
        if isinstance(says, Paid | Pending):
            took = f"took {says.money}" if isinstance(says, Paid) else "is at work on it"
            raise NotInDoubt(f"paymentId: the provider says now that it {took}")
        await _refuse_if_on_its_way(parts, account, payment, began)
    return payment


async def _refuse_if_on_its_way(parts: Parts, account: Account | None, subject: Payment | Refund, began: int) -> None:
    """Refuse a no while what was asked for may be under way, so that it is in nobody's records so far.

    The person has looked before the decision came in, at `began`.
    """
    if account is None:
        return  # nobody can ask for anything there any more
    name = "refundId" if isinstance(subject, Refund) else "paymentId"
    if await may_be_on_its_way(parts, account, subject.checkout_id, subject.attempt_id, began):
        raise NotInDoubt(f"{name}: the provider may be at work on it still; please decide in some minutes")


async def _refund_asked_once_more(parts: Parts, refund: Refund, decision: Decision) -> Refund:
    if refund.state not in ("unknown", "pending"):
        raise NotInDoubt(f"refundId: is {refund.state}")
    account, says, began = None, None, parts.clock.now()
    try:
        account, _, _ = await open_refund(parts, refund)
        refund, says = await check_refund(parts, refund)
    except PaylinksError as error:
        _log.info("refund.check_failed", refund_id=refund.id, error=type(error).__name__)
        async with parts.units.reading() as rows:
            refund = await rows.refunds.get(refund.id) or refund
    if refund.state not in ("unknown", "pending"):
        raise NotInDoubt(f"refundId: the provider says now that it is {refund.state}")
    if decision.outcome == "not_refunded":
        if isinstance(says, RefundPending):
            raise NotInDoubt("refundId: the provider says now that it is at work on it")
        await _refuse_if_on_its_way(parts, account, refund, began)
    return refund


async def _write_refund(parts: Parts, work: Work, refund: Refund, decision: Decision) -> None:
    """Take a person's word as an answer of the provider, so that nothing that follows from one is missing."""
    if decision.outcome == "refunded":
        reference = decision.reference or refund.reference or ""
        await keep_refund(parts, work, refund, Refunded(reference=reference, money=refund.money), "authoritative")
    else:
        await keep_refund(parts, work, refund, NotFound(), "authoritative")


async def _write(parts: Parts, work: Work, checkout: Checkout, payment: Payment | None, decision: Decision) -> None:
    """Likewise for a payment."""
    # Its sentence is dealt with; what the decision itself makes of the checkout may leave another one.
    if checkout.attention is not None:
        checkout = await work.checkouts.replace(
            checkout, replace(checkout, attention=None, updated_at=parts.clock.now())
        )
    if payment is None or decision.outcome == "noted":
        return
    match decision.outcome:
        case "accepted":
            await follow(parts, work, (checkout, payment), payment, accepted=True)
        case "charged":
            transaction = decision.reference or payment.transaction_id or ""
            reference = payment.reference or transaction
            paid = Paid(reference=reference, transaction_id=transaction, money=payment.money)
            await keep(parts, work, (checkout, payment), paid, "authoritative")
        case _:
            await keep(parts, work, (checkout, payment), NotFound(), "authoritative")


async def _tell_decision(
    parts: Parts, work: Work, checkout: Checkout, subject: Payment | Refund | None, decision: Decision
) -> None:
    detail = {"outcome": decision.outcome, "note": decision.note}
    if isinstance(subject, Refund):
        detail["refundId"] = subject.id
    await add_event(
        work,
        PaymentEvent(
            id=parts.ids.new("evt"),
            payment_id=subject.payment_id if isinstance(subject, Refund) else subject.id if subject else "",
            checkout_id=checkout.id,
            type=RESOLVED,
            attempt_id=subject.attempt_id if subject else "",
            amount=subject.amount if subject else checkout.claims.amount,
            currency=subject.currency if subject else checkout.claims.currency,
            detail=detail,
            at=parts.clock.now(),
        ),
    )
