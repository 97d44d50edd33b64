"""/api/admin/webhooks: a brand's endpoints for outgoing webhooks, their secrets, and what was delivered to them."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, delete, get, post, put
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from paylinks_core import endpoints
from paylinks_core.deliveries import Deliverer, request_headers
from paylinks_core.endpoints import EndpointChange
from paylinks_core.events import body_of
from paylinks_ports.records.events import Delivery, DeliveryStatus, Endpoint, EventType, OutgoingEvent

from ...answers import Success
from ...idempotency import SECRET_ANSWER
from ..desk import Desk
from ..paging import Pagination, pagination_of, read_window

__all__ = ["webhook_handlers"]

_PATH = "/api/admin/webhooks"
_TAGS = ["Settings and configuration"]

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


def webhook_handlers() -> list[HTTPRouteHandler]:
    """List the routes."""
    return [
        list_webhooks,
        create_webhook,
        change_webhook,
        delete_webhook,
        rotate_webhook_secret,
        test_webhook,
        list_webhook_deliveries,
        retry_webhook_deliveries,
        show_webhook_delivery,
        retry_webhook_delivery,
        make_brand_webhook_secret,
    ]


@get(_PATH, tags=_TAGS)
async def list_webhooks(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> WebhooksAnswer:
    """List the brand's webhook endpoints."""
    brand = await desk.guards.server(request)
    window = read_window(request)
    found = await endpoints.page_endpoints(desk.parts, brand, window)
    return WebhooksAnswer(data=tuple(map(_webhook, found.rows)), pagination=pagination_of(window, found.total))


@post(_PATH, tags=_TAGS, opt=SECRET_ANSWER)
async def create_webhook(
    request: Request[Any, Any, Any], data: JSONBody[CreateWebhookBody], desk: NamedDependency[Desk]
) -> NewWebhookAnswer:
    """Add a webhook endpoint; its secret is shown once."""
    brand = await desk.guards.server(request)
    change = EndpointChange(url=data.url, events=data.events, description=data.description, enabled=data.enabled)
    endpoint, secret = await endpoints.create_endpoint(desk.parts, desk.house.sender, brand, change)
    return NewWebhookAnswer(data=NewWebhook(**msgspec.structs.asdict(_webhook(endpoint)), secret=secret))


@put(f"{_PATH}/{{webhook_id:str}}", tags=_TAGS)
async def change_webhook(
    request: Request[Any, Any, Any],
    webhook_id: FromPath[str],
    data: JSONBody[ChangeWebhookBody],
    desk: NamedDependency[Desk],
) -> WebhookAnswer:
    """Change a webhook endpoint."""
    brand = await desk.guards.server(request)
    change = EndpointChange(url=data.url, events=data.events, description=data.description, enabled=data.enabled)
    endpoint = await endpoints.change_endpoint(desk.parts, desk.house.sender, brand, webhook_id, change)
    return WebhookAnswer(data=_webhook(endpoint))


@delete(f"{_PATH}/{{webhook_id:str}}", status_code=200, tags=_TAGS)
async def delete_webhook(
    request: Request[Any, Any, Any], webhook_id: FromPath[str], desk: NamedDependency[Desk]
) -> DeletedWebhookAnswer:
    """Delete a webhook endpoint."""
    brand = await desk.guards.server(request)
    await endpoints.delete_endpoint(desk.parts, brand, webhook_id)
    return DeletedWebhookAnswer(data=DeletedWebhook(id=webhook_id))


@post(f"{_PATH}/{{webhook_id:str}}/rotate-secret", status_code=200, tags=_TAGS, opt=SECRET_ANSWER)
async def rotate_webhook_secret(
    request: Request[Any, Any, Any], webhook_id: FromPath[str], desk: NamedDependency[Desk]
) -> RotatedAnswer:
    """Give a webhook endpoint a new secret; for 24 hours both sign."""
    brand = await desk.guards.server(request)
    endpoint, secret = await endpoints.rotate_secret(desk.parts, brand, webhook_id)
    return RotatedAnswer(
        data=Rotated(id=endpoint.id, secret=secret, previous_valid_until=endpoint.previous_until),
    )


