"""What the upsell calls take and answer; `upsell` has the calls."""

from typing import Annotated

from msgspec import Meta, Struct, field

from paylinks_core.upsells import MAX_EXPIRES_IN, MIN_EXPIRES_IN, NewUpsell
from paylinks_ports.money import MAX_AMOUNT
from paylinks_ports.payments import NextAction
from paylinks_ports.records.upsells import Id, Offer, OfferStatus, ShowIf, UpsellState

from ..answers import Success

__all__ = [
    "AnswerBody",
    "CreateSessionBody",
    "OfferAccepted",
    "OfferAcceptedAnswer",
    "OfferBody",
    "OfferDeclined",
    "OfferDeclinedAnswer",
    "OfferPriced",
    "OfferShown",
    "OfferState",
    "SessionCreated",
    "SessionCreatedAnswer",
    "SessionShown",
    "SessionShownAnswer",
    "shown",
    "wanted_of",
]


class OfferBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """One offer; prices in minor units."""

    id: Id
    name: Annotated[str, Meta(min_length=1, max_length=500)]
    description: Annotated[str, Meta(max_length=2000)] | None = None
    price: Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
    original_price: Annotated[int, Meta(ge=1, le=MAX_AMOUNT)] | None = None
    image: Annotated[str, Meta(max_length=2048)] | None = None
    show_if: ShowIf | None = None


class CreateSessionBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """Which paid order, and what to offer its customer."""

    order_id: Id
    original_order_id: Id
    customer_email: Annotated[str, Meta(max_length=254)]
    customer_id: Annotated[str, Meta(min_length=1, max_length=255)] | None = None
    payment_method_token: Annotated[str, Meta(min_length=1, max_length=500)] | None = None
    provider: Annotated[str, Meta(min_length=1, max_length=64)]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "USD"
    offers: Annotated[tuple[OfferBody, ...], Meta(min_length=1, max_length=50)]
    metadata: dict[str, str] = field(default_factory=dict)
    cart_total: Annotated[int, Meta(ge=0, le=MAX_AMOUNT)] | None = None
    purchased_product_ids: Annotated[tuple[Id, ...], Meta(max_length=200)] | None = None
    theme_id: Annotated[str, Meta(max_length=64)] | None = None
    expires_in: Annotated[int, Meta(ge=MIN_EXPIRES_IN, le=MAX_EXPIRES_IN)] = 3600
    completion_redirect_url: Annotated[str, Meta(max_length=2048)] | None = None


class OfferShown(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """An offer as its customer sees it."""

    id: str
    name: str
    description: str | None = None
    price: int
    original_price: int | None = None
    image: str | None = None


class OfferState(Struct, frozen=True, kw_only=True):
    """How far an offer has come."""

    id: str
    status: OfferStatus


class SessionCreated(Struct, frozen=True, kw_only=True, rename="camel"):
    """A session; `expires_at` in Unix milliseconds."""

    session_id: str
    status: UpsellState
    current_offer: OfferShown | None
    offers: tuple[OfferState, ...]
    has_more_offers: bool
    upsell_url: str
    expires_at: int


class SessionCreatedAnswer(Success, frozen=True, kw_only=True, rename="camel"):
    """A session."""

    data: SessionCreated


class AnswerBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """Which offer of which session; left out, the first offer is meant."""

    session_id: str | None = None
    offer_id: str | None = None


class OfferAccepted(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What came of accepting: `accepted`, `requires_action` with `next_action`, or `processing`."""

    session_id: str
    offer_id: str
    status: str
    transaction_id: str | None
    order_id: str
    amount: int
    currency: str
    has_more_offers: bool
    next_offer: OfferShown | None
    next_action: NextAction | None = None
    completion_redirect_url: str | None = None


class OfferAcceptedAnswer(Success, frozen=True, kw_only=True, rename="camel"):
    """What came of accepting."""

    data: OfferAccepted


class OfferDeclined(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What came of declining."""

    session_id: str
    offer_id: str
    status: str
    has_more_offers: bool
    next_offer: OfferShown | None
    completion_redirect_url: str | None = None


class OfferDeclinedAnswer(Success, frozen=True, kw_only=True, rename="camel"):
    """What came of declining."""

    data: OfferDeclined


class OfferPriced(Struct, frozen=True, kw_only=True):
    """An offer with its price and how far it has come."""

    id: str
    name: str
    price: int
    status: OfferStatus


class SessionShown(Struct, frozen=True, kw_only=True, rename="camel"):
    """A session; `accepted_total` in minor units, `expires_at` in Unix milliseconds."""

    session_id: str
    status: UpsellState
    original_order_id: str
    order_id: str
    provider: str
    currency: str
    current_offer: OfferShown | None
    offers: tuple[OfferPriced, ...]
    accepted_total: int
    expires_at: int


class SessionShownAnswer(Success, frozen=True, kw_only=True, rename="camel"):
    """A session."""

    data: SessionShown


def wanted_of(body: CreateSessionBody) -> NewUpsell:
    """Read what the brand's server asks for."""
    offers = tuple(
        Offer(
            id=one.id,
            name=one.name,
            description=one.description,
            price=one.price,
            original_price=one.original_price,
            image=one.image,
            show_if=one.show_if,
        )
        for one in body.offers
    )
    return NewUpsell(
        order_id=body.order_id,
        original_order_id=body.original_order_id,
        customer_email=body.customer_email,
        customer_id=body.customer_id,
        payment_method_token=body.payment_method_token,
        provider=body.provider,
        currency=body.currency,
        offers=offers,
        metadata=body.metadata,
        cart_value=body.cart_total,
        bought=body.purchased_product_ids,
        theme_id=body.theme_id,
        expires_in=body.expires_in,
        completion_redirect_url=body.completion_redirect_url,
    )


def shown(offer: Offer | None) -> OfferShown | None:
    """Show an offer to its customer."""
    if offer is None:
        return None
    return OfferShown(
        id=offer.id,
        name=offer.name,
        description=offer.description,
        price=offer.price,
        original_price=offer.original_price,
        image=offer.image,
    )
