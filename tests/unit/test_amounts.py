"""Decimal amounts: read exactly, or not at all; written with two places; and prices that come to what is to be paid."""

from decimal import Decimal

import pytest

from paylinks_ports import Money, ProviderRefused, allot, from_major, read_amount, write_amount


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
    assert read_amount(text, currency) == Money(amount, currency)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "abc",
        "NaN",
        "Infinity",
        "-1.00",
        "1.001",
        "1e999999999999",
        "1E+40",
        "²",
        "1.2.3",
        "0x10",
        "9" * 5000,
        "49,99",
        "1,0000.00",
        ",5",
        "1_0",
        "1e2",
        "+1",
        "१",
        " 1",
        "1\n",
    ],
)
def test_nonsense(text: str | None) -> None:
    """Nothing is guessed, and nothing breaks."""
    with pytest.raises(ValueError, match=r".+"):
        read_amount(text, "USD")


@pytest.mark.parametrize(("major", "currency"), [("1.001", "USD"), ("sNaN", "USD"), ("1e99999", "USD"), ("1", "XAU")])
def test_no_amount(major: str, currency: str) -> None:
    """Neither a part of a unit, nor more than any amount has, nor gold."""
    with pytest.raises(ValueError, match=r".+"):
        from_major(Decimal(major), currency)


@pytest.mark.parametrize("money", [Money(-5, "USD"), Money(500, "JPY"), Money(1501, "KWD"), Money(10**12, "KWD")])
def test_major_units_are_read_back(money: Money) -> None:
    """Whatever is given back, too."""
    assert from_major(money.major, money.currency) == money


@pytest.mark.parametrize(
    ("money", "text"), [(Money(4999, "USD"), "49.99"), (Money(500, "JPY"), "500.00"), (Money(1500, "KWD"), "1.50")]
)
def test_write(money: Money, text: str) -> None:
    """With two places, and read back the same."""
    assert write_amount(money) == text
    assert read_amount(text, money.currency) == money


@pytest.mark.parametrize("money", [Money(1501, "KWD"), Money(1, "XAU"), Money(1, "usd")])
def test_what_can_not_be_written(money: Money) -> None:
    """It is refused, never rounded."""
    with pytest.raises(ProviderRefused):
        write_amount(money)


@pytest.mark.parametrize("currency", ["USD", "JPY"])
@pytest.mark.parametrize("total", [1, 2, 999, 1000, 1001, 3499, 3500, 3501, 10**9])
def test_allot(total: int, currency: str) -> None:
    """Whatever lines and total are, they meet, and nothing is negative."""
    for lines in ([(3, 1000), (1, 500)], [(7, 1)], [(1, 0)], [(2, 333), (5, 777), (11, 13)]):
        prices, rest = allot(Money(total, currency), lines)
        assert rest >= 0
        assert all(price >= 0 for price in prices)
        assert rest + sum(quantity * price for (quantity, _), price in zip(lines, prices, strict=True)) == total
