"""UltraCart's books: every order is one document; a refund is what its totals have grown to."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

import httpx
import msgspec
from msgspec.structs import replace

from paylinks_ports.money import Money, exponent
from paylinks_ports.providers import PaymentProvider
from paylinks_ultracart import UltraCartCredentials, UltraCartGateway, UltraCartOptions

from .books import Browser, Charge

__all__ = ["LEDGER", "UltraCartLedger"]

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
# How a card behaves is how its token begins.
_CARDS = ("visa", "visa", "master", "decline", "kept", "short", "slow", "late", "mute", "gone")
_TOKENS = 3


class _Apart(UltraCartGateway):
    """As another server process has it: the calls of two processes do not wait for each other."""

    def __init__(
        self,
        credentials: UltraCartCredentials,
        client: httpx.AsyncClient,
        options: UltraCartOptions = UltraCartOptions(),  # noqa: B008 - it is frozen
    ) -> None:
        super().__init__(credentials, client, options)
        self._api._account = object()  # type: ignore[assignment]  # what its lock is found by


class UltraCartLedger:
    """Reads the documents as they lie there; the browser's part is a token of the hosted fields, and no more."""

    credentials: Mapping[str, str] = {
        "merchantId": "DEMO",
        "apiKey": "small-simulation-key",
        "webhookSecret": "paylinks-demo-password",
    }
    options: Mapping[str, object] = {"defaultItem": "SHIRT", "currency": "USD"}
    extra: Mapping[str, str] = {"cvvToken": "cvv", "cardExpirationMonth": "12", "cardExpirationYear": "2040"}

    def apart(self, provider: PaymentProvider[Any]) -> PaymentProvider[Any]:
        """Give a provider whose every account is opened as by a process of its own."""
        return replace(provider, gateway=_Apart)

    def token(self, source: Random) -> str:
        """Make a token of the hosted fields, good for one charge; now and then it is one that was used."""
        return f"{source.choice(_CARDS)}-{source.randrange(_TOKENS):012}"

    def charges(self, entries: Mapping[str, str], now: int) -> list[Charge]:
        """Read every order that was paid, or is by now, given back or not."""
        found: list[Charge] = []
        for key, text in entries.items():
            if not key.startswith("order/"):
                continue
            record = _DECODER.decode(text)
            order = record["order"]
            settled = record["pays_at"] is not None and record["pays_at"] <= now
            if order["payment"]["payment_status"] not in ("Processed", "Refunded") and not settled:
                continue
            summary, currency = order["summary"], order["currency_code"]
            found.append(
                Charge(
                    transaction_id=order["order_id"],
                    order_id=order["checkout"]["custom_field2"],
                    money=Money(_minor(summary["total"], currency), currency),
                    refunded=_minor(summary.get("total_refunded"), currency),
                )
            )
        return found

    async def pay(self, provider: PaymentProvider[Any], browser: Browser) -> None:
        """Do nothing: a cart is paid by the server alone."""


def _minor(amount: dict[str, Any] | None, currency: str) -> int:
    return int(Decimal(str(amount["value"])).scaleb(exponent(currency))) if amount else 0


LEDGER = UltraCartLedger()
