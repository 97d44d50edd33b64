"""Events (docs.stripe.com/webhooks): proven by signature, and read for whose they are. What became of it is asked anew.

An event shows its object as it was, perhaps in another API version, and may come late: it is a hint, and no more.
"""

import msgspec

from paylinks_ports import InvalidSignature, PaymentNews, RefundNews, WebhookEvent, WebhookRequest

from .credentials import StripeCredentials
from .wire import Event, id_of

__all__ = ["read_webhook", "verify_webhook"]

_TOLERANCE = 300  # seconds, docs.stripe.com/webhooks#replay-attacks


def verify_webhook(credentials: StripeCredentials, request: WebhookRequest) -> None:
    """Check ``Stripe-Signature`` over the raw body, by the SDK, and that its time is neither old nor to come.

    Raises:
        InvalidSignature: it is not proven to come from Stripe.

    """
    if credentials.webhook_secret is None:
        raise InvalidSignature("No webhook signing secret has been entered for Stripe")
    header = request.headers.get("stripe-signature", "")
    if "t=" not in header:
        raise InvalidSignature("The event is not signed")
    # The SDK takes a while to load, so it is only for what looks like an event.
    from stripe import SignatureVerificationError, WebhookSignature

    try:
        # The SDK measures by its own clock, and lets the future pass; the time is measured here.
        WebhookSignature.verify_header(request.body.decode(), header, credentials.webhook_secret, tolerance=None)
        # The first one is what is signed: anyone can write another behind it.
        signed_at = int(next(part[2:] for part in header.split(",") if part.startswith("t=")))
    except (SignatureVerificationError, TypeError, ValueError):  # the SDK trips over a signature that is not ASCII
        raise InvalidSignature("The signature is not Stripe's") from None
    if abs(request.received_at // 1000 - signed_at) > _TOLERANCE:
        raise InvalidSignature("The signature is too old, or of the future")


def read_webhook(credentials: StripeCredentials, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
    """Read an event.

    Raises:
        ValueError: it is not in Stripe's form.

    """
    event = msgspec.json.decode(request.body, type=Event)
    about = event.data.object
    payment = id_of(about.payment_intent)
    news: PaymentNews | RefundNews | None = None
    # docs.stripe.com/webhooks: one endpoint may get the other mode's events, too.
    ours = event.livemode == ("_live_" in credentials.secret_key)
    if ours and about.object == "payment_intent":
        attempt_id, order_id = about.metadata.get("attempt_id"), about.metadata.get("order_id")
        news = PaymentNews(reference=about.id, attempt_id=attempt_id, order_id=order_id)
    elif ours and about.object == "refund":
        refund_id = about.metadata.get("refund_id")
        news = RefundNews(payment_reference=payment, refund_id=refund_id, reference=about.id)
    elif ours and about.object == "charge" and payment:
        news = PaymentNews(reference=payment)
    return (WebhookEvent(id=event.id, type=event.type, news=news),)
