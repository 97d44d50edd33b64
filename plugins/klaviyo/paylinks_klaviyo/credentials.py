"""What a merchant enters to have orders told to Klaviyo."""

from typing import Annotated

from msgspec import Meta

from paylinks_ports import Credentials, Plain, Secret

__all__ = ["KlaviyoCredentials"]

PrivateApiKey = Annotated[
    Secret,
    Meta(
        pattern="^[A-Za-z0-9_-]+$",
        title="Private API Key",
        description="Klaviyo, Settings, API keys, Create Private API Key: pk_…, with full access to events, lists, "
        "profiles and subscriptions, and read access to accounts",
    ),
]
ListId = Annotated[
    Plain,
    Meta(
        pattern="^[A-Za-z0-9]+$",
        title="Default list id",
        description="Klaviyo, Audience, Lists & segments, the list's settings: where customers who agree are "
        "subscribed when the brand has chosen no list",
    ),
]


class KlaviyoCredentials(Credentials, frozen=True, kw_only=True, rename="camel"):
    """A private key (developers.klaviyo.com/en/docs/authenticate_), and the list for customers who agree."""

    private_api_key: PrivateApiKey
    default_list_id: ListId | None = None
