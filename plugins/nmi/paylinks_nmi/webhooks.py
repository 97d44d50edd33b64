"""The gateway's webhooks: one signed event a call (NMI, "Webhooks": set-up, events, signature)."""

import hashlib
import hmac
import re

import msgspec
from msgspec import Struct

from paylinks_ports import InvalidSignature, Paid, PaymentNews, RefundNews, WebhookEvent, WebhookRequest

from .transactions import Action, Transaction, judge

__all__ = ["SIGNATURE_HEADER", "read", "sign", "verify"]

SIGNATURE_HEADER = "webhook-signature"
_SIGNATURE = re.compile(r"t=(?P<nonce>.*),s=(?P<signature>.*)")


class _Features(Struct, frozen=True, kw_only=True):
    is_test_mode: bool | str = False


class _Action(Struct, frozen=True, kw_only=True):
    action_type: str = ""
    success: str = ""
    amount: str = ""


class _Body(Struct, frozen=True, kw_only=True):
    """What decides of a transaction's event body; blanks are empty text."""

    transaction_id: str = ""
    original_transaction_id: str | None = None
    order_id: str | None = None
    condition: str = ""
    currency: str = ""
    customerid: str | None = None
    features: _Features = _Features()
    action: _Action = _Action()


class _Event(Struct, frozen=True, kw_only=True):
    event_id: str
    event_type: str
    event_body: msgspec.Raw = msgspec.Raw(b"{}")


def sign(key: str, nonce: str, body: bytes) -> str:
    """Make the signature: HMAC-SHA256 of the nonce, a dot and the raw body, in lower hexadecimal digits."""
    return hmac.new(key.encode(), nonce.encode() + b"." + body, hashlib.sha256).hexdigest()


def verify(key: str | None, request: WebhookRequest) -> None:
    """Check the signature. Its ``t`` is a nonce and no time, so an old event is not told by it but by its id.

    Raises:
        InvalidSignature: it is missing or wrong, or there is no key.

    """
    if key is None:
        raise InvalidSignature("There is no webhook signing key to check it by")
    match = _SIGNATURE.fullmatch(request.headers.get(SIGNATURE_HEADER, ""))
    if match is None:
        raise InvalidSignature("The webhook is not signed")
    expected = sign(key, match["nonce"], request.body)
    # As bytes: text that is not ASCII can't be compared in constant time.
    if not hmac.compare_digest(expected.encode(), match["signature"].strip().lower().encode()):
        raise InvalidSignature("The webhook's signature is wrong")


def read(request: WebhookRequest) -> tuple[WebhookEvent, ...]:
    """Read the event of a call.

    Raises:
        ValueError: the body is not in the gateway's form.

    """
    event = msgspec.json.decode(request.body, type=_Event)
    if not event.event_id:
        raise ValueError("the event has no id")
    return (WebhookEvent(id=event.event_id, type=event.event_type, news=_news(event)),)


def _news(event: _Event) -> PaymentNews | RefundNews | None:
    subject, _, rest = event.event_type.partition(".")
    what, _, ending = rest.partition(".")
    if subject != "transaction" or what not in ("sale", "auth", "capture", "void", "refund"):
        return None
    body = msgspec.json.decode(event.event_body, type=_Body)
    reference = body.transaction_id or None
    if what == "refund":
        return RefundNews(
            payment_reference=body.original_transaction_id or None,
            refund_id=body.order_id or None,
            reference=reference,
        )
    if what == "void":
        return RefundNews(payment_reference=reference, reference=reference)
    paid = _paid(body) if (what, ending) == ("sale", "success") else None
    return PaymentNews(reference=reference, attempt_id=body.order_id or None, paid=paid)


def _paid(body: _Body) -> Paid | None:
    """Read the proof of a sale; where anything is unclear the event is only a hint, and the report will tell."""
    # An account in test mode approves everything and charges nothing.
    if body.features.is_test_mode not in (False, "false", "0", "") or not body.transaction_id or not body.order_id:
        return None
    action = Action(type=body.action.action_type, success=body.action.success, amount=body.action.amount)
    told = Transaction(
        transaction_id=body.transaction_id,
        condition=body.condition,
        currency=body.currency,
        vault_id=body.customerid,
        actions=(action,),
    )
    sale = judge("", [told])
    return sale if isinstance(sale, Paid) else None
