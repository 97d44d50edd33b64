"""Money as Stripe writes it, both ways."""

import pytest

from paylinks_ports import Money, ProviderRefused
from paylinks_stripe.amounts import THREE_DECIMAL, ZERO_DECIMAL, from_stripe, to_stripe

SAME = [
    (Money(4999, "USD"), 4999),
    (Money(500, "JPY"), 500),
    (Money(1500, "KWD"), 1500),
    (Money(500, "ISK"), 50_000),  # no decimals in ISO 4217, two at Stripe
    (Money(300, "MGA"), 3),  # two decimals in ISO 4217, none at Stripe
    (Money(12_300, "HUF"), 12_300),
]


@pytest.mark.parametrize(("money", "amount"), SAME)
def test_both_ways(money: Money, amount: int) -> None:
    """What is asked for is what is read again."""
    assert to_stripe(money) == (amount, money.currency.lower())
    assert from_stripe(amount, money.currency.lower()) == money


@pytest.mark.parametrize(
    ("money", "reason"),
    [
        (Money(1501, "KWD"), "amount: KWD must end in 0"),
        (Money(350, "MGA"), "amount: must be whole MGA"),
        (Money(500, "UGX"), "currency: Stripe's documents disagree on how many decimals it has there"),
        (Money(500, "IQD"), "currency: IQD has 3 decimals"),
        (Money(500, "CLF"), "currency: CLF has 4 decimals"),
        (Money(500, "XAU"), "currency: 'XAU' is not an ISO 4217 currency with a minor unit"),
        (Money(500, "QQQ"), "currency: 'QQQ' is not an ISO 4217 currency with a minor unit"),
    ],
)
def test_refused(money: Money, reason: str) -> None:
    """What Stripe would refuse is refused here, with the reason."""
    with pytest.raises(ProviderRefused) as refused:
        to_stripe(money)
    assert refused.value.details == reason


@pytest.mark.parametrize(("amount", "currency"), [(50, "isk"), (1, "qqq"), (1, "ugx"), (1, "")])
def test_unreadable(amount: int, currency: str) -> None:
    """An answer that can't be said exactly is no amount."""
    with pytest.raises(ValueError, match=r"."):
        from_stripe(amount, currency)


def test_every_listed_currency_round_trips() -> None:
    """No list names a currency that ISO 4217 does not know."""
    for currency in ZERO_DECIMAL | THREE_DECIMAL:
        amount, wire = to_stripe(Money(1000, currency))
        assert from_stripe(amount, wire) == Money(1000, currency)
