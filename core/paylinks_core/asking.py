"""What a gateway is told: the order a payment is for, and what the present call brought along."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from msgspec import Struct, field

from paylinks_ports.payments import Details, LineItem, LookUpResult, Order, PaymentResult, SavedMethod, Started
from paylinks_ports.providers import DemoWord
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.payments import Payment

from .parts import Parts

__all__ = ["AskLookUp", "AskPayment", "AskStart", "Brought", "order_of"]

AskStart: TypeAlias = Callable[[Any, Order, str | None], Awaitable[Started]]
AskPayment: TypeAlias = Callable[[Any, Order, str | None], Awaitable[PaymentResult | LookUpResult]]
AskLookUp: TypeAlias = Callable[[Any, Order, str | None], Awaitable[LookUpResult]]
"""One call of a gateway: the platform's own verb, or a plugin's operation that stands for it."""


class Brought(Struct, frozen=True, kw_only=True):
    """What a call brought along that goes to the provider and is not remembered.

    Args:
        ip_address: the customer's.
        extra: fields in the provider's own words.
        word: what a simulator is asked to let it come to.

    """

    ip_address: str | None = None
    extra: Details = field(default_factory=dict)
    word: DemoWord | None = None


_NOTHING = Brought()


def order_of(parts: Parts, checkout: Checkout, payment: Payment, brought: Brought = _NOTHING) -> Order:
    """Tell a gateway what a payment is for."""
    claims = checkout.claims
    page = f"/c/{checkout.code}"
    saved = None
    description = claims.product_name or ", ".join(item.name for item in claims.line_items)[:500]
    items = claims.line_items
    if payment.kind == "upsell":
        page = f"/upsell/{payment.upsell_id}"
        description = payment.description or description
        saved = SavedMethod.from_token(payment.saved_method) if payment.saved_method else None
        items = (LineItem(id=payment.offer_id, name=description, quantity=1, unit_price=payment.amount),)
    return Order(
        order_id=payment.order_id,
        payment_id=payment.id,
        attempt_id=payment.attempt_id,
        money=payment.money,
        description=description,
        customer=claims.customer,
        shipping_address=claims.shipping_address,
        billing_address=claims.billing_address,
        line_items=items,
        metadata=claims.metadata,
        return_url=f"{parts.base_url}{page}",
        saved_method=saved,
        ip_address=brought.ip_address,
        extra=brought.extra,
    )
