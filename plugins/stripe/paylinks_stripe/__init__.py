"""Stripe for Paylinks: announces the provider. The SDK itself is loaded with the first call that needs it."""

from paylinks_ports import BrowserHosts, BrowserPart, Idempotency, Lookup, PaymentProvider, hookimpl

from .credentials import StripeCredentials
from .gateway import StripeGateway
from .simulator import SIMULATOR

__all__ = ["PROVIDER", "StripeCredentials", "StripeGateway", "payment_provider"]

PROVIDER = PaymentProvider(
    name="stripe",
    title="Stripe",
    credentials=StripeCredentials,
    gateway=StripeGateway,
    simulator=SIMULATOR,
    # docs.stripe.com/idempotency: at least 24 hours. Canceling is safe to repeat, and goes without a key of ours.
    idempotency=Idempotency(hours=24, powers=frozenset({"start", "charge", "charge_saved", "refund"})),
    # By attempt: an empty search answers Unknown, so what is not found was looked for in a list that is up to date.
    lookup=Lookup(
        by_reference="authoritative",
        by_attempt="authoritative",
        refund_by_reference="authoritative",
        refund_by_id="authoritative",
    ),
    browser_pays=True,
    browser=BrowserPart(
        label="Card, wallet or bank",
        package=__name__,
        module="browser.js",
        # docs.stripe.com/security/guide#content-security-policy
        hosts=BrowserHosts(
            script=("https://js.stripe.com", "https://*.js.stripe.com"),
            frame=("https://js.stripe.com", "https://*.js.stripe.com", "https://hooks.stripe.com"),
            connect=("https://api.stripe.com",),
        ),
    ),
)


@hookimpl
def payment_provider() -> PaymentProvider[StripeCredentials]:
    """Announce Stripe."""
    return PROVIDER
