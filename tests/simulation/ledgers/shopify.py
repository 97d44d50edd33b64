"""Shopify's books: every draft order is one document, with the order that it became and its movements in it."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

import msgspec

from paylinks_ports.money import Money, exponent
from paylinks_ports.providers import PaymentProvider

from .books import Browser, Charge

__all__ = ["LEDGER", "ShopifyLedger"]

# How a card behaves at the checkout is how it begins.
_CARDS = ("visa", "visa", "master", "decline", "short", "slow", "bounce", "late", "weak")


class ShopifyLedger:
    """Reads the documents as they lie there; its customers pay at the draft order's invoice page."""

    credentials: Mapping[str, str] = {
        "shopDomain": "paylinks-demo.myshopify.com",
        "clientId": "simulation",
        "clientSecret": "small-simulation",
        "webhookSecret": "paylinks-demo-secret",
    }

    def token(self, source: Random) -> str:
        """Take a card to the checkout."""
        return f"{source.choice(_CARDS)}-{source.randrange(10**12):012}"

    def charges(self, entries: Mapping[str, str], now: int) -> list[Charge]:
        """Read every sale that has succeeded, or has by now; given back is what all movements of the order did."""
        found: list[Charge] = []
        for key, text in entries.items():
            if not key.startswith("gid://shopify/DraftOrder/"):
                continue
            draft = msgspec.json.decode(text)
            order, currency = draft["order"], draft["currency"]
            if order is None:
                continue
            found += [
                Charge(
                    transaction_id=order["id"],
                    order_id=dict(draft["attributes"])["paylinks_order_id"],
                    money=Money(_minor(one["amount"], currency), currency),
                    refunded=sum(_given_back(back, one["id"], currency, now) for back in order["transactions"]),
                )
                for one in order["transactions"]
                if one["kind"] == "SALE" and _is_through(one, now)
            ]
        return found

    async def pay(self, provider: PaymentProvider[Any], browser: Browser) -> None:
        """Pay the page that the browser was sent to; where there is none, there is nothing to pay."""
        if browser.shown.get("checkoutUrl") is None or browser.reference is None:
            return
        assert provider.simulator.pay is not None
        await provider.simulator.pay(browser.reference, browser.token or "visa", browser.world)


def _given_back(movement: dict[str, Any], sale: str, currency: str, now: int) -> int:
    """Say what one movement gives back of a sale."""
    if movement["kind"] != "REFUND" or movement["parent_id"] != sale or not _is_through(movement, now):
        return 0
    return _minor(movement["amount"], currency)


def _is_through(movement: dict[str, Any], now: int) -> bool:
    """Say whether a movement has moved its money by now."""
    settles_at = movement["settles_at"]
    if movement["status"] == "PENDING" and settles_at is not None:
        return bool(settles_at <= now and not movement["fails"])
    return bool(movement["status"] == "SUCCESS")


def _minor(amount: str, currency: str) -> int:
    return int(Decimal(amount).scaleb(exponent(currency)))


LEDGER = ShopifyLedger()
