"""The simulator's test cards: one for each of the platform's demo words, and one that pays."""

from paylinks_ports import Card, DemoWord, demo_word

__all__ = ["card_of", "word_of"]

_PAYS = "4242424242424242"
_NUMBERS: dict[DemoWord, str] = {
    "demo_decline": "4000000000000002",
    "demo_soft_decline": "4000000000009995",
    "demo_3ds": "4000000000003220",
    "demo_processing": "4000000000000077",
    "demo_timeout": "4000000000000119",
    "demo_error": "4000000000000341",
}


def card_of(word: str) -> Card:
    """Give the card that asks for what a demo word asks for; any other text asks for a paid order."""
    known = demo_word(word)
    return Card(number=_NUMBERS[known] if known else _PAYS, month=12, year=2099, cvv="123")


def word_of(number: str) -> DemoWord | None:
    """Read a card number as a demo word."""
    return next((word for word, one in _NUMBERS.items() if one == number), None)
