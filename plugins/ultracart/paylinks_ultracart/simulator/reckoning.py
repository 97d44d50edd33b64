"""What a cart comes to: UltraCart reckons every total anew whenever a cart is written."""

from decimal import Decimal

from .shapes import Cart, CartSummary, money

__all__ = ["CATALOGUE_PRICE", "errors_of", "reckon"]

CATALOGUE_PRICE = Decimal("10.00")
"""What each item costs where no price is given for it."""

_SHIPPING = Decimal("5.00")
_UNKNOWN_ITEM = "UNKNOWN"


def errors_of(cart: Cart) -> list[str]:
    """Name what is wrong with a cart; an item called UNKNOWN is not in the catalogue."""
    return [f"Item {item.item_id} does not exist" for item in cart.items if item.item_id == _UNKNOWN_ITEM]


def reckon(cart: Cart, base_currency: str) -> Cart:
    """Fill in prices and totals; where nobody says otherwise shipping has its price, and there is no tax."""
    subtotal = Decimal(0)
    for item in cart.items:
        unit = item.arbitrary_unit_cost.value if item.arbitrary_unit_cost else CATALOGUE_PRICE
        item.unit_cost, item.total_cost = money(unit, base_currency), money(unit * item.quantity, base_currency)
        subtotal += unit * item.quantity
    given = cart.summary or CartSummary()
    shipping = given.arbitrary_shipping_handling_total.value if given.arbitrary_shipping_handling_total else _SHIPPING
    tax = given.arbitrary_tax.value if given.arbitrary_tax else Decimal(0)
    shipping = shipping if cart.items else Decimal(0)
    given.subtotal, given.tax = money(subtotal, base_currency), money(tax, base_currency)
    given.shipping_handling, given.total = (
        money(shipping, base_currency),
        money(subtotal + tax + shipping, base_currency),
    )
    cart.summary, cart.base_currency_code = given, base_currency
    return cart
