"""/api/admin/webhooks: a brand's endpoints for outgoing webhooks, their secrets, and what was delivered to them."""

from typing import Any

import msgspec
from litestar import Request, delete, get, post, put
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from paylinks_core import endpoints
from paylinks_core.deliveries import Deliverer
from paylinks_core.endpoints import EndpointChange

from ...guards import actor_of, signed_in
from ...idempotency import SECRET_ANSWER
from ..desk import Desk
from ..paging import pagination_of, read_window
from .webhook_views import (
    BrandWebhookSecret,
    BrandWebhookSecretAnswer,
    ChangeWebhookBody,
    CreateWebhookBody,
    DeletedWebhook,
    DeletedWebhookAnswer,
    NewWebhook,
    NewWebhookAnswer,
    Retried,
    RetriedAnswer,
    RetryWebhookBody,
    Rotated,
    RotatedAnswer,
    WebhookAnswer,
    WebhookDeliveriesAnswer,
    WebhookDeliveryAnswer,
    WebhooksAnswer,
    delivery_of,
    detail_of,
    webhook_of,
)

__all__ = ["webhook_handlers"]

_PATH = "/api/admin/webhooks"
_TAGS = ["Settings and configuration"]


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


@get(_PATH, tags=_TAGS, access="session", permission="webhooks.read", guards=[signed_in])
async def list_webhooks(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> WebhooksAnswer:
    """List the brand's webhook endpoints."""
    brand = await desk.guards.admin(request)
    window = read_window(request)
    found = await endpoints.page_endpoints(desk.parts, brand, window)
    return WebhooksAnswer(data=tuple(map(webhook_of, found.rows)), pagination=pagination_of(window, found.total))


@post(_PATH, tags=_TAGS, opt=SECRET_ANSWER, access="session", permission="webhooks.write", guards=[signed_in])
async def create_webhook(
    request: Request[Any, Any, Any], data: JSONBody[CreateWebhookBody], desk: NamedDependency[Desk]
) -> NewWebhookAnswer:
    """Add a webhook endpoint; its secret is shown once."""
    brand = await desk.guards.admin(request)
    change = EndpointChange(url=data.url, events=data.events, description=data.description, enabled=data.enabled)
    endpoint, secret = await endpoints.create_endpoint(desk.parts, actor_of(request), desk.house.sender, brand, change)
    return NewWebhookAnswer(data=NewWebhook(**msgspec.structs.asdict(webhook_of(endpoint)), secret=secret))


@put(f"{_PATH}/{{webhook_id:str}}", tags=_TAGS, access="session", permission="webhooks.write", guards=[signed_in])
async def change_webhook(
    request: Request[Any, Any, Any],
    webhook_id: FromPath[str],
    data: JSONBody[ChangeWebhookBody],
    desk: NamedDependency[Desk],
) -> WebhookAnswer:
    """Change a webhook endpoint."""
    brand = await desk.guards.admin(request)
    change = EndpointChange(url=data.url, events=data.events, description=data.description, enabled=data.enabled)
    endpoint = await endpoints.change_endpoint(
        desk.parts, actor_of(request), desk.house.sender, brand, webhook_id, change
    )
    return WebhookAnswer(data=webhook_of(endpoint))


@delete(
    f"{_PATH}/{{webhook_id:str}}",
    status_code=200,
    tags=_TAGS,
    access="session",
    permission="webhooks.write",
    guards=[signed_in],
)
async def delete_webhook(
    request: Request[Any, Any, Any], webhook_id: FromPath[str], desk: NamedDependency[Desk]
) -> DeletedWebhookAnswer:
    """Delete a webhook endpoint."""
    brand = await desk.guards.admin(request)
    await endpoints.delete_endpoint(desk.parts, actor_of(request), brand, webhook_id)
    return DeletedWebhookAnswer(data=DeletedWebhook(id=webhook_id))


@post(
    f"{_PATH}/{{webhook_id:str}}/rotate-secret",
    status_code=200,
    tags=_TAGS,
    opt=SECRET_ANSWER,
    access="session",
    permission="webhooks.write",
    guards=[signed_in],
)
async def rotate_webhook_secret(
    request: Request[Any, Any, Any], webhook_id: FromPath[str], desk: NamedDependency[Desk]
) -> RotatedAnswer:
    """Give a webhook endpoint a new secret; for 24 hours both sign."""
    brand = await desk.guards.admin(request)
    endpoint, secret = await endpoints.rotate_secret(desk.parts, actor_of(request), brand, webhook_id)
    return RotatedAnswer(
        data=Rotated(id=endpoint.id, secret=secret, previous_valid_until=endpoint.previous_until),
    )


@post(
    f"{_PATH}/{{webhook_id:str}}/test",
    status_code=200,
    tags=_TAGS,
    access="session",
    permission="webhooks.write",
    guards=[signed_in],
)
async def test_webhook(
    request: Request[Any, Any, Any], webhook_id: FromPath[str], desk: NamedDependency[Desk]
) -> WebhookDeliveryAnswer:
    """Send a `webhook.test` event to an endpoint now, and say what came of it."""
    brand = await desk.guards.admin(request)
    taken = await endpoints.add_test(desk.parts, brand, webhook_id)
    await Deliverer(desk.parts, desk.house.sender).send_taken(taken)
    async with desk.parts.units.reading() as rows:
        delivery, event = await endpoints.find_delivery(rows, brand, taken.id)
    return WebhookDeliveryAnswer(data=detail_of(delivery, event))


@get(
    f"{_PATH}/{{webhook_id:str}}/deliveries",
    tags=_TAGS,
    access="session",
    permission="webhooks.read",
    guards=[signed_in],
)
async def list_webhook_deliveries(
    request: Request[Any, Any, Any], webhook_id: FromPath[str], desk: NamedDependency[Desk]
) -> WebhookDeliveriesAnswer:
    """List the deliveries to a webhook endpoint."""
    brand = await desk.guards.admin(request)
    window = read_window(request)
    found = await endpoints.page_deliveries(desk.parts, brand, webhook_id, window)
    return WebhookDeliveriesAnswer(
        data=tuple(map(delivery_of, found.rows)), pagination=pagination_of(window, found.total)
    )


@post(
    f"{_PATH}/{{webhook_id:str}}/retry",
    status_code=200,
    tags=_TAGS,
    access="session",
    permission="webhooks.write",
    guards=[signed_in],
)
async def retry_webhook_deliveries(
    request: Request[Any, Any, Any],
    webhook_id: FromPath[str],
    data: JSONBody[RetryWebhookBody],
    desk: NamedDependency[Desk],
) -> RetriedAnswer:
    """Send all failed deliveries to a webhook endpoint once more, from a time on."""
    brand = await desk.guards.admin(request)
    count = await endpoints.send_all_again(desk.parts, brand, webhook_id, data.since)
    return RetriedAnswer(data=Retried(retried=count))


@get(
    f"{_PATH}/deliveries/{{delivery_id:str}}",
    tags=_TAGS,
    access="session",
    permission="webhooks.read",
    guards=[signed_in],
)
async def show_webhook_delivery(
    request: Request[Any, Any, Any], delivery_id: FromPath[str], desk: NamedDependency[Desk]
) -> WebhookDeliveryAnswer:
    """Show a delivery with its latest request and answer."""
    brand = await desk.guards.admin(request)
    async with desk.parts.units.reading() as rows:
        delivery, event = await endpoints.find_delivery(rows, brand, delivery_id)
    return WebhookDeliveryAnswer(data=detail_of(delivery, event))


@post(
    f"{_PATH}/deliveries/{{delivery_id:str}}/retry",
    status_code=200,
    tags=_TAGS,
    access="session",
    permission="webhooks.write",
    guards=[signed_in],
)
async def retry_webhook_delivery(
    request: Request[Any, Any, Any], delivery_id: FromPath[str], desk: NamedDependency[Desk]
) -> WebhookDeliveryAnswer:
    """Send a delivery once more, now."""
    brand = await desk.guards.admin(request)
    delivery = await endpoints.send_again(desk.parts, brand, delivery_id)
    async with desk.parts.units.reading() as rows:
        _, event = await endpoints.find_delivery(rows, brand, delivery_id)
    return WebhookDeliveryAnswer(data=detail_of(delivery, event))


@post(
    "/api/admin/settings/webhook-secret",
    status_code=200,
    tags=_TAGS,
    opt=SECRET_ANSWER,
    access="session",
    permission="settings.write",
    guards=[signed_in],
)
async def make_brand_webhook_secret(
    request: Request[Any, Any, Any], desk: NamedDependency[Desk]
) -> BrandWebhookSecretAnswer:
    """Make a new secret for deliveries to checkouts' own `webhookUrl`; for 24 hours both sign."""
    brand = await desk.guards.admin(request)
    secret = await endpoints.rotate_brand_secret(desk.parts, actor_of(request), brand)
    return BrandWebhookSecretAnswer(data=BrandWebhookSecret(secret=secret))
