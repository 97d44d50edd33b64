"""Stripe's own words over HTTP: what its operations take and answer."""

from typing import Literal, TypeAlias

from msgspec import UNSET, UnsetType

from paylinks_ports import (
    Canceled,
    Declined,
    LookUpResult,
    NotFound,
    NotSubmitted,
    OperationAnswer,
    OperationBody,
    Outcome,
    Paid,
    Pending,
    RequiresAction,
    Started,
    Unknown,
)

__all__ = ["ConfirmBody", "Confirmed", "CreateIntentBody", "IntentCreated", "confirmed", "intent_created"]

ConfirmStatus: TypeAlias = Literal["succeeded", "processing", "requires_action", "failed"]


class CreateIntentBody(OperationBody, frozen=True, kw_only=True, rename="camel"):
    """An order, with nothing of Stripe's own."""


class IntentCreated(OperationAnswer, frozen=True, kw_only=True, rename="camel"):
    """What Stripe.js needs; `client_secret` is missing while a payment of the order is already being processed."""

    payment_intent_id: str
    client_secret: str | UnsetType = UNSET
    publishable_key: str | UnsetType = UNSET


class ConfirmBody(OperationBody, frozen=True, kw_only=True, rename="camel"):
    """Which payment intent the browser has confirmed."""

    payment_intent_id: str

    @property
    def payment_reference(self) -> str:
        """It must be the order's own."""
        return self.payment_intent_id


class Confirmed(OperationAnswer, frozen=True, kw_only=True, rename="camel"):
    """What became of it."""

    status: ConfirmStatus
    payment_intent_id: str
    payment_method_id: str | None = None


def intent_created(outcome: Outcome) -> IntentCreated:
    """Tell of an opened payment intent."""
    browser = outcome.result.browser if isinstance(outcome.result, Started) else {}
    return IntentCreated(
        provider=outcome.provider,
        order_id=outcome.order_id,
        demo=outcome.demo,
        payment_intent_id=outcome.reference or "",
        client_secret=browser.get("clientSecret", UNSET),
        publishable_key=browser.get("publishableKey", UNSET),
    )


def confirmed(outcome: Outcome) -> Confirmed:
    """Tell of a confirmed one; a decline is no error here."""
    result = outcome.result
    return Confirmed(
        provider=outcome.provider,
        order_id=outcome.order_id,
        demo=outcome.demo,
        status=_status(result) if not isinstance(result, Started) else "requires_action",
        payment_intent_id=outcome.reference or "",
        payment_method_id=result.details.get("paymentMethodId") if isinstance(result, Paid) else None,
    )


def _status(result: LookUpResult) -> ConfirmStatus:
    match result:
        case Paid():
            return "succeeded"
        case Pending() | Unknown() | NotFound():
            return "processing"  # no end is known
        case RequiresAction() | NotSubmitted():
            return "requires_action"
        case Declined() | Canceled():
            return "failed"
