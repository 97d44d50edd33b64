"""Easy Pay Direct keeps the contract of a payment provider."""

import httpx

from paylinks_epd import PROVIDER, EpdCredentials
from paylinks_ports import Money
from paylinks_ports.testing import OnWire, ProviderContract, Refusal


class TestEpd(ProviderContract):
    """The whole suite."""

    provider = PROVIDER
    credentials = EpdCredentials(
        security_key="TopSecret0TopSecret0TopSecret012",
        tokenization_key="public-key",
        webhook_signing_key=PROVIDER.simulator.credentials.webhook_signing_key,
    )
    wrong_credentials = EpdCredentials(security_key="TopSecretThatNobodyKnows")
    payment_token = "00000000-000000-000000-000000000000"
    amounts = (OnWire(Money(4999, "USD"), ("amount=49.99", "currency=USD")),)
    unsupported = (Money(500, "JPY"), Money(1500, "KWD"))
    declines = {  # noqa: RUF012 - the contract declares it as a ClassVar
        "00000001-000000-000000-short0000000": Refusal("insufficient_funds", retryable=True),
    }
    operations = {"process-payment": {"paymentToken": "$token"}}  # noqa: RUF012 - likewise
    expiring_webhooks = False  # the signature's t is a nonce
    asks_customer = False  # 3-D Secure happens in the browser, before the token

    def only_reads(self, request: httpx.Request) -> bool:
        """Reports are asked for by POST, so that the key is in no log."""
        return request.url.path == "/api/query.php"
