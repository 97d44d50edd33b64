"""The variables that the simulator takes, in Shopify's names; one that it does not act on is refused."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

__all__ = [
    "CreateVariables",
    "DeleteVariables",
    "DraftOrderInput",
    "IdVariables",
    "NoVariables",
    "RefundInput",
    "RefundVariables",
    "SearchVariables",
]


class _Strict(Struct, forbid_unknown_fields=True, rename="camel"):
    """An object with these fields only."""


class MoneyInput(_Strict, kw_only=True):
    """MoneyInput."""

    amount: Decimal
    currency_code: Annotated[str, Meta(pattern="^[A-Z]{3}$")]


class AttributeInput(_Strict, kw_only=True):
    """AttributeInput."""

    key: str
    value: str


class LineInput(_Strict, kw_only=True):
    """DraftOrderLineItemInput: a variant, or an item of its own with title and price."""

    quantity: Annotated[int, Meta(ge=1)]
    variant_id: Annotated[str, Meta(pattern="^gid://shopify/ProductVariant/[0-9]+$")] | None = None
    title: Annotated[str, Meta(min_length=1, max_length=255)] | None = None
    original_unit_price_with_currency: MoneyInput | None = None
    sku: str | None = None
    requires_shipping: bool = True
    taxable: bool = True


class AddressInput(_Strict, kw_only=True):
    """MailingAddressInput."""

    first_name: str | None = None
    last_name: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    province_code: Annotated[str, Meta(pattern="^[A-Z0-9]{1,3}$")] | None = None
    zip: str | None = None
    country_code: Annotated[str, Meta(pattern="^[A-Z]{2}$")] | None = None
    phone: str | None = None


class DiscountInput(_Strict, kw_only=True):
    """DraftOrderAppliedDiscountInput."""

    title: str | None = None
    value: float
    value_type: Literal["FIXED_AMOUNT"]
    amount_with_currency: MoneyInput


class ShippingLineInput(_Strict, kw_only=True):
    """ShippingLineInput."""

    title: str
    price_with_currency: MoneyInput


class DraftOrderInput(_Strict, kw_only=True):
    """DraftOrderInput."""

    line_items: Annotated[list[LineInput], Meta(max_length=499)]
    custom_attributes: list[AttributeInput] = []
    tags: list[Annotated[str, Meta(max_length=40)]] = []
    po_number: str | None = None
    email: str | None = None
    presentment_currency_code: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    tax_exempt: bool = False
    shipping_line: ShippingLineInput | None = None
    shipping_address: AddressInput | None = None
    billing_address: AddressInput | None = None
    applied_discount: DiscountInput | None = None
    allow_discount_codes_in_checkout: bool = False
    accept_automatic_discounts: bool = False


class CreateVariables(_Strict, kw_only=True):
    """Of a draft order that is made."""

    input: DraftOrderInput


class IdVariables(_Strict, kw_only=True):
    """Of one that is read."""

    id: str


class _Deleted(_Strict, kw_only=True):
    id: str


class DeleteVariables(_Strict, kw_only=True):
    """Of one that is deleted."""

    input: _Deleted


class SearchVariables(_Strict, kw_only=True):
    """Of a search by tag."""

    query: Annotated[str, Meta(pattern="^tag:'[^']+'$")]


class TransactionInput(_Strict, kw_only=True):
    """OrderTransactionInput."""

    order_id: str
    parent_id: str
    gateway: str
    kind: Literal["REFUND"]
    amount: Decimal


class RefundInput(_Strict, kw_only=True):
    """RefundInput."""

    order_id: str
    currency: str | None = None
    note: str | None = None
    notify: bool = False
    transactions: list[TransactionInput]


class RefundVariables(_Strict, kw_only=True):
    """Of a refund; the key is a UUID."""

    input: RefundInput
    key: Annotated[str, Meta(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class NoVariables(_Strict, kw_only=True):
    """Of a query without any."""
