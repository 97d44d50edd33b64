"""What the gateway reads of UltraCart's answers (www.ultracart.com/api/, REST API v2); the rest is not looked at."""

from decimal import Decimal

from msgspec import Raw, Struct, field

__all__ = [
    "Cart",
    "Carted",
    "Currency",
    "Done",
    "Fault",
    "Finalized",
    "Imported",
    "Item",
    "Order",
    "OrderAnswer",
    "Orders",
    "Summary",
]


class Fault(Struct, frozen=True):
    """Error: why a call was refused."""

    user_message: str | None = None
    developer_message: str | None = None
    error_code: str | None = None


class Currency(Struct, frozen=True):
    """An amount; `value` is in major units of the base currency, the other fields are for display."""

    value: Decimal | None = None


class Done(Struct, frozen=True, kw_only=True):
    """BaseResponse: whether a call did what it was asked; absent means yes."""

    success: bool | None = None
    error: Fault | None = None


class CartSummary(Struct, frozen=True):
    """CartSummary."""

    total: Currency | None = None


class Checkout(Struct, frozen=True):
    """CartCheckout and OrderCheckout, where our ids are."""

    custom_field1: str | None = None
    custom_field2: str | None = None


class Item(Struct, frozen=True, kw_only=True):
    """CartItem and OrderItem."""

    quantity: Decimal = Decimal(0)
    total_cost_with_discount: Currency | None = None


class Cart(Struct, frozen=True, kw_only=True):
    """Cart."""

    cart_id: str
    merchant_id: str | None = None
    base_currency_code: str | None = None
    items: list[Item] | None = None
    checkout: Checkout | None = None
    summary: CartSummary | None = None


class Carted(Struct, frozen=True, kw_only=True):
    """CartResponse; the cart as it came, for it is sent back whole."""

    cart: Raw
    success: bool | None = None
    errors: list[str] | None = None


class Detail(Struct, frozen=True):
    """OrderPaymentTransactionDetail: one of the gateway's own words."""

    value: str | None = None


class Transaction(Struct, frozen=True):
    """OrderPaymentTransaction."""

    successful: bool | None = None
    transaction_id: int | str | None = None
    details: list[Detail] | None = None


class Payment(Struct, frozen=True):
    """OrderPayment; `payment_status` is open, because UltraCart may add some."""

    payment_status: str | None = None
    test_order: bool | None = None
    transactions: list[Transaction] | None = None


class Summary(Struct, frozen=True, kw_only=True):
    """OrderSummary."""

    total: Currency | None = None
    subtotal: Currency | None = None
    tax: Currency | None = None
    shipping_handling_total: Currency | None = None
    total_refunded: Currency | None = None
    other_refunded: Currency | None = None


class Order(Struct, frozen=True, kw_only=True):
    """Order."""

    order_id: str
    current_stage: str | None = None
    refund_reason: str | None = None
    checkout: Checkout | None = None
    payment: Payment | None = None
    summary: Summary | None = None
    items: list[Item] = field(default_factory=list)


class OrderAnswer(Done, frozen=True, kw_only=True):
    """OrderResponse; the order as it came, for a refund sends it back whole."""

    order: Raw


class Orders(Done, frozen=True, kw_only=True):
    """OrdersResponse."""

    orders: list[Order] | None = None


class Finalized(Struct, frozen=True, kw_only=True):
    """CartFinalizeOrderResponse."""

    successful: bool
    order_id: str | None = None
    order: Order | None = None
    errors: list[str] | None = None


class Imported(Struct, frozen=True, kw_only=True):
    """ChannelPartnerImportResponse; one that says neither is none."""

    success: bool
    error: Fault | None = None
    order_id: str | None = None
    import_errors: list[str] | None = None
