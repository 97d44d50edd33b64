"""What a merchant enters to have UltraCart charge for it, and what of its catalogue a checkout sells."""

from typing import Annotated

from msgspec import Meta, Struct, field

from paylinks_ports import Credentials, Plain, Secret

__all__ = ["DEMO_CREDENTIALS", "ItemId", "UltraCartCredentials", "UltraCartOptions"]

ItemId = Annotated[str, Meta(min_length=1, max_length=20)]
_KEY = "UltraCart, Configuration, Developer, API keys: a key that may read and write carts and orders"
_PASSWORD = "The Basic password that UltraCart sends with its webhooks"  # noqa: S105 - it describes one


class UltraCartCredentials(Credentials, frozen=True, kw_only=True, rename="camel"):
    """UltraCart's own names (ultracart.com/api/authentication.html)."""

    merchant_id: Annotated[
        Plain,
        Meta(pattern="^[A-Za-z0-9]{1,5}$", title="Merchant ID", description="The short id of the UltraCart account"),
    ]
    api_key: Annotated[Secret, Meta(pattern="^[!-~]+$", title="Simple key", description=_KEY)]
    webhook_secret: Annotated[Secret, Meta(title="Webhook password", description=_PASSWORD)] | None = None

    @property
    def demo(self) -> bool:
        """Whether these open the simulator, whatever webhook secret is beside them."""
        return self.same_account(DEMO_CREDENTIALS)


class UltraCartOptions(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What of UltraCart's catalogue a checkout sells; UltraCart takes an order for items that it knows only.

    Args:
        products: the merchant's product id or sku, to UltraCart's item id.
        default_item: the item for everything that `products` does not name, and for checkouts without line items.
        currency: the account's base currency: UltraCart charges in no other.
        refund_reason: a reason of the merchant's own list, where the account asks for one; else our refund's id.

    """

    products: dict[str, ItemId] = field(default_factory=dict)
    default_item: ItemId | None = None
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "USD"
    refund_reason: Annotated[str, Meta(min_length=1, max_length=50)] | None = None


DEMO_CREDENTIALS = UltraCartCredentials(
    merchant_id="DEMO",
    api_key="paylinks-demo-simple-key",
    webhook_secret="paylinks-demo-password",  # noqa: S106 - it opens the simulator only
)
"""The simulator's own; no secret."""
