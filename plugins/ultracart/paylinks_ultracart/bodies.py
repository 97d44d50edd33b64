"""The bodies of requests: carts, imports for upsells, refunds (UltraCart's Cart, ChannelPartnerOrder, Order)."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from paylinks_ports import Address, Customer, Order, RefundOrder

from .ids import fit
from .lines import Lines, major
from .operations import CartItem
from .wire import Order as UltraCartOrder

__all__ = ["HostedCard", "cart", "finalizing", "importing", "paying", "priced", "refunding"]

Json = dict[str, object]


class HostedCard(Struct, frozen=True, kw_only=True):
    """What UltraCart's hosted fields gave the browser, and what the customer typed beside them."""

    card_token: str
    cvv_token: str | None
    month: int
    year: int
    type: str | None

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "HostedCard(…)"


def _stated(given: Json) -> Json:
    return {name: value for name, value in given.items() if value not in (None, "")}


def _cut(text: str | None, most: int) -> str | None:
    return text[:most] if text else None


def _person(customer: Customer, address: Address | None, prefix: str = "") -> Json:
    """Name and address, as long as UltraCart takes them."""
    found: Json = {
        "first_name": _cut(customer.first_name, 30),
        "last_name": _cut(customer.last_name, 30),
        "day_phone": _cut(customer.phone, 25),
    }
    if address is not None:
        found |= {
            "address1": _cut(address.line1, 50),
            "address2": _cut(address.line2, 50),
            "city": _cut(address.city, 32),
            "state_region": _cut(address.state, 32),
            "postal_code": _cut(address.postal_code, 20),
            "country_code": address.country,
        }
    return {f"{prefix}{name}": value for name, value in _stated(found).items()}


def cart(order: Order, cart_id: str, items: Sequence[Json], extra: int | None) -> Json:
    """Fill a cart.

    Args:
        order: whose.
        cart_id: the empty cart's.
        items: as `priced` or an integrator gives them.
        extra: shipping and tax in minor units, which UltraCart is told; None: it reckons them itself.

    """
    customer = order.customer
    billing = _person(customer, order.billing_address or order.shipping_address)
    if customer.email:
        billing |= {"email": customer.email, "email_confirm": customer.email}
    body: Json = {
        "cart_id": cart_id,
        "currency_code": order.money.currency,
        "items": list(items),
        "billing": billing,
        "checkout": _stated(
            {
                "custom_field1": fit(order.attempt_id),
                "custom_field2": fit(order.order_id),
                "ip_address": order.ip_address,
            }
        ),
    }
    if order.shipping_address is not None:
        body["shipping"] = _person(customer, order.shipping_address)
    if extra is not None:
        body["summary"] = {
            "arbitrary_shipping_handling_total": {"value": major(extra, order.money.currency)},
            "arbitrary_tax": {"value": Decimal(0)},
        }
    return body


def priced(order: Order, lines: Lines) -> list[Json]:
    """Write lines as a cart's items, at the order's own prices."""
    return [
        {
            "item_id": line.item_id,
            "quantity": line.quantity,
            "arbitrary_unit_cost": {"value": major(line.unit_price, order.money.currency)},
        }
        for line in lines.lines
    ]


def chosen(items: Sequence[CartItem]) -> list[Json]:
    """Write an integrator's items as a cart's, at the catalogue's prices."""
    return [
        _stated(
            {
                "item_id": one.item_id,
                "quantity": one.quantity,
                "options": [{"name": name, "selected_value": value} for name, value in one.options.items()] or None,
            }
        )
        for one in items
    ]


def paying(filled: Json, order: Order, card: HostedCard) -> Json:
    """Put a card and the present attempt into a filled cart."""
    checkout = filled.get("checkout")
    kept: Json = dict(checkout) if isinstance(checkout, dict) else {}
    return filled | {
        "checkout": kept | {"custom_field1": fit(order.attempt_id), "custom_field2": fit(order.order_id)},
        "payment": {
            "payment_method": "Credit Card",
            "credit_card": _stated(
                {
                    "card_number_token": card.card_token,
                    "card_verification_number_token": card.cvv_token,
                    "card_expiration_month": card.month,
                    "card_expiration_year": card.year,
                    "card_type": card.type,
                }
            ),
        },
    }


def finalizing(filled: Json) -> Json:
    """Make an order of a cart: a declined one is not kept, or the merchant's desk could charge it later."""
    return {"cart": filled, "options": {"store_if_payment_declines": False, "store_completed": False}}


def importing(order: Order, prior_order_id: str, lines: Lines) -> Json:
    """Order more with the payment that an earlier order was paid with; nothing is added to the prices."""
    currency = order.money.currency
    address = order.billing_address or order.shipping_address
    return {
        **_person(order.customer, address, "billto_"),
        **_person(order.customer, order.shipping_address or address, "shipto_"),
        **_stated({"email": order.customer.email, "ip_address": order.ip_address}),
        "channel_partner_order_id": fit(order.attempt_id),
        "custom_field1": fit(order.attempt_id),
        "custom_field2": fit(order.order_id),
        "items": [
            {
                "merchant_item_id": line.item_id,
                "quantity": line.quantity,
                "arbitrary_unit_cost": major(line.unit_price, currency),
                "upsell": True,
            }
            for line in lines.lines
        ],
        "arbitrary_shipping_handling_total": major(lines.extra, currency),
        "arbitrary_tax": Decimal(0),
        "use_prior_payment_information_from_order_id": prior_order_id,
        "store_completed": False,
        "store_if_payment_declines": False,
        "treat_warnings_as_errors": True,
    }


def refunding(raw: Json, found: UltraCartOrder, refund: RefundOrder, reason: str) -> Json:
    """Write an order with its new totals: UltraCart gives back what they grow by (OrderApi.refundOrder).

    All of an order goes back item by item, with its tax and its shipping; a part of it as another amount, for nobody
    has said of which item it is.
    """
    summary: Json = _object(raw.get("summary"))
    body = raw | {"refund_reason": reason}
    if refund.whole and _adds_up(found):
        items = raw.get("items")
        returned: list[Json] = [
            one | {"quantity_refunded": one.get("quantity"), "total_refunded": one.get("total_cost_with_discount")}
            for one in map(_object, items if isinstance(items, list) else [])
        ]
        totals = {
            f"{name}_refunded": summary[whole]
            for name, whole in (
                ("subtotal", "subtotal"),
                ("tax", "tax"),
                ("shipping_handling", "shipping_handling_total"),
            )
            if whole in summary
        }
        return body | {"items": returned, "summary": summary | totals}
    before = found.summary and found.summary.other_refunded and found.summary.other_refunded.value
    return body | {"summary": summary | {"other_refunded": {"value": (before or Decimal(0)) + refund.money.major}}}


def _adds_up(found: UltraCartOrder) -> bool:
    """Say whether items, tax and shipping are all there is; with a coupon or a gift certificate they are not."""
    summary = found.summary
    if summary is None or summary.total is None or not found.items:
        return False
    parts = (summary.subtotal, summary.tax, summary.shipping_handling_total)
    total = sum(((part.value or Decimal(0)) for part in parts if part), Decimal(0))
    items = sum(
        (
            one.total_cost_with_discount.value or Decimal(0) if one.total_cost_with_discount else Decimal(0)
            for one in found.items
        ),
        Decimal(0),
    )
    return total == summary.total.value and summary.subtotal is not None and items == summary.subtotal.value


def _object(value: object) -> Json:
    return dict(value) if isinstance(value, dict) else {}
