"""From Stripe's payment intents and refunds to the platform's answers."""

from paylinks_ports import (
    Canceled,
    LookUpResult,
    NextAction,
    NotSubmitted,
    Order,
    Paid,
    Pending,
    Refunded,
    RefundFailed,
    RefundPending,
    RefundResult,
    RequiresAction,
    SavedMethod,
    Unknown,
)

from .amounts import from_stripe
from .declines import declined
from .wire import Intent, Refund, id_of

__all__ = ["read_attempt", "read_intent", "read_refund"]

_MOST_TELLING = ("succeeded", "processing", "requires_capture", "requires_action")


def read_intent(order: Order, intent: Intent) -> LookUpResult:  # noqa: PLR0911 - one for each status there is
    """Say what a payment intent's status means for an order; another order's is never believed.

    docs.stripe.com/payments/paymentintents/lifecycle
    """
    if intent.metadata.get("order_id") != order.order_id:
        return Unknown(message="Stripe's payment is another order's")
    match intent.status:
        case "succeeded":
            return _paid(intent)
        case "requires_action":
            return RequiresAction(reference=intent.id, action=_action(intent))
        case "processing" | "requires_capture":
            return Pending(reference=intent.id)
        case "requires_payment_method" if intent.last_payment_error is not None:
            return declined(intent.last_payment_error, intent.id)
        case "requires_payment_method" | "requires_confirmation":
            return NotSubmitted(reference=intent.id)
        case "canceled":
            return Canceled(reference=intent.id)
        case _:
            return Unknown(message="Stripe's payment has a status that is not known here", reference=intent.id)


def read_attempt(order: Order, intents: list[Intent]) -> LookUpResult | None:
    """Read the attempt's payment intent; None where it is not among these."""
    ours = [intent for intent in intents if intent.metadata.get("attempt_id") == order.attempt_id]
    # A start that was repeated with other details may have opened two, of which the customer was told of one.
    rank = {status: place for place, status in enumerate(_MOST_TELLING)}
    return read_intent(order, min(ours, key=lambda intent: rank.get(intent.status, len(rank)))) if ours else None


def _paid(intent: Intent) -> Paid | Unknown:
    try:
        money = from_stripe(intent.amount_received, intent.currency)
    except ValueError as error:
        return Unknown(message=f"It is paid, but how much can't be read: {error}", reference=intent.id)
    method, customer = id_of(intent.payment_method), id_of(intent.customer)
    # docs.stripe.com/payments/save-during-payment: attached to the customer only where it was set up for later.
    saved = SavedMethod(method, customer) if method and customer and intent.setup_future_usage else None
    return Paid(
        reference=intent.id,
        transaction_id=id_of(intent.latest_charge) or intent.id,
        money=money,
        saved_method=saved,
        details={"paymentMethodId": method} if method else {},
    )


def _action(intent: Intent) -> NextAction:
    redirect = intent.next_action and intent.next_action.redirect_to_url
    if redirect and redirect.url:
        return NextAction(type="redirect", url=redirect.url)
    return NextAction(type="use_sdk", client_secret=intent.client_secret)


def read_refund(refund: Refund) -> RefundResult:
    """docs.stripe.com/api/refunds/object#refund_object-status."""
    match refund.status:
        case "succeeded":
            try:
                return Refunded(reference=refund.id, money=from_stripe(refund.amount, refund.currency))
            except ValueError as error:
                return Unknown(message=f"It is given back, but how much can't be read: {error}", reference=refund.id)
        case "pending" | "requires_action":
            return RefundPending(reference=refund.id)
        case "failed" | "canceled":
            reason = refund.failure_reason or refund.status
            return RefundFailed(message=f"Stripe: {reason.replace('_', ' ')}", reference=refund.id)
        case _:
            return Unknown(message="Stripe's refund has a status that is not known here", reference=refund.id)
