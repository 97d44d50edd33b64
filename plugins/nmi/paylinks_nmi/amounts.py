"""Money as NMI writes it: a decimal number of major units with two places (Payment API, "amount", format x.xx)."""

import re
from decimal import Decimal

from paylinks_ports import Money, ProviderRefused, UnknownCurrency, exponent, from_major

__all__ = ["from_nmi", "to_nmi"]

_DECIMALS = 2
_NUMBER = re.compile(r"\d{1,16}(\.\d{1,4})?", re.ASCII)


def to_nmi(money: Money) -> tuple[str, str]:
    """Give amount and currency as a request has them.

    NMI's documents know two decimals and no others: what x.xx means for a currency without them, or with three, is
    nowhere said, and nothing is charged in a unit that is only guessed.

    Raises:
        ProviderRefused: the currency has no two decimals.

    """
    try:
        decimals = exponent(money.currency)
    except UnknownCurrency as error:
        raise ProviderRefused(error.message, details=f"currency: {error.details}") from error
    if decimals != _DECIMALS:
        details = f"currency: {money.currency} has {decimals} decimals, and the gateway's amounts have two"
        raise ProviderRefused("The gateway can't be asked for this currency", details=details)
    return f"{money.major:.2f}", money.currency


def from_nmi(amount: str, currency: str) -> Money:
    """Read amount and currency of an answer.

    Raises:
        ValueError: it is no amount, can't be said exactly in the currency's unit, or the currency is none.

    """
    if not _NUMBER.fullmatch(amount):
        raise ValueError("the amount is none")
    return from_major(Decimal(amount), currency)
