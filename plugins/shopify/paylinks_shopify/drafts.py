"""What a draft order is made of, so that the customer pays the order's amount and nothing else."""

import re

from paylinks_ports import Address, Customer, Money, Order, ProviderRefused, UnknownCurrency

from .ids import ATTEMPT, ORDER, PAYMENT, tag_of
from .operations import Line

__all__ = ["draft_of"]

Json = dict[str, object]

_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_PROVINCE = re.compile(r"[A-Z0-9]{1,3}")
_MOST_LINES = 400
_LONGEST_TITLE = 255


def draft_of(order: Order, lines: tuple[Line, ...]) -> Json:
    """Write the input of a draft order (DraftOrderInput).

    Args:
        order: whose.
        lines: variants of the shop at the shop's prices; none: the order's own items at its own prices, free of tax
            and shipping, for the amount holds both already.

    Raises:
        ProviderRefused: it can't be written.

    """
    order_currency = order.money.currency
    try:
        _ = order.money.major
    except UnknownCurrency as error:
        raise ProviderRefused(error.message, details=f"currency: {error.details}") from error
    draft: Json = {
        "lineItems": [{"variantId": _gid(one.variant_id), "quantity": one.quantity} for one in lines],
        "customAttributes": [
            {"key": ORDER, "value": order.order_id},
            {"key": PAYMENT, "value": order.payment_id},
            {"key": ATTEMPT, "value": order.attempt_id},
        ],
        "tags": [tag_of(order.attempt_id)],
        "poNumber": order.order_id,
        "presentmentCurrencyCode": order_currency,
        "allowDiscountCodesInCheckout": False,
        "acceptAutomaticDiscounts": False,
    }
    if order.customer.email:
        draft["email"] = order.customer.email
    if order.shipping_address is not None:
        draft["shippingAddress"] = _address(order.customer, order.shipping_address)
    if order.billing_address is not None:
        draft["billingAddress"] = _address(order.customer, order.billing_address)
    return draft if lines else draft | _own_items(order)


def _own_items(order: Order) -> Json:
    items = order.line_items if len(order.line_items) <= _MOST_LINES else ()
    currency, ships = order.money.currency, order.shipping_address is not None
    if not items:
        return {"taxExempt": True, "lineItems": [_item(order.description, 1, order.money, None, ships=ships)]} | _free(
            order
        )
    lines = [_item(one.name, one.quantity, Money(one.unit_price, currency), one.sku, ships=ships) for one in items]
    over = order.money.amount - sum(one.quantity * one.unit_price for one in items)
    if over > 0:
        lines.append(_item("Shipping and tax", 1, Money(over, currency), None, ships=False))
    own: Json = {"taxExempt": True, "lineItems": lines}
    if over < 0:
        discount = Money(-over, currency)
        own["appliedDiscount"] = {
            "title": "Discount",
            "valueType": "FIXED_AMOUNT",
            "value": float(discount.major),
            "amountWithCurrency": _money(discount),
        }
    return own | _free(order)


def _free(order: Order) -> Json:
    """Ship free of charge, where something ships: the amount holds the shipping already."""
    if order.shipping_address is None:
        return {}
    return {"shippingLine": {"title": "Shipping", "priceWithCurrency": _money(Money(0, order.money.currency))}}


def _item(title: str, quantity: int, price: Money, sku: str | None, *, ships: bool) -> Json:
    item: Json = {
        "title": title[:_LONGEST_TITLE],
        "quantity": quantity,
        "originalUnitPriceWithCurrency": _money(price),
        "requiresShipping": ships,
        "taxable": False,
    }
    return item | {"sku": sku} if sku else item


def _money(money: Money) -> Json:
    return {"amount": str(money.major), "currencyCode": money.currency}


def _address(customer: Customer, address: Address) -> Json:
    """Write an address; a phone or a province that is not in Shopify's own form would be refused, and is left out."""
    phone = re.sub(r"[ ()./-]", "", customer.phone or "")
    given: Json = {
        "firstName": customer.first_name,
        "lastName": customer.last_name,
        "address1": address.line1,
        "address2": address.line2,
        "city": address.city,
        "provinceCode": address.state if _PROVINCE.fullmatch(address.state) else None,
        "zip": address.postal_code,
        "countryCode": address.country,
        "phone": phone if _PHONE.fullmatch(phone) else None,
    }
    return {name: value for name, value in given.items() if value}


def _gid(variant_id: str) -> str:
    return f"gid://shopify/ProductVariant/{variant_id}" if variant_id.isdigit() else variant_id
