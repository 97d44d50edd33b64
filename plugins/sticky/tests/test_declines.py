"""What declines mean: by Sticky.io's codes, or by the words of a gateway."""

import httpx
import pytest

from paylinks_ports import DeclineCode, Declined, View
from paylinks_sticky.answers import read
from paylinks_sticky.results import declined


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
        ("3DS authentication needed", "authentication_required", False),
        ("Suspected fraud", "fraud_suspected", False),
        ("", "card_declined", True),
    ],
)
def test_reasons(reason: str, code: DeclineCode, *, retryable: bool) -> None:
    """A gateway's text, or its absence, has one meaning."""
    result = declined(View({"decline_reason": reason}), "5", frozenset({"800"}))
    assert isinstance(result, Declined)
    assert (result.code, result.retryable) == (code, retryable)
    assert "REFID" not in result.message


def test_what_a_bank_suspects_is_not_told() -> None:
    """The customer is told nothing of it."""
    for words in ("Stolen card", "Fraud - security violation"):
        result = declined(View({"decline_reason": words}), "5")
        assert isinstance(result, Declined)
        assert result.message == "The card was declined"


def test_codes_win() -> None:
    """Sticky.io's own code says more than the sentence beside it."""
    for code in ("342", "10342"):
        answer = read(httpx.Response(200, json={"response_code": code, "error_message": "Invalid, try again"}))
        result = declined(answer, "5", answer.codes)
        assert isinstance(result, Declined)
        assert (result.code, result.retryable) == ("expired_card", False)
