"""What a brand is told of: events, the endpoints that want them, and each event's delivery to each of them."""

from typing import Literal, TypeAlias

from msgspec import Struct, field

__all__ = ["TEST_EVENT", "Delivery", "DeliveryStatus", "Endpoint", "EventType", "OutgoingEvent", "WebhookSecret"]

EventType: TypeAlias = Literal[
    "checkout.created",
    "checkout.completed",
    "checkout.abandoned",
    "payment.succeeded",
    "payment.failed",
    "order.confirmed",
    "upsell.offered",
    "upsell.accepted",
    "upsell.declined",
    "upsell.expired",
    "refund.initiated",
    "refund.succeeded",
    "refund.failed",
]
DeliveryStatus: TypeAlias = Literal["pending", "delivered", "failed"]

TEST_EVENT = "webhook.test"
"""The type of an event that tells of nothing; nobody subscribes to it."""


class OutgoingEvent(Struct, frozen=True, kw_only=True):
    """One thing that happened, written in the same transaction.

    Args:
        checkout_id: None for a test event, which tells of nothing.
        type: an `EventType`, or `TEST_EVENT`.
        data: the `data` of its body as JSON text, so that every delivery sends the same bytes.
        webhook_url: the checkout's own address for it, if it has one.
        fanned_at: when its deliveries were made, Unix milliseconds.

    """

    id: str
    brand_id: str
    checkout_id: str | None
    type: str
    data: str
    webhook_url: str | None = None
    created_at: int
    fanned_at: int | None = None


class Endpoint(Struct, frozen=True, kw_only=True):
    """An address that a brand has chosen for some or all events.

    Args:
        events: the types it wants; ``*`` is all.
        secret: sealed; signs its deliveries.
        previous_secret: sealed; signs beside the newer one until `previous_until`, Unix milliseconds.
        failing_since: when the first delivery failed after the last one that did not, Unix milliseconds.
        disabled_reason: why it was switched off, where no person did.
        version: rises with every change; `replace` compares it.

    """

    id: str
    brand_id: str
    url: str
    events: tuple[str, ...]
    description: str | None = None
    enabled: bool = True
    secret: str
    previous_secret: str | None = None
    previous_until: int | None = None
    failing_since: int | None = None
    disabled_reason: str | None = None
    created_at: int
    version: int = 1


class WebhookSecret(Struct, frozen=True, kw_only=True):
    """What signs a brand's deliveries to its checkouts' own addresses, once it was made anew through the API.

    Args:
        secret: sealed.
        previous_secret: sealed; signs beside the newer one until `previous_until`, Unix milliseconds.

    """

    brand_id: str
    secret: str
    previous_secret: str
    previous_until: int
    updated_at: int


class Delivery(Struct, frozen=True, kw_only=True):
    """One event on its way to one address.

    Args:
        endpoint_id: None: it goes to the checkout's own address.
        lane: deliveries of one lane are sent one at a time, in the order of their events.
        attempts: how often it was taken to be sent.
        next_at: when it is sent next, Unix milliseconds.
        locked_until: who has taken it is certainly done with it by then, Unix milliseconds; None: nobody has it.
        attempted_at: when it was sent last, Unix milliseconds.
        response_status: what was answered last, with the answer's headers and the beginning of its body.
        error: why there was no answer.
        version: rises with every change; `replace` compares it.

    """

    id: str
    event_id: str
    event_type: str
    brand_id: str
    endpoint_id: str | None = None
    url: str
    lane: str
    status: DeliveryStatus = "pending"
    attempts: int = 0
    next_at: int
    locked_until: int | None = None
    attempted_at: int | None = None
    response_status: int | None = None
    response_headers: dict[str, str] = field(default_factory=dict)
    response_body: str | None = None
    error: str | None = None
    created_at: int
    version: int = 1
