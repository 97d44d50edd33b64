"""Amounts as most providers write them: decimal numbers of major units, where the platform counts minor ones."""

import re
from collections.abc import Sequence
from decimal import Decimal

from .errors import ProviderRefused, UnknownCurrency
from .money import MAX_AMOUNT, Money, exponent

__all__ = ["allot", "decimals", "from_major", "least_step", "read_amount", "write_amount"]

_PLACES = 2
# A comma is believed between thousands only: in half of the world 49,99 is less than fifty.
_NUMBER = re.compile(r"(\d{1,16}|\d{1,3}(,\d{3}){1,5})(\.\d{1,10})?", re.ASCII)


def decimals(money: Money, *allowed: int) -> int:
    """Say how many decimals an amount's currency has.

    Args:
        money: the amount.
        allowed: the numbers that the provider can be asked for; none: any.

    Raises:
        ProviderRefused: the currency is none, or has another number of them.

    """
    try:
        found = exponent(money.currency)
    except UnknownCurrency as error:
        raise ProviderRefused(error.message, details=f"currency: {error.details}") from error
    if allowed and found not in allowed:
        details = f"currency: {money.currency} has {found} decimals"
        raise ProviderRefused("The provider can't be asked for this currency", details=details)
    return found


def from_major(major: Decimal, currency: str) -> Money:
    """Read a decimal number of major units, as `Money.major` gives it.

    Raises:
        ValueError: it is no whole number of minor units, more of them than an amount may have, or the currency is none.

    """
    try:
        units = major.scaleb(exponent(currency))
    except UnknownCurrency as error:
        raise ValueError(error.details) from error
    except ArithmeticError:
        units = Decimal("NaN")
    if not units.is_finite() or abs(units) > MAX_AMOUNT or units != units.to_integral_value():
        message = f"a provider's amount in {currency} is no whole number of minor units"
        raise ValueError(message)
    return Money(int(units), currency)


def read_amount(text: str | None, currency: str) -> Money:
    """Read decimal text of an answer, with commas between thousands or none.

    Raises:
        ValueError: it is no amount of that currency, or below nothing.

    """
    if not _NUMBER.fullmatch(text or ""):
        raise ValueError("a provider's amount is no decimal number")
    return from_major(Decimal((text or "").replace(",", "")), currency)


def write_amount(money: Money) -> str:
    """Write decimal text with two places, whatever the currency has.

    Raises:
        ProviderRefused: it has a third decimal, or the currency is none.

    """
    least_step(money)
    major = money.major
    if major != major.quantize(Decimal("0.01")):
        details = f"amount: {money.currency} must end in 0 here"
        raise ProviderRefused("The provider takes two decimals at most", details=details)
    return f"{major:.{_PLACES}f}"


def least_step(money: Money) -> int:
    """Say how many minor units the least amount with two places is: 10 in a currency of three decimals.

    Raises:
        ProviderRefused: the currency is none.

    """
    return int(10 ** max(0, decimals(money) - _PLACES))


def allot(money: Money, lines: Sequence[tuple[int, int]]) -> tuple[list[int], int]:
    """Make the prices of lines, each to be written with two places, come to exactly what is to be paid.

    What is to be paid above their sum (shipping and tax) is the rest, to be charged as shipping. What is below it
    (a discount) is taken off the lines from the first on; where it can't be shared evenly among the pieces of a line,
    the few minor units taken too much are part of the rest.

    Args:
        money: what is to be paid.
        lines: of each its quantity and unit price, in minor units.

    Returns:
        The unit prices, and the rest, which is never negative.

    """
    step = least_step(money)
    prices = [price // step * step for _, price in lines]
    rest = money.amount - sum(quantity * price for (quantity, _), price in zip(lines, prices, strict=True))
    for place, (quantity, _) in enumerate(lines):
        if rest >= 0:
            break
        cut = min(prices[place], -(rest // (quantity * step)) * step)
        prices[place] -= cut
        rest += cut * quantity
    return prices, rest
