"""What an answer makes of a payment and its checkout: the only writer and teller of outcomes, whoever brings them."""

from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.payments import Declined, LookUpResult, Paid, Unknown
from paylinks_ports.providers import Proof
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.payments import Payment, PaymentEvent
from paylinks_ports.storage import Work

from .events import publish_payment
from .notices import note_paid
from .offers import follow_offer
from .parts import Parts
from .schedule import next_check
from .states import UNRESOLVED, checkout_state, move, settle
from .stories import add_event

__all__ = ["follow", "is_paid_once", "keep", "remember", "tell"]

_QUICKER = 20  # how often a writer may be overtaken before something is wrong


async def remember(
    parts: Parts, checkout: Checkout, asked: Payment, result: LookUpResult, proof: Proof
) -> tuple[Checkout, Payment]:
    """Keep what an answer makes of a payment and its checkout.

    An answer about an earlier attempt than the payment's present one counts only if it is proof of payment.

    Returns:
        Both as they are now.

    """
    payment = asked
    for _ in range(_QUICKER):
        try:
            async with parts.units() as work:
                stale = payment.attempt_id != asked.attempt_id and not isinstance(result, Paid)
                followed, settled = await keep(parts, work, (checkout, payment), None if stale else result, proof)
                await work.commit()
        except Conflict:
            checkout, payment = await _reload(parts, checkout, payment)
        else:
            return followed, settled
    raise Conflict("This payment is changed too often at once")


async def keep(
    parts: Parts, work: Work, was: tuple[Checkout, Payment], result: LookUpResult | None, proof: Proof
) -> tuple[Checkout, Payment]:
    """Keep an answer in the caller's own transaction, with all that follows from it and all who are to be told.

    Args:
        parts: for ids and the time.
        work: the transaction; whoever opened it commits it.
        was: both as they are before.
        result: the answer; None: it is none about the present attempt.
        proof: what the way it came proves.

    Returns:
        Both as they are now.

    """
    checkout, payment = was
    settled = payment if result is None else _settled(parts, payment, result, proof)
    settled = await work.payments.replace(payment, settled)
    note = _mismatch(payment, result)
    if settled.state != payment.state or (note and note != checkout.attention):
        await tell(parts, work, settled, settled.state, result)
    return await follow(parts, work, was, settled, note), settled


def is_paid_once(parts: Parts, payment: Payment) -> bool:
    """Say whether all its attempts are made on the one thing that `start` opens, which can be paid only once.

    So it is where the customer pays in the browser, unless what is charged is a saved method.
    """
    return parts.providers[payment.provider].browser_pays and payment.saved_method is None


def _mismatch(payment: Payment, result: LookUpResult | None) -> str | None:
    if isinstance(result, Paid) and result.money != payment.money:
        return f"The provider took {result.money} where {payment.money} was asked"
    return None


def _settled(parts: Parts, payment: Payment, result: LookUpResult, proof: Proof) -> Payment:
    now = parts.clock.now()
    wrong_amount = _mismatch(payment, result) is not None
    # Money that moved in another amount is nobody's proof of this payment: it stays in doubt until a person decides.
    if not wrong_amount:
        state = settle(payment.state, result, proof)
    else:
        state = payment.state if payment.state in ("paid", "unknown") else move(payment.state, "unknown")
    reference = getattr(result, "reference", None) or payment.reference
    opened = payment.opened
    if opened is None and payment.state == "new" and is_paid_once(parts, payment):
        opened = reference  # what `start` has opened though its reply was lost; the customer is told of it from now on
    settled = replace(payment, state=state, opened=opened, reference=reference, updated_at=now)
    match result:
        case Paid() if not wrong_amount and state == "paid":
            saved = result.saved_method
            settled = replace(
                settled,
                transaction_id=result.transaction_id,
                saved_method=saved.token if saved else None,
                saved_customer=saved.customer if saved else None,
            )
        case Declined() if state == "declined":
            settled = replace(
                settled,
                decline_code=result.code,
                decline_message=result.message,
                decline_retryable=result.retryable,
            )
        case _:
            pass
    watched = state in UNRESOLVED or (
        settled.reference is not None
        and (
            state == "action_required"
            or (state in ("new", "declined") and parts.providers[payment.provider].browser_pays)
        )
    )
    if not watched:
        return replace(settled, check_at=None)
    if state == payment.state and payment.check_at is not None:
        return settled  # the reconciler has put it off already, and a customer's look does not change its pace
    settled = replace(settled, checks=0)
    return replace(settled, check_at=next_check(settled, now))


