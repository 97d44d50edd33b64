"""The GraphQL documents that are sent (shopify.dev/docs/api/admin-graphql, version 2026-07)."""

__all__ = ["CREATE", "DELETE", "READ", "REFUND", "SEARCH", "SHOP", "VERSION"]

VERSION = "2026-07"

_MONEY = "{ presentmentMoney { amount currencyCode } }"

_REFUND = f"""
fragment RefundParts on Refund {{
  id
  note
  totalRefundedSet {_MONEY}
  transactions(first: 20) {{ nodes {{ id kind status }} }}
}}"""

_DRAFT = f"""
fragment DraftParts on DraftOrder {{
  id
  status
  ready
  invoiceUrl
  customAttributes {{ key value }}
  totalPriceSet {_MONEY}
  order {{
    id
    name
    test
    cancelledAt
    displayFinancialStatus
    paymentCollectionDetails {{ additionalPaymentCollectionUrl }}
    transactions(first: 50) {{
      id
      kind
      status
      gateway
      errorCode
      amountSet {_MONEY}
      parentTransaction {{ id }}
    }}
    refunds(first: 50) {{ ...RefundParts }}
  }}
}}{_REFUND}"""

CREATE = f"""mutation PaylinksCreate($input: DraftOrderInput!) {{
  draftOrderCreate(input: $input) {{ draftOrder {{ ...DraftParts }} userErrors {{ field message }} }}
}}{_DRAFT}"""

READ = f"""query PaylinksRead($id: ID!) {{
  draftOrder(id: $id) {{ ...DraftParts }}
}}{_DRAFT}"""

SEARCH = f"""query PaylinksSearch($query: String!) {{
  draftOrders(first: 10, query: $query) {{ nodes {{ ...DraftParts }} }}
}}{_DRAFT}"""

DELETE = """mutation PaylinksDelete($input: DraftOrderDeleteInput!) {
  draftOrderDelete(input: $input) { deletedId userErrors { field message } }
}"""

REFUND = f"""mutation PaylinksRefund($input: RefundInput!, $key: String!) {{
  refundCreate(input: $input) @idempotent(key: $key) {{
    refund {{ ...RefundParts }}
    userErrors {{ field message }}
  }}
}}{_REFUND}"""

SHOP = "query PaylinksShop { shop { myshopifyDomain currencyCode } }"
