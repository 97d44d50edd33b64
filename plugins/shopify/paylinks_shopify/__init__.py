"""Shopify for Paylinks: announces the provider."""

from paylinks_ports import BrowserPart, Idempotency, Lookup, PaymentProvider, hookimpl

from .credentials import ShopifyCredentials
from .gateway import ShopifyGateway
from .simulator import SIMULATOR

__all__ = ["PROVIDER", "ShopifyCredentials", "ShopifyGateway", "payment_provider"]

PROVIDER = PaymentProvider(
    name="shopify",
    title="Shopify",
    credentials=ShopifyCredentials,
    gateway=ShopifyGateway,
    simulator=SIMULATOR,
    # `@idempotent` (shopify.dev/changelog) holds for refunds; for how long is not documented for them, so a day is
    # not relied upon: the note is looked at first.
    idempotency=Idempotency(hours=24, powers=frozenset({"refund"})),
    # The search lags, and a draft order can be deleted in the shop's admin; a refund may still be on its way.
    lookup=Lookup(
        by_reference="positive", by_attempt="positive", refund_by_reference="positive", refund_by_id="positive"
    ),
    browser_pays=True,
    browser=BrowserPart(label="Shopify checkout"),
)


@hookimpl
def payment_provider() -> PaymentProvider[ShopifyCredentials]:
    """Announce Shopify."""
    return PROVIDER
