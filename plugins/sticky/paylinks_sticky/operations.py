"""Sticky.io's own words at ``/api/providers/sticky/…``: what they take and what they answer."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from paylinks_ports import ChargeStatus, OperationAnswer, OperationBody, Outcome

from . import settings

__all__ = ["PROSPECT", "CreateOrderBody", "OfferBody", "ProcessPaymentBody", "order_created", "payment_processed"]

PROSPECT = "prospect-"
"""What a prospect's id has before it in a reference: prospects and orders are both numbered from one."""

Number = Annotated[int, Meta(ge=1)]
Id = settings.Id | Number
ProspectId = Annotated[str, Meta(pattern=f"^({PROSPECT})?[0-9]{{1,20}}$")] | Number


class OfferBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """One offer of the catalogue; its price is the order's."""

    offer_id: Id
    product_id: Id
    billing_model_id: Id | None = None
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    step_num: Number | None = None


class CreateOrderBody(OperationBody, frozen=True, kw_only=True, rename="camel"):
    """An order in the catalogue's words; what is left out is the brand's own setting."""

    campaign_id: Id | None = None
    offers: tuple[OfferBody, ...] = ()
    shipping_id: Id | None = None
    ip_address: Annotated[str, Meta(max_length=64)] | None = None


class ProcessPaymentBody(CreateOrderBody, frozen=True, kw_only=True, rename="camel"):
    """The same, and what Sticky.io has made of the customer's card."""

    prospect_id: ProspectId | None = None
    card_token: Annotated[str, Meta(min_length=1, max_length=4096)] = field(name="paymentToken")

    @property
    def payment_token(self) -> str:
        """Sticky.io's token of the customer's card."""
        return self.card_token

    @property
    def payment_reference(self) -> str | None:
        """The prospect must be the order's own."""
        number = str(self.prospect_id or "").removeprefix(PROSPECT)
        return f"{PROSPECT}{number}" if number else None


class OrderCreated(OperationAnswer, frozen=True, kw_only=True, rename="camel"):
    """A prospect is open."""

    provider_order_id: str
    status: Literal["open"] = "open"


class PaymentProcessed(OperationAnswer, frozen=True, kw_only=True, rename="camel"):
    """What came of a charge."""

    status: ChargeStatus
    transaction_id: str | None = None
    provider_order_id: str | None = None
    customer_id: str | None = None


def order_created(outcome: Outcome) -> OrderCreated:
    """Tell of a prospect."""
    return OrderCreated(**outcome.common, provider_order_id=outcome.reference or "")


def payment_processed(outcome: Outcome) -> PaymentProcessed:
    """Tell of a charge; whatever is neither paid nor waits for the customer is being looked up."""
    paid = outcome.paid
    return PaymentProcessed(
        **outcome.common,
        status=outcome.status,
        transaction_id=paid.transaction_id if paid else None,
        provider_order_id=outcome.reference,
        customer_id=paid.details.get("customerId") if paid else None,
    )
