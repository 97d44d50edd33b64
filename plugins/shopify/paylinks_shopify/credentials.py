"""What a merchant enters to have Shopify's checkout take payments for it."""

from typing import Annotated

from msgspec import Meta

from paylinks_ports import Credentials, Plain, Secret

__all__ = ["DEMO_CREDENTIALS", "ShopifyCredentials"]

_WORD = "^[!-~]+$"
_FROM_APP = "Dev Dashboard, the app's settings"

ShopDomain = Annotated[
    Plain,
    Meta(
        # It becomes a host name that secrets are sent to.
        pattern=r"^[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com$",
        title="Shop domain",
        description="The shop's own domain at Shopify: name.myshopify.com, in lower case",
    ),
]
AccessToken = Annotated[
    Secret,
    Meta(
        pattern=_WORD,
        title="Admin API access token",
        description="Of a custom app made in the shop's admin: shpat_…; or leave it and enter client ID and secret",
    ),
]
ClientId = Annotated[Plain, Meta(pattern=_WORD, title="Client ID", description=f"{_FROM_APP}; with the secret")]
ClientSecret = Annotated[Secret, Meta(pattern=_WORD, title="Client secret", description=_FROM_APP)]
WebhookSecret = Annotated[
    Secret, Meta(title="Webhook secret", description="The app's client secret, or API secret key; it signs webhooks")
]


class ShopifyCredentials(Credentials, frozen=True, kw_only=True, rename="camel"):
    """A shop, and one of the two ways into its Admin API (shopify.dev/docs/api/usage/authentication).

    Args:
        webhook_secret: signs webhooks; without it the client secret does.

    """

    shop_domain: ShopDomain
    admin_access_token: AccessToken | None = None
    client_id: ClientId | None = None
    client_secret: ClientSecret | None = None
    webhook_secret: WebhookSecret | None = None

    def __post_init__(self) -> None:
        """Insist on one way in."""
        if self.admin_access_token is None and (self.client_id is None or self.client_secret is None):
            raise ValueError("adminAccessToken, or clientId and clientSecret, is required")

    @property
    def demo(self) -> bool:
        """Whether these open the simulator, whatever webhook secret is beside them."""
        return self.same_account(DEMO_CREDENTIALS)


DEMO_CREDENTIALS = ShopifyCredentials(
    shop_domain="paylinks-demo.myshopify.com",
    admin_access_token="shpat_paylinks_demo",  # noqa: S106 - it opens the simulator only
    webhook_secret="paylinks-demo-secret",  # noqa: S106 - likewise
)
"""The simulator's own; no secret."""
