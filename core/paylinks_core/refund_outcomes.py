"""What an answer makes of a refund: the only writer and teller of refund outcomes, whoever brings them."""

from collections.abc import Mapping

from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.providers import Proof
from paylinks_ports.records.events import EventType
from paylinks_ports.records.payments import Payment, PaymentEvent
from paylinks_ports.records.refunds import Refund, RefundState
from paylinks_ports.refunds import Refunded, RefundLookUpResult
from paylinks_ports.storage import Work

from .events import publish
from .parts import Parts
from .refund_states import COUNTED, UNSETTLED, move_refund, settle_refund
from .schedule import next_refund_check
from .stories import add_event
from .totals import REFUND_EVENT, counted

__all__ = ["keep_refund", "note", "record_foreign", "remember_refund", "tell_refund"]

_QUICKER = 20  # how often a writer may be overtaken before something is wrong


async def remember_refund(parts: Parts, asked: Refund, result: RefundLookUpResult, proof: Proof) -> Refund:
    """Keep what an answer makes of a refund.

    An answer about an earlier ask than the refund's present one counts only if it is proof that money went back.

    Returns:
        It as it is now.

    """
    refund = asked
    for _ in range(_QUICKER):
        try:
            async with parts.units() as work:
                stale = refund.attempt_id != asked.attempt_id and not isinstance(result, Refunded)
                if stale:
                    return refund
                kept = await keep_refund(parts, work, refund, result, proof)
                await work.commit()
        except Conflict:
            refund = await _reload(parts, refund.id)
        else:
            return kept
    raise Conflict("This refund is changed too often at once")


async def keep_refund(parts: Parts, work: Work, refund: Refund, result: RefundLookUpResult, proof: Proof) -> Refund:
    """Keep an answer in the caller's own transaction, with all that follows from it; give the refund as it is now."""
    settled = _settled(parts, refund, result, proof)
    if settled == refund:
        return refund
    kept = await work.refunds.replace(refund, replace(settled, updated_at=parts.clock.now()))
    await _keep_in_step(parts, work, refund, kept, result)
    return kept


def _settled(parts: Parts, refund: Refund, result: RefundLookUpResult, proof: Proof) -> Refund:
    state, amount = settle_refund(refund.state, result, proof), refund.amount
    message = getattr(result, "message", None)
    if isinstance(result, Refunded):
        if result.money.currency == refund.currency:
            amount = result.money.amount  # what moved is the truth, whatever was asked
        else:
            state = "unknown" if refund.state == "in_flight" else refund.state
        message = _mismatch(refund, result)
    settled = replace(
        refund,
        state=state,
        amount=amount,
        reference=getattr(result, "reference", None) or refund.reference,
        message=message[:500] if message else refund.message if state == refund.state else None,
    )
    if state not in UNSETTLED:
        return replace(settled, check_at=None)
    if state == refund.state and refund.check_at is not None:
        return settled
    return replace(settled, check_at=next_refund_check(settled, parts.clock.now()))


def _mismatch(refund: Refund, result: RefundLookUpResult) -> str | None:
    if isinstance(result, Refunded) and result.money != refund.money:
        return f"The provider gave back {result.money} where {refund.money} was asked"
    return None


async def _keep_in_step(parts: Parts, work: Work, was: Refund, now: Refund, result: RefundLookUpResult) -> None:
    """Do in the same transaction what else follows: the event, a twin struck out, a sentence for a person."""
    if (was.state, was.amount) != (now.state, now.amount):
        await tell_refund(parts, work, now)
    if mismatch := _mismatch(was, result):
        await note(parts, work, now.checkout_id, mismatch)
    others = await work.refunds.of_payment(now.payment_id)
    for twin in others:
        same = twin.reference is not None and twin.reference == now.reference and twin.id != now.id
        if same and twin.origin == "provider" and twin.state in COUNTED:
            # It was taken for one made at the provider's own desk before our own answer came.
            state = move_refund(twin.state, "failed")
            message = f"It is the same as {now.id}"
            gone = replace(twin, state=state, message=message, check_at=None, updated_at=parts.clock.now())
            await tell_refund(parts, work, await work.refunds.replace(twin, gone))
    grew = now.state in COUNTED and (was.state not in COUNTED or now.amount > was.amount)
    payment = await work.payments.get(now.payment_id) if grew else None
    if payment is not None:
        await _count(parts, work, payment)


