"""Upsells: offers to the customer of a paid order, each accepted or declined once, each accepted one a payment."""

import hashlib
from collections.abc import Callable

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports.errors import Conflict, UnknownCurrency
from paylinks_ports.money import exponent
from paylinks_ports.payments import NextAction, SavedMethod
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.payments import Payment
from paylinks_ports.records.tenants import Brand
from paylinks_ports.records.upsells import Offer, UpsellSession
from paylinks_ports.storage import Due, Reading, Work

from .claims import check_metadata, check_url, is_email
from .errors import InvalidInput, NotCurrentOffer, NotKnown, OrderExists, PaymentMethodMismatch, SessionExpired
from .offers import publish_expired, publish_offered, targeted
from .parts import Parts
from .rounds import one_by_one
from .saved_methods import paid_order

__all__ = ["Answer", "NewUpsell", "Shown", "create_session", "current_session", "expire_sessions", "find_offer", "show"]

MIN_EXPIRES_IN, MAX_EXPIRES_IN = 60, 86_400
_MOST_OFFERS = 50
_BATCH = 50


class NewUpsell(Struct, frozen=True, kw_only=True):
    """What the brand's server asks for.

    Args:
        cart_value: what the cart came to; None: what the original order did.
        bought: the products of the cart; None: those of the original order.
        expires_in: seconds.

    """

    order_id: str
    original_order_id: str
    customer_email: str
    customer_id: str | None = None
    payment_method_token: str | None = None
    provider: str
    currency: str
    offers: tuple[Offer, ...]
    metadata: dict[str, str]
    cart_value: int | None = None
    bought: tuple[str, ...] | None = None
    theme_id: str | None = None
    expires_in: int = 3600
    completion_redirect_url: str | None = None


class Answer(Struct, frozen=True, kw_only=True):
    """What came of accepting or declining an offer.

    Args:
        payment: of an accepted offer.
        action: what the customer must do before the payment can go on.

    """

    session: UpsellSession
    offer: Offer
    payment: Payment | None = None
    action: NextAction | None = None


class Shown(Struct, frozen=True, kw_only=True):
    """A session as its customer sees it; `accepted_total` in minor units."""

    session: UpsellSession
    original: Checkout
    accepted_total: int


async def create_session(parts: Parts, brand: Brand, wanted: NewUpsell) -> tuple[UpsellSession, bool]:
    """Make a session for a paid order; the same call again finds the same session.

    Returns:
        The session, and whether it was made by this call.

    Raises:
        InvalidInput: naming the field.
        NotKnown, NotPaid: there is no such paid order in this brand.
        PaymentMethodMismatch: the saved method that is named is not that order's.
        OrderExists: the order id is taken.

    """
    _check(wanted)
    if brand.allowed_currencies and wanted.currency not in brand.allowed_currencies:
        raise InvalidInput(f"currency: {wanted.currency} is none of the brand's: {', '.join(brand.allowed_currencies)}")
    fingerprint = hashlib.sha256(msgspec.json.encode(wanted, order="deterministic")).hexdigest()
    checkout, payment = await paid_order(parts, brand.id, wanted.original_order_id, "originalOrderId")
    if wanted.provider != payment.provider:
        raise InvalidInput(f"provider: the original order was paid through {payment.provider}")
    _check_method(wanted, payment)
    found = await _existing(parts, brand, wanted, fingerprint)
    if found is not None:
        return found, False
    session = _new(parts, checkout, wanted, fingerprint)
    try:
        async with parts.units() as work:
            await _add(parts, work, checkout, session)
            await work.commit()
    except Conflict:
        found = await _existing(parts, brand, wanted, fingerprint)
        if found is None:
            raise
        return found, False
    return session, True


async def _add(parts: Parts, work: Work, checkout: Checkout, session: UpsellSession) -> None:
    if await work.checkouts.by_order(session.brand_id, session.order_id) is not None:
        raise Conflict("A checkout has taken the order id meanwhile")
    await work.upsell_sessions.add(session)
    await publish_offered(parts, work, checkout, session)


def _check(wanted: NewUpsell) -> None:
    try:
        exponent(wanted.currency)
    except UnknownCurrency as error:
        raise InvalidInput(f"currency: {error.details}") from error
    if not 1 <= len(wanted.offers) <= _MOST_OFFERS:
        raise InvalidInput(f"offers: has not 1 to {_MOST_OFFERS} offers")
    if len({offer.id for offer in wanted.offers}) < len(wanted.offers):
        raise InvalidInput("offers: two have the same id")
    if not MIN_EXPIRES_IN <= wanted.expires_in <= MAX_EXPIRES_IN:
        raise InvalidInput(f"expiresIn: is not within {MIN_EXPIRES_IN} and {MAX_EXPIRES_IN} seconds")
    for name, url in [
        ("completionRedirectUrl", wanted.completion_redirect_url),
        *((f"offers[{index}].image", offer.image) for index, offer in enumerate(wanted.offers)),
    ]:
        if url is not None:
            check_url(url, name)
    check_metadata(wanted.metadata)
    if not is_email(wanted.customer_email):
        raise InvalidInput("customerEmail: is not an e-mail address")


