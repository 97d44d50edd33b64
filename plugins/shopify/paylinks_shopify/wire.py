"""What is read of Shopify's answers (shopify.dev/docs/api/admin-graphql); the rest is not asked for."""

from decimal import Decimal
from typing import Generic, TypeVar

from msgspec import Struct, field

from paylinks_ports import Money, from_major

__all__ = ["Draft", "Nodes", "Parent", "Payload", "Refund", "Shop", "ShopifyOrder", "Transaction", "UserError"]

T = TypeVar("T")


class MoneyV2(Struct, frozen=True, rename="camel"):
    """An amount: a decimal in major units, written as text."""

    amount: Decimal
    currency_code: str


class MoneyBag(Struct, frozen=True, rename="camel"):
    """An amount in two currencies, of which the customer's own counts: that is what was taken."""

    presentment_money: MoneyV2

    def read(self) -> Money:
        """Give the platform's own form.

        Raises:
            ValueError: it is no whole number of minor units, or the currency is none.

        """
        return from_major(self.presentment_money.amount, self.presentment_money.currency_code)


class UserError(Struct, frozen=True):
    """Why a mutation did nothing."""

    message: str
    field: list[str] | None = None


class Attribute(Struct, frozen=True):
    """A custom attribute."""

    key: str
    value: str | None = None


class Parent(Struct, frozen=True):
    """The transaction that one belongs to."""

    id: str


class Movement(Struct, frozen=True, kw_only=True):
    """OrderTransaction, as a refund shows it; kind and status are open, because Shopify adds some."""

    id: str
    kind: str
    status: str


class Transaction(Movement, frozen=True, kw_only=True, rename="camel"):
    """OrderTransaction, as an order shows it; the error code is open, too."""

    gateway: str | None = None
    error_code: str | None = None
    amount_set: MoneyBag
    parent_transaction: Parent | None = None


class Nodes(Struct, Generic[T], frozen=True):
    """A page of a connection."""

    nodes: list[T]


class Refund(Struct, frozen=True, kw_only=True, rename="camel"):
    """Refund."""

    id: str
    note: str | None = None
    total_refunded_set: MoneyBag
    transactions: Nodes[Movement]


class Collection(Struct, frozen=True, rename="camel"):
    """OrderPaymentCollectionDetails: where an unpaid order is paid."""

    additional_payment_collection_url: str | None = None


class ShopifyOrder(Struct, frozen=True, kw_only=True, rename="camel"):
    """Order."""

    id: str
    name: str = ""
    test: bool = False
    cancelled_at: str | None = None
    display_financial_status: str | None = None
    payment_collection_details: Collection | None = None
    transactions: list[Transaction]
    refunds: list[Refund] = field(default_factory=list)


class Draft(Struct, frozen=True, kw_only=True, rename="camel"):
    """DraftOrder."""

    id: str
    status: str
    ready: bool = True
    invoice_url: str | None = None
    custom_attributes: list[Attribute]
    total_price_set: MoneyBag
    order: ShopifyOrder | None = None

    def attribute(self, key: str) -> str | None:
        """Read a custom attribute."""
        return next((one.value for one in self.custom_attributes if one.key == key), None)


class Payload(Struct, frozen=True, kw_only=True, rename="camel"):
    """What a mutation answers: what it made or deleted, or why it did neither."""

    draft_order: Draft | None = None
    deleted_id: str | None = None
    refund: Refund | None = None
    user_errors: list[UserError]


class Shop(Struct, frozen=True, rename="camel"):
    """Shop."""

    myshopify_domain: str
