"""Finding card data and striking it out: cards go however they are written, ids and times stay."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from paylinks_adapters.logs import redact
from paylinks_ports.card_data import contains_card, without_cards


@pytest.mark.parametrize(
    "text",
    [
        '{"card": 4242424242424242}',
        '{"note": "4242 4242 4242 4242"}',
        '{"card_number": "4242-4242-4242-4242", "cvv": "123"}',
        '{"cvc2": 737}',
    ],
)
def test_strikes_out_of_json(text: str) -> None:
    """What is left is JSON, with no card data in it."""
    left = msgspec.json.decode(without_cards(text))

    assert contains_card(msgspec.json.decode(text))
    assert not any(digits in repr(left) for digits in ("4242", "123", "737"))


@pytest.mark.parametrize("text", ["pan=4000000000000002&a=1", "<cvv>987</cvv>", "securityCode: 987"])
def test_strikes_out_of_other_forms(text: str) -> None:
    """Forms, XML and plain text."""
    left = without_cards(text)

    assert len(left) == len(text)
    assert not any(digits in left for digits in ("4000000000000002", "987"))


@pytest.mark.parametrize(
    "text", ['{"created": 1700000000000, "id": "pi_4242424242424242", "company": "5"}', "orderId=4242424242424243"]
)
def test_leaves_the_rest(text: str) -> None:
    """An id, a time, a number that fails the check."""
    assert without_cards(text) == text


WRITTEN = [
    "4242424242424242",
    "4242 4242 4242 4242",
    "4242-4242-4242-4242",
    "\uff14\uff12" * 8,
    "\u0664\u0662" * 8,
    "4242\u00a04242\u00a04242\u00a04242",
    "4242\u20134242\u20134242\u20134242",
    "4242\u200b4242\u200b4242\u200b4242",
    "4242.4242.4242.4242",
    "4242/4242/4242/4242",
    "4242_4242_4242_4242",
    "4242  4242  4242  4242",
    "4242 - 4242 - 4242 - 4242",
    "42 42 42 42 42 42 42 42",
    "42/42/42/42/42/42/42/42",
    "424242 4242424242",
    "3782 822463 10005",
    "3056-930902-5904",
    "4000.0000.0000.0000.006",
]


WITHIN = ["{}", "card {}, please", "({}).", "\u5361{}\u3067\u3059"]
PRINTED = [number for number in WRITTEN if not number.startswith(("42 ", "42/", "424242 "))]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        *((number, text) for number in WRITTEN for text in WITHIN),
        # Of groups that no card prints, a date beside them could be one more.
        *((number, "{} 12/29 123") for number in PRINTED),
    ],
)
def test_finds_cards_however_they_are_written(number: str, text: str) -> None:
    """Digits of every script, in groups with any usual sign between them, within a sentence and beside a date."""
    written = text.format(number)
    struck = without_cards(written)
    event: dict[str, Any] = {"note": written}

    assert contains_card([{"note": written}])
    assert not contains_card(struck)
    assert len(struck) == len(written)
    assert number not in redact(None, "", event)["note"]


@pytest.mark.parametrize(
    "text",
    [
        "4242424242424241",
        "4242 4242 4242 4241",
        "n4242424242424242",
        "pi_4242424242424242",
        "order-4242424242424242",
        "0.4242424242424242",
        "4242424242.424242",
        "1700000000000",
        "2026-01-02 2026-01-03",
        "23-10-2026 25-10-2026",
        "30.01.2026 - 30.04.2026",
        "+49 30 1234 5678 90",
        "+1 415 555 2671, +1 415 555 2672",
        "4006381333931",
        "192.168.100.200",
        "42424242424242424242",
        "4242 **** **** 4242",
        "99.95/49.95/19.95/5.00",
        "5f3a4242-4242-4242-4242-42424242abcd",
    ],
)
def test_what_only_looks_like_a_card_passes(text: str) -> None:
    """Ids, UUIDs, decimals, times, dates, phone numbers, bar codes, and numbers that fail the check."""
    assert not contains_card(text)
    assert without_cards(text) == text


def test_no_uuid_is_a_card() -> None:
    """Not even those that have hardly a letter."""
    some = (UUID(int=number * 0x1234_5678_9012_3456_7890_1234_5678) for number in range(1, 20_000))

    assert not any(contains_card(str(one)) for one in some)


@pytest.mark.parametrize("sign", ["4", "4 ", "4-", "4/", "4 - ", "4242 ", "4242_", "\uff14\u3000"])
@pytest.mark.parametrize("end", ["", "a", "-a", "_"])
def test_a_long_text_takes_no_longer_than_it_is(sign: str, end: str) -> None:
    """A body of the largest size is read in a moment."""
    contains_card(sign * 200_000 + end)
