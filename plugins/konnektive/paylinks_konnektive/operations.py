"""Konnektive's own words at ``/api/providers/konnektive/…``: what they take and what they answer."""

from typing import Annotated

from msgspec import Meta, Struct

from paylinks_ports import Card, ChargeStatus, OperationAnswer, OperationBody, Outcome, SavedCharge

from . import settings

__all__ = ["PaymentProcessed", "ProcessPaymentBody", "payment_processed"]

Id = settings.Id | Annotated[int, Meta(ge=1)]


class ProductBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """One product of the campaign; `price` in minor units, and what all come to is the order's amount in any case."""

    product_id: Id
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    price: Annotated[int, Meta(ge=0)] | None = None


class ProcessPaymentBody(OperationBody, frozen=True, kw_only=True, rename="camel"):
    """Products, and what pays them: the customer's card on file, a raw card, or in demo mode any payment token."""

    campaign_id: Id | None = None
    products: tuple[ProductBody, ...] = ()
    ip_address: Annotated[str, Meta(max_length=64)] | None = None
    customer_id: Annotated[str, Meta(min_length=1, max_length=40)] | int | None = None
    card: Card | None = None
    payment_token: Annotated[str, Meta(max_length=4096)] | None = None

    @property
    def raw_card(self) -> Card | None:
        """A raw card, where the deployment takes one."""
        return self.card

    @property
    def saved_charge(self) -> SavedCharge | None:
        """The customer, where no card is given: then the card on file is charged."""
        if self.customer_id is None or self.card is not None:
            return None
        return SavedCharge(original_order_id=None, method=str(self.customer_id))

    def __repr__(self) -> str:
        """Show nothing of the card or the customer."""
        return f"{type(self).__name__}({self.order_id!r})"


class PaymentProcessed(OperationAnswer, frozen=True, kw_only=True, rename="camel"):
    """What came of a charge."""

    status: ChargeStatus
    provider_order_id: str | None = None
    transaction_id: str | None = None
    customer_id: str | None = None


def payment_processed(outcome: Outcome) -> PaymentProcessed:
    """Tell of a charge; whatever is neither paid nor waits for the customer is being looked up."""
    paid = outcome.paid
    return PaymentProcessed(
        **outcome.common,
        status=outcome.status,
        provider_order_id=outcome.reference,
        transaction_id=paid.transaction_id if paid else None,
        customer_id=paid.details.get("customerId") if paid else None,
    )
