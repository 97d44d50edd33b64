"""UltraCart's webhooks (www.ultracart.com/api/webhooks.html): a Basic password and no signature, so all are hints."""

import base64
import binascii
import hashlib
import hmac
import zlib
from typing import TypeAlias

import msgspec
from msgspec import Raw, Struct

from paylinks_ports import InvalidSignature, PaymentNews, RefundNews, WebhookEvent, WebhookRequest

from .credentials import UltraCartCredentials
from .wire import Order

__all__ = ["read_webhook", "verify_webhook"]

_MOST = 8 * 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS
_Events: TypeAlias = list[dict[str, Raw]]


class _Batch(Struct, frozen=True):
    """One call carries many events."""

    events: _Events


def verify_webhook(credentials: UltraCartCredentials, request: WebhookRequest) -> None:
    """Return when the caller knows the password; its user name is the merchant's choice and proves nothing.

    Raises:
        InvalidSignature: it does not, or the brand has entered none.

    """
    expected = credentials.webhook_secret
    if expected is None:
        raise InvalidSignature("This brand has entered no password for UltraCart's webhooks")
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        shown = base64.b64decode(encoded.strip(), validate=True) if scheme.lower() == "basic" else b""
    except (binascii.Error, ValueError):
        shown = b""
    password = shown.partition(b":")[2]
    if not hmac.compare_digest(password, expected.encode()):
        raise InvalidSignature("The webhook's password is wrong")


def read_webhook(request: WebhookRequest) -> tuple[WebhookEvent, ...]:
    """Read the events of one call.

    Raises:
        ValueError: it is not in UltraCart's form.

    """
    body = _unpacked(request.body)
    try:
        # Older pages of UltraCart's show a bare list (github.com/UltraCart/ultracart-webhook-sample: an object).
        batch = msgspec.json.decode(body, type=_Batch | _Events)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError("This is no call of UltraCart's webhooks") from error
    events = batch.events if isinstance(batch, _Batch) else batch
    return tuple(_event(name, content) for one in events for name, content in one.items())


def _unpacked(body: bytes) -> bytes:
    """Unpack what was sent with ``compress_events``: base64 of gzip."""
    text = body.strip()
    if text[:1] in (b"{", b"["):
        return text
    unpacker = zlib.decompressobj(_GZIP)
    try:
        plain = unpacker.decompress(base64.b64decode(text, validate=True), _MOST)
    except (binascii.Error, zlib.error) as error:
        raise ValueError("This is no call of UltraCart's webhooks") from error
    if not unpacker.eof:
        raise ValueError("This call of UltraCart's webhooks is too large, or cut off")
    return plain


def _event(name: str, content: Raw) -> WebhookEvent:
    """Read one event; UltraCart gives it no id, so it is known by what it says."""
    value = msgspec.json.decode(content)
    digest = hashlib.sha256(msgspec.json.encode([name, value], order="sorted")).hexdigest()[:40]
    return WebhookEvent(id=f"{name}:{digest}"[:120], type=name[:60], news=_news(name, content))


def _news(name: str, content: Raw) -> PaymentNews | RefundNews | None:
    if not name.startswith("order_"):
        return None
    try:
        order = msgspec.json.decode(content, type=Order)
    except msgspec.DecodeError:
        return None  # without an order's id there is nothing to ask for
    if name == "order_refund":
        return RefundNews(payment_reference=order.order_id, refund_id=order.refund_reason)
    checkout = order.checkout
    order_id = checkout.custom_field2 if checkout else None
    return PaymentNews(
        reference=order.order_id,
        attempt_id=checkout.custom_field1 if checkout else None,
        # A shortened one is nobody's.
        order_id=order_id if order_id and "~" not in order_id else None,
    )
