"""Money as Konnektive writes it: decimal text in major units, two digits."""

from collections.abc import Sequence
from decimal import Decimal

from paylinks_ports import Money, ProviderRefused, UnknownCurrency, exponent

__all__ = ["allot", "from_konnektive", "to_konnektive", "units"]

_CENT = Decimal("0.01")
_MOST = Decimal(10) ** 12


def to_konnektive(money: Money) -> str:
    """Give an amount as a request has it.

    Raises:
        ProviderRefused: it has a third decimal, or the currency is none.

    """
    try:
        major = money.major
    except UnknownCurrency as error:
        raise ProviderRefused(error.message, details=f"currency: {error.details}") from error
    if major != major.quantize(_CENT):
        raise ProviderRefused(
            "Konnektive takes two decimals at most", details=f"amount: {money.currency} must end in 0 here"
        )
    return f"{major:.2f}"


def from_konnektive(text: str | None, currency: str) -> Money:
    """Read an amount of an answer.

    Raises:
        ValueError: it is no amount of that currency.

    """
    try:
        amount = Decimal((text or "").replace(",", "")).scaleb(exponent(currency))
    except (ArithmeticError, UnknownCurrency):
        amount = Decimal("NaN")
    if not amount.is_finite() or amount != amount.to_integral_value() or not 0 <= amount <= _MOST:
        message = "Konnektive names an amount that is none"
        raise ValueError(message)
    return Money(int(amount), currency)


def units(money: Money) -> int:
    """How many minor units the smallest amount is that can be written: 10 in a currency of three decimals."""
    try:
        return int(max(Decimal(1), _CENT.scaleb(exponent(money.currency))))
    except UnknownCurrency as error:
        raise ProviderRefused(error.message, details=f"currency: {error.details}") from error


def allot(money: Money, lines: Sequence[tuple[int, int]]) -> tuple[list[int], int]:
    """Make the prices of lines come to exactly what is to be paid.

    What is to be paid above their sum (shipping and tax) is the rest, to be charged as shipping. What is below it
    (a discount) is taken off the lines from the first on; where it can't be shared evenly among the pieces of a line,
    the few minor units taken too much are part of the rest.

    Args:
        money: what is to be paid.
        lines: of each its quantity and unit price, in minor units.

    Returns:
        The unit prices, and the rest, which is never negative.

    """
    step = units(money)
    prices = [price // step * step for _, price in lines]
    rest = money.amount - sum(quantity * price for (quantity, _), price in zip(lines, prices, strict=True))
    for place, (quantity, _) in enumerate(lines):
        if rest >= 0:
            break
        cut = min(prices[place], -(rest // (quantity * step)) * step)
        prices[place] -= cut
        rest += cut * quantity
    return prices, rest
