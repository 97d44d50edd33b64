"""The life of an upsell session's offers: which are made, which one is current, and what an answer makes of them."""

from collections.abc import Collection

from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.events import EventType
from paylinks_ports.records.payments import Payment
from paylinks_ports.records.upsells import Offer, OfferStatus, UpsellSession
from paylinks_ports.storage import Work

from .events import publish
from .parts import Parts

__all__ = ["answered", "follow_offer", "publish_answer", "publish_expired", "publish_offered", "targeted"]


def targeted(offers: tuple[Offer, ...], cart_value: int, bought: Collection[str]) -> tuple[Offer, ...]:
    """Skip the offers whose rules do not hold for the cart."""
    return tuple(
        replace(offer, status="pending" if _fits(offer, cart_value, bought) else "skipped") for offer in offers
    )


def _fits(offer: Offer, cart_value: int, bought: Collection[str]) -> bool:
    rules = offer.show_if
    if rules is None:
        return True
    return (
        (rules.min_cart_value is None or cart_value >= rules.min_cart_value)
        and (not rules.product_ids or any(product in bought for product in rules.product_ids))
        and not any(product in bought for product in rules.exclude_product_ids)
    )


def answered(session: UpsellSession, offer_id: str, status: OfferStatus, now: int) -> UpsellSession:
    """Give an offer its answer; a session without a further offer is completed, and an expired one stays so."""
    offers = tuple(replace(offer, status=status) if offer.id == offer_id else offer for offer in session.offers)
    after = replace(session, offers=offers, updated_at=now)
    return replace(after, state="completed") if after.current is None and after.state == "active" else after


async def follow_offer(parts: Parts, work: Work, checkout: Checkout, payment: Payment) -> None:
    """Keep an offer in step with its payment, in the same transaction: paid is accepted, however late that is known."""
    if payment.state != "paid" or payment.upsell_id is None or payment.offer_id is None:
        return
    session = await work.upsell_sessions.get(payment.upsell_id)
    if session is None:  # rows are never deleted
        raise Conflict("This upsell session is gone")
    if any(offer.id == payment.offer_id and offer.status == "accepted" for offer in session.offers):
        return
    after = answered(session, payment.offer_id, "accepted", parts.clock.now())
    await publish_answer(parts, work, checkout, await work.upsell_sessions.replace(session, after), payment.offer_id)


async def publish_answer(parts: Parts, work: Work, checkout: Checkout, session: UpsellSession, offer_id: str) -> None:
    """Tell of an offer that has got its answer, and of the next one."""
    offer = next(one for one in session.offers if one.id == offer_id)
    event: EventType = "upsell.accepted" if offer.status == "accepted" else "upsell.declined"
    await publish(parts, work, checkout, event, _told(session, offer))
    await publish_offered(parts, work, checkout, session)


async def publish_expired(parts: Parts, work: Work, checkout: Checkout, session: UpsellSession) -> None:
    """Tell of the offer that has waited in vain for an answer."""
    if session.current is not None:
        await publish(parts, work, checkout, "upsell.expired", _told(session, session.current))


async def publish_offered(parts: Parts, work: Work, checkout: Checkout, session: UpsellSession) -> None:
    """Tell of the offer that is made now, where there is one and time for an answer."""
    if session.current is not None and session.state == "active":
        await publish(parts, work, checkout, "upsell.offered", _told(session, session.current))


def _told(session: UpsellSession, offer: Offer) -> dict[str, object]:
    return {
        "sessionId": session.id,
        "offerId": offer.id,
        "name": offer.name,
        "orderId": session.order_id,
        "amount": offer.price,
        "currency": session.currency,
    }
