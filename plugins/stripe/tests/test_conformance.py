"""Stripe keeps the contract of a payment provider."""

import httpx

from paylinks_ports import Money
from paylinks_ports.testing import OnWire, ProviderContract, Refusal
from paylinks_stripe import PROVIDER, StripeCredentials
from paylinks_stripe.simulator.keys import DEMO_WEBHOOK_SECRET


class TestStripe(ProviderContract):
    """The whole suite."""

    provider = PROVIDER
    credentials = StripeCredentials(
        secret_key="sk_test_51TopSecretOfTheKit", publishable_key="pk_test_51Public", webhook_secret=DEMO_WEBHOOK_SECRET
    )
    rejection = httpx.Response(401, json={"error": {"type": "invalid_request_error", "message": "Invalid API Key"}})
    payment_token = "pm_card_visa"
    amounts = (
        OnWire(Money(4999, "USD"), ("amount=4999", "currency=usd")),
        OnWire(Money(500, "JPY"), ("amount=500", "currency=jpy")),
        OnWire(Money(1500, "KWD"), ("amount=1500", "currency=kwd")),
    )
    declines = {  # noqa: RUF012 - the contract declares it as a ClassVar
        "pm_card_visa_chargeDeclinedInsufficientFunds": Refusal("insufficient_funds", retryable=True),
        "pm_card_visa_chargeDeclinedLostCard": Refusal("lost_or_stolen", retryable=False),
    }
    operations = {"create-intent": {}, "confirm": {"paymentIntentId": "$reference"}}  # noqa: RUF012 - likewise
