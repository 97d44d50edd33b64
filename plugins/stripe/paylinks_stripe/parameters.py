"""From an order to the parameters of Stripe's requests, within Stripe's limits."""

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import msgspec

from paylinks_ports import Address, Order, RefundOrder

from .amounts import to_stripe

if TYPE_CHECKING:
    from stripe.params import (
        CustomerCreateParams,
        CustomerCreateParamsAddress,
        PaymentIntentConfirmParams,
        PaymentIntentCreateParams,
        PaymentIntentListParams,
        PaymentIntentSearchParams,
        RefundCreateParams,
        RefundListParams,
    )

__all__ = ["confirmation", "customer", "intent", "newest", "refund", "refunds", "repeatable_key", "search"]

# docs.stripe.com/metadata
_MOST_KEYS = 50
_LONGEST_KEY = 40
_LONGEST_VALUE = 500
_LONGEST_PHONE = 20  # docs.stripe.com/api/customers/create


def repeatable_key(order: Order, what: str, parameters: Mapping[str, object]) -> str:
    """Make the idempotency key of a call that opens something for an attempt.

    The parameters are part of it, because Stripe refuses a known key with other ones (docs.stripe.com/idempotency): a
    start whose reply was lost could never be repeated once the customer has corrected an address.
    """
    digest = hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()
    return f"{order.attempt_id}-{what}-{digest[:16]}"


def customer(order: Order) -> "CustomerCreateParams":
    """Who a payment method is saved for: docs.stripe.com/api/customers/create."""
    who = order.customer
    parameters: CustomerCreateParams = {"metadata": {"order_id": order.order_id, "payment_id": order.payment_id}}
    if who.email:
        parameters["email"] = who.email
    if who.name:
        parameters["name"] = who.name
    if who.phone and len(who.phone) <= _LONGEST_PHONE:
        parameters["phone"] = who.phone
    if order.billing_address:
        parameters["address"] = _address(order.billing_address)
    return parameters


def intent(order: Order, customer_id: str, *, save: bool) -> "PaymentIntentCreateParams":
    """docs.stripe.com/api/payment_intents/create.

    Args:
        order: what is paid.
        customer_id: Stripe's id of who pays.
        save: set the payment method up for later. One that is saved already is charged with the customer there, so that
            the bank may ask for a step: docs.stripe.com/payments/save-and-reuse.

    Raises:
        ProviderRefused: the amount is none that Stripe takes.

    """
    amount, currency = to_stripe(order.money)
    parameters: PaymentIntentCreateParams = {
        "amount": amount,
        "currency": currency,
        "customer": customer_id,
        # Without a page to come back to, methods that lead the customer away can't be confirmed.
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "always" if order.return_url else "never"},
        "description": order.description,
        "metadata": _metadata(order),
    }
    if save:
        parameters["setup_future_usage"] = "off_session"
    if order.customer.email:
        parameters["receipt_email"] = order.customer.email
    if order.shipping_address and order.customer.name:  # Stripe requires the name
        parameters["shipping"] = {"name": order.customer.name, "address": _address(order.shipping_address)}
        if order.customer.phone:
            parameters["shipping"]["phone"] = order.customer.phone
    return parameters


def refund(order: Order, wanted: RefundOrder) -> "RefundCreateParams":
    """docs.stripe.com/api/refunds/create; our id of the refund is what it is found by.

    Raises:
        ProviderRefused: the amount is none that Stripe takes.

    """
    amount, _ = to_stripe(wanted.money)
    ours = {"refund_id": wanted.refund_id, "order_id": order.order_id, "payment_id": order.payment_id}
    return {"payment_intent": wanted.reference, "amount": amount, "metadata": ours}


def refunds(wanted: RefundOrder) -> "RefundListParams":
    """All refunds of a payment: docs.stripe.com/api/refunds/list."""
    return {"payment_intent": wanted.reference, "limit": 100}


def confirmation(order: Order, payment_token: str) -> "PaymentIntentConfirmParams":
    """docs.stripe.com/api/payment_intents/confirm, with what Stripe.js made of the customer's card."""
    parameters: PaymentIntentConfirmParams = {"expand": ["latest_charge"]}
    if payment_token.startswith("ctoken_"):
        parameters["confirmation_token"] = payment_token
    else:
        parameters["payment_method"] = payment_token
    if order.return_url:
        parameters["return_url"] = order.return_url
    return parameters


def search(order: Order) -> "PaymentIntentSearchParams":
    """docs.stripe.com/search#search-query-language."""
    quoted = order.attempt_id.replace("\\", "\\\\").replace("'", "\\'")
    return {"query": f"metadata['attempt_id']:'{quoted}'", "expand": ["data.latest_charge"]}


def newest(customer_id: str) -> "PaymentIntentListParams":
    """A customer's latest payments: docs.stripe.com/api/payment_intents/list."""
    return {"customer": customer_id, "limit": 100, "expand": ["data.latest_charge"]}


def _metadata(order: Order) -> dict[str, str]:
    """Ours first; of the merchant's what fits, since a note must never stand in the way of a payment."""
    ours = {"order_id": order.order_id, "payment_id": order.payment_id, "attempt_id": order.attempt_id}
    theirs = {
        key: value[:_LONGEST_VALUE]
        for key, value in order.metadata.items()
        if value and key and len(key) <= _LONGEST_KEY and not {"[", "]"} & set(key) and key not in ours
    }
    return ours | dict(list(theirs.items())[: _MOST_KEYS - len(ours)])


def _address(address: Address) -> "CustomerCreateParamsAddress":
    """Our names of its parts are Stripe's; Stripe refuses empty text."""
    written = {name: part for name, part in msgspec.structs.asdict(address).items() if part}
    return cast("CustomerCreateParamsAddress", written)
