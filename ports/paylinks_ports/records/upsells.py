"""An upsell session: offers made to the customer of a paid order, one after the other, and what became of each."""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct, field

from ..money import MAX_AMOUNT
from ..payments import Text

__all__ = ["Offer", "OfferStatus", "ShowIf", "UpsellSession", "UpsellState"]

UpsellState: TypeAlias = Literal["active", "completed", "expired"]
OfferStatus: TypeAlias = Literal["pending", "accepted", "declined", "skipped"]

Id: TypeAlias = Annotated[str, Meta(min_length=1, max_length=128)]


class ShowIf(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """When an offer is made at all; every rule that is given must hold.

    Args:
        min_cart_value: the cart came to at least so much, in minor units.
        product_ids: the customer has bought one of these.
        exclude_product_ids: the customer has bought none of these.

    """

    min_cart_value: Annotated[int, Meta(ge=0, le=MAX_AMOUNT)] | None = None
    product_ids: Annotated[tuple[Id, ...], Meta(max_length=200)] = ()
    exclude_product_ids: Annotated[tuple[Id, ...], Meta(max_length=200)] = ()


class Offer(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One offer; prices in minor units of the session's currency."""

    id: Id
    name: Text
    description: Annotated[str, Meta(max_length=2000)] | None = None
    price: Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
    original_price: Annotated[int, Meta(ge=1, le=MAX_AMOUNT)] | None = None
    image: Annotated[str, Meta(max_length=2048)] | None = None
    show_if: ShowIf | None = None
    status: OfferStatus = "pending"


class UpsellSession(Struct, frozen=True, kw_only=True):
    """One row per session; its id is the capability to answer its offers.

    Args:
        checkout_id: of the original order, whose saved method is charged.
        order_id: the session's own, under which its payments stand.
        fingerprint: of the call that made it, so that the same call finds it again.
        version: rises with every change; `replace` compares it.

    """

    id: str
    brand_id: str
    checkout_id: str
    order_id: str
    provider: str
    currency: str
    customer_email: str
    state: UpsellState
    offers: tuple[Offer, ...]
    metadata: dict[str, str] = field(default_factory=dict)
    theme_id: str | None = None
    completion_redirect_url: str | None = None
    fingerprint: str
    expires_at: int
    created_at: int
    updated_at: int
    version: int = 1

    @property
    def current(self) -> Offer | None:
        """The offer that is waiting for an answer."""
        return next((offer for offer in self.offers if offer.status == "pending"), None)
