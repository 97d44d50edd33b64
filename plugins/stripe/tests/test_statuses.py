"""Every status that a payment intent can have, in Stripe's own JSON."""

from collections.abc import Callable
from typing import Any

import pytest

from paylinks_ports import (
    Canceled,
    Declined,
    LookUpResult,
    Money,
    NextAction,
    NotSubmitted,
    Order,
    Paid,
    Pending,
    RequiresAction,
    Unknown,
)

from .conftest import Merchant

MakeOrder = Callable[..., Order]

STATUSES: list[tuple[dict[str, Any], LookUpResult]] = [
    ({"status": "requires_payment_method"}, NotSubmitted(reference="pi_1")),
    ({"status": "requires_confirmation"}, NotSubmitted(reference="pi_1")),
    ({"status": "processing"}, Pending(reference="pi_1")),
    ({"status": "requires_capture"}, Pending(reference="pi_1")),
    ({"status": "canceled"}, Canceled(reference="pi_1")),
    (
        {"status": "requires_payment_method", "last_payment_error": {"code": "expired_card", "message": "Expired."}},
        Declined(code="expired_card", message="Expired.", retryable=False, reference="pi_1"),
    ),
    (
        {"status": "requires_action", "next_action": {"type": "use_stripe_sdk"}},
        RequiresAction(reference="pi_1", action=NextAction(type="use_sdk", client_secret="pi_1_secret_x")),
    ),
    (
        {
            "status": "requires_action",
            "next_action": {"type": "redirect_to_url", "redirect_to_url": {"url": "https://b"}},
        },
        RequiresAction(reference="pi_1", action=NextAction(type="redirect", url="https://b")),
    ),
    (
        {"status": "of_tomorrow"},
        Unknown(message="Stripe's payment has a status that is not known here", reference="pi_1"),
    ),
    (
        {"status": "succeeded", "amount_received": 50, "currency": "isk"},
        Unknown(
            message="It is paid, but how much can't be read: "
            "a provider's amount in ISK is no whole number of minor units",
            reference="pi_1",
        ),
    ),
    (
        {"status": "succeeded", "amount_received": 4999, "latest_charge": {"id": "ch_1", "object": "charge"}},
        Paid(reference="pi_1", transaction_id="ch_1", money=Money(4999, "USD")),
    ),
    (
        {"status": "succeeded", "amount_received": 100, "customer": "cus_1", "payment_method": "pm_1"},
        Paid(reference="pi_1", transaction_id="pi_1", money=Money(100, "USD"), details={"paymentMethodId": "pm_1"}),
    ),
]


def intent_of(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Write a payment intent."""
    return {
        "id": "pi_1",
        "object": "payment_intent",
        "currency": "usd",
        "client_secret": "pi_1_secret_x",
        "metadata": {"order_id": "order-1", "attempt_id": "att_1"},
        "a_field_of_tomorrow": {"nested": [1]},
    } | fields


@pytest.mark.parametrize(("fields", "result"), STATUSES)
async def test_statuses(
    merchant: Merchant, make_order: MakeOrder, fields: dict[str, Any], result: LookUpResult
) -> None:
    """Each status is what it says, in Stripe's own JSON."""
    merchant.answers("/v1/payment_intents/pi_1", 200, json=intent_of(**fields))
    assert await merchant.gateway.look_up(make_order(), "pi_1") == result


async def test_of_two_the_most_telling(merchant: Merchant, make_order: MakeOrder) -> None:
    """A start that was repeated may have opened two, of which one is paid."""
    found = [intent_of(id="pi_0", status="requires_payment_method"), intent_of(status="processing")]
    merchant.answers("/v1/payment_intents/search", 200, json={"object": "search_result", "data": found})
    assert await merchant.gateway.look_up(make_order(), None) == Pending(reference="pi_1")
