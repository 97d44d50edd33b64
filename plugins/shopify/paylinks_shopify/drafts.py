"""What a draft order is made of, so that the customer pays the order's amount and nothing else."""

import hashlib
import re

from paylinks_ports import Address, Customer, LineItem, Money, Order, decimals, international_phone, items_of

from .operations import Line

__all__ = ["ATTEMPT", "ORDER", "draft_of", "tag_of"]

Json = dict[str, object]

ATTEMPT, ORDER, PAYMENT = "paylinks_attempt_id", "paylinks_order_id", "paylinks_payment_id"
"""The names of the custom attributes that hold our ids, for the desk shows these."""

_TAG = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_PROVINCE = re.compile(r"[A-Z0-9]{1,3}")
_LONGEST_TITLE = 255
_VARIANT = "gid://shopify/ProductVariant/"


def tag_of(attempt_id: str) -> str:
    """Write an attempt's id as a tag to search for, at most forty plain characters; another is known by its digest."""
    if _TAG.fullmatch(attempt_id):
        return attempt_id
    return f"att~{hashlib.sha256(attempt_id.encode()).hexdigest()[:36]}"


def draft_of(order: Order, lines: tuple[Line, ...]) -> Json:
    """Write the input of a draft order (DraftOrderInput).

    Args:
        order: whose.
        lines: variants of the shop at the shop's prices; none: the order's own items at its own prices.

    Raises:
        ProviderRefused: nobody can pay in this currency.

    """
    decimals(order.money)
    ids = {ORDER: order.order_id, PAYMENT: order.payment_id, ATTEMPT: order.attempt_id}
    sold = [{"variantId": _VARIANT + one.variant_id.removeprefix(_VARIANT), "quantity": one.quantity} for one in lines]
    return ({"lineItems": sold} if lines else _own_items(order)) | _filled(
        customAttributes=[{"key": key, "value": value} for key, value in ids.items()],
        tags=[tag_of(order.attempt_id)],
        poNumber=order.order_id,
        presentmentCurrencyCode=order.money.currency,
        allowDiscountCodesInCheckout=False,
        acceptAutomaticDiscounts=False,
        email=order.customer.email,
        shippingAddress=_address(order.customer, order.shipping_address),
        billingAddress=_address(order.customer, order.billing_address),
    )


def _filled(**fields: object) -> Json:
    """Leave out what there is nothing of."""
    return {name: value for name, value in fields.items() if value not in (None, "")}


def _own_items(order: Order) -> Json:
    """Sell the order's own items free of tax and shipping, for the amount holds both already."""
    currency, ships = order.money.currency, order.shipping_address is not None
    items = items_of(order)
    lines = [_item(one, currency, ships=ships) for one in items]
    over = order.money.amount - sum(one.quantity * one.unit_price for one in items)
    if over > 0:
        rest = LineItem(name="Shipping and tax", quantity=1, unit_price=over)
        lines.append(_item(rest, currency, ships=False))
    own: Json = {"taxExempt": True, "lineItems": lines}
    if over < 0:
        discount = Money(-over, currency)
        own["appliedDiscount"] = {
            "title": "Discount",
            "valueType": "FIXED_AMOUNT",
            "value": float(discount.major),
            "amountWithCurrency": _money(discount),
        }
    if ships:
        own["shippingLine"] = {"title": "Shipping", "priceWithCurrency": _money(Money(0, currency))}
    return own


def _item(item: LineItem, currency: str, *, ships: bool) -> Json:
    return _filled(
        title=item.name[:_LONGEST_TITLE],
        quantity=item.quantity,
        originalUnitPriceWithCurrency=_money(Money(item.unit_price, currency)),
        requiresShipping=ships,
        taxable=False,
        sku=item.sku,
    )


def _money(money: Money) -> Json:
    return {"amount": str(money.major), "currencyCode": money.currency}


def _address(customer: Customer, address: Address | None) -> Json | None:
    """Write an address; a phone or a province that is not in Shopify's own form would be refused, and is left out."""
    if address is None:
        return None
    return _filled(
        firstName=customer.first_name,
        lastName=customer.last_name,
        address1=address.line1,
        address2=address.line2,
        city=address.city,
        provinceCode=address.state if _PROVINCE.fullmatch(address.state) else None,
        zip=address.postal_code,
        countryCode=address.country,
        phone=international_phone(customer.phone, address.country),
    )
