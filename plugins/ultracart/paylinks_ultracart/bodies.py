"""The bodies of requests that sell: carts, and imports for upsells (UltraCart's Cart and ChannelPartnerOrder)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

from paylinks_ports import Address, Customer, Money, Order, allot, items_of, pick

from .credentials import UltraCartOptions
from .documents import Document, Json, marks
from .operations import CartItem, ProcessPaymentBody

__all__ = ["cart", "chosen", "finalizing", "importing", "paying", "priced"]

_Lines: TypeAlias = list[tuple[str, int, Decimal]]
"""Of each line the item, how many of it, and the price of one."""

_NOT_KEPT: Json = {"store_if_payment_declines": False, "store_completed": False}
"""A declined order is not kept, or the merchant's desk could charge it later; a paid one is yet to be shipped."""


def _stated(given: Json) -> Json:
    return {name: value for name, value in given.items() if value not in (None, "")}


def _person(customer: Customer, address: Address | None, prefix: str = "") -> Json:
    """Name and address, as long as UltraCart takes them."""
    parts = [
        ("first_name", customer.first_name, 30),
        ("last_name", customer.last_name, 30),
        ("day_phone", customer.phone, 25),
    ]
    if address is not None:
        parts += [
            ("address1", address.line1, 50),
            ("address2", address.line2, 50),
            ("city", address.city, 32),
            ("state_region", address.state, 32),
            ("postal_code", address.postal_code, 20),
            ("country_code", address.country, 2),
        ]
    return {f"{prefix}{name}": value[:most] for name, value, most in parts if value}


def _lines(order: Order, options: UltraCartOptions) -> tuple[_Lines, Decimal]:
    """Find the items that an order sells, at prices that come to its amount with what is no item: shipping and tax."""
    items = items_of(order)
    prices, rest = allot(order.money, [(item.quantity, item.unit_price) for item in items])
    currency = order.money.currency
    lines: _Lines = []
    for item, price in zip(items, prices, strict=True):
        item_id = pick(item, options.products, options.default_item, option="defaultItem")
        lines.append((item_id, item.quantity, Money(price, currency).major))
    return lines, Money(rest, currency).major


def priced(order: Order, options: UltraCartOptions) -> tuple[list[Json], Decimal]:
    """Write what an order sells as a cart's items at its own prices; give its shipping, too."""
    lines, shipping = _lines(order, options)
    items: list[Json] = [
        {"item_id": item_id, "quantity": quantity, "arbitrary_unit_cost": {"value": price}}
        for item_id, quantity, price in lines
    ]
    return items, shipping


def chosen(items: Sequence[CartItem]) -> list[Json]:
    """Write an integrator's items as a cart's, at the catalogue's prices."""
    found: list[Json] = []
    for item in items:
        options = [{"name": name, "selected_value": value} for name, value in item.options.items()]
        found.append(_stated({"item_id": item.item_id, "quantity": item.quantity, "options": options or None}))
    return found


def cart(order: Order, cart_id: str, items: list[Json], shipping: Decimal | None) -> Json:
    """Fill a cart.

    Args:
        order: whose.
        cart_id: the empty cart's.
        items: as `priced` or `chosen` gives them.
        shipping: what UltraCart is told, with no tax; None: it reckons both itself.

    """
    customer, email, address = order.customer, order.customer.email, order.shipping_address
    body: Json = {
        "cart_id": cart_id,
        "currency_code": order.money.currency,
        "items": items,
        "billing": _person(customer, order.billing_address or address)
        | _stated({"email": email, "email_confirm": email}),
        "checkout": marks(order) | _stated({"ip_address": order.ip_address}),
    }
    if address is not None:
        body["shipping"] = _person(customer, address)
    if shipping is not None:
        told, tax = {"value": shipping}, {"value": Decimal(0)}
        body["summary"] = {"arbitrary_shipping_handling_total": told, "arbitrary_tax": tax}
    return body


def paying(filled: Document, order: Order, card: ProcessPaymentBody) -> Json:
    """Put a card and the present attempt into a filled cart."""
    credit_card: Json = {
        "card_number_token": card.payment_token,
        "card_verification_number_token": card.cvv_token,
        "card_expiration_month": card.card_expiration_month,
        "card_expiration_year": card.card_expiration_year,
        "card_type": card.card_type,
    }
    return filled.fields | {
        "checkout": filled.view("checkout").fields | marks(order),
        "payment": {"payment_method": "Credit Card", "credit_card": _stated(credit_card)},
    }


def finalizing(filled: Json) -> Json:
    """Make an order of a cart."""
    return {"cart": filled, "options": _NOT_KEPT}


def importing(order: Order, prior_order_id: str, options: UltraCartOptions) -> Json:
    """Order more with the payment that an earlier order was paid with; nothing is added to the prices."""
    lines, shipping = _lines(order, options)
    customer, address = order.customer, order.billing_address or order.shipping_address
    ids = marks(order)
    return {
        **_person(customer, address, "billto_"),
        **_person(customer, order.shipping_address or address, "shipto_"),
        **_stated({"email": customer.email, "ip_address": order.ip_address}),
        **ids,
        "channel_partner_order_id": ids["custom_field1"],
        "items": [
            {"merchant_item_id": item_id, "quantity": quantity, "arbitrary_unit_cost": price, "upsell": True}
            for item_id, quantity, price in lines
        ],
        "arbitrary_shipping_handling_total": shipping,
        "arbitrary_tax": Decimal(0),
        "use_prior_payment_information_from_order_id": prior_order_id,
        **_NOT_KEPT,
        "treat_warnings_as_errors": True,
    }
