"""What the simulator remembers: one document a payment intent, with all its charges in it."""

from typing import Any, Literal, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

__all__ = ["ChargeRecord", "CustomerRecord", "IntentRecord", "Method", "RefundRecord", "Status", "at"]

Status: TypeAlias = Literal["requires_payment_method", "requires_action", "processing", "canceled", "succeeded"]


class Method(Struct, frozen=True, kw_only=True):
    """A payment method, as far as one charge remembers it."""

    id: str
    brand: str
    last4: str


class ChargeRecord(Struct, frozen=True, kw_only=True):
    """One try to take money; `error` is that of a failed one."""

    id: str
    status: Literal["succeeded", "pending", "failed"]
    amount: int
    created: int
    method: Method
    error: dict[str, str] | None = None


class RefundRecord(Struct, frozen=True, kw_only=True):
    """One refund of an intent's charge."""

    id: str
    amount: int
    created: int
    reason: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)


class IntentRecord(Struct, frozen=True, kw_only=True):
    """One payment intent. Times are Unix milliseconds.

    Args:
        presented: what the last confirmation paid with, in the caller's words.
        settles_at: when processing ends well.
        previous: the intent that was made before it, in the same chain.

    """

    id: str
    client_secret: str
    livemode: bool
    demo: bool
    created: int
    amount: int
    currency: str
    status: Status = "requires_payment_method"
    customer: str | None = None
    description: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    receipt_email: str | None = None
    shipping: dict[str, Any] | None = None
    setup_future_usage: str | None = None
    statement_descriptor_suffix: str | None = None
    allow_redirects: str | None = None
    method: Method | None = None
    presented: str | None = None
    next_action: dict[str, Any] | None = None
    last_error: dict[str, str] | None = None
    last_method: Method | None = None
    charges: tuple[ChargeRecord, ...] = ()
    refunds: tuple[RefundRecord, ...] = ()
    cancellation_reason: str | None = None
    canceled_at: int | None = None
    settles_at: int | None = None
    previous: str | None = None


class CustomerRecord(Struct, frozen=True, kw_only=True):
    """One customer, with what it was given."""

    id: str
    livemode: bool
    created: int
    given: dict[str, Any]


def at(record: IntentRecord, now: int) -> IntentRecord:
    """Give an intent as it is at a time: what is processing ends by itself."""
    if record.status != "processing" or record.settles_at is None or record.settles_at > now:
        return record
    charges = tuple(replace(one, status="succeeded") if one.status == "pending" else one for one in record.charges)
    return replace(record, status="succeeded", charges=charges, settles_at=None)
