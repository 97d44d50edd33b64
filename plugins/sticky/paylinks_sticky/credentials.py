"""What a merchant enters to have Sticky.io charge for it."""

from typing import Annotated

from msgspec import Meta, Struct

from paylinks_ports import Plain, Secret

__all__ = ["DEMO", "StickyCredentials"]

AppKey = Annotated[
    str,
    Meta(
        # It becomes part of a host name, so nothing but one DNS label.
        pattern="^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$(?!\\n)",
        title="App key",
        description="The first word of the account's address: acme of https://acme.sticky.io",
    ),
]
Username = Annotated[
    Plain, Meta(pattern="^[^:]+$", title="API user", description="Sticky.io, Users, API Users; not a person's login")
]
Password = Annotated[Secret, Meta(title="API password", description="Shown when the API user is made")]
CampaignId = Annotated[str, Meta(pattern="^[0-9]{1,20}$", title="Campaign id", description="Sticky.io, Campaigns")]
WebhookSecret = Annotated[
    Secret,
    Meta(
        title="Postback secret",
        description="Any long text of your own; the postback carries it as X-Webhook-Secret or ?secret=",
    ),
]


class StickyCredentials(Struct, frozen=True, kw_only=True, rename="camel"):
    """An API user of one account; the user needs the permissions that the README lists."""

    app_key: AppKey
    username: Username
    password: Password
    campaign_id: CampaignId | None = None
    webhook_secret: WebhookSecret | None = None

    @property
    def demo(self) -> bool:
        """Whether these open the simulator, whatever webhook secret is beside them."""
        return (self.app_key, self.username, self.password) == (DEMO.app_key, DEMO.username, DEMO.password)

    def __repr__(self) -> str:
        """Say no secret, wherever a traceback or a log line shows this."""
        return f"{type(self).__name__}(app_key={self.app_key!r})"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """As `__repr__`, for pretty printers."""
        return [("app_key", self.app_key)]


DEMO = StickyCredentials(
    app_key="demo",
    username="demo",
    password="demo",  # noqa: S106 - it opens nothing but the simulator
    campaign_id="1",
    webhook_secret="demo-postback-secret",  # noqa: S106 - likewise
)
"""What opens the simulator; a gateway with these asks for no options."""
