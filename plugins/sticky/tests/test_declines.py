"""The table of declines."""

import pytest

from paylinks_ports import DeclineCode
from paylinks_sticky.declines import REASONS, declined
from paylinks_sticky.wire import Answer


@pytest.mark.parametrize(
    ("reason", "code", "retryable"),
    [
        ("Insufficient Funds", "insufficient_funds", True),
        ("DECLINE - Do Not Honor REFID:3141", "card_declined", False),
        ("Pick up card - S", "lost_or_stolen", False),
        ("Expired card", "expired_card", False),
        ("CVV2 Mismatch", "incorrect_cvc", True),
        ("Activity limit exceeded", "limit_exceeded", True),
        ("Issuer Declined MCC", "card_declined", True),
        ("Suspected fraud", "fraud_suspected", False),
        ("", "card_declined", True),
    ],
)
def test_reasons(reason: str, code: DeclineCode, *, retryable: bool) -> None:
    """A gateway's text, or its absence, has one meaning."""
    result = declined(Answer({"decline_reason": reason}, codes=frozenset({"800"})))
    assert (result.code, result.retryable) == (code, retryable)
    assert "REFID" not in result.message


def test_what_a_bank_suspects_is_not_told() -> None:
    """The customer is told nothing of it."""
    for words in ("Stolen card", "Fraud - security violation"):
        assert declined(Answer({"decline_reason": words})).message == "The card was declined"


def test_codes_win() -> None:
    """Sticky.io's own code says more than the sentence beside it."""
    result = declined(Answer({"error_message": "Invalid, try again"}, codes=frozenset({"342"})))
    assert (result.code, result.retryable) == ("expired_card", False)


def test_table_is_lower_case() -> None:
    """Words are compared in lower case."""
    assert all(words == words.lower() for words, _, _ in REASONS)
