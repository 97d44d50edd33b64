"""Stripe's reasons for a decline."""

from typing import get_args

import msgspec
import pytest

from paylinks_ports import DeclineCode, Declined
from paylinks_stripe.declines import DECLINES, declined
from paylinks_stripe.wire import StripeError


def _read(**error: str) -> Declined:
    return declined(msgspec.convert({"type": "card_error", **error}, StripeError), "pi_1")


def test_table_speaks_the_platforms_words() -> None:
    """Every entry is a code of the vocabulary."""
    assert {code for code, _ in DECLINES.values()} <= set(get_args(DeclineCode))


@pytest.mark.parametrize(
    ("error", "code", "retryable"),
    [
        ({"code": "card_declined", "decline_code": "insufficient_funds"}, "insufficient_funds", True),
        ({"code": "card_declined", "decline_code": "generic_decline"}, "card_declined", False),
        ({"code": "card_declined", "decline_code": "expired_card"}, "expired_card", False),
        ({"code": "expired_card"}, "expired_card", False),
        ({"code": "incorrect_cvc"}, "incorrect_cvc", True),
        (
            {"code": "authentication_required", "decline_code": "authentication_required"},
            "authentication_required",
            True,
        ),
        ({"code": "payment_intent_authentication_failure"}, "authentication_failed", True),
        ({"code": "card_declined", "decline_code": "stolen_card"}, "lost_or_stolen", False),
        ({"code": "processing_error"}, "processing_error", True),
        ({"code": "processing_error", "decline_code": "never_heard_of"}, "processing_error", True),
        ({"code": "never_heard_of"}, "card_declined", False),
        ({}, "card_declined", False),
    ],
)
def test_codes(error: dict[str, str], code: DeclineCode, retryable: bool) -> None:  # noqa: FBT001 - a column
    """Decline code first, then error code, then the cautious default."""
    read = _read(**error)
    assert (read.code, read.retryable, read.reference) == (code, retryable, "pi_1")


@pytest.mark.parametrize(
    ("advice", "retryable"), [("try_again_later", True), ("confirm_card_data", True), ("do_not_try_again", False)]
)
@pytest.mark.parametrize("reason", ["insufficient_funds", "generic_decline"])
def test_advice_wins(reason: str, advice: str, retryable: bool) -> None:  # noqa: FBT001 - a column
    """The issuer's own advice wins over the table."""
    assert _read(code="card_declined", decline_code=reason, advice_code=advice).retryable is retryable


@pytest.mark.parametrize("reason", ["lost_card", "stolen_card", "fraudulent", "merchant_blacklist", "pickup_card"])
def test_suspicion_is_not_told(reason: str) -> None:
    """What the bank suspects is not in the text."""
    assert _read(decline_code=reason, message=f"It is a {reason}").message == "The card was declined"


def test_message_is_redacted() -> None:
    """No card number, address or key of Stripe's sentence goes on."""
    message = _read(message="Card 4242 4242 4242 4242 of ada@example.com with sk_test_abc and pi_1_secret_xyz").message
    assert message == "Card [redacted] of [redacted] with [redacted] and [redacted]"
