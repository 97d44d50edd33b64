"""Striking card data out of what is kept as it came: cards go, ids and times stay."""

import msgspec
import pytest

from paylinks_adapters.cards import contains_card, without_cards


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
