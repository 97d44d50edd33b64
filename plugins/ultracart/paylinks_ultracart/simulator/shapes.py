"""What the simulator takes and gives, in UltraCart's names and lengths; a field that it does not act on is refused."""

from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct, field

__all__ = ["Cart", "CartItem", "Currency", "Finalize", "Import", "Order", "OrderItem", "Query", "money"]

Text25: TypeAlias = Annotated[str, Meta(max_length=25)]
Text30: TypeAlias = Annotated[str, Meta(max_length=30)]
Text32: TypeAlias = Annotated[str, Meta(max_length=32)]
Text50: TypeAlias = Annotated[str, Meta(max_length=50)]
ItemId: TypeAlias = Annotated[str, Meta(max_length=20)]


class _Strict(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An object with these fields only."""


class Currency(_Strict, kw_only=True):
    """An amount."""

    value: Decimal
    currency_code: Annotated[str, Meta(max_length=3)] | None = None
    localized: Decimal | None = None


def money(value: Decimal, currency: str) -> Currency:
    """Write an amount."""
    return Currency(value=value, currency_code=currency, localized=value)


class Option(_Strict, kw_only=True):
    """CartItemOption."""

    name: Text50
    selected_value: Annotated[str, Meta(max_length=1024)]


class CartItem(_Strict, kw_only=True):
    """CartItem."""

    item_id: ItemId
    quantity: Annotated[int, Meta(ge=1)]
    arbitrary_unit_cost: Currency | None = None
    options: list[Option] | None = None
    unit_cost: Currency | None = None
    total_cost: Currency | None = None


class Address(_Strict, kw_only=True):
    """CartBilling and CartShipping."""

    first_name: Text30 | None = None
    last_name: Text30 | None = None
    address1: Text50 | None = None
    address2: Text50 | None = None
    city: Text32 | None = None
    state_region: Text32 | None = None
    postal_code: Annotated[str, Meta(max_length=20)] | None = None
    country_code: Annotated[str, Meta(max_length=2)] | None = None
    day_phone: Text25 | None = None
    email: Annotated[str, Meta(max_length=100)] | None = None
    email_confirm: Annotated[str, Meta(max_length=100)] | None = None


class Checkout(_Strict, kw_only=True):
    """CartCheckout and OrderCheckout."""

    custom_field1: Text50 | None = None
    custom_field2: Text50 | None = None
    ip_address: str | None = None
    customer_ip_address: str | None = None


class CreditCard(_Strict, kw_only=True):
    """CartPaymentCreditCard: tokens only."""

    card_number_token: str
    card_verification_number_token: str | None = None
    card_expiration_month: Annotated[int, Meta(ge=1, le=12)]
    card_expiration_year: Annotated[int, Meta(ge=2000, le=2100)]
    card_type: str | None = None


class CartPayment(_Strict, kw_only=True):
    """CartPayment."""

    payment_method: Literal["Credit Card"]
    credit_card: CreditCard


class CartSummary(_Strict, kw_only=True):
    """CartSummary; what is not arbitrary is UltraCart's to reckon."""

    arbitrary_shipping_handling_total: Currency | None = None
    arbitrary_tax: Currency | None = None
    subtotal: Currency | None = None
    shipping_handling: Currency | None = None
    tax: Currency | None = None
    total: Currency | None = None


class Cart(_Strict, kw_only=True):
    """Cart."""

    cart_id: str
    merchant_id: str | None = None
    base_currency_code: Annotated[str, Meta(max_length=3)] | None = None
    currency_code: Annotated[str, Meta(max_length=3)] | None = None
    items: list[CartItem] = field(default_factory=list)
    billing: Address | None = None
    shipping: Address | None = None
    checkout: Checkout | None = None
    payment: CartPayment | None = None
    summary: CartSummary | None = None


class FinalizeOptions(_Strict, kw_only=True):
    """CartFinalizeOrderRequestOptions."""

    store_if_payment_declines: bool = False
    store_completed: bool = True


class Finalize(_Strict, kw_only=True):
    """CartFinalizeOrderRequest."""

    cart: Cart
    options: FinalizeOptions | None = None


class ImportItem(_Strict, kw_only=True):
    """ChannelPartnerOrderItem."""

    merchant_item_id: ItemId
    quantity: Annotated[int, Meta(ge=1)]
    arbitrary_unit_cost: Decimal | None = None
    upsell: bool = False


class Import(_Strict, kw_only=True):
    """ChannelPartnerOrder, for an upsell by an earlier order's payment."""

    items: list[ImportItem]
    use_prior_payment_information_from_order_id: str
    channel_partner_order_id: Text50 | None = None
    custom_field1: Text50 | None = None
    custom_field2: Text50 | None = None
    email: str | None = None
    ip_address: str | None = None
    billto_first_name: Text30 | None = None
    billto_last_name: Text30 | None = None
    billto_address1: Text50 | None = None
    billto_address2: Text50 | None = None
    billto_city: Text32 | None = None
    billto_state_region: Text32 | None = None
    billto_postal_code: str | None = None
    billto_country_code: str | None = None
    billto_day_phone: Text25 | None = None
    shipto_first_name: Text30 | None = None
    shipto_last_name: Text30 | None = None
    shipto_address1: Text50 | None = None
    shipto_address2: Text50 | None = None
    shipto_city: Text32 | None = None
    shipto_state_region: Text32 | None = None
    shipto_postal_code: str | None = None
    shipto_country_code: str | None = None
    shipto_day_phone: Text25 | None = None
    arbitrary_shipping_handling_total: Decimal | None = None
    arbitrary_tax: Decimal | None = None
    store_completed: bool = True
    store_if_payment_declines: bool = False
    treat_warnings_as_errors: bool = True


class Query(_Strict, kw_only=True):
    """OrderQuery."""

    custom_field_1: str | None = None
    custom_field_2: str | None = None
    channel_partner_order_id: str | None = None
    order_id: str | None = None
    query_target: Literal["cache", "origin"] = "cache"


class OrderItem(_Strict, kw_only=True):
    """OrderItem."""

    merchant_item_id: str
    quantity: int
    unit_cost_with_discount: Currency
    total_cost_with_discount: Currency
    quantity_refunded: int | None = None
    total_refunded: Currency | None = None
    upsell: bool | None = None


class OrderSummary(_Strict, kw_only=True):
    """OrderSummary."""

    subtotal: Currency
    tax: Currency
    shipping_handling_total: Currency
    total: Currency
    subtotal_refunded: Currency | None = None
    tax_refunded: Currency | None = None
    shipping_handling_refunded: Currency | None = None
    other_refunded: Currency | None = None
    total_refunded: Currency | None = None


class Transaction(_Strict, kw_only=True):
    """OrderPaymentTransaction."""

    transaction_id: int
    transaction_gateway: str
    transaction_timestamp: str
    successful: bool
    details: list[dict[str, str]] = field(default_factory=list)


class OrderPayment(_Strict, kw_only=True):
    """OrderPayment."""

    payment_method: str
    payment_status: str
    payment_dts: str | None = None
    test_order: bool | None = None
    transactions: list[Transaction] | None = None


class Order(_Strict, kw_only=True):
    """Order."""

    order_id: str
    merchant_id: str
    creation_dts: str
    currency_code: str
    current_stage: str
    refund_reason: Text50 | None = None
    refund_dts: str | None = None
    reject_dts: str | None = None
    billing: Address | None = None
    shipping: Address | None = None
    checkout: Checkout | None = None
    items: list[OrderItem] | None = None
    payment: OrderPayment | None = None
    summary: OrderSummary | None = None
