"""Konnektive's postbacks: nobody signs them, so the brand's own secret is all that proves one; it is only a hint."""

import hashlib
import json
import re
from hmac import compare_digest
from urllib.parse import parse_qsl

import msgspec

from paylinks_ports import InvalidSignature, PaymentNews, RefundNews, WebhookEvent, WebhookRequest

from .parameters import attempt_of

__all__ = ["read", "verify"]

_SECRET = "secret"  # noqa: S105 - the parameter's name
_HEADER = "x-webhook-secret"
_OURS = frozenset({_SECRET, "brand"})
_MOST = 100
_ORDER = re.compile(r"[A-Za-z0-9-]{1,40}", re.ASCII)


def verify(request: WebhookRequest, secret: str | None) -> None:
    """Compare the secret in ``X-Webhook-Secret`` or ``?secret=`` with the brand's.

    Raises:
        InvalidSignature: it is another, or the brand has none.

    """
    given = request.headers.get(_HEADER) or request.query.get(_SECRET) or ""
    if secret is None or not compare_digest(given.encode(errors="replace"), secret.encode()):
        raise InvalidSignature("The postback does not carry the brand's webhook secret")


def read(request: WebhookRequest) -> tuple[WebhookEvent, ...]:
    """Read the parameters of the template in the README, from the URL or the body.

    Raises:
        ValueError: there is no order in it.

    """
    given = {**_body(request.body), **request.query}
    said = {name: value for name, value in sorted(given.items()) if name not in _OURS and value}
    order_id = said.get("orderId", "")
    if not _ORDER.fullmatch(order_id):
        message = "orderId: is missing, or none"
        raise ValueError(message)
    kind = said.get("event", "order")[:_MOST]
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()
    refunded = any(word in kind.lower() for word in ("refund", "void"))
    return (
        WebhookEvent(
            id=f"{order_id}-{digest[:40]}",
            type=kind,
            news=RefundNews(payment_reference=order_id)
            if refunded
            else PaymentNews(reference=order_id, attempt_id=attempt_of(said.get("custom1", ""))),
        ),
    )


def _body(body: bytes) -> dict[str, str]:
    if not body.strip():
        return {}
    try:
        text = body.decode()
        if not text.lstrip().startswith("{"):
            return dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST))
        fields = msgspec.json.decode(text, type=dict[str, object])
    except (UnicodeDecodeError, msgspec.DecodeError, RecursionError) as error:
        message = "The body is neither a form nor a JSON object"
        raise ValueError(message) from error
    return {name: str(value) for name, value in fields.items() if isinstance(value, str | int)}
