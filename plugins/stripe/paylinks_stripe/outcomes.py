"""From a payment intent to the platform's answers (docs.stripe.com/payments/paymentintents/lifecycle)."""

from paylinks_ports import (
    Canceled,
    LookUpResult,
    NextAction,
    NotSubmitted,
    Order,
    Paid,
    Pending,
    RequiresAction,
    SavedMethod,
    Unknown,
)

from .amounts import from_stripe
from .declines import declined
from .wire import Intent, id_of

__all__ = ["read"]


def read(order: Order, intent: Intent) -> LookUpResult:  # noqa: PLR0911 - one for each status there is
    """Say what a payment intent's status means for an order; another order's is never believed."""
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
    """docs.stripe.com/api/payment_intents/object#payment_intent_object-next_action."""
    action = intent.next_action
    if action and action.type == "redirect_to_url" and action.redirect_to_url and action.redirect_to_url.url:
        return NextAction(type="redirect", url=action.redirect_to_url.url)
    return NextAction(type="use_sdk", client_secret=intent.client_secret)
