"""The table of declines, and what of the gateway's words is passed on."""

from typing import get_args

import httpx
import pytest

from paylinks_nmi.answers import read_answer
from paylinks_nmi.declines import DECLINES, TEXTS, declined
from paylinks_ports import DeclineCode

CODES = {"200", "201", "202", "203", "204", *map(str, range(220, 227)), "240", *map(str, range(250, 254))}


def test_every_code_of_the_document_is_there() -> None:
    """The result code table's declines, and nothing else; each in the platform's vocabulary."""
    assert DECLINES.keys() == CODES | {"260", "261", "262", "263", "264", "461"}
    for code, _ in [*DECLINES.values(), *TEXTS.values()]:
        assert code in get_args(DeclineCode)


@pytest.mark.parametrize(
    ("code", "meaning", "retryable"),
    [
        ("200", "card_declined", True),
        ("201", "card_declined", True),
        ("202", "insufficient_funds", True),
        ("203", "limit_exceeded", True),
        ("204", "card_declined", False),
        ("223", "expired_card", False),
        ("225", "incorrect_cvc", True),
        ("252", "lost_or_stolen", False),
        ("264", "try_again_later", True),
        ("299", "card_declined", False),
    ],
)
def test_codes(code: str, meaning: str, retryable: bool) -> None:  # noqa: FBT001 - a case
    """What may work later with the same card is retryable; a code that is not known is not."""
    result = declined(code, "DECLINE")
    assert (result.code, result.retryable) == (meaning, retryable)


def test_suspicions_are_not_told() -> None:
    """What a bank suspects is not the customer's to read."""
    for code in ("250", "251", "252", "253"):
        assert declined(code, "Stolen card").message == "The card was declined"


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ("response=1&response_code=100&transactionid=1", "approved"),
        ("response=1&response_code=100&transactionid=0", "doubt"),
        ("response=2&response_code=200", "declined"),
        ("response=2&response_code=430", "duplicate"),
        ("response=3&response_code=430&responsetext=Duplicate", "duplicate"),
        (
            "response=3&response_code=300&responsetext=Duplicate+transaction+REFID%3A3154273850&transactionid=",
            "duplicate",
        ),
        ("response=3&response_code=300&responsetext=Payment+Token+does+not+exist+REFID%3A1", "declined"),
        ("response=3&response_code=300&responsetext=Invalid+Customer+Vault+Id+Specified+REFID%3A1", "declined"),
        ("response=3&response_code=461", "declined"),
        (
            "response=3&response_code=300&responsetext=Your+account+is+not+set+up+to+use+the+Customer+Vault.+REFID%3A1",
            "no_vault",
        ),
        ("response=3&response_code=300&responsetext=Something+else", "refused"),
        ("response=3&response_code=410", "refused"),
        ("response=3&response_code=420", "doubt"),
        ("response=3&response_code=999", "doubt"),
        ("response=3&response_code=301", "busy"),
    ],
)
def test_verdicts(fields: str, verdict: str) -> None:
    """What is certain about a call."""
    answer = read_answer(httpx.Response(200, text=fields))
    assert answer.verdict == verdict
