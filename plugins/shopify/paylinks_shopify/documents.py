"""The GraphQL documents that are sent (shopify.dev/docs/api/admin-graphql, version 2026-07)."""

from typing import Generic, TypeVar

from msgspec import Struct

from .wire import Draft, Nodes, Payload, Shop

__all__ = ["CREATE", "DELETE", "READ", "REFUND", "SEARCH", "SHOP", "VERSION", "Document"]

T = TypeVar("T")

VERSION = "2026-07"


class Document(Struct, Generic[T], frozen=True):
    """A call.

    Args:
        field: the one field that it asks for.
        text: the GraphQL that is sent.
        data: what its answer is read as, by that field's name.

    """

    field: str
    text: str
    data: type[dict[str, T]]


_MONEY = "{ presentmentMoney { amount currencyCode } }"
_REFUND = f"{{ id note totalRefundedSet {_MONEY} transactions(first: 20) {{ nodes {{ id kind status }} }} }}"
_DRAFT = f"""{{
  id status ready invoiceUrl customAttributes {{ key value }} totalPriceSet {_MONEY}
  order {{
    id name test cancelledAt displayFinancialStatus paymentCollectionDetails {{ additionalPaymentCollectionUrl }}
    transactions(first: 50) {{ id kind status gateway errorCode amountSet {_MONEY} parentTransaction {{ id }} }}
    refunds(first: 50) {_REFUND}
  }}
}}"""
_ERRORS = "userErrors { field message }"

CREATE = Document(
    "draftOrderCreate",
    f"""mutation PaylinksCreate($input: DraftOrderInput!) {{
  draftOrderCreate(input: $input) {{ {_ERRORS} draftOrder {_DRAFT} }}
}}""",
    dict[str, Payload],
)
READ = Document(
    "draftOrder",
    f"query PaylinksRead($id: ID!) {{ draftOrder(id: $id) {_DRAFT} }}",
    dict[str, Draft | None],
)
SEARCH = Document(
    "draftOrders",
    f"query PaylinksSearch($query: String!) {{ draftOrders(first: 10, query: $query) {{ nodes {_DRAFT} }} }}",
    dict[str, Nodes[Draft]],
)
DELETE = Document(
    "draftOrderDelete",
    f"""mutation PaylinksDelete($input: DraftOrderDeleteInput!) {{
  draftOrderDelete(input: $input) {{ {_ERRORS} deletedId }}
}}""",
    dict[str, Payload],
)
REFUND = Document(
    "refundCreate",
    f"""mutation PaylinksRefund($input: RefundInput!, $key: String!) {{
  refundCreate(input: $input) @idempotent(key: $key) {{ {_ERRORS} refund {_REFUND} }}
}}""",
    dict[str, Payload],
)
SHOP = Document("shop", "query PaylinksShop { shop { myshopifyDomain currencyCode } }", dict[str, Shop])
