"""NMI's books: every transaction is one document, with the actions that were done to it."""

from collections.abc import Mapping
from random import Random
from typing import Any

import msgspec

from paylinks_ports.money import Money
from paylinks_ports.providers import PaymentProvider

from .books import Browser, Charge

__all__ = ["LEDGER", "NmiLedger"]

# How a card behaves is how it begins.
_CARDS = ("visa00", "master", "short", "expired", "unknown", "slow", "partial")
_ZERO, _THREE = frozenset({"JPY"}), frozenset({"KWD"})


class NmiLedger:
    """Reads the documents as they lie there; nobody pays in the browser."""

    credentials: Mapping[str, str] = {"securityKey": "S1mulat1on" * 3 + "S1", "webhookSigningKey": "demo-signing-key"}

    def token(self, source: Random) -> str:
        """Make a token of Collect.js, good for one charge."""
        number, card = source.randrange(10**14), source.choice(_CARDS).ljust(12, str(source.randrange(10)))
        return f"{number // 10**6:08}-{number % 10**6:06}-000000-{card}"

    def charges(self, entries: Mapping[str, str], now: int) -> list[Charge]:
        """Read every sale that has taken money by now, given back or not."""
        found: list[Charge] = []
        for key, text in entries.items():
            if not key.startswith("transaction/"):
                continue
            record = msgspec.json.decode(text)
            if record["type"] != "sale" or not _taken(record, now):
                continue
            found.append(
                Charge(
                    transaction_id=record["id"],
                    order_id=record["fields"]["merchant_defined_field_1"],  # its own order id is our attempt's
                    money=Money(_minor(record["amount"], record["currency"]), record["currency"]),
                    refunded=_minor(
                        record["amount"] if record["condition"] == "canceled" else record.get("refunded", 0),
                        record["currency"],
                    ),
                )
            )
        return found

    async def pay(self, provider: PaymentProvider[Any], browser: Browser) -> None:
        """Do nothing: there is no step in a browser."""


def _taken(record: dict[str, object], now: int) -> bool:
    """Say whether a sale has taken money: it was approved, or was in progress and is over."""
    pays_at = record.get("pays_at")
    if record["condition"] == "in_progress":
        return isinstance(pays_at, int) and pays_at <= now
    actions = record.get("actions")
    return isinstance(actions, list) and any(one["type"] == "sale" and one.get("success", True) for one in actions)


def _minor(hundredths: int, currency: str) -> int:
    """NMI writes two decimals for every currency."""
    if currency in _ZERO:
        return hundredths // 100
    return hundredths * 10 if currency in _THREE else hundredths


LEDGER = NmiLedger()
