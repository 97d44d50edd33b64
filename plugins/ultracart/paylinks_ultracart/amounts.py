"""Money as UltraCart writes it: JSON numbers in major units of the account's base currency."""

from paylinks_ports import Money, ProviderRefused, UnknownCurrency, exponent

__all__ = ["check_currency"]

_MOST_DIGITS = 2
"""UltraCart's documents show cents and say nothing of currencies with three digits: those are refused."""


def check_currency(money: Money, base_currency: str | None) -> None:
    """Return where UltraCart can be asked for this money.

    Args:
        money: what is to be charged.
        base_currency: the account's; None: any (the simulator's).

    Raises:
        ProviderRefused: it can't.

    """
    try:
        digits = exponent(money.currency)
    except UnknownCurrency as error:
        raise ProviderRefused(error.message, details=f"currency: {error.details}") from error
    if digits > _MOST_DIGITS:
        raise ProviderRefused("UltraCart can't be asked for this currency", details=f"currency: {money.currency}")
    if base_currency not in (None, money.currency):
        details = f"options.currency: the account's base currency is {base_currency}, and the order's {money.currency}"
        raise ProviderRefused("UltraCart charges in its account's base currency only", details=details)
