"""The gateway's own words: what its operations take and answer, and what the plugin announces."""

from collections.abc import Callable

import msgspec
import pytest

from paylinks_nmi import PROVIDER, NmiCredentials, NmiGateway
from paylinks_nmi.operations import ProcessPaymentBody, ProcessUpsellBody
from paylinks_ports import (
    Canceled,
    Declined,
    LookUpResult,
    Money,
    NotFound,
    NotSubmitted,
    Order,
    Outcome,
    Paid,
    Pending,
    SavedCharge,
    Unknown,
    operations_of,
    powers_of,
)

from .conftest import Merchant

PAYMENT, UPSELL = operations_of(NmiGateway)


def _outcome(result: LookUpResult) -> Outcome:
    return Outcome(provider="nmi", order_id="order-1", demo=True, reference="1", result=result)


def test_announcement() -> None:
    """All powers but cancel, since nothing is ever open; both operations; and a simulator with its credentials."""
    assert powers_of(NmiGateway) == (
        "start",
        "charge",
        "charge_saved",
        "look_up",
        "refund",
        "look_up_refund",
        "read_webhook",
        "check_credentials",
    )
    assert (PAYMENT.name, PAYMENT.verb, UPSELL.name, UPSELL.verb) == (
        "process-payment",
        "charge",
        "process-upsell",
        "charge_saved",
    )
    simulated = msgspec.json.encode(PROVIDER.simulator.credentials)
    assert msgspec.json.decode(simulated, type=NmiCredentials) == PROVIDER.simulator.credentials


@pytest.mark.parametrize(
    "given", [{}, {"securityKey": ""}, {"securityKey": "key\r\n"}, {"securityKey": "key", "processorId": "a b"}]
)
def test_credentials_are_checked(given: dict[str, str]) -> None:
    """A key is one word."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(given, NmiCredentials)


def test_bodies() -> None:
    """A card is kept where nothing else is said; an upsell names the paid order whose own the card must be."""
    body = msgspec.convert({"orderId": "1", "paymentToken": "t", "extra": 1}, ProcessPaymentBody)
    assert (body.payment_token, body.save_card) == ("t", True)
    assert not msgspec.convert({"paymentToken": "t", "saveCard": False}, ProcessPaymentBody).save_card
    upsell = msgspec.convert({"customerVaultId": "7", "originalOrderId": "order-1"}, ProcessUpsellBody)
    assert upsell.saved_charge == SavedCharge(original_order_id="order-1", method="7")
    for given, body_type in (({"orderId": "1"}, ProcessPaymentBody), ({"customerVaultId": "7"}, ProcessUpsellBody)):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(given, body_type)


async def test_payment_and_upsell(merchant: Merchant, make_order: Callable[..., Order]) -> None:
    """Both charge, and answer with all that the gateway said."""
    body = ProcessPaymentBody(payment_token=merchant.token())
    paid = await merchant.gateway.process_payment(make_order(), None, body)
    assert isinstance(paid, Paid)
    assert paid.saved_method is not None
    answer = msgspec.to_builtins(PAYMENT.answer(_outcome(paid)))
    assert answer == {
        "provider": "nmi",
        "orderId": "order-1",
        "demo": True,
        "status": "paid",
        "transactionId": paid.transaction_id,
        "authCode": "123456",
        "customerVaultId": paid.saved_method.method,
        "avsResponse": "N",
        "cvvResponse": "M",
    }
    upsell = ProcessUpsellBody(customer_vault_id=paid.saved_method.method, original_order_id="order-1")
    order = make_order(1999, order_id="order-2", payment_id="pay_2", attempt_id="att_2")
    again = await merchant.gateway.process_upsell(order, paid.saved_method, upsell)
    assert isinstance(again, Paid)
    assert msgspec.to_builtins(UPSELL.answer(_outcome(again)))["customerVaultId"] == paid.saved_method.method

    unsaved = ProcessPaymentBody(payment_token=merchant.token("other"), save_card=False)
    once = await merchant.gateway.process_payment(make_order(attempt_id="att_3", payment_id="pay_3"), None, unsaved)
    assert "customerVaultId" not in msgspec.to_builtins(PAYMENT.answer(_outcome(once)))


@pytest.mark.parametrize(
    ("result", "status"),
    [
        (Paid(reference="1", transaction_id="1", money=Money(1, "USD")), "paid"),
        (Pending(reference="1"), "processing"),
        (Unknown(message="?"), "processing"),
        (NotFound(), "processing"),
        (NotSubmitted(reference="1"), "requires_action"),
        (Declined(code="card_declined", message="No.", retryable=False), "failed"),
        (Canceled(reference="1"), "failed"),
    ],
)
def test_statuses(result: LookUpResult, status: str) -> None:
    """Every result has its word."""
    answer = msgspec.to_builtins(PAYMENT.answer(_outcome(result)))
    assert (answer["status"], answer["transactionId"]) == (status, "1")
