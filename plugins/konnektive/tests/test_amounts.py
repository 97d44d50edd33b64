"""Amounts of answers: exactly, or not at all; and prices that come to what is to be paid."""

import pytest

from paylinks_konnektive.amounts import allot, from_konnektive
from paylinks_ports import Money


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("49.99", "USD", 4999),
        ("49.9", "USD", 4990),
        ("1,049.99", "USD", 104999),
        ("500.00", "JPY", 500),
        ("1.50", "KWD", 1500),
        ("0.00", "USD", 0),
    ],
)
def test_read(text: str, currency: str, amount: int) -> None:
    """As the provider writes them."""
    assert from_konnektive(text, currency) == Money(amount, currency)


@pytest.mark.parametrize(
    "text",
    [None, "", "abc", "NaN", "Infinity", "-1.00", "1.001", "1e999999999999", "1E+40", "²", "1.2.3", "0x10", "9" * 5000],
)
def test_nonsense(text: str | None) -> None:
    """Nothing is guessed, and nothing breaks."""
    with pytest.raises(ValueError, match=r".+"):
        from_konnektive(text, "USD")


@pytest.mark.parametrize("currency", ["USD", "JPY"])
@pytest.mark.parametrize("total", [1, 2, 999, 1000, 1001, 3499, 3500, 3501, 10**9])
def test_allot(total: int, currency: str) -> None:
    """Whatever lines and total are, they meet, and nothing is negative."""
    for lines in ([(3, 1000), (1, 500)], [(7, 1)], [(1, 0)], [(2, 333), (5, 777), (11, 13)]):
        prices, rest = allot(Money(total, currency), lines)
        assert rest >= 0
        assert all(price >= 0 for price in prices)
        assert rest + sum(quantity * price for (quantity, _), price in zip(lines, prices, strict=True)) == total
