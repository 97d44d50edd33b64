"""NMI keeps the contract of a payment provider."""

import httpx

from paylinks_nmi import PROVIDER, NmiCredentials
from paylinks_ports import Money
from paylinks_ports.testing import OnWire, ProviderContract, Refusal


class TestNmi(ProviderContract):
    """The whole suite."""

    provider = PROVIDER
    credentials = NmiCredentials(
        security_key="TopSecret0TopSecret0TopSecret012",
        tokenization_key="public-key",
        webhook_signing_key=PROVIDER.simulator.credentials.webhook_signing_key,
    )
    wrong_credentials = NmiCredentials(security_key="TopSecretThatNobodyKnows")
    payment_token = "00000000-000000-000000-000000000000"
    amounts = (
        OnWire(Money(4999, "USD"), ("amount=49.99", "currency=USD")),
        OnWire(Money(100000, "EUR"), ("amount=1000.00", "currency=EUR")),
    )
    unsupported = (Money(500, "JPY"), Money(1500, "KWD"))
    declines = {  # noqa: RUF012 - the contract declares it as a ClassVar
        "00000001-000000-000000-short0000000": Refusal("insufficient_funds", retryable=True),
        "00000001-000000-000000-expired00000": Refusal("expired_card", retryable=False),
        "no token of Collect.js": Refusal("invalid_payment_token", retryable=False),
    }
    operations = {  # noqa: RUF012 - likewise
        "process-payment": {"paymentToken": "$token"},
        "process-upsell": {"customerVaultId": "$saved_method", "originalOrderId": "$original_order_id"},
    }
    expiring_webhooks = False  # NMI, "Webhooks": the signature's t is a nonce
    asks_customer = False  # 3-D Secure happens in the browser, before the token

    def only_reads(self, request: httpx.Request) -> bool:
        """Reports are asked for by POST, so that the key is in no log."""
        return request.url.path == "/api/query.php"
