"""What the webhook endpoints' calls take and answer; `webhooks` has the calls."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from paylinks_core.deliveries import request_headers
from paylinks_core.events import body_of
from paylinks_ports.records.events import Delivery, DeliveryStatus, Endpoint, EventType, OutgoingEvent

from ...answers import Success
from ..paging import Pagination

__all__ = [
    "BrandWebhookSecret",
    "BrandWebhookSecretAnswer",
    "ChangeWebhookBody",
    "CreateWebhookBody",
    "DeletedWebhook",
    "DeletedWebhookAnswer",
    "NewWebhook",
    "NewWebhookAnswer",
    "Retried",
    "RetriedAnswer",
    "RetryWebhookBody",
    "Rotated",
    "RotatedAnswer",
    "Webhook",
    "WebhookAnswer",
    "WebhookDeliveriesAnswer",
    "WebhookDelivery",
    "WebhookDeliveryAnswer",
    "WebhookDeliveryDetail",
    "WebhookRequest",
    "WebhookResponse",
    "WebhooksAnswer",
    "delivery_of",
    "detail_of",
    "webhook_of",
]

Url = Annotated[str, Meta(min_length=1, max_length=2048)]
Wanted = Annotated[tuple[Literal[EventType, "*"], ...], Meta(min_length=1, max_length=50)]
Description = Annotated[str, Meta(max_length=500)]


class CreateWebhookBody(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """Where a brand wants its events, and which; `*` is all of them."""

    url: Url
    events: Wanted
    description: Description | None = None
    enabled: bool = True


class ChangeWebhookBody(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What changes of a webhook endpoint; what is left out stays, an empty description is none."""

    url: Url | None = None
    events: Wanted | None = None
    description: Description | None = None
    enabled: bool | None = None


class RetryWebhookBody(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """From when on failed deliveries are sent once more, Unix milliseconds."""

    since: Annotated[int, Meta(ge=0, le=2**53)]


class Webhook(Struct, frozen=True, kw_only=True, rename="camel"):
    """A webhook endpoint; `disabled_reason` says why it was switched off where no person did."""

    id: str
    url: str
    events: tuple[str, ...]
    description: str | None
    enabled: bool
    disabled_reason: str | None
    failing_since: int | None
    created_at: int


class NewWebhook(Webhook, frozen=True, kw_only=True, rename="camel"):
    """A new webhook endpoint with its secret, which is shown this once."""

    secret: str


class WebhookDelivery(Struct, frozen=True, kw_only=True, rename="camel"):
    """One event on its way to a webhook endpoint."""

    id: str
    event_id: str
    type: str
    status: DeliveryStatus
    attempts: int
    response_status: int | None
    next_attempt_at: int | None
    created_at: int


class WebhookRequest(Struct, frozen=True, kw_only=True, rename="camel"):
    """What was sent last, without what only the secret can make."""

    url: str
    headers: dict[str, str]
    body: str


class WebhookResponse(Struct, frozen=True, kw_only=True, rename="camel"):
    """What was answered last: the beginning of it, or why there was no answer."""

    status: int | None
    headers: dict[str, str]
    body: str | None
    error: str | None


class WebhookDeliveryDetail(WebhookDelivery, frozen=True, kw_only=True, rename="camel"):
    """One event on its way to a webhook endpoint, with the latest request and its answer; kept for 30 days."""

    request: WebhookRequest
    response: WebhookResponse


class Rotated(Struct, frozen=True, kw_only=True, rename="camel"):
    """A new secret, which is shown this once; until `previous_valid_until` the older one signs too."""

    id: str
    secret: str
    previous_valid_until: int | None


class BrandWebhookSecret(Struct, frozen=True, kw_only=True, rename="camel"):
    """A new secret for deliveries to checkouts' own `webhookUrl`, which is shown this once."""

    secret: str


class Retried(Struct, frozen=True, kw_only=True, rename="camel"):
    """How many deliveries are sent once more."""

    retried: int


class DeletedWebhook(Struct, frozen=True, kw_only=True, rename="camel"):
    """Which webhook endpoint is gone."""

    id: str


class WebhooksAnswer(Success, frozen=True, kw_only=True, rename="camel"):
    """A brand's webhook endpoints, newest first."""

    data: tuple[Webhook, ...]
    pagination: Pagination


class WebhookAnswer(Success, frozen=True, kw_only=True, rename="camel"):
    """A webhook endpoint."""

    data: Webhook


class NewWebhookAnswer(Success, frozen=True, kw_only=True, rename="camel"):
    """A new webhook endpoint."""

    data: NewWebhook


class DeletedWebhookAnswer(Success, frozen=True, kw_only=True, rename="camel"):
    """A webhook endpoint is gone."""

    data: DeletedWebhook


class RotatedAnswer(Success, frozen=True, kw_only=True, rename="camel"):
    """A new secret of a webhook endpoint."""

    data: Rotated


class BrandWebhookSecretAnswer(Success, frozen=True, kw_only=True, rename="camel"):
    """A new secret of a brand."""

    data: BrandWebhookSecret


class WebhookDeliveriesAnswer(Success, frozen=True, kw_only=True, rename="camel"):
    """The deliveries to a webhook endpoint, newest first."""

    data: tuple[WebhookDelivery, ...]
    pagination: Pagination


class WebhookDeliveryAnswer(Success, frozen=True, kw_only=True, rename="camel"):
    """A delivery with its latest request and answer."""

    data: WebhookDeliveryDetail


class RetriedAnswer(Success, frozen=True, kw_only=True, rename="camel"):
    """Deliveries are sent once more."""

    data: Retried


def webhook_of(endpoint: Endpoint) -> Webhook:
    """Show an endpoint."""
    return Webhook(
        id=endpoint.id,
        url=endpoint.url,
        events=endpoint.events,
        description=endpoint.description,
        enabled=endpoint.enabled,
        disabled_reason=endpoint.disabled_reason,
        failing_since=endpoint.failing_since,
        created_at=endpoint.created_at,
    )


def delivery_of(delivery: Delivery) -> WebhookDelivery:
    """Show a delivery in a list."""
    return WebhookDelivery(
        id=delivery.id,
        event_id=delivery.event_id,
        type=delivery.event_type,
        status=delivery.status,
        attempts=delivery.attempts,
        response_status=delivery.response_status,
        next_attempt_at=delivery.next_at if delivery.status == "pending" else None,
        created_at=delivery.created_at,
    )


def detail_of(delivery: Delivery, event: OutgoingEvent) -> WebhookDeliveryDetail:
    """Show a delivery with what was sent and answered."""
    return WebhookDeliveryDetail(
        **msgspec.structs.asdict(delivery_of(delivery)),
        request=WebhookRequest(url=delivery.url, headers=request_headers(delivery), body=body_of(event).decode()),
        response=WebhookResponse(
            status=delivery.response_status,
            headers=delivery.response_headers,
            body=delivery.response_body,
            error=delivery.error,
        ),
    )
