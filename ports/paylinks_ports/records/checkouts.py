"""A checkout: one brand's one order, what the merchant claimed of it, and how far it has come."""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct, field

from ..money import MAX_AMOUNT, Money
from ..payments import Address, Customer, LineItem, Text

__all__ = ["Checkout", "CheckoutState", "Claims"]

CheckoutState: TypeAlias = Literal["open", "processing", "paid", "failed", "abandoned"]


Url: TypeAlias = Annotated[str, Meta(max_length=2048)]
Part: TypeAlias = Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]
ProviderId: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64)]


class Claims(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What a checkout token says of an order; what types can't say, `core` checks. Unknown claims are ignored."""

    order_id: Annotated[str, Meta(min_length=1, max_length=128)]
    amount: Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    product_name: Text | None = None
    product_description: Annotated[str, Meta(max_length=2000)] | None = None
    product_image: Url | None = None
    line_items: Annotated[tuple[LineItem, ...], Meta(max_length=200)] = ()
    shipping: Part = 0
    tax: Part = 0
    discount: Part = 0
    merchant_id: Annotated[str, Meta(max_length=128)] | None = None
    customer: Customer = Customer()
    shipping_address: Address | None = None
    billing_address: Address | None = None
    provider: ProviderId | None = None
    providers: Annotated[tuple[ProviderId, ...], Meta(max_length=50)] = ()
    brand_id: Annotated[str, Meta(max_length=64)] | None = None
    success_url: Url | None = None
    cancel_url: Url | None = None
    webhook_url: Url | None = None
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def money(self) -> Money:
        """What the order costs."""
        return Money(self.amount, self.currency)


class Checkout(Struct, frozen=True, kw_only=True):
    """One row per brand and order id.

    Args:
        code: the last word of its short link; a new link takes the place of the older one.
        claims: of the newest token, with what the customer has added since.
        payment_id: the payment that counts now; earlier ones are canceled.
        issued_at: the newest token's `iat`, Unix seconds; an older token is superseded.
        expires_at: when the newest token ends, Unix milliseconds.
        attention: what a person must decide, or None.
        salesperson_id: who earns by it, or None.
        commission_rate: of that salesperson when the link was made, in millionths.
        version: rises with every change; `replace` compares it.

    """

    id: str
    brand_id: str
    order_id: str
    code: str
    state: CheckoutState
    claims: Claims
    payment_id: str | None = None
    issued_at: int
    expires_at: int
    attention: str | None = None
    salesperson_id: str | None = None
    commission_rate: int = 0
    created_at: int
    updated_at: int
    version: int = 1
