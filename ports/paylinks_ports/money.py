"""Money as whole minor units of an ISO 4217 currency, and how many digits each currency has."""

from decimal import Decimal
from functools import cache

from msgspec import Struct

from .errors import UnknownCurrency

__all__ = ["MAX_AMOUNT", "Money", "exponent"]

MAX_AMOUNT = 10**12
"""The most minor units one amount may have: far above any order, far below what a JSON number keeps exactly."""


class Money(Struct, frozen=True):
    """An amount of one currency.

    Args:
        amount: whole minor units (9999 USD is $99.99, 500 JPY is ¥500, 1500 KWD is 1.500 dinars).
        currency: ISO 4217 code in upper case.

    """

    amount: int
    currency: str

    @property
    def major(self) -> Decimal:
        """The same amount in major units, exactly: ``Money(9999, "USD").major == Decimal("99.99")``.

        Raises:
            UnknownCurrency: the currency has no minor unit in ISO 4217.

        """
        return Decimal(self.amount).scaleb(-exponent(self.currency))

    def __str__(self) -> str:
        """Read as ``99.99 USD``."""
        return f"{self.major} {self.currency}"


@cache
def exponent(currency: str) -> int:
    """How many digits the currency's minor unit has: 0, 2, 3 or (UYW, CLF) 4.

    The table is ISO 4217's own, from the ``iso4217`` package.

    Raises:
        UnknownCurrency: not an ISO 4217 code in upper case, or one without a minor unit (gold, testing codes).

    """
    from iso4217 import Currency  # here, because the table takes 30 ms to load

    try:
        digits: int | None = Currency(currency).exponent
    except ValueError as error:
        raise UnknownCurrency(currency) from error
    if digits is None:
        raise UnknownCurrency(currency)
    return digits
