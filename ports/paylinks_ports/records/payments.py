"""A payment: one provider asked for one amount; and the events of its life, which are only ever added to."""

from typing import Literal, TypeAlias

from msgspec import Struct, field

from ..money import Money

__all__ = ["Payment", "PaymentEvent", "PaymentState"]

PaymentState: TypeAlias = Literal[
    "new", "in_flight", "action_required", "pending", "unknown", "declined", "paid", "canceled"
]


class Payment(Struct, frozen=True, kw_only=True):
    """One try to be paid, written before the provider is asked.

    Args:
        kind: what it pays for.
        upsell_id: the upsell session, with `offer_id`, the offer that was accepted; `order_id` is then the session's.
        description: what the customer is told it is for, where that is not what the checkout says.
        amount: minor units, with `currency`.
        attempt_id: our id of the latest ask; a new one each time, on the wire.
        opened: the provider's id of what `start` opened there; every attempt is made on it.
        reference: the provider's id of the latest attempt, once known; until then what `start` opened.
        transaction_id: the provider's id of the charge, once paid.
        saved_method: what can be charged again once it is paid, and of an upsell what is charged, as the text of
            `SavedMethod.token`; `saved_customer` is the customer in it once it is paid, to find it by.
        check_at: when the provider is asked what became of it, Unix milliseconds; None: nothing is open.
        checks: how often that was done without an end.
        version: rises with every change; `replace` compares it.

    """

    id: str
    checkout_id: str
    brand_id: str
    order_id: str
    kind: Literal["sale", "upsell"] = "sale"
    upsell_id: str | None = None
    offer_id: str | None = None
    description: str | None = None
    provider: str
    demo: bool
    state: PaymentState
    amount: int
    currency: str
    attempt_id: str
    opened: str | None = None
    reference: str | None = None
    transaction_id: str | None = None
    saved_method: str | None = None
    saved_customer: str | None = None
    decline_code: str | None = None
    decline_message: str | None = None
    decline_retryable: bool = False
    check_at: int | None = None
    checks: int = 0
    created_at: int
    updated_at: int
    version: int = 1

    @property
    def money(self) -> Money:
        """What the provider is asked for."""
        return Money(self.amount, self.currency)


class PaymentEvent(Struct, frozen=True, kw_only=True):
    """One thing that happened to a payment.

    Args:
        type: the state it came to, or what was asked.
        detail: what a person wants to know besides, without secrets.

    """

    id: str
    payment_id: str
    checkout_id: str
    type: str
    attempt_id: str
    amount: int
    currency: str
    detail: dict[str, str] = field(default_factory=dict)
    at: int
