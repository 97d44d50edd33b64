"""What is sent to Attentive of a paid order: attributes, subscriptions, members of segments and the purchase."""

from datetime import UTC, datetime
from typing import TypeAlias

from paylinks_ports import Address, Money, OrderPlaced

__all__ = ["attributes", "member", "purchase", "subscription"]

Document: TypeAlias = dict[str, object]


def attributes(placed: OrderPlaced, phone: str | None) -> Document:
    """Write the user; what is unknown is left out: Attentive wants neither nulls nor empty texts."""
    known = _present(
        firstName=placed.customer.first_name,
        lastName=placed.customer.last_name,
        location=_location(placed.shipping_address) if placed.shipping_address else None,
    )
    return _present(identifiers=_person(placed, phone), attributes=known)


def subscription(email: str, sign_up_source_id: str) -> Document:
    """Subscribe an address by a sign-up unit, which says to what; a locale beside it would be refused.

    Without the phone number: a consent to e-mails is none to text messages, and each try would send one.
    """
    return {"user": {"email": email}, "signUpSourceId": sign_up_source_id}


def member(placed: OrderPlaced, phone: str | None, segment_id: str) -> Document:
    """Add the customer to a segment."""
    return {"externalId": segment_id, "members": [_person(placed, phone)]}


def purchase(placed: OrderPlaced, phone: str | None) -> Document:
    """Write the purchase, with prices of one piece in major units; an order without lines is one item."""
    currency = placed.money.currency
    items = [
        _present(
            productId=item.id or item.sku or item.name,
            productVariantId=item.sku or item.id or item.name,
            name=item.name,
            price=[_price(Money(item.unit_price, currency))],
            quantity=item.quantity,
            productImage=item.image,
        )
        for item in placed.line_items
    ]
    whole = {"productId": placed.order_id, "productVariantId": placed.order_id, "price": [_price(placed.money)]}
    return {
        "items": items or [whole | {"quantity": 1}],
        "orderId": placed.event_id,
        "occurredAt": datetime.fromtimestamp(placed.occurred_at // 1000, UTC).isoformat(),
        "user": _person(placed, phone),
    }


def _price(money: Money) -> Document:
    return {"value": money.major, "currency": money.currency}


def _person(placed: OrderPlaced, phone: str | None) -> Document:
    return _present(email=placed.customer.email, phone=phone)


def _location(address: Address) -> Document:
    return _present(
        address1=address.line1,
        address2=address.line2,
        city=address.city,
        state=address.state,
        zip=address.postal_code,
        country=address.country,
    )


def _present(**fields: object) -> Document:
    return {name: value for name, value in fields.items() if value}
