"""Stripe's books: every payment intent is one document, with its charges and refunds in it."""

import hmac
from collections.abc import Mapping
from random import Random
from typing import Any

import httpx
import msgspec

from paylinks_ports.money import Money
from paylinks_ports.providers import PaymentProvider, SimulatedWorld
from paylinks_ports.webhooks import WebhookRequest

from .books import Browser, Charge

__all__ = ["LEDGER", "StripeLedger"]

_CARDS = (
    "pm_card_visa",
    "pm_card_visa",
    "pm_card_mastercard",
    "pm_card_visa_chargeDeclined",
    "pm_card_visa_chargeDeclinedInsufficientFunds",
    "pm_card_threeDSecure2Required",
)
_REPEATS = (0, 0.1, 0.5, 2, 5, 10, 24, 48, 72)
"""Hours after which an event is sent, once more."""


class StripeLedger:
    """Reads the documents as they lie there; pays as Stripe.js does."""

    credentials: Mapping[str, str] = {
        "secretKey": "sk_test_simulation",
        "publishableKey": "pk_test_simulation",
        "webhookSecret": "whsec_demo",
    }

    def token(self, source: Random) -> str:
        """Take one of Stripe's test cards."""
        return source.choice(_CARDS)

    def charges(self, entries: Mapping[str, str], now: int) -> list[Charge]:
        """Read every charge that has succeeded, or has by now."""
        found: list[Charge] = []
        for key, text in entries.items():
            if not key.startswith("intent/"):
                continue
            intent = msgspec.json.decode(text)
            settled = intent.get("settles_at") is not None and intent["settles_at"] <= now
            taken = ("succeeded", "pending") if settled else ("succeeded",)
            refunded = sum(refund["amount"] for refund in intent.get("refunds", ()))
            found += [
                Charge(
                    transaction_id=charge["id"],
                    order_id=intent["metadata"]["order_id"],
                    money=Money(charge["amount"], intent["currency"].upper()),
                    refunded=refunded,
                )
                for charge in intent.get("charges", ())
                if charge["status"] in taken
            ]
        return found

    async def pay(self, provider: PaymentProvider[Any], browser: Browser) -> None:
        """Confirm from the browser, with the client secret."""
        secret = browser.shown.get("clientSecret")
        if secret is None:
            return
        form = {"key": browser.shown["publishableKey"], "client_secret": secret, "return_url": "https://shop.example"}
        if browser.token is not None:
            form["payment_method"] = browser.token
        url = f"https://api.stripe.com/v1/payment_intents/{browser.reference}/confirm"
        await provider.simulator.answer(httpx.Request("POST", url, data=form), browser.world)

    async def give_back(
        self, provider: PaymentProvider[Any], world: SimulatedWorld, reference: str, amount: int | None
    ) -> None:
        """Give back at the dashboard, and tell of it again and again, as Stripe does until somebody has heard it."""
        headers = {"authorization": f"Bearer {self.credentials['secretKey']}"}
        form = {"payment_intent": reference} | ({} if amount is None else {"amount": str(amount)})
        request = httpx.Request("POST", "https://api.stripe.com/v1/refunds", headers=headers, data=form)
        answer = await provider.simulator.answer(request, world)
        if answer.is_error:
            return
        refund = answer.json()
        event = {
            "id": f"evt_{refund['id']}",
            "object": "event",
            "type": "refund.created",
            "livemode": False,
            "data": {"object": refund},
        }
        body = msgspec.json.encode(event)
        for hours in _REPEATS:
            at = world.now() + round(hours * 3_600_000)
            signed = hmac.new(self.credentials["webhookSecret"].encode(), b"%d." % (at // 1000) + body, "sha256")
            headers = {"stripe-signature": f"t={at // 1000},v1={signed.hexdigest()}"}
            await world.emit(WebhookRequest(headers=headers, body=body, received_at=at), at - world.now())


LEDGER = StripeLedger()
