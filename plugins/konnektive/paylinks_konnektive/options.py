"""What a brand chooses beside the credentials: which product of Konnektive's campaign stands for which product."""

from typing import Annotated

from msgspec import Meta, Struct

__all__ = ["Id", "KonnektiveOptions"]

Id = Annotated[str, Meta(pattern="^[0-9]{1,20}$")]


class KonnektiveOptions(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """The campaign, as far as the brand sells it here.

    Args:
        products: by the id or sku of a line item, its campaignProductId; a product's global id is another product here.
        default_product: for line items that `products` does not name, and for checkouts without any.
        campaign_id: in place of the credentials' one.
        currency: what the campaign charges in; an order of another currency is refused.

    """

    products: dict[str, Id] = {}
    default_product: Id | None = None
    campaign_id: Id | None = None
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "USD"
