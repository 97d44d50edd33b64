"""What a provider's event makes us do: decided first, from what is known, and then done on the one road for money.

A proof is remembered; anything else is a hint, and the provider is asked, but never while someone else is asking.
"""

from typing import Literal, TypeAlias

from msgspec import Struct

from paylinks_ports.errors import Conflict
from paylinks_ports.payments import Paid, Unknown
from paylinks_ports.providers import LooksUpRefunds, powers_of
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.inbox import IncomingEvent
from paylinks_ports.records.payments import Payment
from paylinks_ports.records.refunds import Refund
from paylinks_ports.refunds import Refunded, RefundFailed, RefundOrder, RefundResult
from paylinks_ports.storage import Reading
from paylinks_ports.webhooks import PaymentNews, RefundNews

from . import payments
from .asking import order_of
from .checkouts import being_started
from .errors import OutcomeUnknown
from .outcomes import remember
from .parts import Parts
from .providers import account_of
from .refund_outcomes import note, record_foreign, remember_refund
from .refund_states import UNSETTLED
from .refunds import look_up_refund

__all__ = ["Plan", "carry_out", "decide"]

Step: TypeAlias = Literal[
    "prove", "ask", "settle_refund", "ask_refund", "record_refund", "find_refund", "note", "wait", "later", "nothing"
]


class Plan(Struct, frozen=True, kw_only=True):
    """What is to be done about one event.

    Args:
        step: `wait`: nothing of ours is known by it yet; `later`: someone is asking the provider right now.
        says: the same for a person.
        again: when it is done, the event is looked at once more.

    """

    step: Step
    says: str
    payment: Payment | None = None
    refund: Refund | None = None
    paid: Paid | None = None
    result: RefundResult | None = None
    reference: str | None = None
    again: bool = False


async def decide(parts: Parts, event: IncomingEvent, news: PaymentNews | RefundNews | None) -> Plan:
    """Decide what one event makes us do; nothing is changed and nobody is asked."""
    if news is None:
        return Plan(step="nothing", says="it is about nothing of ours")
    async with parts.units.reading() as rows:
        if isinstance(news, PaymentNews):
            return await _decide_payment(parts, rows, event, news)
        return await _decide_refund(parts, rows, event, news)


async def _decide_payment(parts: Parts, rows: Reading, event: IncomingEvent, news: PaymentNews) -> Plan:
    payment = await _find_payment(rows, event, news)
    if payment is None:
        return Plan(step="wait", says="no payment of ours is known by it")
    if payment.state == "paid":
        return Plan(step="nothing", says=f"{payment.id} is paid already", payment=payment)
    if news.paid is not None:
        says = f"{payment.id} is proven to be paid; it is {payment.state}"
        return Plan(step="prove", says=says, payment=payment, paid=news.paid)
    if _being_asked(parts, payment):
        says = f"the provider is being asked about {payment.id} right now"
        return Plan(step="later", says=says, payment=payment)
    return Plan(step="ask", says=f"the provider is asked about {payment.id}, which is {payment.state}", payment=payment)


async def _find_payment(rows: Reading, event: IncomingEvent, news: PaymentNews) -> Payment | None:
    known: list[Payment | None] = []
    if news.attempt_id is not None:
        known.append(await rows.payments.by_attempt(news.attempt_id))
    reference = news.reference or (news.paid.reference if news.paid else None)
    if reference is not None:
        known.append(await rows.payments.by_reference(event.brand_id, event.provider, reference))
    if news.order_id is not None:
        # The newest of the order, and one that was canceled only where there is no other.
        named = await rows.payments.of_order(event.brand_id, news.order_id)
        newest: list[Payment] = sorted(named, key=lambda one: (one.state == "canceled", -one.created_at))
        known += newest
    return next((one for one in known if one is not None and _is_of(one, event)), None)


def _is_of(one: Payment | Refund, event: IncomingEvent) -> bool:
    """Say whether an event may speak of a row: what a brand's double says counts for demo orders alone."""
    return (one.brand_id, one.provider, one.demo) == (event.brand_id, event.provider, event.demo)


