"""What a merchant enters to have Konnektive charge for it, and what a brand chooses of its campaign."""

from typing import Annotated

from msgspec import Meta, Struct

from paylinks_ports import Credentials, Plain, Secret

__all__ = ["DEMO", "Id", "KonnektiveCredentials", "KonnektiveOptions"]

_WHERE = "CRM, Admin, Users: a user of the access level Api User"
_POSTBACK = "Any long text of your own; the postback carries it as X-Webhook-Secret or ?secret="

Id = Annotated[str, Meta(pattern="^[0-9]{1,20}$")]


class KonnektiveCredentials(Credentials, frozen=True, kw_only=True, rename="camel"):
    """An API user; it needs this server's IP address and the endpoints that the README lists."""

    login_id: Annotated[Plain, Meta(title="API login id", description=_WHERE)]
    password: Annotated[Secret, Meta(title="API password", description=f"{_WHERE}; it must not contain &")]
    campaign_id: Annotated[Id, Meta(title="Campaign id", description="CRM, Campaigns")] | None = None
    webhook_secret: Annotated[Secret, Meta(title="Postback secret", description=_POSTBACK)] | None = None

    @property
    def demo(self) -> bool:
        """Whether these open the simulator; a gateway with them asks for no options."""
        return self.same_account(DEMO)


DEMO = KonnektiveCredentials(
    login_id="demo",
    password="demo",  # noqa: S106 - it opens nothing but the simulator
    campaign_id="1",
    webhook_secret="demo-postback-secret",  # noqa: S106 - likewise
)


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
