"""Konnektive's books: every order is one document, from its lead on, with the sales and refunds in it."""

from collections.abc import Mapping
from random import Random
from typing import Any

import httpx
import msgspec

from paylinks_ports.providers import PaymentProvider

from .books import Browser, Charge
from .campaigns import money_of

__all__ = ["LEDGER", "KonnektiveLedger"]

# How a card behaves is how it begins: hard and soft declines, the bank's page, pending, shown late; the last one pays.
_CARDS = (
    "4000000000000002",
    "4000000000009995",
    "4000000000003220",
    "4000000000000077",
    "4000000085",
    "5555555555554444",
)
_LOGIN = {"loginId": "bank", "password": "bank"}


class KonnektiveLedger:
    """Reads the documents as they lie there; the customer's browser comes back from the bank's page."""

    credentials: Mapping[str, str] = {
        "loginId": "simulation",
        "password": "simulation",
        "campaignId": "7",
        "webhookSecret": "demo-postback-secret",
    }
    options: Mapping[str, object] = {"defaultProduct": "99"}

    def token(self, source: Random) -> str:
        """Type in a card: there is no token of one."""
        begins = source.choice((*_CARDS, "51", "52", "53"))
        return begins + f"{source.randrange(10**14):014}"[: 16 - len(begins)]

    def charges(self, entries: Mapping[str, str], now: int) -> list[Charge]:
        """Read every sale that has taken money by now."""
        found: list[Charge] = []
        for key, text in entries.items():
            if not key.startswith("order/"):
                continue
            record = msgspec.json.decode(text)
            done = [one for one in record["transactions"] if one["response"] == "SUCCESS"]
            number, refunded = record["number"], sum(one["amount"] for one in done if one["kind"] == "REFUND")
            found += [
                Charge(
                    transaction_id=f"{number:X}A{number % 97:02}",
                    order_id=sale["sold_as"],  # whoever's lead the order is by now
                    money=money_of(sale["sold_as"], sale["amount"]),
                    refunded=money_of(sale["sold_as"], refunded).amount,
                )
                for sale in done
                if sale["kind"] == "SALE" and record["settles_at"] <= now
            ]
        return found

    async def pay(self, provider: PaymentProvider[Any], browser: Browser) -> None:
        """Come back from the bank's page, if there was one: then the order is read."""
        if browser.reference is not None:
            url = "https://api.checkoutchamp.com/order/query/"
            request = httpx.Request("POST", url, data=_LOGIN | {"orderId": browser.reference})
            await provider.simulator.answer(request, browser.world)


LEDGER = KonnektiveLedger()
