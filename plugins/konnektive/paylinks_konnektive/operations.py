"""Konnektive's own words at ``/api/providers/konnektive/…``: what they take and what they answer."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from paylinks_ports import Card, OperationAnswer, OperationBody, Outcome, Paid, RequiresAction, SavedCharge

from .catalogue import Chosen

__all__ = ["PaymentProcessed", "ProcessPaymentBody", "payment_processed"]

Id = Annotated[str, Meta(pattern="^[0-9]{1,20}$")] | Annotated[int, Meta(ge=1)]


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
    demo_token: Annotated[str, Meta(max_length=4096)] | None = field(default=None, name="paymentToken")

    @property
    def chosen(self) -> Chosen:
        """What it chooses in place of the settings."""
        return Chosen(
            campaign_id=None if self.campaign_id is None else str(self.campaign_id),
            products=tuple((str(one.product_id), one.quantity, one.price) for one in self.products),
        )

    @property
    def raw_card(self) -> Card | None:
        """A raw card, where the deployment takes one."""
        return self.card

    @property
    def payment_token(self) -> str | None:
        """A demo word, in place of a card."""
        return self.demo_token

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

    status: Literal["paid", "processing", "requires_action"]
    provider_order_id: str | None = None
    transaction_id: str | None = None
    customer_id: str | None = None


def payment_processed(outcome: Outcome) -> PaymentProcessed:
    """Tell of a charge; whatever is neither paid nor waits for the customer is being looked up."""
    result = outcome.result
    paid = result if isinstance(result, Paid) else None
    return PaymentProcessed(
        provider=outcome.provider,
        order_id=outcome.order_id,
        demo=outcome.demo,
        status="paid" if paid else "requires_action" if isinstance(result, RequiresAction) else "processing",
        provider_order_id=outcome.reference,
        transaction_id=paid.transaction_id if paid else None,
        customer_id=paid.details.get("customerId") if paid else None,
    )
