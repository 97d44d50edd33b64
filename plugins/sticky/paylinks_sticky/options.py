"""What a brand chooses beside the credentials: which offer of Sticky.io's catalogue stands for which product."""

from typing import Annotated

from msgspec import Meta, Struct

__all__ = ["StickyOptions", "StickyProduct"]

Id = Annotated[str, Meta(pattern="^[0-9]{1,20}$")]


class StickyProduct(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """One offer of the catalogue; without a billing model Sticky.io takes the offer's own."""

    offer_id: Id
    product_id: Id
    billing_model_id: Id | None = None


class StickyOptions(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """The catalogue, as far as the brand sells it here.

    Args:
        products: by the id or sku of a line item.
        default_product: for line items that `products` does not name, and for checkouts without any.
        shipping_id: the shipping method of the campaign; each order needs one.
        currency: what the campaign's gateway charges in; an order of another currency is refused, because Sticky.io's
            answers name none.
        gateway_id: charges through this gateway in place of the campaign's choice.
        accept_test_orders: an approval of Sticky.io's test card counts as paid.

    """

    products: dict[str, StickyProduct] = {}
    default_product: StickyProduct | None = None
    shipping_id: Id | None = None
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "USD"
    gateway_id: Id | None = None
    accept_test_orders: bool = False