async def _count(parts: Parts, work: Work, payment: Payment) -> None:
    """Take the payment's turn, as whoever asks for a refund does, and say so where too much went back."""
    await work.payments.replace(payment, replace(payment, updated_at=parts.clock.now()))
    if counted(await work.refunds.of_payment(payment.id)) > payment.amount:
        await note(parts, work, payment.checkout_id, f"More was given back than {payment.id} took")


async def record_foreign(parts: Parts, payment: Payment, result: Refunded) -> Refund:
    """Keep a refund that somebody made at the provider's own desk; known already, it is given back as it is."""
    for _ in range(_QUICKER):
        now = parts.clock.now()
        try:
            async with parts.units() as work:
                current = await work.payments.get(payment.id)
                if current is None:  # rows are never deleted
                    continue
                others = await work.refunds.of_payment(payment.id)
                if known := next((one for one in others if one.reference == result.reference), None):
                    return known
                refund = Refund(
                    id=parts.ids.new("rfd"),
                    payment_id=payment.id,
                    checkout_id=payment.checkout_id,
                    brand_id=payment.brand_id,
                    order_id=payment.order_id,
                    provider=payment.provider,
                    demo=payment.demo,
                    origin="provider",
                    state="succeeded",
                    amount=result.money.amount,
                    currency=result.money.currency,
                    refunded_before=counted(others),
                    attempt_id=parts.ids.new("att"),
                    reference=result.reference,
                    created_at=now,
                    updated_at=now,
                )
                await work.refunds.add(refund)
                await _count(parts, work, current)
                await tell_refund(parts, work, refund)
                await work.commit()
        except Conflict:
            continue
        else:
            return refund
    raise Conflict("This payment is changed too often at once")


async def tell_refund(parts: Parts, work: Work, refund: Refund) -> None:
    """Add an event to the story of the payment; the one place where a refund's news begins."""
    told = {"refundId": refund.id, "reference": refund.reference, "message": refund.message, "reason": refund.reason}
    detail = {name: text for name, text in told.items() if text is not None}
    if refund.origin == "provider":
        detail["origin"] = "provider"
    await add_event(
        work,
        PaymentEvent(
            id=parts.ids.new("evt"),
            payment_id=refund.payment_id,
            checkout_id=refund.checkout_id,
            type=f"{REFUND_EVENT}{refund.state}",
            attempt_id=refund.attempt_id,
            amount=refund.amount,
            currency=refund.currency,
            detail=detail,
            at=parts.clock.now(),
        ),
    )
    event = _EVENTS.get(refund.state)
    # Asking again under the same id initiates nothing new.
    if event is None or (refund.state == "in_flight" and refund.version > 1):
        return
    checkout = await work.checkouts.get(refund.checkout_id)
    if checkout is not None:
        said = {"refundId": refund.id, "paymentId": refund.payment_id, "reason": refund.reason}
        await publish(parts, work, checkout, event, {**said, "amount": refund.amount, "currency": refund.currency})


_EVENTS: Mapping[RefundState, EventType] = {
    "in_flight": "refund.initiated",
    "succeeded": "refund.succeeded",
    "failed": "refund.failed",
}


async def note(parts: Parts, work: Work, checkout_id: str, sentence: str) -> None:
    """Put a sentence for a person on a checkout, beside what stands there already."""
    checkout = await work.checkouts.get(checkout_id)
    if checkout is None or sentence in (checkout.attention or ""):
        return
    attention = f"{checkout.attention}; {sentence}" if checkout.attention else sentence
    await work.checkouts.replace(checkout, replace(checkout, attention=attention, updated_at=parts.clock.now()))


async def _reload(parts: Parts, refund_id: str) -> Refund:
    async with parts.units.reading() as rows:
        refund = await rows.refunds.get(refund_id)
    if refund is None:  # rows are never deleted
        raise Conflict("This refund is gone")
    return refund
