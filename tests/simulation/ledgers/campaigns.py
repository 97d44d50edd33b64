"""Money in the books of a CRM whose campaigns charge in one currency: two decimals, and no word of which currency."""

from paylinks_ports.money import Money

__all__ = ["money_of"]

_ZERO, _THREE = frozenset({"JPY"}), frozenset({"KWD"})


def money_of(order_id: str, hundredths: int) -> Money:
    """Read an amount; the currency is the one that an order's id ends on here."""
    currency = order_id.rpartition("-")[2]
    if currency in _ZERO:
        return Money(hundredths // 100, currency)
    return Money(hundredths * 10 if currency in _THREE else hundredths, currency)
