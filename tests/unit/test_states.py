"""The lives of a payment and a checkout: every rule of the tables, tried from every state."""

from typing import get_args

import pytest

from paylinks_core.states import CHARGEABLE, CHECKOUT_STATES, MOVES, checkout_state, move, settle
from paylinks_ports.errors import Conflict
from paylinks_ports.money import Money
from paylinks_ports.payments import (
    Canceled,
    Declined,
    LookUpResult,
    NextAction,
    NotFound,
    NotSubmitted,
    Paid,
    Pending,
    RequiresAction,
    Unknown,
)
from paylinks_ports.records.checkouts import CheckoutState
from paylinks_ports.records.payments import PaymentState

STATES: tuple[PaymentState, ...] = get_args(PaymentState)
PAID = Paid(reference="r", transaction_id="t", money=Money(1, "USD"))
ANSWERS: tuple[LookUpResult, ...] = (
    PAID,
    RequiresAction(reference="r", action=NextAction(type="use_sdk")),
    Pending(reference="r"),
    Declined(code="card_declined", message="no", retryable=False),
    Unknown(message="?"),
    NotSubmitted(reference="r"),
    Canceled(reference="r"),
    NotFound(),
)


def test_tables_know_every_state() -> None:
    """No state is missing from a table, and none leads outside."""
    assert set(STATES) == set(MOVES)
    assert set(STATES) == set(CHECKOUT_STATES)
    assert set(STATES) >= {state for following in MOVES.values() for state in following}


def test_only_three_states_lead_to_a_charge() -> None:
    """A charge is asked for only where none can be open."""
    assert {"new", "action_required", "declined"} == CHARGEABLE
    for state in set(STATES) - CHARGEABLE:
        with pytest.raises(Conflict):
            move(state, "in_flight")


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: type(answer).__name__)
def test_paid_is_final(answer: LookUpResult) -> None:
    """Nothing that a provider says later takes a payment back."""
    assert settle("paid", answer, "authoritative") == "paid"


@pytest.mark.parametrize("state", STATES)
def test_proof_of_payment_is_believed_in_every_state(state: PaymentState) -> None:
    """Money that moved is never lost."""
    assert settle(state, PAID, "none") == "paid"


@pytest.mark.parametrize("state", ["in_flight", "pending", "unknown"])
def test_not_finding_is_proof_only_where_declared(state: PaymentState) -> None:
    """Nothing but an authoritative look-up frees a payment that was not found."""
    assert settle(state, NotFound(), "authoritative") == "new"
    assert settle(state, NotFound(), "positive") == "unknown"
    assert settle(state, NotFound(), "none") == "unknown"


def test_doubt_never_becomes_a_no() -> None:
    """An unknown outcome of a charge is UNKNOWN, and another doubt leaves it so."""
    assert settle("in_flight", Unknown(message="?"), "none") == "unknown"
    assert settle("unknown", Unknown(message="?"), "authoritative") == "unknown"


@pytest.mark.parametrize("state", ["new", "action_required", "declined"])
def test_a_failed_look_up_changes_nothing(state: PaymentState) -> None:
    """A doubt about a payment that nobody is charging is no news."""
    assert settle(state, Unknown(message="?"), "authoritative") == state


@pytest.mark.parametrize("was", get_args(CheckoutState))
@pytest.mark.parametrize("payment", STATES)
def test_a_paid_checkout_stays_paid(payment: PaymentState, was: CheckoutState) -> None:
    """A checkout leaves `paid` never, and `abandoned` only when money may be moving."""
    now = checkout_state(payment, was)

    if was == "paid":
        assert now == "paid"
    elif was == "abandoned":
        moving = {"in_flight": "processing", "pending": "processing", "unknown": "processing", "paid": "paid"}
        assert now == moving.get(payment, "abandoned")
