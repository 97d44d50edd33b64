"""Money as Stripe writes it: its own minor units, which are not always those of ISO 4217.

docs.stripe.com/currencies: "zero-decimal currencies", "three-decimal currencies", "special cases".
"""

from decimal import Decimal

from paylinks_ports import Money, ProviderRefused, decimals, from_major

__all__ = ["from_stripe", "to_stripe"]

ZERO_DECIMAL = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
"""docs.stripe.com/currencies#zero-decimal"""

THREE_DECIMAL = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
"""docs.stripe.com/currencies#three-decimal: the last digit must be 0."""


def _decimals(money: Money) -> int:
    """Say how many digits Stripe's minor unit of a currency has."""
    if money.currency == "UGX":  # nothing is charged in a unit that is only guessed
        details = "currency: Stripe's documents disagree on how many decimals it has there"
        raise ProviderRefused("Stripe can't be asked for this currency", details=details)
    if money.currency in ZERO_DECIMAL:
        return 0
    if money.currency in THREE_DECIMAL:
        return 3
    decimals(money, 0, 2)  # two are Stripe's rule, and its lists are the exceptions: no other currency may have more
    return 2


def to_stripe(money: Money) -> tuple[int, str]:
    """Give amount and currency as a request has them.

    Raises:
        ProviderRefused: Stripe would refuse it, or it can't be said exactly.

    """
    digits = _decimals(money)
    units = money.major.scaleb(digits)
    if units != int(units):
        raise ProviderRefused("Stripe takes no fraction", details=f"amount: must be whole {money.currency}")
    if money.currency in THREE_DECIMAL and units % 10:
        raise ProviderRefused("Stripe takes two decimals at most", details=f"amount: {money.currency} must end in 0")
    return int(units), money.currency.lower()


def from_stripe(amount: int, currency: str) -> Money:
    """Read amount and currency of an answer.

    Raises:
        ValueError: it can't be said exactly in ISO 4217's unit, or the currency is none.

    """
    code = currency.upper()
    try:
        return from_major(Decimal(amount).scaleb(-_decimals(Money(amount, code))), code)
    except ProviderRefused as error:
        raise ValueError(error.details) from error