async def follow(  # noqa: PLR0913 - what was, what is, and what a person has said or is told of it
    parts: Parts,
    work: Work,
    was: tuple[Checkout, Payment],
    payment: Payment,
    note: str | None = None,
    *,
    accepted: bool = False,
) -> Checkout:
    """Keep the checkout in step with its payment, in the same transaction, and tell whoever is to hear of it.

    Whoever writes a payment's state calls this one, so that nothing that happened stays untold.

    Args:
        parts: for ids and the time.
        work: the transaction that has written the payment.
        was: both as they were before, and as all who were told know them.
        payment: as it is written.
        note: for a person to decide.
        accepted: a person has taken what was paid for what the order costs.

    """
    followed = await _step(parts, work, was[0], payment, note, accepted=accepted)
    await publish_payment(parts, work, was, (followed, payment))
    await note_paid(parts, work, was, (followed, payment))
    return followed


async def _step(  # noqa: PLR0913 - as for `follow`
    parts: Parts, work: Work, checkout: Checkout, payment: Payment, note: str | None, *, accepted: bool
) -> Checkout:
    if payment.kind == "upsell":
        await follow_offer(parts, work, checkout, payment)
        return await _note(parts, work, checkout, note)
    state = checkout_state(payment.state, checkout.state)
    attention = note or checkout.attention
    current = payment.id == checkout.payment_id
    if payment.state == "paid" and checkout.state != "paid":
        if payment.money != checkout.claims.money and not accepted:
            state, attention = "processing", f"The customer paid {payment.money} by an earlier link"
        elif not current:
            attention = "It was paid through a payment that had been canceled; look at the later ones"
    elif not current:
        state = checkout.state
        if payment.state == "paid" and payment.kind == "sale":
            attention = f"It was paid twice: by {checkout.payment_id} and by {payment.id}; give one of them back"
    if (state, attention) == (checkout.state, checkout.attention):
        return checkout
    now = replace(checkout, state=state, attention=attention, updated_at=parts.clock.now())
    if payment.state == "paid" and checkout.state != "paid":
        now = replace(now, payment_id=payment.id)
    return await work.checkouts.replace(checkout, now)


async def _note(parts: Parts, work: Work, checkout: Checkout, note: str | None) -> Checkout:
    if note in (None, checkout.attention):
        return checkout
    return await work.checkouts.replace(checkout, replace(checkout, attention=note, updated_at=parts.clock.now()))


async def tell(parts: Parts, work: Work, payment: Payment, event: str, result: LookUpResult | None = None) -> None:
    """Add an event to the story of a payment, with what of the answer a person wants to know."""
    detail: dict[str, str] = {}
    match result:
        case Paid():
            detail = {"transactionId": result.transaction_id}
            if result.money != payment.money:
                detail["amountMismatch"] = str(result.money)
        case Declined():
            detail = {"declineCode": result.code, "message": result.message[:500]}
        case Unknown():
            detail = {"message": result.message[:500]}
        case _:
            pass
    await add_event(
        work,
        PaymentEvent(
            id=parts.ids.new("evt"),
            payment_id=payment.id,
            checkout_id=payment.checkout_id,
            type=event,
            attempt_id=payment.attempt_id,
            amount=payment.amount,
            currency=payment.currency,
            detail=detail,
            at=parts.clock.now(),
        ),
    )


async def _reload(parts: Parts, checkout: Checkout, payment: Payment) -> tuple[Checkout, Payment]:
    """Read both again as they are committed now."""
    async with parts.units.reading() as rows:
        now_checkout = await rows.checkouts.get(checkout.id)
        now_payment = await rows.payments.get(payment.id)
    if now_checkout is None or now_payment is None:  # rows are never deleted
        raise Conflict("This payment is gone")
    return now_checkout, now_payment
