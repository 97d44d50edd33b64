"""UltraCart keeps the contract of a payment provider."""

import httpx
from msgspec.structs import replace

from paylinks_ports import Money, Order
from paylinks_ports.testing import OnWire, ProviderContract
from paylinks_ultracart import PROVIDER, UltraCartCredentials, UltraCartOptions


class TestUltraCart(ProviderContract):
    """The whole suite."""

    provider = PROVIDER
    credentials = UltraCartCredentials(
        merchant_id="DEMO", api_key="TopSecret-simple-key-of-the-kit", webhook_secret="TopSecret-password-of-the-kit"
    )
    wrong_credentials = UltraCartCredentials(merchant_id="DEMO", api_key="wrong-simple-key-of-the-kit")
    options = UltraCartOptions(default_item="SHIRT")
    amounts = (OnWire(Money(4999, "USD"), ('"value":49.99', '"currency_code":"USD"')),)
    # An account charges in its base currency: here it is the dollar.
    unsupported = (Money(500, "JPY"), Money(1500, "KWD"))
    operations = {  # noqa: RUF012 - the contract declares it as a ClassVar
        "create-cart": {},
        "process-payment": {
            "cartId": "$reference",
            "paymentToken": "$token",
            "cvvToken": "cvv_1",
            "cardExpirationMonth": 12,
            "cardExpirationYear": 2030,
        },
    }
    signed_webhooks = False
    asks_customer = False

    def change_order(self, order: Order) -> Order:
        """Add what UltraCart's hosted fields give besides the card's token."""
        extra = {"cvvToken": "cvv_1", "cardExpirationMonth": "12", "cardExpirationYear": "2030"}
        return replace(order, extra=extra)

    def only_reads(self, request: httpx.Request) -> bool:
        """UltraCart searches by POST."""
        return request.method == "GET" or request.url.path.endswith("/query")
