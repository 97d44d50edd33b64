"""What a merchant enters to have Konnektive charge for it."""

from typing import Annotated

from msgspec import Meta, Struct

from paylinks_ports import Plain, Secret

__all__ = ["DEMO", "KonnektiveCredentials"]

_WHERE = "CRM, Admin, Users: a user of the access level Api User"

LoginId = Annotated[Plain, Meta(title="API login id", description=_WHERE)]
Password = Annotated[Secret, Meta(title="API password", description=f"{_WHERE}; it must not contain &")]
CampaignId = Annotated[str, Meta(pattern="^[0-9]{1,20}$", title="Campaign id", description="CRM, Campaigns")]
WebhookSecret = Annotated[
    Secret,
    Meta(
        title="Postback secret",
        description="Any long text of your own; the postback carries it as X-Webhook-Secret or ?secret=",
    ),
]


class KonnektiveCredentials(Struct, frozen=True, kw_only=True, rename="camel"):
    """An API user; it needs this server's IP address and the endpoints that the README lists."""

    login_id: LoginId
    password: Password
    campaign_id: CampaignId | None = None
    webhook_secret: WebhookSecret | None = None

    @property
    def demo(self) -> bool:
        """Whether these open the simulator, whatever webhook secret is beside them."""
        return (self.login_id, self.password) == (DEMO.login_id, DEMO.password)

    def __repr__(self) -> str:
        """Say no secret, wherever a traceback or a log line shows this."""
        return f"{type(self).__name__}(campaign_id={self.campaign_id!r})"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """As `__repr__`, for pretty printers."""
        return [("campaign_id", self.campaign_id)]


DEMO = KonnektiveCredentials(
    login_id="demo",
    password="demo",  # noqa: S106 - it opens nothing but the simulator
    campaign_id="1",
    webhook_secret="demo-postback-secret",  # noqa: S106 - likewise
)
"""What opens the simulator; a gateway with these asks for no options."""
