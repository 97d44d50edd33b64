"""From an order's line items to offers of Sticky.io's catalogue, at the order's own prices."""

from collections.abc import Sequence

from msgspec import Struct

from paylinks_ports import LineItem, Money, Order, ProviderRefused, allot, least_step, write_amount

from .credentials import StickyCredentials
from .options import StickyOptions, StickyProduct

__all__ = ["Cart", "Chosen", "fill"]

_DEMO_PRODUCT = StickyProduct(offer_id="1", product_id="1", billing_model_id="2")
_DEMO_SHIPPING = "1"


class Chosen(Struct, frozen=True, kw_only=True):
    """What an operation's body chooses in place of the options."""

    campaign_id: str | None = None
    shipping_id: str | None = None
    offers: tuple[tuple[StickyProduct, int, int | None], ...] = ()


class Cart(Struct, frozen=True, kw_only=True):
    """The part of a request that says what is sold and for how much: it sums up to the order's amount."""

    campaign_id: str
    shipping_id: str
    offers: list[dict[str, object]]
    shipping_charge: str
    gateway_id: str | None = None

    def write(self) -> dict[str, object]:
        """Give it as a request has it (Sticky.io's API v1, ``new_order``)."""
        written: dict[str, object] = {
            "campaignId": self.campaign_id,
            "shippingId": self.shipping_id,
            "offers": self.offers,
            "dynamic_shipping_charge": self.shipping_charge,
        }
        return written | ({"forceGatewayId": self.gateway_id} if self.gateway_id else {})


def fill(order: Order, credentials: StickyCredentials, options: StickyOptions, chosen: Chosen | None = None) -> Cart:
    """Fill a cart for an order.

    Raises:
        ProviderRefused: an option is missing, or the amount is none that Sticky.io takes.

    """
    demo = credentials.demo
    chosen = chosen or Chosen()
    write_amount(order.money)  # refuses what can't be written before anything is read of the catalogue
    if not demo and order.money.currency != options.currency:
        raise ProviderRefused(
            "This Sticky.io campaign charges in another currency",
            details=f"options.currency: is {options.currency}, the order is in {order.money.currency}",
        )
    campaign = chosen.campaign_id or credentials.campaign_id
    if campaign is None:
        raise _missing("credentials.campaignId")
    shipping = chosen.shipping_id or options.shipping_id or (_DEMO_SHIPPING if demo else None)
    if shipping is None:
        raise _missing("options.shippingId")
    if chosen.offers:
        products = [(product, step) for product, _, step in chosen.offers]
        lines = _priced(order, [quantity for _, quantity, _ in chosen.offers])
    else:
        items = order.line_items or (
            LineItem(name=order.description or order.order_id, quantity=1, unit_price=order.money.amount),
        )
        products = [(_product(item, options, demo=demo), None) for item in items]
        lines = [(item.quantity, item.unit_price) for item in items]
    prices, rest = allot(order.money, lines)
    currency = order.money.currency
    offers = [
        _offer(product, quantity, write_amount(Money(price, currency)), step)
        for (product, step), (quantity, _), price in zip(products, lines, prices, strict=True)
    ]
    return Cart(
        campaign_id=campaign,
        shipping_id=shipping,
        offers=offers,
        shipping_charge=write_amount(Money(rest, currency)),
        gateway_id=options.gateway_id,
    )


def _priced(order: Order, quantities: Sequence[int]) -> list[tuple[int, int]]:
    """Price offers that were named without prices: as the order's own lines where they match, else all pieces alike."""
    if [item.quantity for item in order.line_items] == list(quantities):
        return [(item.quantity, item.unit_price) for item in order.line_items]
    step = least_step(order.money)
    each = order.money.amount // sum(quantities) // step * step
    return [(quantity, each) for quantity in quantities]


def _product(item: LineItem, options: StickyOptions, *, demo: bool) -> StickyProduct:
    for name in (item.id, item.sku):
        if name is not None and name in options.products:
            return options.products[name]
    found = options.default_product or (_DEMO_PRODUCT if demo else None)
    if found is None and item.id is None and item.sku is None:
        raise _missing("options.defaultProduct")
    if found is None:
        name = item.id or item.sku
        raise ProviderRefused(
            "Sticky.io sells what its catalogue knows",
            details=f"options.products: has no entry for {name!r}, and options.defaultProduct is missing",
        )
    return found


def _offer(product: StickyProduct, quantity: int, price: str, step: int | None) -> dict[str, object]:
    # Without a price Sticky.io takes its own, silently.
    offer: dict[str, object] = {
        "offer_id": product.offer_id,
        "product_id": product.product_id,
        "quantity": str(quantity),
        "price": price,
    }
    if product.billing_model_id is not None:
        offer["billing_model_id"] = product.billing_model_id
    return offer | ({"step_num": str(step)} if step is not None else {})


def _missing(name: str) -> ProviderRefused:
    return ProviderRefused("Sticky.io sells what its catalogue knows", details=f"{name}: is missing")
