"""What an order sells, in items of UltraCart's catalogue, so that their prices add up to the order's amount exactly."""

from collections.abc import Iterable
from decimal import Decimal

from msgspec import Struct

from paylinks_ports import Money, Order, ProviderRefused

from .credentials import UltraCartOptions

__all__ = ["Line", "Lines", "lines_of", "major"]

_DEMO_ITEM = "DEMO"


class Line(Struct, frozen=True, kw_only=True):
    """So many of one item, at a price of our own."""

    item_id: str
    quantity: int
    unit_price: int


class Lines(Struct, frozen=True, kw_only=True):
    """All lines of an order, and what of its amount is no item: shipping and tax, in minor units."""

    lines: tuple[Line, ...]
    extra: int = 0


def lines_of(order: Order, options: UltraCartOptions, *, demo: bool) -> Lines:
    """Find the items of an order.

    Raises:
        ProviderRefused: the options name none for a product.

    """
    amount = order.money.amount
    if not order.line_items:
        return Lines(lines=(Line(item_id=_item(options, (), demo=demo), quantity=1, unit_price=amount),))
    lines = [
        Line(item_id=_item(options, (one.id, one.sku), demo=demo), quantity=one.quantity, unit_price=one.unit_price)
        for one in order.line_items
    ]
    over = amount - sum(line.quantity * line.unit_price for line in lines)
    if over >= 0:
        return Lines(lines=tuple(lines), extra=over)
    return Lines(lines=tuple(_discounted(lines, -over)))


def _item(options: UltraCartOptions, names: Iterable[str | None], *, demo: bool) -> str:
    found = next((options.products[name] for name in names if name in options.products), options.default_item)
    if found is None and demo:
        return _DEMO_ITEM
    if found is None:
        told = " or ".join(repr(name) for name in names if name) or "a checkout without line items"
        details = f"options.products: has no item for {told}, and options.defaultItem is not set"
        raise ProviderRefused("UltraCart sells items of its own catalogue only", details=details)
    return found


def _discounted(lines: Iterable[Line], discount: int) -> Iterable[Line]:
    """Take a discount off the first lines, unit by unit, so that no price needs a fraction."""
    for line in lines:
        free, rest = divmod(min(discount, line.quantity * line.unit_price), line.unit_price or 1)
        discount -= free * line.unit_price + rest
        parts = ((free, 0), (1 if rest else 0, line.unit_price - rest))
        whole = line.quantity - sum(quantity for quantity, _ in parts)
        for quantity, unit_price in (*parts, (whole, line.unit_price)):
            if quantity:
                yield Line(item_id=line.item_id, quantity=quantity, unit_price=unit_price)


def major(amount: int, currency: str) -> Decimal:
    """Write minor units as UltraCart does."""
    return Money(amount, currency).major
