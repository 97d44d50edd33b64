"""Sticky.io's own words at ``/api/providers/sticky/…``: what they take and what they answer."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from paylinks_ports import OperationAnswer, OperationBody, Outcome, Paid, RequiresAction

from .catalogue import Chosen
from .options import StickyProduct

__all__ = [
    "PROSPECT",
    "CreateOrderBody",
    "OrderCreated",
    "PaymentProcessed",
    "ProcessPaymentBody",
    "order_created",
    "payment_processed",
]

PROSPECT = "prospect-"
"""What a prospect's id has before it in a reference: prospects and orders are both numbered from one."""

Id = Annotated[str, Meta(pattern="^[0-9]{1,20}$")] | Annotated[int, Meta(ge=1)]


class OfferBody(Struct, frozen=True, kw_only=True, rename="camel"):
    """One offer of the catalogue; its price is the order's."""

    offer_id: Id
    product_id: Id
    billing_model_id: Id | None = None
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    step_num: Annotated[int, Meta(ge=1)] | None = None

    def read(self) -> tuple[StickyProduct, int, int | None]:
        """Give product, quantity and step."""
        product = StickyProduct(
            offer_id=str(self.offer_id),
            product_id=str(self.product_id),
            billing_model_id=None if self.billing_model_id is None else str(self.billing_model_id),
        )
        return product, self.quantity, self.step_num


class CreateOrderBody(OperationBody, frozen=True, kw_only=True, rename="camel"):
    """An order in the catalogue's words; what is left out is the brand's own setting."""

    campaign_id: Id | None = None
    offers: tuple[OfferBody, ...] = ()
    shipping_id: Id | None = None
    ip_address: Annotated[str, Meta(max_length=64)] | None = None

    @property
    def chosen(self) -> Chosen:
        """What it chooses in place of the settings."""
        return Chosen(
            campaign_id=None if self.campaign_id is None else str(self.campaign_id),
            shipping_id=None if self.shipping_id is None else str(self.shipping_id),
            offers=tuple(offer.read() for offer in self.offers),
        )


class ProcessPaymentBody(CreateOrderBody, frozen=True, kw_only=True, rename="camel"):
    """The same, and what Sticky.io has made of the customer's card."""

    prospect_id: Annotated[str, Meta(pattern=f"^({PROSPECT})?[0-9]{{1,20}}$")] | Annotated[int, Meta(ge=1)] | None = (
        None
    )
    card_token: Annotated[str, Meta(min_length=1, max_length=4096)] = field(name="paymentToken")

    @property
    def payment_token(self) -> str:
        """Sticky.io's token of the customer's card."""
        return self.card_token

    @property
    def payment_reference(self) -> str | None:
        """The prospect must be the order's own."""
        if self.prospect_id is None:
            return None
        return f"{PROSPECT}{str(self.prospect_id).removeprefix(PROSPECT)}"


class OrderCreated(OperationAnswer, frozen=True, kw_only=True, rename="camel"):
    """A prospect is open."""

    provider_order_id: str
    status: Literal["open"] = "open"


class PaymentProcessed(OperationAnswer, frozen=True, kw_only=True, rename="camel"):
    """What came of a charge."""

    status: Literal["paid", "processing", "requires_action"]
    transaction_id: str | None = None
    provider_order_id: str | None = None
    customer_id: str | None = None


def order_created(outcome: Outcome) -> OrderCreated:
    """Tell of a prospect."""
    return OrderCreated(
        provider=outcome.provider,
        order_id=outcome.order_id,
        demo=outcome.demo,
        provider_order_id=outcome.reference or "",
    )


def payment_processed(outcome: Outcome) -> PaymentProcessed:
    """Tell of a charge; whatever is neither paid nor waits for the customer is being looked up."""
    result = outcome.result
    paid = result if isinstance(result, Paid) else None
    return PaymentProcessed(
        provider=outcome.provider,
        order_id=outcome.order_id,
        demo=outcome.demo,
        status="paid" if paid else "requires_action" if isinstance(result, RequiresAction) else "processing",
        transaction_id=paid.transaction_id if paid else None,
        provider_order_id=outcome.reference,
        customer_id=paid.details.get("customerId") if paid else None,
    )