@post(f"{_PATH}/{{webhook_id:str}}/test", status_code=200, tags=_TAGS)
async def test_webhook(
    request: Request[Any, Any, Any], webhook_id: FromPath[str], desk: NamedDependency[Desk]
) -> WebhookDeliveryAnswer:
    """Send a `webhook.test` event to an endpoint now, and say what came of it."""
    brand = await desk.guards.server(request)
    taken = await endpoints.add_test(desk.parts, brand, webhook_id)
    await Deliverer(desk.parts, desk.house.sender).send_taken(taken)
    async with desk.parts.units.reading() as rows:
        delivery, event = await endpoints.find_delivery(rows, brand, taken.id)
    return WebhookDeliveryAnswer(data=_detail(delivery, event))


@get(f"{_PATH}/{{webhook_id:str}}/deliveries", tags=_TAGS)
async def list_webhook_deliveries(
    request: Request[Any, Any, Any], webhook_id: FromPath[str], desk: NamedDependency[Desk]
) -> WebhookDeliveriesAnswer:
    """List the deliveries to a webhook endpoint."""
    brand = await desk.guards.server(request)
    window = read_window(request)
    found = await endpoints.page_deliveries(desk.parts, brand, webhook_id, window)
    return WebhookDeliveriesAnswer(
        data=tuple(map(_delivery, found.rows)), pagination=pagination_of(window, found.total)
    )


@post(f"{_PATH}/{{webhook_id:str}}/retry", status_code=200, tags=_TAGS)
async def retry_webhook_deliveries(
    request: Request[Any, Any, Any],
    webhook_id: FromPath[str],
    data: JSONBody[RetryWebhookBody],
    desk: NamedDependency[Desk],
) -> RetriedAnswer:
    """Send all failed deliveries to a webhook endpoint once more, from a time on."""
    brand = await desk.guards.server(request)
    count = await endpoints.send_all_again(desk.parts, brand, webhook_id, data.since)
    return RetriedAnswer(data=Retried(retried=count))


@get(f"{_PATH}/deliveries/{{delivery_id:str}}", tags=_TAGS)
async def show_webhook_delivery(
    request: Request[Any, Any, Any], delivery_id: FromPath[str], desk: NamedDependency[Desk]
) -> WebhookDeliveryAnswer:
    """Show a delivery with its latest request and answer."""
    brand = await desk.guards.server(request)
    async with desk.parts.units.reading() as rows:
        delivery, event = await endpoints.find_delivery(rows, brand, delivery_id)
    return WebhookDeliveryAnswer(data=_detail(delivery, event))


@post(f"{_PATH}/deliveries/{{delivery_id:str}}/retry", status_code=200, tags=_TAGS)
async def retry_webhook_delivery(
    request: Request[Any, Any, Any], delivery_id: FromPath[str], desk: NamedDependency[Desk]
) -> WebhookDeliveryAnswer:
    """Send a delivery once more, now."""
    brand = await desk.guards.server(request)
    delivery = await endpoints.send_again(desk.parts, brand, delivery_id)
    async with desk.parts.units.reading() as rows:
        _, event = await endpoints.find_delivery(rows, brand, delivery_id)
    return WebhookDeliveryAnswer(data=_detail(delivery, event))


@post("/api/admin/settings/webhook-secret", status_code=200, tags=_TAGS, opt=SECRET_ANSWER)
async def make_brand_webhook_secret(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk]
) -> BrandWebhookSecretAnswer:
    """Make a new secret for deliveries to checkouts' own `webhookUrl`; for 24 hours both sign."""
    brand = await desk.guards.server(request)
    secret = await endpoints.rotate_brand_secret(desk.parts, brand)
    return BrandWebhookSecretAnswer(data=BrandWebhookSecret(secret=secret))


def _webhook(endpoint: Endpoint) -> Webhook:
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


def _delivery(delivery: Delivery) -> WebhookDelivery:
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


def _detail(delivery: Delivery, event: OutgoingEvent) -> WebhookDeliveryDetail:
    return WebhookDeliveryDetail(
        **msgspec.structs.asdict(_delivery(delivery)),
        request=WebhookRequest(url=delivery.url, headers=request_headers(delivery), body=body_of(event).decode()),
        response=WebhookResponse(
            status=delivery.response_status,
            headers=delivery.response_headers,
            body=delivery.response_body,
            error=delivery.error,
        ),
    )
