"""UltraCart's webhooks (www.ultracart.com/api/webhooks.html): a Basic password and no signature, so all are hints."""

import base64
import hashlib
import zlib
from hmac import compare_digest
from typing import TypeAlias

import msgspec
from msgspec import Struct

from paylinks_ports import InvalidSignature, PaymentNews, ProviderUnavailable, RefundNews, WebhookEvent, WebhookRequest

from .documents import Json, document

__all__ = ["read_webhook", "verify_webhook"]

_MOST = 8 * 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS
_Events: TypeAlias = list[Json]


class _Batch(Struct, frozen=True):
    """One call carries many events."""

    events: _Events


def verify_webhook(secret: str | None, request: WebhookRequest) -> None:
    """Return when the caller knows the password; its user name is the merchant's choice and proves nothing.

    Raises:
        InvalidSignature: it does not, or the brand has entered none.

    """
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        shown = base64.b64decode(encoded.strip(), validate=True) if scheme.lower() == "basic" else b""
    except ValueError:
        shown = b""
    if secret is None or not compare_digest(shown.partition(b":")[2], secret.encode()):
        raise InvalidSignature("The webhook does not carry the password that the brand has entered")


def read_webhook(request: WebhookRequest) -> tuple[WebhookEvent, ...]:
    """Read the events of one call.

    Raises:
        ValueError: it is not in UltraCart's form.

    """
    try:
        # Older pages of UltraCart's show a bare list (github.com/UltraCart/ultracart-webhook-sample: an object).
        batch = msgspec.json.decode(_unpacked(request.body.strip()), type=_Batch | _Events)
    except (ValueError, RecursionError, zlib.error) as error:
        raise ValueError("This is no call of UltraCart's webhooks") from error
    events = batch.events if isinstance(batch, _Batch) else batch
    return tuple(_event(name, content) for one in events for name, content in one.items())


def _unpacked(body: bytes) -> bytes:
    """Unpack what was sent with ``compress_events``: base64 of gzip."""
    if body[:1] in (b"{", b"["):
        return body
    unpacker = zlib.decompressobj(_GZIP)
    plain = unpacker.decompress(base64.b64decode(body, validate=True), _MOST)
    if not unpacker.eof:
        raise ValueError("It is too large, or cut off")
    return plain


def _event(name: str, content: object) -> WebhookEvent:
    """Read one event; UltraCart gives it no id, so it is known by what it says."""
    digest = hashlib.sha256(msgspec.json.encode([name, content], order="sorted")).hexdigest()[:40]
    return WebhookEvent(id=f"{name}:{digest}"[:120], type=name[:60], news=_news(name, content))


def _news(name: str, content: object) -> PaymentNews | RefundNews | None:
    if not name.startswith("order_"):
        return None
    try:
        order = document(content, "order_id")
    except ProviderUnavailable:
        return None  # without an order's id there is nothing to ask for
    reference = order.text("order_id")
    if name == "order_refund":
        return RefundNews(payment_reference=reference, refund_id=order.text("refund_reason") or None)
    attempt_id, order_id = order.mark("custom_field1"), order.mark("custom_field2")
    # A shortened one is nobody's.
    whole = order_id if order_id and "~" not in order_id else None
    return PaymentNews(reference=reference, attempt_id=attempt_id, order_id=whole)
