"""From an order to the parameters of Sticky.io's requests (its API v1: ``new_prospect``, ``new_order`` and theirs)."""

from datetime import UTC, datetime, timedelta

from paylinks_ports import Address, Order

from .catalogue import Cart

__all__ = ["UNKNOWN_ADDRESS", "order_on_file", "order_with_token", "prospect", "search"]

UNKNOWN_ADDRESS = "127.0.0.1"
"""Sticky.io refuses an order without the customer's IP address (code 321); this one says that nobody gave it."""

_SINCE = "01/01/2015"
_PAGE = 500


def prospect(order: Order, cart: Cart) -> dict[str, object]:
    """``new_prospect``: who may buy, before anything is sold."""
    address = order.shipping_address or order.billing_address
    return (
        {"campaignId": cart.campaign_id, "ipAddress": order.ip_address or UNKNOWN_ADDRESS, "notes": _note(order)}
        | _who(order)
        | (_address(address, "", first="address1", second="address2") if address else {})
    )


def order_with_token(order: Order, cart: Cart, payment_token: str, prospect_id: str | None) -> dict[str, object]:
    """``new_order``, or ``new_order_with_prospect`` for a prospect, whose name and contact Sticky.io knows."""
    shipping = order.shipping_address or order.billing_address
    billing = order.billing_address or order.shipping_address
    same = shipping == billing
    written = _sale(order, cart) | {"tranType": "Sale", "payment_token": payment_token}
    written |= {"prospectId": prospect_id} if prospect_id else _who(order)
    if shipping:
        written |= _address(shipping, "shipping") | {"billingSameAsShipping": "YES" if same else "NO"}
    if billing and not same:
        written |= _address(billing, "billing")
        name = {"billingFirstName": order.customer.first_name, "billingLastName": order.customer.last_name}
        written |= {field: value for field, value in name.items() if value}
    return written


def order_on_file(order: Order, cart: Cart, previous: str) -> dict[str, object]:
    """``new_order_card_on_file``: card, name and address are those of the previous order."""
    return _sale(order, cart) | {"previousOrderId": previous}


def search(order: Order) -> dict[str, object]:
    """``order_find``: by the customer's e-mail address, for there is no search by a reference of ours.

    Sticky.io reads the dates in the account's own time zone, so the window is far wider than any payment lives. Without
    an e-mail address only the last days of all customers can be read.
    """
    now = datetime.now(UTC)
    email = order.customer.email
    return {
        "campaign_id": "all",
        "start_date": _SINCE if email else (now - timedelta(days=2)).strftime("%m/%d/%Y"),
        "end_date": (now + timedelta(days=366)).strftime("%m/%d/%Y"),
        "date_type": "create",
        "criteria": {"email": email} if email else "all",
        "search_type": "all",
        "return_type": "order_view",
        "resultsPerPage": _PAGE,
        "page": 1,
    }


def _sale(order: Order, cart: Cart) -> dict[str, object]:
    return cart.write() | {
        "ipAddress": order.ip_address or UNKNOWN_ADDRESS,
        # What an order is found by again: `order_view` shows it, and every account has it.
        "click_id": order.attempt_id,
        "notes": _note(order),
    }


def _note(order: Order) -> str:
    return f"Order {order.order_id} ({order.payment_id})"


def _who(order: Order) -> dict[str, object]:
    who = order.customer
    fields = {"firstName": who.first_name, "lastName": who.last_name, "email": who.email, "phone": who.phone}
    return {name: value for name, value in fields.items() if value}


def _address(address: Address, kind: str, first: str = "Address1", second: str = "Address2") -> dict[str, object]:
    fields = {
        first: address.line1,
        second: address.line2,
        "City": address.city,
        "State": address.state,
        "Zip": address.postal_code,
        "Country": address.country,
    }
    return {f"{kind}{name}" if kind else name[0].lower() + name[1:]: value for name, value in fields.items() if value}
