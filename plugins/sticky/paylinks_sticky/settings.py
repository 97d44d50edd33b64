"""What a merchant enters to have Sticky.io charge for it, and what a brand chooses of its catalogue."""

from typing import Annotated

from msgspec import Meta, Struct

from paylinks_ports import Credentials, Plain, Secret

__all__ = ["DEMO", "Id", "StickyCredentials", "StickyOptions", "StickyProduct"]

# It becomes part of a host name, so nothing but one DNS label.
_LABEL = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$(?!\\n)"
_APP_KEY = "The first word of the account's address: acme of https://acme.sticky.io"
_USER = "Sticky.io, Users, API Users; not a person's login"
_POSTBACK = "Any long text of your own; the postback carries it as X-Webhook-Secret or ?secret="

Id = Annotated[str, Meta(pattern="^[0-9]{1,20}$")]


class StickyCredentials(Credentials, frozen=True, kw_only=True, rename="camel"):
    """An API user of one account; the user needs the permissions that the README lists."""

    app_key: Annotated[str, Meta(pattern=_LABEL, title="App key", description=_APP_KEY)]
    username: Annotated[Plain, Meta(pattern="^[^:]+$", title="API user", description=_USER)]
    password: Annotated[Secret, Meta(title="API password", description="Shown when the API user is made")]
    campaign_id: Annotated[Id, Meta(title="Campaign id", description="Sticky.io, Campaigns")] | None = None
    webhook_secret: Annotated[Secret, Meta(title="Postback secret", description=_POSTBACK)] | None = None

    @property
    def demo(self) -> bool:
        """Whether these open the simulator; a gateway with them asks for no options."""
        return self.same_account(DEMO)


DEMO = StickyCredentials(
    app_key="demo",
    username="demo",
    password="demo",  # noqa: S106 - it opens nothing but the simulator
    campaign_id="1",
    webhook_secret="demo-postback-secret",  # noqa: S106 - likewise
)


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
