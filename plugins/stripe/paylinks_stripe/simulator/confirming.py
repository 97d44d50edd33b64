"""Confirming a payment intent, where alone the simulator takes money (docs.stripe.com/api/payment_intents/confirm)."""

from typing import Any
from urllib.parse import urlencode

from msgspec.structs import replace

from paylinks_ports import demo_word

from .books import change
from .call import Call
from .cards import Behaviour, behaviour_of, method_of
from .events import emit_settled
from .faults import StripeFault, invalid, unexpected_state
from .intents import owned
from .records import ChargeRecord, IntentRecord, Method
from .shapes import browsers_intent, decline_of, expanded, intent_of

__all__ = ["confirm"]

_PAYMENT_REQUIRED = 402
_PROCESSING = 2_000  # milliseconds
_OPEN = frozenset({"requires_payment_method", "requires_action"})


async def confirm(call: Call) -> dict[str, Any]:
    """``POST /v1/payment_intents/{id}/confirm``, by a server or by a browser.

    Raises:
        StripeFault: it is declined, or wrong.

    """

    def edit(record: IntentRecord) -> IntentRecord:
        return _confirm(call, owned(call, record))

    record = await change(call.world, call.name, edit, livemode=call.caller.livemode)
    await emit_settled(call.world, record)
    if record.last_error is not None:
        raise StripeFault(_PAYMENT_REQUIRED, decline_of(record, browser=call.caller.is_browser))
    return browsers_intent(record) if call.caller.is_browser else await expanded(call.world, record, call.expand)


def _confirm(call: Call, record: IntentRecord) -> IntentRecord:
    given = call.given
    if record.status not in _OPEN:
        message = f"You cannot confirm this PaymentIntent because it has a status of {record.status}."
        raise unexpected_state(message, intent_of(record))
    presented = given.get("payment_method") or given.get("confirmation_token")
    going_on = record.status == "requires_action" and presented in (None, record.presented)
    presented = presented or record.presented
    if presented is None:
        message = "You cannot confirm this PaymentIntent because it's missing a payment method."
        raise unexpected_state(message, intent_of(record))
    return_url = given.get("return_url")
    if record.allow_redirects == "always" and not return_url:
        message = (
            "This PaymentIntent is configured to accept payment methods that might redirect your customer off of your "
            "page: you must provide a `return_url`."
        )
        raise invalid(message, param="return_url")
    # A saved method has no place for a demo word: there the platform says it beside the call.
    word = call.world.word() if record.demo and demo_word(presented) is None else None
    behaviour = behaviour_of(word or presented, demo=record.demo)
    method = record.method if going_on and record.method else method_of(presented, behaviour)
    record = replace(record, presented=presented, method=method, next_action=None, last_error=None, last_method=None)
    if behaviour.kind == "authenticate" and not going_on:
        action = _action(call, record, return_url)
        return replace(record, status="requires_action", next_action=action)
    return _charged(call, record, behaviour, method)


def _charged(call: Call, record: IntentRecord, behaviour: Behaviour, method: Method) -> IntentRecord:
    now = call.world.now()
    later = behaviour.kind == "process"
    charge = ChargeRecord(
        id=f"ch_{record.id.removeprefix('pi_')}{len(record.charges):02}",
        status="failed" if behaviour.error else "pending" if later else "succeeded",
        amount=record.amount,
        created=now,
        method=method,
        error=behaviour.error,
    )
    charges = (*record.charges, charge)
    if behaviour.error:
        # docs.stripe.com/payments/paymentintents/lifecycle: it may be confirmed again, with another payment method.
        return replace(
            record,
            status="requires_payment_method",
            charges=charges,
            method=None,
            presented=None,
            last_error=behaviour.error,
            last_method=method,
        )
    if later:
        return replace(record, status="processing", charges=charges, settles_at=now + _PROCESSING)
    return replace(record, status="succeeded", charges=charges)


def _action(call: Call, record: IntentRecord, return_url: str | None) -> dict[str, Any]:
    """Where the customer authenticates. No bank has a page here: the redirect is already the way back from it.

    docs.stripe.com/payments/3d-secure/authentication-flow: these are the parameters that Stripe adds to it.
    """
    if call.given.get("use_stripe_sdk") or not return_url:
        return {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": ""}}
    query = urlencode(
        {
            "payment_intent": record.id,
            "payment_intent_client_secret": record.client_secret,
            "redirect_status": "succeeded",
        }
    )
    url = f"{return_url}{'&' if '?' in return_url else '?'}{query}"
    return {"type": "redirect_to_url", "redirect_to_url": {"return_url": return_url, "url": url}}