def _being_asked(parts: Parts, payment: Payment) -> bool:
    flying = payment.state == "in_flight" and (payment.check_at or 0) > parts.clock.now()
    return flying or being_started(parts, payment)


async def _decide_refund(parts: Parts, rows: Reading, event: IncomingEvent, news: RefundNews) -> Plan:
    reference = news.reference or getattr(news.result, "reference", None)
    found = await rows.refunds.get(news.refund_id) if news.refund_id else None
    if found is None and reference is not None:
        found = await rows.refunds.by_reference(event.brand_id, event.provider, reference)
    if found is not None and _is_of(found, event):
        return _decide_known(parts, found, news.result)
    payment = None
    if news.payment_reference is not None:
        payment = await rows.payments.by_reference(event.brand_id, event.provider, news.payment_reference)
    if payment is None or not _is_of(payment, event):
        return Plan(step="wait", says="neither a refund nor a payment of ours is known by it")
    return _decide_foreign(parts, payment, await rows.refunds.of_payment(payment.id), reference, news.result)


def _decide_known(parts: Parts, refund: Refund, result: RefundResult | None) -> Plan:
    can_ask = "look_up_refund" in powers_of(parts.providers[refund.provider].gateway)
    ended = refund.state not in UNSETTLED
    denied = (refund.state == "succeeded" and isinstance(result, RefundFailed)) or (
        refund.state == "failed" and isinstance(result, Refunded)
    )
    if result is not None and not ended:
        says = f"{refund.id} is settled; it is {refund.state}"
        return Plan(step="settle_refund", says=says, refund=refund, result=result)
    if (denied or result is None) and can_ask:
        # Events come late and out of order; only the provider can say which of the two is true now.
        if result is None and _in_flight(parts, refund):
            says = f"the provider is being asked about {refund.id} right now"
            return Plan(step="later", says=says, refund=refund)
        says = f"the provider is asked about {refund.id}, which is {refund.state}"
        return Plan(step="ask_refund", says=says, refund=refund)
    if denied and isinstance(result, Refunded):
        says = f"{refund.id} was given back after all; it is {refund.state}"
        return Plan(step="settle_refund", says=says, refund=refund, result=result)
    if denied:
        says = f"The provider says that {refund.id} did not arrive, after it said that it did"
        return Plan(step="note", says=says, refund=refund)
    return Plan(step="nothing", says=f"{refund.id} is {refund.state} already", refund=refund)


def _in_flight(parts: Parts, refund: Refund) -> bool:
    return refund.state == "in_flight" and (refund.check_at or 0) > parts.clock.now()


def _decide_foreign(  # noqa: PLR0911 - one for each thing it may be
    parts: Parts, payment: Payment, ours: tuple[Refund, ...], reference: str | None, result: RefundResult | None
) -> Plan:
    """Decide about a refund whose name is new: one of ours whose answer was not heard, or one made elsewhere."""
    if flying := next((one for one in ours if _in_flight(parts, one)), None):
        says = f"the provider is being asked for {flying.id} right now"
        return Plan(step="later", says=says, payment=payment)
    if payment.state != "paid":
        says = f"the provider is asked about {payment.id}, which was given back and is {payment.state} here"
        return Plan(step="ask", says=says, payment=payment, again=True)
    nameless = [one for one in ours if one.reference is None and one.state in ("unknown", "in_flight")]
    if isinstance(result, Refunded):
        lost = next((one for one in nameless if one.money == result.money), None)
        if lost is not None:
            says = f"{lost.id} is settled; it is {lost.state}"
            return Plan(step="settle_refund", says=says, refund=lost, result=result)
        if result.money.currency != payment.currency:
            says = f"The provider gave back {result.money} of {payment.id}, which is in another currency"
            return Plan(step="note", says=says, payment=payment)
        says = f"{result.money} of {payment.id} was given back at the provider's own desk"
        return Plan(step="record_refund", says=says, payment=payment, result=result)
    if isinstance(result, RefundFailed):
        return Plan(step="nothing", says="a refund that is not ours failed", payment=payment)
    if reference is not None and "look_up_refund" in powers_of(parts.providers[payment.provider].gateway):
        says = f"the provider is asked about refund {reference} of {payment.id}"
        return Plan(step="find_refund", says=says, payment=payment, reference=reference)
    if unsettled := next((one for one in ours if one.state in UNSETTLED), None):
        return Plan(step="ask_refund", says=f"the provider is asked about {unsettled.id}", refund=unsettled)
    if ours:
        return Plan(step="nothing", says="every refund of the payment has ended", payment=payment)
    says = f"The provider speaks of a refund of {payment.id} that is not known here"
    return Plan(step="note", says=says, payment=payment)


