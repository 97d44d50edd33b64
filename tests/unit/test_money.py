"""Money: minor units in 0, 2 and 3 digits, and the currencies one can't pay in."""

from decimal import Decimal

import pytest

from paylinks_ports.errors import UnknownCurrency
from paylinks_ports.money import Money, exponent


@pytest.mark.parametrize(("currency", "digits"), [("JPY", 0), ("USD", 2), ("KWD", 3), ("ISK", 0), ("UGX", 0)])
def test_digits_are_those_of_iso_4217(currency: str, digits: int) -> None:
    """The table is the standard's."""
    assert exponent(currency) == digits


@pytest.mark.parametrize("currency", ["XAU", "XTS", "ABC", "usd", "", "US"])
def test_what_is_no_currency_is_refused(currency: str) -> None:
    """Gold, test codes and misspelt codes can't be paid in."""
    with pytest.raises(UnknownCurrency):
        exponent(currency)


def test_major_units_are_exact() -> None:
    """No float comes near an amount."""
    assert Money(9999, "USD").major == Decimal("99.99")
    assert Money(500, "JPY").major == Decimal(500)
    assert str(Money(1500, "KWD")) == "1.500 KWD"
    assert Money(10**12, "KWD").major == Decimal("1000000000.000")
