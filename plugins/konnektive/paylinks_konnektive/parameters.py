"""From an order to the parameters of Konnektive's requests (apidocs.checkoutchamp.com), within Konnektive's limits."""

import hashlib
from datetime import UTC, datetime, timedelta

from paylinks_ports import Address, Card, Order

from .catalogue import Cart

__all__ = ["attempt_of", "card_on_file", "lead", "marks", "raw_card", "sale", "search", "shorten"]

_LONGEST = {"firstName": 50, "lastName": 50, "emailAddress": 255, "phoneNumber": 32, "address1": 30, "address2": 30}
_LONGEST |= {"city": 30, "state": 6, "postalCode": 20, "country": 2}
_LONGEST_CUSTOM = 30
_LONGEST_URL = 300
_PREFIXES = ("att_", "pay_")
_OTHER = "-"
_UNKNOWN_ADDRESS = "127.0.0.1"
_SINCE = "1/1/2015"
_PAGE = "200"


def shorten(name: str) -> str:
    """Write an id of ours within the 30 characters of a custom field: 29 and the prefix that they all have.

    Any other id keeps its whole text behind a sign that none of ours begins with; what is too long even so is given as
    the first 116 bits of its SHA-256.
    """
    for prefix in _PREFIXES:
        rest = name.removeprefix(prefix)
        if rest != name and len(rest) <= _LONGEST_CUSTOM and not rest.startswith(_OTHER):
            return rest
    plain = f"{_OTHER}{name}"
    if len(plain) <= _LONGEST_CUSTOM:
        return plain
    return f"{_OTHER}{hashlib.sha256(name.encode()).hexdigest()[: _LONGEST_CUSTOM - 1]}"


def attempt_of(custom: str) -> str | None:
    """Read an attempt's id back, where it was not cut to a digest."""
    if not custom:
        return None
    return custom.removeprefix(_OTHER) if custom.startswith(_OTHER) else f"{_PREFIXES[0]}{custom}"


def marks(order: Order, before: int) -> dict[str, str]:
    """Write what an order is found and told apart by.

    Args:
        order: what is paid for.
        before: how many transactions its order at Konnektive had before this attempt.

    """
    return {
        "custom1": shorten(order.attempt_id),
        "custom2": shorten(order.payment_id),
        "custom3": order.order_id[:_LONGEST_CUSTOM],
        "custom4": str(before),
    }


def lead(order: Order, cart: Cart, *, apart: bool = False) -> dict[str, str]:
    """``/leads/import/``: who may buy. It mints the order's id before any card is sent.

    Without marks: it may be given an order that was left open, and that one's are of a sale which may not be over.

    Args:
        apart: the customer is to be taken for a new one, and so given an order of their own.

    """
    return {"campaignId": cart.campaign_id} | _who(order) | ({"disableCustomerDedup": "1"} if apart else {})


def sale(order: Order, cart: Cart, reference: str, before: int) -> dict[str, str]:
    """``/order/import/`` into the order that the lead has opened, all but what pays it."""
    written = {"campaignId": cart.campaign_id, "orderId": reference} | _who(order) | marks(order, before) | cart.lines
    if order.return_url and len(order.return_url) <= _LONGEST_URL:
        # Where the bank's page sends the customer back to, whatever the customer did there.
        written |= {"redirectsTo": order.return_url, "errorRedirectsTo": order.return_url}
    return written


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
    email = order.customer.email
    end = now + timedelta(days=366)
    first = now - timedelta(days=2)
    return {
        "startDate": _SINCE if email else f"{first.month}/{first.day}/{first.year}",
        "endDate": f"{end.month}/{end.day}/{end.year}",
        "resultsPerPage": _PAGE,
        "page": "1",
    } | ({"emailAddress": email} if email else {})


def _who(order: Order) -> dict[str, str]:
    who = order.customer
    billing = order.billing_address or order.shipping_address
    shipping = order.shipping_address or order.billing_address
    same = billing == shipping
    fields = {
        "firstName": who.first_name,
        "lastName": who.last_name,
        "emailAddress": who.email,
        "phoneNumber": who.phone,
        "ipAddress": order.ip_address or _UNKNOWN_ADDRESS,
    }
    written = {name: value[: _LONGEST.get(name)] for name, value in fields.items() if value}
    if billing and shipping:
        written |= _address(billing) | {"billShipSame": "1" if same else "0"}
    if shipping and not same:
        shipped = _address(shipping) | {name: written[name] for name in ("firstName", "lastName") if name in written}
        written |= {f"ship{name[0].upper()}{name[1:]}": value for name, value in shipped.items()}
    return written


def _address(address: Address) -> dict[str, str]:
    fields = {
        "address1": address.line1,
        "address2": address.line2,
        "city": address.city,
        "state": address.state,
        "postalCode": address.postal_code,
        "country": address.country,
    }
    return {name: value[: _LONGEST[name]] for name, value in fields.items() if value}
