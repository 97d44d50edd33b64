"""What providers tell us by themselves: a request as it came in, and what a gateway reads in it."""

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct, field

from .payments import Paid
from .refunds import RefundResult

__all__ = ["PaymentNews", "RefundNews", "WebhookEvent", "WebhookRequest"]


class WebhookRequest(Struct, frozen=True, kw_only=True):
    """One call of a provider, untouched.

    Args:
        headers: by name in lower case.
        query: the parameters of the URL, without the platform's own `brand`.
        body: the raw bytes; nothing has parsed them.
        received_at: Unix milliseconds; signatures with a time in them are measured against it.

    """

    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    received_at: int


class PaymentNews(Struct, frozen=True, kw_only=True):
    """Something happened to a payment.

    Args:
        reference: the provider's id of the payment, as `look_up` takes it.
        attempt_id: ours, where the event carries it.
        order_id: the merchant's, where the event carries nothing better.
        paid: proof that money moved, from a signed event only; without it the event is a hint, and the provider is
            asked what became of the payment.

    """

    reference: str | None = None
    attempt_id: str | None = None
    order_id: str | None = None
    paid: Paid | None = None


class RefundNews(Struct, frozen=True, kw_only=True):
    """Something happened to a refund, ours or one made at the provider's own desk.

    Args:
        payment_reference: the provider's id of the payment.
        refund_id: ours, where the event carries it.
        reference: the provider's id of the refund.
        result: what it came to, from a signed event only; without it the event is a hint.

    """

    payment_reference: str | None = None
    refund_id: str | None = None
    reference: str | None = None
    result: RefundResult | None = None


News: TypeAlias = PaymentNews | RefundNews


class WebhookEvent(Struct, frozen=True, kw_only=True):
    """One event in a call of the provider.

    Args:
        id: the provider's own id of it, the same when it is sent again; where it has none, a digest of what it says.
        type: the provider's own word for it.
        news: what it is about; None: nothing of ours.

    """

    id: str
    type: str
    news: News | None = None
