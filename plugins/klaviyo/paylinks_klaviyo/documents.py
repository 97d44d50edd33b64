"""What is sent to Klaviyo of a paid order: the documents of its profiles, events and subscriptions APIs."""

from datetime import UTC, datetime
from typing import TypeAlias

from paylinks_ports import Address, Customer, Money, OrderPlaced

__all__ = ["event", "profile", "subscription"]

Document: TypeAlias = dict[str, object]


def profile(placed: OrderPlaced, phone: str | None) -> Document:
    """Write the profile; what is unknown is left out, for a null would clear what Klaviyo knows."""
    attributes = _present(
        email=placed.customer.email,
        phone_number=phone,
        first_name=placed.customer.first_name,
        last_name=placed.customer.last_name,
        location=_location(placed.shipping_address) if placed.shipping_address else None,
    )
    return {"data": {"type": "profile", "attributes": attributes}}


def event(placed: OrderPlaced, phone: str | None) -> Document:
    """Write the order's event, for the profile of the e-mail address, else of the phone number.

    The names of properties are those of developers.klaviyo.com/en/docs/
    guide_to_integrating_a_platform_without_a_pre_built_klaviyo_integration, so that Klaviyo's own templates find them.
    """
    email = placed.customer.email
    attributes: Document = {
        "properties": _properties(placed),
        "time": datetime.fromtimestamp(placed.occurred_at // 1000, UTC).isoformat(),
        "value": placed.money.major,
        "value_currency": placed.money.currency,
        # Klaviyo keeps the first event of a profile and a metric with this id, and drops every other.
        "unique_id": placed.event_id,
        "metric": {"data": {"type": "metric", "attributes": {"name": "Placed Order"}}},
        "profile": {
            "data": {"type": "profile", "attributes": {"email": email} if email else {"phone_number": phone}},
        },
    }
    return {"data": {"type": "event", "attributes": attributes}}


def subscription(email: str, list_id: str) -> Document:
    """Subscribe an address to one list's e-mails; the list's own way of opting in decides what happens next.

    Without `consented_at`: that goes with historical imports only, and those pass over the double opt-in.
    """
    consent = {"email": {"marketing": {"consent": "SUBSCRIBED"}}}
    subscribed = {"type": "profile", "attributes": {"email": email, "subscriptions": consent}}
    return {
        "data": {
            "type": "profile-subscription-bulk-create-job",
            "attributes": {"custom_source": "Paylinks checkout", "profiles": {"data": [subscribed]}},
            "relationships": {"list": {"data": {"type": "list", "id": list_id}}},
        }
    }


def _properties(placed: OrderPlaced) -> Document:
    currency = placed.money.currency
    items = [
        _present(
            ProductID=item.id,
            SKU=item.sku,
            ProductName=item.name,
            Quantity=item.quantity,
            ItemPrice=Money(item.unit_price, currency).major,
            RowTotal=Money(item.unit_price * item.quantity, currency).major,
            ImageURL=item.image,
        )
        for item in placed.line_items
    ]
    return _present(
        OrderId=placed.order_id,
        ItemNames=[item.name for item in placed.line_items],
        Items=items,
        ShippingAddress=_shipping(placed.customer, placed.shipping_address) if placed.shipping_address else None,
    )


def _shipping(customer: Customer, address: Address) -> Document:
    return _present(
        FirstName=customer.first_name,
        LastName=customer.last_name,
        Address1=address.line1,
        Address2=address.line2,
        City=address.city,
        RegionCode=address.state,
        CountryCode=address.country,
        Zip=address.postal_code,
        Phone=customer.phone,
    )


def _location(address: Address) -> Document:
    return _present(
        address1=address.line1,
        address2=address.line2,
        city=address.city,
        region=address.state,
        country=address.country,
        zip=address.postal_code,
    )


def _present(**fields: object) -> Document:
    return {name: value for name, value in fields.items() if value not in (None, "")}
