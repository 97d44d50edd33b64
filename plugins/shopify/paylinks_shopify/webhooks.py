"""Shopify's webhooks (shopify.dev/docs/apps/build/webhooks/verify-deliveries): the body is signed, its headers are not.

So the topic is only believed as far as the body bears it out, and every event is a hint to read the order.
"""

import base64
import hashlib
import hmac

import msgspec
from msgspec import Struct, field

from paylinks_ports import InvalidSignature, PaymentNews, RefundNews, WebhookEvent, WebhookRequest

from .credentials import ShopifyCredentials
from .drafts import ATTEMPT, ORDER

__all__ = ["read_webhook", "verify_webhook"]


class _Attribute(Struct, frozen=True):
    name: str
    value: object = None


class _Payload(Struct, frozen=True, kw_only=True):
    """What orders, draft orders and refunds have in common in their REST shape."""

    admin_graphql_api_id: str | None = None
    note: str | None = None
    note_attributes: list[_Attribute] = field(default_factory=list)


def verify_webhook(credentials: ShopifyCredentials, request: WebhookRequest) -> None:
    """Return when the body is signed with the app's secret; after a rotation the old one may sign for an hour.

    Raises:
        InvalidSignature: it is not, or the brand has entered none.

    """
    secrets = [one for one in (credentials.webhook_secret, credentials.client_secret) if one]
    shown = request.headers.get("x-shopify-hmac-sha256", "").strip().encode("utf-8", "replace")
    shop = request.headers.get("x-shopify-shop-domain", credentials.shop_domain)
    signed = [base64.b64encode(hmac.digest(one.encode(), request.body, "sha256")) for one in secrets]
    if not any([hmac.compare_digest(one, shown) for one in signed]):  # noqa: C419 - all of them, in the same time
        raise InvalidSignature("The webhook's signature is wrong")
    if shop.lower() != credentials.shop_domain:
        raise InvalidSignature("The webhook is another shop's")


def read_webhook(request: WebhookRequest) -> tuple[WebhookEvent, ...]:
    """Read the event of one call.

    Raises:
        ValueError: it is not in Shopify's form.

    """
    try:
        payload = msgspec.json.decode(request.body, type=_Payload)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError("This is no call of Shopify's webhooks") from error
    topic = request.headers.get("x-shopify-topic", "")[:100]
    digest = hashlib.sha256(topic.encode() + b"\0" + request.body).hexdigest()[:40]
    # The delivery's id is the same when it is sent again; the body's digest keeps a swapped one from hiding another.
    name = request.headers.get("x-shopify-webhook-id", "")[:60]
    return (WebhookEvent(id=f"{name}:{digest}" if name else digest, type=topic, news=_news(topic, payload)),)


def _news(topic: str, payload: _Payload) -> PaymentNews | RefundNews | None:
    gid = payload.admin_graphql_api_id
    if topic == "refunds/create":
        note = payload.note or ""
        refund_id = note.rpartition("[")[2].removesuffix("]") if note.endswith("]") else None
        return RefundNews(refund_id=refund_id, reference=gid)
    written = {one.name: one.value for one in payload.note_attributes if isinstance(one.value, str)}
    attempt_id, order_id = written.get(ATTEMPT), written.get(ORDER)
    if attempt_id is None and order_id is None:
        return None  # the shop's own orders come here, too
    draft = gid if gid and gid.startswith("gid://shopify/DraftOrder/") else None
    return PaymentNews(reference=draft, attempt_id=attempt_id, order_id=order_id)
