"""What a provider is asked to be paid for, and every answer it can give.

An exception means the call did not happen; whatever did happen is one of these results. There is no ``Failed``: it is
a no (`Declined`), a doubt (`Unknown`), or a call that never happened (`ProviderUnavailable`, `CredentialsRejected`,
`ProviderRefused`).
"""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct, field

from .money import MAX_AMOUNT, Money

__all__ = [
    "Address",
    "Canceled",
    "Customer",
    "DeclineCode",
    "Declined",
    "Details",
    "LineItem",
    "LookUpResult",
    "NextAction",
    "NotFound",
    "NotSubmitted",
    "Order",
    "Paid",
    "PaymentResult",
    "Pending",
    "RequiresAction",
    "SavedMethod",
    "Started",
    "Unknown",
]

Details: TypeAlias = dict[str, str]
"""A provider's own words beside a result (``authCode``, ``avsResponse``), in camelCase, never secret."""


Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=500)]
"""A line of text that a person reads."""


class Customer(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Who pays."""

    email: Annotated[str, Meta(max_length=254)] | None = None
    first_name: Annotated[str, Meta(max_length=100)] | None = None
    last_name: Annotated[str, Meta(max_length=100)] | None = None
    phone: Annotated[str, Meta(max_length=40)] | None = None

    @property
    def name(self) -> str | None:
        """First and last name in one, or nothing."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or None


class Address(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A postal address; ``country`` is ISO 3166 alpha-2, ``state`` free text."""

    line1: Text
    line2: Annotated[str, Meta(max_length=500)] | None = None
    city: Text
    state: Annotated[str, Meta(max_length=100)]
    postal_code: Annotated[str, Meta(max_length=20)]
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]


class LineItem(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One line of an order; ``unit_price`` in minor units of the order's currency."""

    id: Annotated[str, Meta(max_length=128)] | None = None
    name: Text
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)]
    unit_price: Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]
    sku: Annotated[str, Meta(max_length=128)] | None = None
    image: Annotated[str, Meta(max_length=2048)] | None = None


class SavedMethod(Struct, frozen=True):
    """A payment method that the provider keeps, so that it can be charged again without the customer's card."""

    method: str
    customer: str | None = None

    @property
    def token(self) -> str:
        """Both ids in one text, as integrators see it: ``pm_1ABC|cus_XYZ``."""
        return f"{self.method}|{self.customer}" if self.customer else self.method

    @classmethod
    def from_token(cls, token: str) -> "SavedMethod":
        """Read what `token` wrote."""
        method, _, customer = token.partition("|")
        return cls(method, customer or None)


class Order(Struct, frozen=True, kw_only=True):
    """What one payment is for, as a gateway sees it.

    Args:
        order_id: the merchant's own id, unique in its brand.
        payment_id: our id of the payment, the same over all its attempts.
        attempt_id: our id of this one attempt; it goes on the wire, as idempotency key where the provider knows one.
        money: what to charge.
        description: what the customer is told they pay for.
        return_url: where a bank's page sends the customer back to.
        saved_method: what is charged again, where the payment is of a saved method; a look-up needs it, too.
        ip_address: the customer's, where the call comes from the customer; it is not remembered.
        extra: what the integrator sent beside the payment token in the provider's own words (``cvvToken``), for this
            one call; it is not remembered.

    """

    order_id: str
    payment_id: str
    attempt_id: str
    money: Money
    description: str
    customer: Customer = Customer()
    shipping_address: Address | None = None
    billing_address: Address | None = None
    line_items: tuple[LineItem, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    return_url: str | None = None
    saved_method: SavedMethod | None = None
    ip_address: str | None = None
    extra: Details = field(default_factory=dict)


DeclineCode: TypeAlias = Literal[
    "amount_not_allowed",
    "authentication_failed",
    "authentication_required",
    "call_issuer",
    "card_declined",
    "card_not_supported",
    "currency_not_supported",
    "duplicate_transaction",
    "expired_card",
    "fraud_suspected",
    "incorrect_cvc",
    "incorrect_expiry",
    "incorrect_number",
    "incorrect_postal_code",
    "insufficient_funds",
    "invalid_account",
    "invalid_payment_token",
    "limit_exceeded",
    "lost_or_stolen",
    "processing_error",
    "try_again_later",
]
"""Why a payment was declined: the closed vocabulary that every provider's own codes are mapped to."""


class NextAction(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """What the customer must do: follow a redirect, or let the provider's script in the page take over."""

    type: Literal["redirect", "use_sdk"]
    url: str | None = None
    client_secret: str | None = None


class Started(Struct, frozen=True, kw_only=True):
    """A payment is open at the provider; no money has moved.

    Args:
        reference: the provider's id for it, or None where the provider opens nothing before the charge.
        browser: what the customer's browser needs next, in camelCase (``clientSecret``, ``publishableKey``).

    """

    reference: str | None = None
    browser: Details = field(default_factory=dict)


class Paid(Struct, frozen=True, kw_only=True, tag="paid"):
    """Money moved.

    Args:
        reference: what `look_up` takes.
        transaction_id: what the merchant searches for at the provider.
        money: what the provider says it took; the core compares it with what was asked.
        saved_method: what can be charged again, where the provider kept it.

    """

    reference: str
    transaction_id: str
    money: Money
    saved_method: SavedMethod | None = None
    details: Details = field(default_factory=dict)


class RequiresAction(Struct, frozen=True, kw_only=True, tag="requires_action"):
    """The customer must act before money can move."""

    reference: str
    action: NextAction


class Pending(Struct, frozen=True, kw_only=True, tag="pending"):
    """The provider works on it and will tell us."""

    reference: str


class Declined(Struct, frozen=True, kw_only=True, tag="declined"):
    """A clear no: no money moved by this attempt.

    Args:
        message: the provider's reason, fit to be shown to the integrator.
        retryable: the same card may work later (a soft decline).

    """

    code: DeclineCode
    message: str
    retryable: bool
    reference: str | None = None


class Unknown(Struct, frozen=True, kw_only=True, tag="unknown"):
    """Nobody can say whether money moved; it is never charged again before there is evidence."""

    message: str
    reference: str | None = None


class NotSubmitted(Struct, frozen=True, kw_only=True, tag="not_submitted"):
    """It is open at the provider and the customer has not paid it: no money moved so far, but it still can."""

    reference: str


class Canceled(Struct, frozen=True, kw_only=True, tag="canceled"):
    """It was canceled at the provider: no money moved, and none can under this reference."""

    reference: str


class NotFound(Struct, frozen=True, kw_only=True, tag="not_found"):
    """The provider knows nothing of it; whether that is proof is what `Lookup` declares."""


PaymentResult: TypeAlias = Paid | RequiresAction | Pending | Declined | Unknown
"""What came of a charge."""

LookUpResult: TypeAlias = PaymentResult | NotSubmitted | Canceled | NotFound
"""What came of asking for a payment, or of canceling it."""