async def carry_out(parts: Parts, plan: Plan) -> str:  # noqa: PLR0911 - one for each step
    """Do what was decided, and say what came of it.

    Raises:
        PaylinksError: it could not be done now; done again later, nothing happens twice.

    """
    match plan:
        case Plan(step="prove", payment=Payment() as payment, paid=Paid() as paid):
            checkout = await _checkout_of(parts, payment)
            _, settled = await remember(parts, checkout, payment, paid, "positive")
            return f"{settled.id} is {settled.state}"
        case Plan(step="ask", payment=Payment() as payment):
            async with parts.units.reading() as rows:
                account = await account_of(parts, rows, payment)
            checkout = await _checkout_of(parts, payment)
            _, settled, result = await payments.look_up(parts, account, checkout, payment)
            if isinstance(result, Unknown):
                raise OutcomeUnknown(result.message)
            return f"{settled.id} is {settled.state}"
        case Plan(step="settle_refund", refund=Refund() as refund, result=result) if result is not None:
            refund = await remember_refund(parts, refund, result, "positive")
            return f"{refund.id} is {refund.state}"
        case Plan(step="ask_refund", refund=Refund() as refund):
            # One that has ended is not asked for again, whatever comes of the look-up.
            refund, learned = await look_up_refund(parts, refund)
            if isinstance(learned, Unknown):
                raise OutcomeUnknown(learned.message)
            return f"{refund.id} is {refund.state}"
        case Plan(step="record_refund", payment=Payment() as payment, result=Refunded() as result):
            refund = await record_foreign(parts, payment, result)
            return f"{refund.id} is {refund.state}"
        case Plan(step="find_refund", payment=Payment() as payment, reference=str() as reference):
            return await _find_refund(parts, payment, reference)
        case Plan(step="note"):
            await _note(parts, plan)
            return plan.says
        case _:
            return plan.says


async def _checkout_of(parts: Parts, payment: Payment) -> Checkout:
    async with parts.units.reading() as rows:
        checkout = await rows.checkouts.get(payment.checkout_id)
    if checkout is None:  # rows are never deleted
        raise Conflict("This checkout is gone")
    return checkout


async def _find_refund(parts: Parts, payment: Payment, reference: str) -> str:
    """Ask about a refund that only the provider knows, by its own name."""
    async with parts.units.reading() as rows:
        account = await account_of(parts, rows, payment)
    if not isinstance(account.gateway, LooksUpRefunds):  # its class said that it can
        raise Conflict("This provider can't be asked about refunds")
    asked = RefundOrder(
        refund_id=parts.ids.new("rfd"),
        attempt_id=parts.ids.new("att"),
        money=payment.money,
        reference=payment.reference or "",
        transaction_id=payment.transaction_id or "",
        paid=payment.money,
    )
    order = order_of(parts, await _checkout_of(parts, payment), payment)
    result = await account.ask(account.gateway.look_up_refund(order, asked, reference))
    if isinstance(result, Refunded) and result.money.currency == payment.currency:
        refund = await record_foreign(parts, payment, result)
        return f"{refund.id} is {refund.state}"
    return f"refund {reference} is not given back (yet)"


async def _note(parts: Parts, plan: Plan) -> None:
    subject = plan.refund or plan.payment
    if subject is None:
        return
    async with parts.units() as work:
        await note(parts, work, subject.checkout_id, plan.says)
        await work.commit()
