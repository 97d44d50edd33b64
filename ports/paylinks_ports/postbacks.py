"""Webhooks that nobody signs: a secret of the brand's own in them is all that proves one, so they are only hints."""

import hashlib
import json
import re
from collections.abc import Callable
from hmac import compare_digest
from urllib.parse import parse_qsl

import msgspec

from .errors import InvalidSignature
from .webhooks import PaymentNews, RefundNews, WebhookEvent, WebhookRequest

__all__ = ["read_postback", "verify_postback"]

_SECRET = "secret"  # noqa: S105 - the parameter's name
_HEADER = "x-webhook-secret"
_OURS = frozenset({_SECRET, "brand"})
_MOST = 100


def verify_postback(request: WebhookRequest, secret: str | None) -> None:
    """Compare the secret in ``X-Webhook-Secret`` or ``?secret=`` with the brand's.

    Raises:
        InvalidSignature: it is another, or the brand has none.

    """
    given = request.headers.get(_HEADER) or request.query.get(_SECRET) or ""
    if secret is None or not compare_digest(given.encode(errors="replace"), secret.encode()):
        raise InvalidSignature("The postback does not carry the brand's webhook secret")


def read_postback(
    request: WebhookRequest,
    *,
    order: str,
    shape: re.Pattern[str],
    attempt: str,
    read_attempt: Callable[[str], str | None] = lambda text: text or None,
) -> tuple[WebhookEvent, ...]:
    """Read a call whose parameters the merchant has laid out, in the URL or the body, as a hint to read the order.

    Its ``event``, where it has one, says by the word "refund" or "void" that it is of a refund.

    Args:
        request: the call.
        order: the parameter with the provider's id of the order.
        shape: what such an id looks like.
        attempt: the parameter with the attempt's id, as it was written.
        read_attempt: reads the attempt's id in it.

    Raises:
        ValueError: there is no order in it.

    """
    given = {**_body(request.body), **request.query}
    said = {name: value for name, value in sorted(given.items()) if name not in _OURS and value}
    order_id = said.get(order, "")
    if not shape.fullmatch(order_id):
        message = f"{order}: is missing, or none"
        raise ValueError(message)
    kind = said.get("event", "order")[:_MOST]
    news = (
        RefundNews(payment_reference=order_id)
        if any(word in kind.lower() for word in ("refund", "void"))
        else PaymentNews(reference=order_id, attempt_id=read_attempt(said.get(attempt, "")))
    )
    # It has no id: it is known by what it says.
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()
    return (WebhookEvent(id=f"{order_id}-{digest[:40]}", type=kind, news=news),)


def _body(body: bytes) -> dict[str, str]:
    if not body.strip():
        return {}
    try:
        text = body.decode()
        if not text.lstrip().startswith("{"):
            return dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST))
        fields = msgspec.json.decode(text, type=dict[str, object])
    except (ValueError, msgspec.DecodeError, RecursionError) as error:
        message = "The body is neither a form nor a JSON object"
        raise ValueError(message) from error
    return {name: str(value) for name, value in fields.items() if isinstance(value, str | int)}
