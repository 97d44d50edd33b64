"""Money as Stripe writes it: its own minor units, which are not always those of ISO 4217.

docs.stripe.com/currencies: "zero-decimal currencies", "three-decimal currencies", "special cases".
"""

from paylinks_ports import Money, ProviderRefused, UnknownCurrency, exponent

__all__ = ["from_stripe", "to_stripe"]

ZERO_DECIMAL = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
"""docs.stripe.com/currencies#zero-decimal"""

THREE_DECIMAL = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
"""docs.stripe.com/currencies#three-decimal: the last digit must be 0."""

REFUSED = {"UGX": "Stripe's documents disagree on how many decimals it has there"}
"""Nothing is charged in a unit that is only guessed."""


def _exponent(currency: str) -> int:
    """How many digits Stripe's minor unit of a currency has."""
    if currency in REFUSED:
        raise ProviderRefused("Stripe can't be asked for this currency", details=f"currency: {REFUSED[currency]}")
    if currency in ZERO_DECIMAL:
        return 0
    if currency in THREE_DECIMAL:
        return 3
    if exponent(currency) > 2:  # noqa: PLR2004 - two decimals are Stripe's rule, and its lists are the exceptions
        raise ProviderRefused("Stripe can't be asked for this currency", details=f"currency: Stripe has no {currency}")
    return 2


def to_stripe(money: Money) -> tuple[int, str]:
    """Give amount and currency as a request has them.

    Raises:
        ProviderRefused: Stripe would refuse it, or it can't be said exactly.

    """
    try:
        shift = _exponent(money.currency) - exponent(money.currency)
    except UnknownCurrency as error:
        raise ProviderRefused(error.message, details=f"currency: {error.details}") from error
    amount, rest = divmod(money.amount * 10 ** max(shift, 0), 10 ** max(-shift, 0))
    if rest:
        raise ProviderRefused("Stripe takes no fraction", details=f"amount: must be whole {money.currency}")
    if money.currency in THREE_DECIMAL and amount % 10:
        raise ProviderRefused("Stripe takes two decimals at most", details=f"amount: {money.currency} must end in 0")
    return amount, money.currency.lower()


def from_stripe(amount: int, currency: str) -> Money:
    """Read amount and currency of an answer.

    Raises:
        ValueError: it can't be said exactly in ISO 4217's unit, or the currency is none.

    """
    code = currency.upper()
    try:
        shift = exponent(code) - _exponent(code)
    except (UnknownCurrency, ProviderRefused) as error:
        raise ValueError(error.details) from error
    units, rest = divmod(amount * 10 ** max(shift, 0), 10 ** max(-shift, 0))
    if rest:
        message = f"{amount} {currency} is no whole number of minor units"
        raise ValueError(message)
    return Money(units, code)
