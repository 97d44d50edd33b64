"""Shopify keeps the contract of a payment provider."""

import httpx

from paylinks_ports import Money
from paylinks_ports.testing import OnWire, ProviderContract
from paylinks_shopify import PROVIDER, ShopifyCredentials


class TestShopify(ProviderContract):
    """The whole suite."""

    provider = PROVIDER
    credentials = ShopifyCredentials(
        shop_domain="paylinks-demo.myshopify.com",
        admin_access_token="shpat_TopSecretOfTheKit",
        webhook_secret="TopSecretOfTheKit",
    )
    wrong_credentials = ShopifyCredentials(
        shop_domain="paylinks-demo.myshopify.com", admin_access_token="wrong_TopSecretOfTheKit"
    )
    amounts = (
        OnWire(Money(4999, "USD"), ('"amount":"49.99"', '"currencyCode":"USD"')),
        OnWire(Money(500, "JPY"), ('"amount":"500"', '"currencyCode":"JPY"')),
        OnWire(Money(1500, "KWD"), ('"amount":"1.500"', '"currencyCode":"KWD"')),
    )
    operations = {"create-checkout": {}}  # noqa: RUF012 - the contract declares it as a ClassVar
    expiring_webhooks = False
    asks_customer = False

    def only_reads(self, request: httpx.Request) -> bool:
        """GraphQL reads by POST, too."""
        return b'"query":"query' in request.content
