"""Selling by a provider's own catalogue: each line item is a product of it, or is refused by the setting's name."""

import pytest

from paylinks_ports import LineItem, Money, Order, ProviderRefused, decimals, items_of, pick, share_out
from paylinks_ports.testing import make_order


def with_items(*items: tuple[int, int], amount: int = 4999, currency: str = "USD") -> Order:
    """Make an order of so many pieces at a price each."""
    lines = [
        LineItem(id=f"p{place}", name="x", quantity=many, unit_price=price) for place, (many, price) in enumerate(items)
    ]
    return make_order(amount, currency, line_items=tuple(lines))


def test_items() -> None:
    """An order without line items is one of all."""
    order = with_items((2, 100))
    assert items_of(order) == order.line_items
    (one,) = items_of(make_order())
    assert (one.name, one.quantity, one.unit_price) == ("Blue shirt", 1, 4999)


def test_pick() -> None:
    """By its id, else by its sku, else what stands for everything."""
    products = {"p-1": "one", "BLUE": "blue"}
    item = LineItem(id="p-1", sku="BLUE", name="x", quantity=1, unit_price=1)
    assert pick(item, products, "all") == "one"
    assert pick(LineItem(id="p-9", sku="BLUE", name="x", quantity=1, unit_price=1), products, None) == "blue"
    assert pick(LineItem(name="x", quantity=1, unit_price=1), products, "all") == "all"


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (
            LineItem(id="p-9", name="x", quantity=1, unit_price=1),
            "options.products: has no entry for 'p-9', and options.defaultItem: is missing",
        ),
        (LineItem(name="x", quantity=1, unit_price=1), "options.defaultItem: is missing"),
    ],
)
def test_nothing_to_pick(item: LineItem, told: str) -> None:
    """The error names the setting."""
    with pytest.raises(ProviderRefused) as caught:
        pick(item, {"p-1": "one"}, None, option="defaultItem")
    assert caught.value.details == told


def test_share_out() -> None:
    """The order's own prices where the pieces are as many, else all alike and never too much."""
    order = with_items((2, 1000), (1, 2999))
    assert share_out(order, [2, 1]) == [(2, 1000), (1, 2999)]
    assert share_out(order, [3, 4]) == [(3, 714), (4, 714)]
    assert share_out(make_order(1500, "KWD"), [4]) == [(4, 370)]


def test_decimals() -> None:
    """Of a currency that one can pay in, and that the provider takes."""
    assert [decimals(Money(100, currency)) for currency in ("JPY", "USD", "KWD")] == [0, 2, 3]
    assert decimals(Money(100, "USD"), 0, 2) == 2
    with pytest.raises(ProviderRefused, match="asked") as caught:
        decimals(Money(100, "KWD"), 0, 2)
    assert caught.value.details == "currency: KWD has 3 decimals"
    with pytest.raises(ProviderRefused):
        decimals(Money(100, "XXX"))
