"""Stripe's own words: what create-intent and confirm take and answer."""

import msgspec
import pytest

from paylinks_ports import (
    Canceled,
    Declined,
    LookUpResult,
    Money,
    NextAction,
    NotFound,
    NotSubmitted,
    Outcome,
    Paid,
    Pending,
    RequiresAction,
    Started,
    Unknown,
    operations_of,
)
from paylinks_stripe import StripeGateway
from paylinks_stripe.operations import ConfirmBody

CONFIRM, CREATE = operations_of(StripeGateway)


def _outcome(result: Started | LookUpResult) -> Outcome:
    return Outcome(provider="stripe", order_id="order-1", demo=True, reference="pi_1", result=result)


@pytest.mark.parametrize(
    ("result", "status"),
    [
        (Paid(reference="pi_1", transaction_id="ch_1", money=Money(1, "USD")), "succeeded"),
        (Pending(reference="pi_1"), "processing"),
        (Unknown(message="?"), "processing"),
        (NotFound(), "processing"),
        (RequiresAction(reference="pi_1", action=NextAction(type="use_sdk")), "requires_action"),
        (NotSubmitted(reference="pi_1"), "requires_action"),
        (Declined(code="card_declined", message="No.", retryable=False), "failed"),
        (Canceled(reference="pi_1"), "failed"),
    ],
)
def test_confirm_statuses(result: LookUpResult, status: str) -> None:
    """Every result has one of Stripe's four words."""
    answer = msgspec.to_builtins(CONFIRM.answer(_outcome(result)))
    assert answer == {
        "provider": "stripe",
        "orderId": "order-1",
        "demo": True,
        "status": status,
        "paymentIntentId": "pi_1",
        "paymentMethodId": None,
    }


def test_confirm_names_the_payment_method() -> None:
    """The method that was paid with is told, saved or not."""
    paid = Paid(reference="pi_1", transaction_id="ch_1", money=Money(1, "USD"), details={"paymentMethodId": "pm_1"})
    assert msgspec.to_builtins(CONFIRM.answer(_outcome(paid)))["paymentMethodId"] == "pm_1"


def test_confirm_body_names_the_payment() -> None:
    """The intent of the body is the reference that must be the order's own."""
    body = msgspec.convert({"orderId": "order-1", "paymentIntentId": "pi_1", "extra": 1}, ConfirmBody)
    assert body.payment_reference == "pi_1"
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"orderId": "order-1"}, ConfirmBody)


def test_create_intent() -> None:
    """The browser's part is told; what is not there is left out."""
    full = Started(reference="pi_1", browser={"clientSecret": "s", "publishableKey": "pk_test_1"})
    told = msgspec.to_builtins(CREATE.answer(_outcome(full)))
    assert told == {
        "provider": "stripe",
        "orderId": "order-1",
        "demo": True,
        "paymentIntentId": "pi_1",
        "clientSecret": "s",
        "publishableKey": "pk_test_1",
    }
    bare = msgspec.to_builtins(CREATE.answer(_outcome(Started(reference="pi_1"))))
    assert bare.keys() == {"provider", "orderId", "demo", "paymentIntentId"}
