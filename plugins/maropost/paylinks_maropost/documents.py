"""What is sent to Maropost of a paid order: contacts and orders; no text is longer than the 255 characters it takes."""

from datetime import UTC, datetime
from typing import TypeAlias

from paylinks_ports import Money, OrderPlaced

__all__ = ["contact", "order", "subscription"]

Document: TypeAlias = dict[str, object]

_LONGEST = 255


def contact(placed: OrderPlaced) -> Document:
    """Write the contact, in no list; what is unknown is left out, and stays as it is."""
    return {"contact": _person(placed) | _present(phone=placed.customer.phone) | {"remove_from_dnm": False}}


def subscription(placed: OrderPlaced) -> Document:
    """Subscribe the contact to the list of the path; the do-not-mail list is left alone."""
    # Maropost's own clients send `remove_from_dnm: true` where nothing else is said.
    return {"contact": _person(placed) | {"subscribe": True, "remove_from_dnm": False}}


def order(placed: OrderPlaced) -> Document:
    """Write the order (Maropost knowledge base, "Implementing Product and Revenue Tracking").

    Amounts are texts in major units. Maropost knows no currency: all of an account's orders are taken for one.
    """
    items = [
        _present(
            item_id=item.sku or item.id or item.name,
            price=str(Money(item.unit_price, placed.money.currency).major),
            quantity=str(item.quantity),
            description=item.name,
        )
        for item in placed.line_items
    ]
    total = str(placed.money.major)
    # An order must have an item.
    whole = _present(item_id=placed.order_id, price=total, quantity="1", description="Order")
    return {
        "order": {
            "contact": _person(placed),
            # With an offset: a time without one is taken for Eastern time.
            "order_date": datetime.fromtimestamp(placed.occurred_at // 1000, UTC).isoformat(),
            "order_status": "Completed",
            "original_order_id": placed.event_id,
            "grand_total": total,
            "order_items": items or [whole],
        }
    }


def _person(placed: OrderPlaced) -> Document:
    customer = placed.customer
    return _present(email=customer.email, first_name=customer.first_name, last_name=customer.last_name)


def _present(**fields: str | None) -> Document:
    return {name: value[:_LONGEST] for name, value in fields.items() if value}
