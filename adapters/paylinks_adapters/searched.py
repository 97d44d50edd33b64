"""What of each record a search looks at, in the one form in which texts are compared, whatever keeps them.

A database knows too little of letters for it: SQLite lowers ASCII alone, PostgreSQL what its server's language has.
"""

import unicodedata
from typing import Any

from msgspec import Struct

from paylinks_ports.payments import Address
from paylinks_ports.records.audit import AuditEntry
from paylinks_ports.records.checkouts import Checkout, Claims
from paylinks_ports.records.events import Delivery, Endpoint
from paylinks_ports.records.inbox import IncomingEvent
from paylinks_ports.records.people import Membership
from paylinks_ports.records.salespeople import Salesperson
from paylinks_ports.records.upsells import UpsellSession

__all__ = ["fold", "joined", "order_text", "searched_order", "searched_text"]

_FIELDS: dict[type[Struct], tuple[str, ...]] = {
    AuditEntry: ("actor_id", "actor_email", "action", "target"),
    Delivery: ("event_id", "event_type"),
    Endpoint: ("url", "description"),
    IncomingEvent: ("event_id", "type", "provider", "error"),
    Membership: ("email", "name"),
    Salesperson: ("email", "name"),
    UpsellSession: ("id", "order_id", "customer_email"),
}


def fold(text: str) -> str:
    """Bring a text to the form in which it contains another one, whatever the case of both."""
    # NUL is what PostgreSQL can't hold, and where SQLite stops to look.
    return unicodedata.normalize("NFC", text).casefold().replace("\0", "\ufffd")


def joined(*texts: str | None) -> str:
    """Put texts into one to search in."""
    return fold("\n".join(text for text in texts if text))


def searched_text(record: Any) -> str:  # noqa: ANN401 - any record that is listed
    """Give all that a search for a record looks at."""
    if isinstance(record, Checkout):
        return order_text(record.id, record.order_id, record.claims)
    return joined(*(getattr(record, field) for field in _FIELDS[type(record)]))


def searched_order(checkout: Checkout) -> str:
    """Give what a salesperson's search looks at, who is not told of customers."""
    return joined(checkout.order_id)


def order_text(checkout_id: str, order_id: str, claims: Claims) -> str:
    """Give what a search for an order looks at: its ids, what is bought, who buys it, and what the merchant noted."""
    customer = claims.customer
    return joined(
        order_id,
        checkout_id,
        claims.product_name,
        claims.product_description,
        *(text for item in claims.line_items for text in (item.name, item.sku, item.id)),
        claims.merchant_id,
        customer.email,
        customer.name,
        customer.phone,
        *_address(claims.shipping_address),
        *_address(claims.billing_address),
        *claims.metadata.values(),
    )


def _address(address: Address | None) -> tuple[str | None, ...]:
    if address is None:
        return ()
    return address.line1, address.line2, address.postal_code, address.city, address.state
