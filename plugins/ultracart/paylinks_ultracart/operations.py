"""UltraCart's own words over HTTP: what its operations take and answer."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field

from paylinks_ports import ChargeStatus, OperationAnswer, OperationBody, Outcome

from .credentials import ItemId

__all__ = ["CartCreated", "CartItem", "CreateCartBody", "ProcessPaymentBody", "Processed", "cart_created", "processed"]


class CartItem(Struct, frozen=True, kw_only=True, rename="camel"):
    """So many of one item of UltraCart's catalogue, at its price there."""

    item_id: ItemId
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    options: dict[str, str] = field(default_factory=dict)


class CreateCartBody(OperationBody, frozen=True, kw_only=True, rename="camel"):
    """What goes into the cart; without items the order's own."""

    items: tuple[CartItem, ...] = ()


class CartCreated(OperationAnswer, frozen=True, kw_only=True, rename="camel"):
    """A cart, and what it comes to at UltraCart in minor units; it is charged only where that is the order's amount."""

    cart_id: str
    merchant_id: str | UnsetType = UNSET
    total: int | None = None
    currency: str | None = None


class ProcessPaymentBody(OperationBody, frozen=True, kw_only=True, rename="camel"):
    """The tokens of UltraCart's hosted fields, and what the customer typed beside them."""

    cart_id: str | None = None
    items: tuple[CartItem, ...] = ()
    payment_token_: Annotated[str, Meta(min_length=1, max_length=500)] = field(name="paymentToken")
    cvv_token: Annotated[str, Meta(max_length=500)] | None = None
    card_expiration_month: Annotated[int, Meta(ge=1, le=12)] | None = None
    card_expiration_year: Annotated[int, Meta(ge=2000, le=2100)] | None = None
    card_type: Annotated[str, Meta(max_length=30)] | None = None

    @property
    def payment_reference(self) -> str | None:
        """The cart must be the order's own."""
        return self.cart_id

    @property
    def payment_token(self) -> str:
        """The card's token; in demo mode it may be a demo word."""
        return self.payment_token_

    def __repr__(self) -> str:
        """Show no token."""
        return "ProcessPaymentBody(…)"


class Processed(OperationAnswer, frozen=True, kw_only=True, rename="camel"):
    """What became of the charge; the order is UltraCart's."""

    status: ChargeStatus
    provider_order_id: str | None
    transaction_id: str | UnsetType = UNSET


def cart_created(outcome: Outcome) -> CartCreated:
    """Tell of a cart."""
    browser = outcome.browser
    return CartCreated(
        **outcome.common,
        cart_id=browser.get("cartId") or outcome.reference or "",
        merchant_id=browser.get("merchantId", UNSET),
        total=int(browser["cartTotal"]) if "cartTotal" in browser else None,
        currency=browser.get("cartCurrency"),
    )


def processed(outcome: Outcome) -> Processed:
    """Tell of a charge; a decline never comes here."""
    return Processed(
        **outcome.common,
        status=outcome.status,
        provider_order_id=outcome.reference,
        transaction_id=outcome.paid.transaction_id if outcome.paid else UNSET,
    )
