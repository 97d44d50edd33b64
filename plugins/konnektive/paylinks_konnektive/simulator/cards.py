"""What a card number stands for: the test cards, one for each of the platform's demo words, and slow cards.

Any other number is a card of its own, which a gateway refuses where it has just paid the same amount.
"""

from paylinks_ports import Card, DemoWord, demo_word

__all__ = ["card_of", "is_slow", "is_test", "word_of"]

_PAYS = "4242424242424242"
_SLOW = "4000000085"
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


def is_test(number: str) -> bool:
    """Say whether it is a test card: what it pays is never a duplicate, and is told to nobody by itself."""
    return number in {_PAYS, "4111111111111111", *_NUMBERS.values()}


def is_slow(number: str) -> bool:
    """Say whether queries show only a while later what becomes of its orders."""
    return number.startswith(_SLOW)
