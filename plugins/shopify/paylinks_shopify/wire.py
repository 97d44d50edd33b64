"""What the gateway reads of Shopify's answers (shopify.dev/docs/api/admin-graphql); the rest is not asked for."""

from decimal import Decimal

from msgspec import Struct, field

from paylinks_ports import Money, from_major

__all__ = [
    "Created",
    "Deleted",
    "Draft",
    "MoneyBag",
    "Order",
    "Read",
    "Refund",
    "RefundCreated",
    "Searched",
    "ShopRead",
    "Transaction",
    "UserError",
    "from_shopify",
]


class MoneyV2(Struct, frozen=True, rename="camel"):
    """An amount: a decimal in major units, written as text."""

    amount: Decimal
    currency_code: str


class MoneyBag(Struct, frozen=True, rename="camel"):
    """MoneyBag, of which the customer's own currency counts: that is what was taken."""

    presentment_money: MoneyV2


def from_shopify(bag: MoneyBag) -> Money:
    """Read an amount.

    Raises:
        ValueError: it is no whole number of minor units, or the currency is none.

    """
    return from_major(bag.presentment_money.amount, bag.presentment_money.currency_code)


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


class Transaction(Struct, frozen=True, kw_only=True, rename="camel"):
    """OrderTransaction; kind, status and error code are open, because Shopify adds some."""

    id: str
    kind: str
    status: str
    gateway: str | None = None
    error_code: str | None = None
    amount_set: MoneyBag
    parent_transaction: Parent | None = None


class RefundTransaction(Struct, frozen=True, kw_only=True):
    """One movement of a refund."""

    id: str
    kind: str
    status: str


class RefundTransactions(Struct, frozen=True):
    """All of them."""

    nodes: list[RefundTransaction]


class Refund(Struct, frozen=True, kw_only=True, rename="camel"):
    """Refund."""

    id: str
    note: str | None = None
    total_refunded_set: MoneyBag
    transactions: RefundTransactions


class Collection(Struct, frozen=True, rename="camel"):
    """OrderPaymentCollectionDetails: where an unpaid order is paid."""

    additional_payment_collection_url: str | None = None


class Order(Struct, frozen=True, kw_only=True, rename="camel"):
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
    order: Order | None = None

    def attribute(self, key: str) -> str | None:
        """Read a custom attribute."""
        return next((one.value for one in self.custom_attributes if one.key == key), None)


class DraftPayload(Struct, frozen=True, kw_only=True, rename="camel"):
    """DraftOrderCreatePayload."""

    draft_order: Draft | None = None
    user_errors: list[UserError]


class Created(Struct, frozen=True, rename="camel"):
    """The answer to `CREATE`."""

    draft_order_create: DraftPayload


class Read(Struct, frozen=True, rename="camel"):
    """The answer to `READ`; null: there is none with that id."""

    draft_order: Draft | None


class Drafts(Struct, frozen=True):
    """DraftOrderConnection."""

    nodes: list[Draft]


class Searched(Struct, frozen=True, rename="camel"):
    """The answer to `SEARCH`."""

    draft_orders: Drafts


class DeletePayload(Struct, frozen=True, kw_only=True, rename="camel"):
    """DraftOrderDeletePayload."""

    deleted_id: str | None = None
    user_errors: list[UserError]


class Deleted(Struct, frozen=True, rename="camel"):
    """The answer to `DELETE`."""

    draft_order_delete: DeletePayload


class RefundPayload(Struct, frozen=True, kw_only=True, rename="camel"):
    """RefundCreatePayload."""

    refund: Refund | None = None
    user_errors: list[UserError]


class RefundCreated(Struct, frozen=True, rename="camel"):
    """The answer to `REFUND`."""

    refund_create: RefundPayload


class Shop(Struct, frozen=True, rename="camel"):
    """Shop."""

    myshopify_domain: str


class ShopRead(Struct, frozen=True):
    """The answer to `SHOP`."""

    shop: Shop
