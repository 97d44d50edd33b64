"""What an upsell page and the success page show: the offer that waits, how far it has come, and all that was bought."""

from typing import Literal, TypeAlias

from msgspec import Struct

from paylinks_core.parts import Parts
from paylinks_core.states import UNRESOLVED
from paylinks_core.upsells import current_session
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.payments import Payment
from paylinks_ports.records.upsells import Offer, UpsellSession
from paylinks_ports.storage import Reading

from .look import Look, look_of

__all__ = ["Receipt", "Step", "UpsellStage", "UpsellView", "receipt_of", "view_of_session"]

UpsellStage: TypeAlias = Literal["offer", "declined", "action", "processing", "completed", "expired"]
Step: TypeAlias = Literal["done", "now", "open"]


class UpsellView(Struct, frozen=True, kw_only=True):
    """One upsell session as its customer sees it.

    Args:
        offer: the one that waits for an answer, or for what comes of it.
        payment: the offer's, once it has been accepted.
        seconds: how long it may still be answered.
        onward: where to go when no offer is left.

    """

    stage: UpsellStage
    look: Look
    demo: bool
    session: UpsellSession
    offer: Offer | None
    payment: Payment | None
    seconds: int
    onward: str

    @property
    def path(self) -> str:
        """Where the page is; its forms go below."""
        return f"/upsell/{self.session.id}"

    @property
    def saving(self) -> int:
        """How much less the offer costs than it did."""
        before = self.offer.original_price if self.offer else None
        return max((before or 0) - self.offer.price, 0) if self.offer else 0

    @property
    def steps(self) -> tuple[Step, ...]:
        """List how far each offer that is made has come."""
        made = [offer for offer in self.session.offers if offer.status != "skipped"]
        return tuple(
            "now" if offer == self.offer else "done" if offer.status in ("accepted", "declined") else "open"
            for offer in made
        )


class Receipt(Struct, frozen=True, kw_only=True):
    """What a customer has bought: the order and every accepted offer.

    Args:
        totals: what was paid in each currency, in minor units; one, but for offers in another.

    """

    look: Look
    demo: bool
    checkout: Checkout
    accepted: tuple[tuple[Offer, str], ...]
    totals: tuple[tuple[int, str], ...]


async def view_of_session(parts: Parts, session_id: str) -> UpsellView:
    """View a session.

    Raises:
        NotKnown: there is none of that id.

    """
    now = parts.clock.now()
    async with parts.units.reading() as rows:
        session = await current_session(parts, rows, session_id)
        offer = session.current
        payment = await rows.payments.of_offer(session.id, offer.id) if offer else None
        look, demo = await _around(rows, session.brand_id, session.checkout_id)
    return UpsellView(
        stage=_stage(session, payment),
        look=look,
        demo=payment.demo if payment else demo,
        session=session,
        offer=offer,
        payment=payment,
        seconds=max((session.expires_at - now) // 1000, 0),
        onward=session.completion_redirect_url or f"/success?session={session.id}",
    )


def _stage(session: UpsellSession, payment: Payment | None) -> UpsellStage:
    if session.current is None:
        return "completed"
    if payment is not None and payment.state in UNRESOLVED:
        return "processing"
    if payment is not None and payment.state == "action_required":
        return "action"
    if session.state == "expired":
        return "expired"
    return "declined" if payment is not None and payment.state == "declined" else "offer"


async def _around(rows: Reading, brand_id: str, checkout_id: str) -> tuple[Look, bool]:
    """Find whose page it is, and whether the original order was a demo."""
    brand = await rows.brands.get(brand_id)
    checkout = await rows.checkouts.get(checkout_id)
    payment = await rows.payments.get(checkout.payment_id) if checkout and checkout.payment_id else None
    return look_of(brand) if brand else Look(name=""), payment is not None and payment.demo


async def receipt_of(parts: Parts, *, code: str | None = None, session_id: str | None = None) -> Receipt | None:
    """Tell what was bought to whoever knows the order's code or a session of it; None where nothing is paid."""
    async with parts.units.reading() as rows:
        checkout = await rows.checkouts.by_code(code) if code else None
        if checkout is None and session_id:
            session = await rows.upsell_sessions.get(session_id)
            checkout = await rows.checkouts.get(session.checkout_id) if session else None
        if checkout is None or checkout.state != "paid":
            return None
        sessions = await rows.upsell_sessions.of_checkout(checkout.id)
        look, demo = await _around(rows, checkout.brand_id, checkout.id)
    accepted = tuple(
        (offer, session.currency) for session in sessions for offer in session.offers if offer.status == "accepted"
    )
    totals = {checkout.claims.currency: checkout.claims.amount}
    for offer, currency in accepted:
        totals[currency] = totals.get(currency, 0) + offer.price
    return Receipt(
        look=look,
        demo=demo,
        checkout=checkout,
        accepted=accepted,
        totals=tuple((amount, currency) for currency, amount in totals.items()),
    )
