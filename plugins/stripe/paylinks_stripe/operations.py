"""Stripe's own words over HTTP: what its operations take and answer."""

from typing import Literal, TypeAlias

from msgspec import UNSET, UnsetType

from paylinks_ports import (
    Canceled,
    Declined,
    NotSubmitted,
    OperationAnswer,
    OperationBody,
    Outcome,
    Paid,
    RequiresAction,
)

__all__ = ["ConfirmBody", "Confirmed", "CreateIntentBody", "IntentCreated", "confirmed", "intent_created"]

ConfirmStatus: TypeAlias = Literal["succeeded", "processing", "requires_action", "failed"]

_STATUSES: dict[type, ConfirmStatus] = {
    Paid: "succeeded",
    RequiresAction: "requires_action",
    NotSubmitted: "requires_action",
    Declined: "failed",
    Canceled: "failed",
}
"""Of all others no end is known."""


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
    return IntentCreated(
        **outcome.common,
        payment_intent_id=outcome.reference or "",
        client_secret=outcome.browser.get("clientSecret", UNSET),
        publishable_key=outcome.browser.get("publishableKey", UNSET),
    )


def confirmed(outcome: Outcome) -> Confirmed:
    """Tell of a confirmed one; a decline is no error here."""
    return Confirmed(
        **outcome.common,
        status=_STATUSES.get(type(outcome.result), "processing"),
        payment_intent_id=outcome.reference or "",
        payment_method_id=outcome.paid.details.get("paymentMethodId") if outcome.paid else None,
    )
