"""From an order's line items to products of Konnektive's campaign, at the order's own prices."""

from paylinks_ports import Money, Order, ProviderRefused, allot, items_of, pick, share_out, write_amount

from .operations import ProcessPaymentBody
from .settings import KonnektiveCredentials, KonnektiveOptions

__all__ = ["fill"]


def fill(
    order: Order,
    credentials: KonnektiveCredentials,
    options: KonnektiveOptions,
    chosen: ProcessPaymentBody | None = None,
) -> dict[str, str]:
    """Fill a cart for an order, in Konnektive's own fields: it sums up to the order's amount.

    Args:
        order: what is paid for.
        credentials: whose campaign it is, where nothing else names one.
        options: which products stand for the order's.
        chosen: the campaign and the products, where the call names them.

    Raises:
        ProviderRefused: an option is missing, or the amount is none that Konnektive takes.

    """
    if not credentials.demo and order.money.currency != options.currency:
        raise ProviderRefused(
            "This Konnektive campaign charges in another currency",
            details=f"options.currency: is {options.currency}, the order is in {order.money.currency}",
        )
    campaign = (chosen and chosen.campaign_id) or options.campaign_id or credentials.campaign_id
    if campaign is None:
        raise ProviderRefused("Konnektive sells what its campaign knows", details="options.campaignId: is missing")
    if chosen and chosen.products:
        products = [str(one.product_id) for one in chosen.products]
        lines = [(one.quantity, one.price) for one in chosen.products if one.price is not None]
        if len(lines) < len(products):
            lines = share_out(order, [one.quantity for one in chosen.products])
    else:
        items = items_of(order)
        default = options.default_product or ("1" if credentials.demo else None)
        products = [pick(item, options.products, default) for item in items]
        lines = [(item.quantity, item.unit_price) for item in items]
    prices, rest = allot(order.money, lines)
    cart = {"campaignId": str(campaign), "salesTax": "0.00"}
    for number, (product, (quantity, _), price) in enumerate(zip(products, lines, prices, strict=True), start=1):
        # Numbered without a gap: Konnektive drops the lines after one. Without a price it takes the campaign's own.
        cart |= {
            f"product{number}_id": product,
            f"product{number}_qty": str(quantity),
            f"product{number}_price": write_amount(Money(price, order.money.currency)),
            f"product{number}_shipPrice": write_amount(Money(rest if number == 1 else 0, order.money.currency)),
        }
    return cart
