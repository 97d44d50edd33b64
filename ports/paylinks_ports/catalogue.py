"""Selling by a provider's own catalogue: which of its products stands for a line item, and at what price."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from .amounts import least_step
from .errors import ProviderRefused
from .payments import LineItem, Order

__all__ = ["items_of", "pick", "share_out"]

P = TypeVar("P")


def items_of(order: Order) -> tuple[LineItem, ...]:
    """Give an order's line items; of an order without any, one for all of it."""
    everything = LineItem(name=order.description or order.order_id, quantity=1, unit_price=order.money.amount)
    return order.line_items or (everything,)


def pick(item: LineItem, products: Mapping[str, P], default: P | None, *, option: str = "defaultProduct") -> P:
    """Find the product of the catalogue that stands for a line item, by its id or its sku.

    Args:
        item: what is sold.
        products: the brand's setting ``options.products``.
        default: what stands for everything that `products` does not name.
        option: what the brand's setting of `default` is called.

    Raises:
        ProviderRefused: there is none.

    """
    names = [name for name in (item.id, item.sku) if name is not None]
    found = next((products[name] for name in names if name in products), default)
    if found is not None:
        return found
    missing = f"options.{option}: is missing"
    details = f"options.products: has no entry for {names[0]!r}, and {missing}" if names else missing
    raise ProviderRefused("The provider sells what its own catalogue knows", details=details)


def share_out(order: Order, quantities: Sequence[int]) -> list[tuple[int, int]]:
    """Price products that were named without prices: as the order's own lines where those match, else all pieces alike.

    Returns:
        Of each product its quantity and unit price, as `allot` takes them.

    """
    if [item.quantity for item in order.line_items] == list(quantities):
        return [(item.quantity, item.unit_price) for item in order.line_items]
    step = least_step(order.money)
    each = order.money.amount // sum(quantities) // step * step
    return [(quantity, each) for quantity in quantities]
