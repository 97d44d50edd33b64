"""Accepting and declining an upsell's offer: one charge for each, however often and from how many tabs it is asked."""

from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.payments import NextAction, Order, SavedMethod, Started
from paylinks_ports.providers import Cancels, Charges, ChargesSaved, DemoWord, Starts, demo_word
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.payments import Payment
from paylinks_ports.records.upsells import Offer, UpsellSession
from paylinks_ports.services import Account

from . import payments
from .asking import AskPayment, Brought
from .charging import ask_for
from .checkouts import current, wait_until
from .completion import Completed, answer
from .errors import NoSavedMethod, NotCurrentOffer, NotKnown, PaymentInProgress, SessionExpired
from .offers import answered, publish_answer
from .parts import Parts
from .providers import account_of, open_account
from .saved_methods import charge_saved
from .states import UNRESOLVED
from .upsells import Answer, current_session, find_offer

__all__ = ["accept", "decline"]

_QUICKER = 10


async def accept(parts: Parts, session_id: str, offer_id: str | None, brought: Brought) -> Answer:
    """Accept an offer and charge the original order's saved method; repeated, it is the same answer and one charge.

    Raises:
        NotKnown, NotCurrentOffer, SessionExpired: it can't be accepted.
        NoSavedMethod: there is nothing to charge.
        UnknownProvider, ProviderNotAllowed, ProviderDisabled, ProviderNotConfigured: it may take no charge any more.
        CardDeclined: no money moved; the customer stays on the same offer.
        OutcomeUnknown: the provider was asked just now and nobody can say what came of it.
        ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was charged.

    """
    for _ in range(_QUICKER):
        session, checkout, payment = await _find(parts, session_id, offer_id)
        if payment is None:
            offer = find_offer(session, offer_id)
        else:  # what is under way goes on, even when the time for new answers is over
            offer = next(one for one in session.offers if one.id == payment.offer_id)
        if offer.status in ("accepted", "declined"):
            return Answer(session=session, offer=offer, payment=payment)
        if payment is not None and payment.state == "canceled":
            raise NotCurrentOffer("offerId: its payment was canceled; the offer can be declined")
        if session.state == "expired" and (payment is None or payment.state == "declined"):
            raise SessionExpired
        try:
            payment = payment or await _write(parts, session, checkout, offer)
            if payment.state == "in_flight":
                if await wait_until(parts, payment.id, lambda now: now.state != "in_flight") is None:
                    return Answer(session=session, offer=offer, payment=payment)
                continue
            done, action = await _pay(parts, checkout, payment, brought)
        except Conflict:
            continue
        async with parts.units.reading() as rows:
            session = await current_session(parts, rows, session_id)
        offer = next(one for one in session.offers if one.id == offer.id)
        return Answer(session=session, offer=offer, payment=done.payment, action=done.action or action)
    raise PaymentInProgress("offerId: too many calls are answering it at once")


async def _find(parts: Parts, session_id: str, offer_id: str | None) -> tuple[UpsellSession, Checkout, Payment | None]:
    async with parts.units.reading() as rows:
        session = await current_session(parts, rows, session_id)
        first = next((offer.id for offer in session.offers if offer.status != "skipped"), "")
        payment = await rows.payments.of_offer(session.id, offer_id or first)
        checkout = await rows.checkouts.get(session.checkout_id)
    if checkout is None:  # rows are never deleted
        raise NotKnown("sessionId: its order is gone")
    return session, checkout, payment


async def _open(parts: Parts, checkout: Checkout, provider: str) -> Account:
    """Open the account that a new charge for an offer may be made through.

    Raises:
        UnknownProvider, ProviderNotAllowed, ProviderDisabled, ProviderNotConfigured: none may.

    """
    async with parts.units.reading() as rows:
        brand = await rows.brands.get(checkout.brand_id)
        if brand is None:  # rows are never deleted
            raise NotKnown("sessionId: its brand is gone")
        return await open_account(parts, rows, brand, provider, checkout.claims)


async def _write(parts: Parts, session: UpsellSession, checkout: Checkout, offer: Offer) -> Payment:
    """Write the payment of an offer before the provider is asked; of several tabs one does."""
    account = await _open(parts, checkout, session.provider)
    now = parts.clock.now()
    payment = Payment(
        id=parts.ids.new("pay"),
        checkout_id=checkout.id,
        brand_id=session.brand_id,
        order_id=session.order_id,
        kind="upsell",
        upsell_id=session.id,
        offer_id=offer.id,
        description=offer.name,
        provider=session.provider,
        demo=account.demo,
        state="new",
        amount=offer.price,
        currency=session.currency,
        attempt_id=parts.ids.new("att"),
        created_at=now,
        updated_at=now,
    )
    async with parts.units() as work:
        stored = await work.upsell_sessions.get(session.id)
        if stored is None or stored.current is None or stored.current.id != offer.id:
            raise Conflict("The session has gone on")
        original = await work.payments.get(checkout.payment_id) if checkout.payment_id else None
        payment = replace(payment, saved_method=original.saved_method if original else None)
        # The session is touched, so that an answer given in another tab this very moment can't be passed by.
        await work.upsell_sessions.replace(stored, replace(stored, updated_at=now))
        await work.payments.add(payment)
        await work.commit()
    return payment


