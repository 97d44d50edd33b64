"""What a merchant enters to have orders told to Attentive."""

from typing import Annotated

from msgspec import Meta

from paylinks_ports import Credentials, Plain, Secret

__all__ = ["AttentiveCredentials"]

ApiKey = Annotated[
    Secret,
    Meta(
        pattern=r"^[\x21-\x7e]+$",
        title="API Key",
        description="Attentive, Marketplace, Create app: the key of a private app that may write attributes, "
        "ecommerce events, segments and subscriptions, and read segments and subscriptions",
    ),
]
SignUpSourceId = Annotated[
    Plain,
    Meta(
        pattern="^[A-Za-z0-9_-]+$",
        title="Sign-up source id",
        description="Attentive, Sign-up Units, the ID of an API sign-up unit for e-mail; without it nobody is "
        "subscribed",
    ),
]


class AttentiveCredentials(Credentials, frozen=True, kw_only=True, rename="camel"):
    """A private app's key (docs.attentive.com/pages/authentication), and the sign-up unit of customers who agree."""

    api_key: ApiKey
    sign_up_source_id: SignUpSourceId | None = None
