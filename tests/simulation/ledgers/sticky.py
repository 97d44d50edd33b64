"""Sticky.io's books: every order is one document, a declined one, too."""

import re
from collections.abc import Mapping
from random import Random
from typing import Any

import msgspec

from paylinks_ports.providers import PaymentProvider

from .books import Browser, Charge
from .campaigns import money_of

__all__ = ["LEDGER", "StickyLedger"]

# How a card behaves is how it begins.
_CARDS = ("visa", "visa", "master", "slow", "slow", "declined", "short", "processing")
_ORDER = re.compile(r"Order (?P<id>\S+) \(")


class StickyLedger:
    """Reads the documents as they lie there; nothing is left to do in the browser once it has made a token."""

    credentials: Mapping[str, str] = {
        "appKey": "simulation",
        "username": "simulation",
        "password": "simulation",
        "campaignId": "7",
        "webhookSecret": "demo-postback-secret",
    }
    options: Mapping[str, object] = {"defaultProduct": {"offerId": "9", "productId": "99"}, "shippingId": "5"}

    def token(self, source: Random) -> str:
        """Make a token, good for one order; now and then of a card that has just paid."""
        return f"{source.randrange(10**14):014}-{source.choice(_CARDS)}{source.choice((1, source.randrange(10**6)))}"

    def charges(self, entries: Mapping[str, str], now: int) -> list[Charge]:
        """Read every order that is approved by now, given back or not."""
        found: list[Charge] = []
        for key, text in entries.items():
            record = msgspec.json.decode(text) if key.startswith("order/") else None
            if record is None or record["decline_reason"] or record["test"] or record["settles_at"] > now:
                continue
            named = _ORDER.match(record["given"]["notes"])
            assert named is not None
            refunded = record["total"] if record["voided"] else record["refunded"]
            found.append(
                Charge(
                    transaction_id=f"59{record['id']}0001",
                    order_id=named["id"],
                    money=money_of(named["id"], record["total"]),
                    refunded=money_of(named["id"], refunded).amount,
                )
            )
        return found

    async def pay(self, provider: PaymentProvider[Any], browser: Browser) -> None:
        """Do nothing: there is no step in a browser."""


LEDGER = StickyLedger()