async def _pay(
    parts: Parts, checkout: Checkout, payment: Payment, brought: Brought
) -> tuple[Completed, NextAction | None]:
    """Go on with an offer's payment: learn what became of it, or charge it if nothing is open."""
    account = await _account_of(parts, payment)
    word = demo_word(payment.offer_id or "") if account.demo else None
    ask: AskPayment | None = None
    if payment.state in UNRESOLVED or payment.reference is not None:
        checkout, payment, seen = await payments.look_up(parts, account, checkout, payment)
        if payment.state == "action_required" and account.demo and isinstance(account.gateway, Charges):
            # The step that the bank has asked for is played by the simulator's customer, on what is open.
            ask, word = ask_for(parts, account, "demo", None, None), None
            payment = await _keep_open(parts, payment)
        elif payment.state not in ("new", "declined"):
            return answer(checkout, payment, seen, first=False), None
    # What was opened when the provider was on may be charged, or shown to the customer, only while it still is.
    await _open(parts, checkout, payment.provider)
    if ask is None and not isinstance(account.gateway, ChargesSaved):
        return await _pay_in_browser(parts, account, checkout, payment, word)
    if ask is None:
        if payment.saved_method is None:
            raise NoSavedMethod(f"sessionId: {payment.provider} saved no method with the original order")
        ask = charge_saved(SavedMethod.from_token(payment.saved_method))
    brought = replace(brought, word=word)
    checkout, payment, result = await payments.charge(parts, account, checkout, payment, ask, brought=brought)
    return answer(checkout, payment, result, first=True), None


async def _account_of(parts: Parts, payment: Payment) -> Account:
    async with parts.units.reading() as rows:
        return await account_of(parts, rows, payment)


async def _keep_open(parts: Parts, payment: Payment) -> Payment:
    """Make what the latest attempt opened what the next one is made on."""
    async with parts.units() as work:
        payment = await work.payments.replace(payment, replace(payment, opened=payment.reference))
        await work.commit()
    return payment


async def _pay_in_browser(
    parts: Parts, account: Account, checkout: Checkout, payment: Payment, word: DemoWord | None
) -> tuple[Completed, NextAction | None]:
    """Lead the customer to the provider's own page, where no saved method can be charged; in demo mode, play them."""
    if not isinstance(account.gateway, Starts):
        raise NotKnown("provider: it can't take an upsell")

    async def start(gateway: Starts, order: Order, reference: str | None) -> Started:
        return await gateway.start(order, reference)

    started = await payments.start(parts, account, checkout, payment, start)
    payment = await current(parts, payment.id)
    ask = ask_for(parts, account, word or "demo", None, word) if account.plays() else None
    if ask is not None:
        brought = Brought(word=word)
        checkout, payment, result = await payments.charge(parts, account, checkout, payment, ask, brought=brought)
        return answer(checkout, payment, result, first=True), None
    url = started.browser.get("checkoutUrl")
    return Completed(checkout=checkout, payment=payment), NextAction(type="redirect", url=url)


async def decline(parts: Parts, session_id: str, offer_id: str | None) -> Answer:
    """Decline an offer; one that has an answer answers the same again.

    Raises:
        NotKnown, NotCurrentOffer, SessionExpired: it can't be declined.
        PaymentInProgress: it has been accepted, and what comes of it is open.

    """
    for _ in range(_QUICKER):
        session, checkout, payment = await _find(parts, session_id, offer_id)
        offer = find_offer(session, offer_id)
        if offer.status in ("accepted", "declined"):
            return Answer(session=session, offer=offer, payment=payment)
        try:
            if payment is not None:
                await _close(parts, checkout, payment)
            session = await _write_decline(parts, checkout, session, offer)
        except Conflict:
            continue
        return Answer(session=session, offer=replace(offer, status="declined"))
    raise PaymentInProgress("offerId: too many calls are answering it at once")


async def _write_decline(parts: Parts, checkout: Checkout, session: UpsellSession, offer: Offer) -> UpsellSession:
    async with parts.units() as work:
        stored = await work.upsell_sessions.get(session.id)
        if stored is None or stored.version != session.version:
            raise Conflict("The session has gone on")
        session = await work.upsell_sessions.replace(stored, answered(stored, offer.id, "declined", parts.clock.now()))
        await publish_answer(parts, work, checkout, session, offer.id)
        await work.commit()
    return session


async def _close(parts: Parts, checkout: Checkout, payment: Payment) -> None:
    """Make sure that no money can move for an offer any more.

    Raises:
        PaymentInProgress: that is not certain.
        Conflict: it has been paid meanwhile.

    """
    account = await _account_of(parts, payment)
    if payment.state in UNRESOLVED:
        checkout, payment, _ = await payments.look_up(parts, account, checkout, payment)
    if payment.state in ("new", "action_required") and payment.reference and isinstance(account.gateway, Cancels):
        checkout, payment, _ = await payments.cancel(parts, account, checkout, payment)
    elif payment.state == "declined" or (payment.state == "new" and payment.reference is None):
        await payments.give_up(parts, checkout, payment)
        return
    if payment.state == "paid":
        raise Conflict("It has been accepted")
    if payment.state != "canceled":
        raise PaymentInProgress("offerId: it has been accepted, and its payment is not over")
