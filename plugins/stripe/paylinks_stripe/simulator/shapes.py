"""From what is remembered to Stripe's JSON (docs.stripe.com/api/payment_intents/object and its neighbours)."""

from collections.abc import Sequence
from typing import Any

from paylinks_ports import SimulatedWorld

from .books import find_customer
from .faults import invalid
from .records import ChargeRecord, CustomerRecord, IntentRecord, Method, RefundRecord

__all__ = ["browsers_intent", "charge_of", "customer_of", "decline_of", "expanded", "intent_of", "listed", "refund_of"]

_SECOND = 1000
_BROWSERS = frozenset({"customer", "latest_charge", "metadata"})


def intent_of(record: IntentRecord) -> dict[str, Any]:
    """Write a payment intent."""
    paid = record.status == "succeeded"
    methods = {"enabled": True, "allow_redirects": record.allow_redirects} if record.allow_redirects else None
    return {
        "id": record.id,
        "object": "payment_intent",
        "amount": record.amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": record.amount if paid else 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": methods,
        "canceled_at": _seconds(record.canceled_at),
        "cancellation_reason": record.cancellation_reason,
        "capture_method": "automatic_async",
        "client_secret": record.client_secret,
        "confirmation_method": "automatic",
        "created": _seconds(record.created),
        "currency": record.currency,
        "customer": record.customer,
        "description": record.description,
        "last_payment_error": _last_error(record),
        "latest_charge": record.charges[-1].id if record.charges else None,
        "livemode": record.livemode,
        "metadata": record.metadata,
        "next_action": record.next_action,
        "on_behalf_of": None,
        "payment_method": record.method.id if record.method else None,
        "payment_method_configuration_details": None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "processing": {"type": "card"} if record.status == "processing" else None,
        "receipt_email": record.receipt_email,
        "review": None,
        "setup_future_usage": record.setup_future_usage,
        "shipping": record.shipping,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": record.statement_descriptor_suffix,
        "status": record.status,
        "transfer_data": None,
        "transfer_group": None,
    }


def browsers_intent(record: IntentRecord) -> dict[str, Any]:
    """Write what a publishable key may see."""
    return {name: value for name, value in intent_of(record).items() if name not in _BROWSERS}


def charge_of(record: IntentRecord, charge: ChargeRecord) -> dict[str, Any]:
    """Write a charge (docs.stripe.com/api/charges/object)."""
    paid, failed = charge.status == "succeeded", charge.status == "failed"
    refunded = sum(refund.amount for refund in record.refunds) if paid else 0
    error = charge.error or {}
    return {
        "id": charge.id,
        "object": "charge",
        "amount": charge.amount,
        "amount_captured": charge.amount if paid else 0,
        "amount_refunded": refunded,
        "captured": paid,
        "created": _seconds(charge.created),
        "currency": record.currency,
        "customer": record.customer,
        "description": record.description,
        "disputed": False,
        "failure_code": error.get("code"),
        "failure_message": error.get("message"),
        "livemode": record.livemode,
        "metadata": record.metadata,
        "outcome": {
            "network_status": "declined_by_network" if failed else "approved_by_network",
            "reason": error.get("decline_code") or error.get("code"),
            "risk_level": "normal",
            "seller_message": error.get("message", "Payment complete."),
            "type": "issuer_declined" if failed else "authorized",
        },
        "paid": paid,
        "payment_intent": record.id,
        "payment_method": charge.method.id,
        "payment_method_details": {"card": _card(charge.method), "type": "card"},
        "receipt_email": record.receipt_email,
        "refunded": paid and refunded == charge.amount,
        "shipping": record.shipping,
        "status": charge.status,
    }


def refund_of(record: IntentRecord, refund: RefundRecord) -> dict[str, Any]:
    """Write a refund (docs.stripe.com/api/refunds/object)."""
    return {
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount,
        "balance_transaction": None,
        "charge": record.charges[-1].id,
        "created": _seconds(refund.created),
        "currency": record.currency,
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "metadata": refund.metadata,
        "payment_intent": record.id,
        "reason": refund.reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def customer_of(record: CustomerRecord) -> dict[str, Any]:
    """Write a customer (docs.stripe.com/api/customers/object)."""
    given = {name: record.given.get(name) for name in ("address", "description", "email", "name", "phone", "shipping")}
    return {
        "id": record.id,
        "object": "customer",
        "balance": 0,
        "created": _seconds(record.created),
        "default_source": None,
        "delinquent": False,
        "invoice_prefix": record.id[-8:].upper(),
        "livemode": record.livemode,
        "metadata": record.given.get("metadata") or {},
        "preferred_locales": [],
        "tax_exempt": "none",
        **given,
    }


def decline_of(record: IntentRecord, *, browser: bool) -> dict[str, Any]:
    """Write the error of a declined confirmation (docs.stripe.com/api/errors)."""
    return (_last_error(record) or {}) | {"payment_intent": browsers_intent(record) if browser else intent_of(record)}


def listed(path: str, data: Sequence[dict[str, Any]], *, more: bool) -> dict[str, Any]:
    """Write one page (docs.stripe.com/api/pagination)."""
    return {"object": "list", "data": list(data), "has_more": more, "url": path}


async def expanded(world: SimulatedWorld, record: IntentRecord, expand: Sequence[str]) -> dict[str, Any]:
    """Write a payment intent with objects in the place of ids (docs.stripe.com/api/expanding_objects).

    Raises:
        StripeFault: something can't be expanded.

    """
    written = intent_of(record)
    for name in expand:
        match name:
            case "latest_charge":
                written[name] = charge_of(record, record.charges[-1]) if record.charges else None
            case "payment_method":
                written[name] = _method(record, record.method) if record.method else None
            case "customer":
                customer = await find_customer(world, record.customer or "", livemode=record.livemode)
                written[name] = customer_of(customer) if customer else None
            case _:
                raise invalid(f"This property cannot be expanded ({name}).", param="expand")
    return written


def _last_error(record: IntentRecord) -> dict[str, Any] | None:
    if record.last_error is None:
        return None
    charge = {"charge": record.charges[-1].id} if record.charges and record.charges[-1].status == "failed" else {}
    method = {"payment_method": _method(record, record.last_method)} if record.last_method else {}
    return {**record.last_error, **charge, **method}


def _method(record: IntentRecord, method: Method) -> dict[str, Any]:
    return {
        "id": method.id,
        "object": "payment_method",
        "billing_details": {"address": None, "email": None, "name": None, "phone": None},
        "card": _card(method),
        "created": _seconds(record.created),
        "customer": record.customer if record.status == "succeeded" and record.setup_future_usage else None,
        "livemode": record.livemode,
        "metadata": {},
        "type": "card",
    }


def _card(method: Method) -> dict[str, Any]:
    return {
        "brand": method.brand,
        "country": "US",
        "exp_month": 12,
        "exp_year": 2040,
        "funding": "credit",
        "last4": method.last4,
        "three_d_secure": None,
    }


def _seconds(milliseconds: int | None) -> int | None:
    return None if milliseconds is None else milliseconds // _SECOND
