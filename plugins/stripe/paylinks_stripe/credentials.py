"""What a merchant enters to have Stripe charge for it."""

from typing import Annotated

from msgspec import Meta

from paylinks_ports import Credentials, Plain, Secret

__all__ = ["StripeCredentials"]

_WORD = "[A-Za-z0-9_]+$"
_WHERE = "Stripe dashboard, Developers, API keys"
_WEBHOOKS = "Stripe dashboard, Developers, Webhooks, the endpoint's signing secret"

SecretKey = Annotated[
    Secret, Meta(pattern=f"^(sk|rk)_{_WORD}", title="Secret key", description=f"{_WHERE}: sk_… or a restricted rk_…")
]
PublishableKey = Annotated[
    Plain,
    Meta(pattern=f"^pk_{_WORD}", title="Publishable key", description=f"{_WHERE}: pk_…, for Stripe.js in the page"),
]
WebhookSecret = Annotated[
    Secret,
    Meta(pattern="^whsec_[A-Za-z0-9_+/=-]+$", title="Webhook signing secret", description=f"{_WEBHOOKS}: whsec_…"),
]


class StripeCredentials(Credentials, frozen=True, kw_only=True, rename="camel"):
    """Stripe's own names (docs.stripe.com/keys); test or live is a matter of the key."""

    secret_key: SecretKey
    publishable_key: PublishableKey | None = None
    webhook_secret: WebhookSecret | None = None
