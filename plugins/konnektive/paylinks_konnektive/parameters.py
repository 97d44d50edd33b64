"""From an order to the parameters of Konnektive's requests (apidocs.checkoutchamp.com), within Konnektive's limits."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

from paylinks_ports import Address, Card, Order

__all__ = ["attempt_of", "card_on_file", "lead", "raw_card", "sale", "search", "shorten"]

_LONGEST = {"firstName": 50, "lastName": 50, "emailAddress": 255, "phoneNumber": 32, "address1": 30, "address2": 30}
_LONGEST |= {"city": 30, "state": 6, "postalCode": 20, "country": 2}
_LONGEST_CUSTOM = 30
_LONGEST_URL = 300
_OURS = re.compile(r"(?:att|pay)_([^-].{,29})")


def shorten(name: str) -> str:
    """Write an id of ours within the 30 characters of a custom field: 29 and the prefix that they all have.

    Any other id keeps its whole text behind a sign that none of ours begins with; what is too long even so is given as
    the first 116 bits of its SHA-256.
    """
    if ours := _OURS.fullmatch(name):
        return ours[1]
    return f"-{name if len(name) < _LONGEST_CUSTOM else hashlib.sha256(name.encode()).hexdigest()[:29]}"


def attempt_of(custom: str) -> str | None:
    """Read an attempt's id back, where it was not cut to a digest."""
    if not custom:
        return None
    return custom.removeprefix("-") if custom.startswith("-") else f"att_{custom}"


def lead(order: Order, cart: dict[str, str], *, apart: bool = False) -> dict[str, str]:
    """``/leads/import/``: who may buy. It mints the order's id before any card is sent.

    Without what marks a sale: it may be given an order that was left open, and the marks of that one are of a sale
    which may not be over.

    Args:
        order: what is paid for.
        cart: what is sold; a lead is of its campaign.
        apart: the customer is to be taken for a new one, and so given an order of their own.

    """
    return {"campaignId": cart["campaignId"]} | _who(order) | ({"disableCustomerDedup": "1"} if apart else {})


def sale(order: Order, cart: dict[str, str], reference: str, before: int) -> dict[str, str]:
    """``/order/import/`` into the order that the lead has opened, all but what pays it.

    Args:
        order: what is paid for; the custom fields are what it is found and told apart by.
        cart: what is sold.
        reference: the order's id at Konnektive.
        before: how many sales that order had before this attempt.

    """
    marks = {
        "orderId": reference,
        "custom1": shorten(order.attempt_id),
        "custom2": shorten(order.payment_id),
        "custom3": order.order_id[:_LONGEST_CUSTOM],
        "custom4": str(before),
    }
    if order.return_url and len(order.return_url) <= _LONGEST_URL:
        # Where the bank's page sends the customer back to, whatever the customer did there.
        marks |= {"redirectsTo": order.return_url, "errorRedirectsTo": order.return_url}
    return cart | _who(order) | marks


def raw_card(card: Card) -> dict[str, str]:
    """Write a card; it goes into the body of this one request and nowhere else."""
    return {
        "paySource": "CREDITCARD",
        "cardNumber": card.number,
        "cardMonth": f"{card.month:02}",
        "cardYear": str(card.year),
        "cardSecurityCode": card.cvv,
    }


def card_on_file(customer: str) -> dict[str, str]:
    """Write whose card on file pays."""
    return {"paySource": "ACCTONFILE", "customerId": customer}


def search(order: Order) -> dict[str, str]:
    """``/order/query/`` by the customer's e-mail address, for custom fields can't be asked for.

    The dates are in the account's own time zone, so the window is far wider than any payment lives. Without an e-mail
    address only the last days of all customers can be read.
    """
    now = datetime.now(UTC)
    first, last = now - timedelta(days=2), now + timedelta(days=366)
    email = order.customer.email
    return {
        "startDate": "1/1/2015" if email else f"{first.month}/{first.day}/{first.year}",
        "endDate": f"{last.month}/{last.day}/{last.year}",
        "resultsPerPage": "200",
        "page": "1",
    } | ({"emailAddress": email} if email else {})


def _who(order: Order) -> dict[str, str]:
    who = order.customer
    name = _cut({"firstName": who.first_name, "lastName": who.last_name})
    # An IP address is asked for; where nobody has given the customer's, this stands for it.
    rest = _cut({"emailAddress": who.email, "phoneNumber": who.phone, "ipAddress": order.ip_address or "127.0.0.1"})
    billing = order.billing_address or order.shipping_address
    shipping = order.shipping_address or order.billing_address
    if billing is None or shipping is None:
        return name | rest
    same = billing == shipping
    shipped = {} if same else name | _address(shipping)
    written = name | rest | _address(billing) | {"billShipSame": "1" if same else "0"}
    return written | {f"ship{field[0].upper()}{field[1:]}": value for field, value in shipped.items()}


def _address(address: Address) -> dict[str, str]:
    return _cut(
        {
            "address1": address.line1,
            "address2": address.line2,
            "city": address.city,
            "state": address.state,
            "postalCode": address.postal_code,
            "country": address.country,
        }
    )


def _cut(fields: dict[str, str | None]) -> dict[str, str]:
    """Leave out what is empty, and what is over Konnektive's limits."""
    return {name: value[: _LONGEST.get(name)] for name, value in fields.items() if value}
