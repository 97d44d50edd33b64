"""What a merchant enters to have UltraCart charge for it, and what of its catalogue a checkout sells."""

from typing import Annotated

from msgspec import Meta, Struct, field

from paylinks_ports import Plain, Secret

__all__ = ["DEMO_CREDENTIALS", "UltraCartCredentials", "UltraCartOptions"]

ItemId = Annotated[str, Meta(min_length=1, max_length=20)]

MerchantId = Annotated[
    Plain, Meta(pattern="^[A-Za-z0-9]{1,5}$", title="Merchant ID", description="The short id of the UltraCart account")
]
ApiKey = Annotated[
    Secret,
    Meta(
        pattern="^[!-~]+$",
        title="Simple key",
        description="UltraCart, Configuration, Developer, API keys: a key that may read and write carts and orders",
    ),
]
WebhookSecret = Annotated[
    Secret,
    Meta(title="Webhook password", description="The Basic password that UltraCart sends with its webhooks"),
]


class UltraCartCredentials(Struct, frozen=True, kw_only=True, rename="camel"):
    """UltraCart's own names (ultracart.com/api/authentication.html)."""

    merchant_id: MerchantId
    api_key: ApiKey
    webhook_secret: WebhookSecret | None = None

    @property
    def demo(self) -> bool:
        """Whether these open the simulator, whatever webhook secret is beside them."""
        return (self.merchant_id, self.api_key) == (DEMO_CREDENTIALS.merchant_id, DEMO_CREDENTIALS.api_key)

    def __repr__(self) -> str:
        """Say no secret, wherever a traceback or a log line shows this."""
        return f"{type(self).__name__}(merchant_id={self.merchant_id!r})"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """As `__repr__`, for pretty printers."""
        return [("merchant_id", self.merchant_id)]


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