def _check_method(wanted: NewUpsell, payment: Payment) -> None:
    saved = SavedMethod.from_token(payment.saved_method) if payment.saved_method else None
    if wanted.payment_method_token is not None and (
        saved is None or wanted.payment_method_token not in (saved.token, saved.method)
    ):
        raise PaymentMethodMismatch("paymentMethodToken: is not the original order's own")
    if wanted.customer_id is not None and (saved is None or wanted.customer_id != saved.customer):
        raise PaymentMethodMismatch("customerId: is not the original order's own")


async def _existing(parts: Parts, brand: Brand, wanted: NewUpsell, fingerprint: str) -> UpsellSession | None:
    async with parts.units.reading() as rows:
        session = await rows.upsell_sessions.by_order(brand.id, wanted.order_id)
        checkout = await rows.checkouts.by_order(brand.id, wanted.order_id) if session is None else None
    if checkout is not None or (session is not None and session.fingerprint != fingerprint):
        raise OrderExists("orderId: is taken by another order; an upsell needs an id of its own")
    return session


def _new(parts: Parts, checkout: Checkout, wanted: NewUpsell, fingerprint: str) -> UpsellSession:
    now = parts.clock.now()
    claims = checkout.claims
    bought = wanted.bought
    if bought is None:
        bought = tuple(name for item in claims.line_items for name in (item.id, item.sku) if name)
    cart_value = claims.amount if wanted.cart_value is None else wanted.cart_value
    offers = targeted(wanted.offers, cart_value, frozenset(bought))
    session = UpsellSession(
        id=parts.ids.new("ups"),
        brand_id=checkout.brand_id,
        checkout_id=checkout.id,
        order_id=wanted.order_id,
        provider=wanted.provider,
        currency=wanted.currency,
        customer_email=wanted.customer_email,
        state="active",
        offers=offers,
        metadata=wanted.metadata,
        theme_id=wanted.theme_id,
        completion_redirect_url=wanted.completion_redirect_url,
        fingerprint=fingerprint,
        expires_at=now + wanted.expires_in * 1000,
        created_at=now,
        updated_at=now,
    )
    return session if session.current else replace(session, state="completed")


async def current_session(parts: Parts, rows: Reading, session_id: str) -> UpsellSession:
    """Read a session as it is at this moment: over when its time is.

    Raises:
        NotKnown: there is no such session.

    """
    session = await rows.upsell_sessions.get(session_id)
    if session is None:
        raise NotKnown("sessionId: there is no such session")
    over = session.state == "active" and session.expires_at <= parts.clock.now()
    return replace(session, state="expired") if over else session


async def show(parts: Parts, session_id: str) -> Shown:
    """Read a session with the order it belongs to and what has been accepted so far.

    Raises:
        NotKnown: there is no such session.

    """
    async with parts.units.reading() as rows:
        session = await current_session(parts, rows, session_id)
        checkout = await rows.checkouts.get(session.checkout_id)
    if checkout is None:  # rows are never deleted
        raise NotKnown("sessionId: its order is gone")
    total = sum(offer.price for offer in session.offers if offer.status == "accepted")
    return Shown(session=session, original=checkout, accepted_total=total)


def find_offer(session: UpsellSession, offer_id: str | None) -> Offer:
    """Find the offer that is meant: the named one, or the first that is made.

    Raises:
        NotKnown: the session has no such offer.
        NotCurrentOffer: it has an answer to come after another one's, or is not made.
        SessionExpired: it has no answer, and the time for one is over.

    """
    is_meant: Callable[[Offer], bool] = lambda offer: (  # noqa: E731 - two readings of one question
        offer.id == offer_id if offer_id is not None else offer.status != "skipped"
    )
    offer = next(filter(is_meant, session.offers), None)
    if offer is None:
        raise NotKnown("offerId: the session has no such offer")
    if offer.status in ("accepted", "declined"):
        return offer
    if session.state == "expired":
        raise SessionExpired
    current = session.current
    if current is None or offer.id != current.id:
        raise NotCurrentOffer(f"offerId: the current offer is {current.id}" if current else "offerId: is not offered")
    return offer


async def expire_sessions(parts: Parts) -> int:
    """Mark sessions whose time is over, and have what is open for their offers looked at; say how many."""

    async def find(skip: int) -> Due[UpsellSession]:
        async with parts.units.reading() as rows:
            return await rows.upsell_sessions.expired(parts.clock.now(), _BATCH, skip)

    async def expire(session: UpsellSession) -> None:
        now = parts.clock.now()
        async with parts.units() as work:
            left = replace(session, state="expired", updated_at=now)
            left = await work.upsell_sessions.replace(session, left)
            current = session.current
            checkout = await work.checkouts.get(session.checkout_id)
            if checkout is not None:
                await publish_expired(parts, work, checkout, left)
            payment = await work.payments.of_offer(session.id, current.id) if current else None
            if payment and payment.reference and payment.state in ("new", "action_required"):
                await work.payments.replace(payment, replace(payment, check_at=now, updated_at=now))
            await work.commit()

    return await one_by_one(find, expire, _BATCH)
