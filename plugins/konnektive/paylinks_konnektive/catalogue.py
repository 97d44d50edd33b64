"""From an order's line items to products of Konnektive's campaign, at the order's own prices."""

from collections.abc import Sequence

from msgspec import Struct

from paylinks_ports import LineItem, Money, Order, ProviderRefused, allot, least_step, write_amount

from .credentials import KonnektiveCredentials
from .options import KonnektiveOptions

__all__ = ["Cart", "Chosen", "fill"]

_DEMO_PRODUCT = "1"


class Chosen(Struct, frozen=True, kw_only=True):
    """What an operation's body chooses in place of the options; each product with its quantity and price."""

    campaign_id: str | None = None
    products: tuple[tuple[str, int, int | None], ...] = ()


class Cart(Struct, frozen=True, kw_only=True):
    """What is sold, in Konnektive's own fields: it sums up to the order's amount."""

    campaign_id: str
    lines: dict[str, str]


def fill(
    order: Order, credentials: KonnektiveCredentials, options: KonnektiveOptions, chosen: Chosen | None = None
) -> Cart:
    """Fill a cart for an order.

    Raises:
        ProviderRefused: an option is missing, or the amount is none that Konnektive takes.

    """
    demo = credentials.demo
    chosen = chosen or Chosen()
    write_amount(order.money)  # refuses what can't be written before anything is read of the catalogue
    if not demo and order.money.currency != options.currency:
        raise ProviderRefused(
            "This Konnektive campaign charges in another currency",
            details=f"options.currency: is {options.currency}, the order is in {order.money.currency}",
        )
    campaign = chosen.campaign_id or options.campaign_id or credentials.campaign_id
    if campaign is None:
        raise _missing("options.campaignId")
    if chosen.products:
        products = [product for product, _, _ in chosen.products]
        lines = _priced(order, chosen.products)
    else:
        items = order.line_items or (
            LineItem(name=order.description or order.order_id, quantity=1, unit_price=order.money.amount),
        )
        products = [_product(item, options, demo=demo) for item in items]
        lines = [(item.quantity, item.unit_price) for item in items]
    prices, rest = allot(order.money, lines)
    written = {"salesTax": "0.00"}
    for number, (product, (quantity, _), price) in enumerate(zip(products, lines, prices, strict=True), start=1):
        # Numbered without a gap: Konnektive drops the lines after one. Without a price it takes the campaign's own.
        written |= {
            f"product{number}_id": product,
            f"product{number}_qty": str(quantity),
            f"product{number}_price": write_amount(Money(price, order.money.currency)),
            f"product{number}_shipPrice": write_amount(Money(rest if number == 1 else 0, order.money.currency)),
        }
    return Cart(campaign_id=campaign, lines=written)


def _priced(order: Order, products: Sequence[tuple[str, int, int | None]]) -> list[tuple[int, int]]:
    """Price products: as the body says, as the order's own lines where those match, else all pieces alike."""
    if all(price is not None for _, _, price in products):
        return [(quantity, price or 0) for _, quantity, price in products]
    quantities = [quantity for _, quantity, _ in products]
    if [item.quantity for item in order.line_items] == quantities:
        return [(item.quantity, item.unit_price) for item in order.line_items]
    step = least_step(order.money)
    each = order.money.amount // sum(quantities) // step * step
    return [(quantity, each) for quantity in quantities]


def _product(item: LineItem, options: KonnektiveOptions, *, demo: bool) -> str:
    for name in (item.id, item.sku):
        if name is not None and name in options.products:
            return options.products[name]
    found = options.default_product or (_DEMO_PRODUCT if demo else None)
    if found is not None:
        return found
    name = item.id or item.sku
    if name is None:
        raise _missing("options.defaultProduct")
    raise ProviderRefused(
        "Konnektive sells what its campaign knows",
        details=f"options.products: has no entry for {name!r}, and options.defaultProduct is missing",
    )


def _missing(name: str) -> ProviderRefused:
    return ProviderRefused("Konnektive sells what its campaign knows", details=f"{name}: is missing")
