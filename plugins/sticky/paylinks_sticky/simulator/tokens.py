"""What a payment token stands for, and how the bank of its card answers.

Tokens whose words after the last dash are the same are of one card, which a gateway refuses where it has just paid the
same amount; how that card behaves is how these words begin. Any other token is of a card of its own, and pays.
"""

from typing import Literal, TypeAlias

from paylinks_ports import DemoWord

__all__ = ["Behaviour", "behaviour", "card_of"]

Behaviour: TypeAlias = Literal["paid", "declined", "short", "duplicate", "processing", "slow"]

_CARDS: tuple[Behaviour, ...] = ("declined", "short", "processing", "slow")
_WORDS: dict[DemoWord, Behaviour] = {
    "demo_decline": "declined",
    "demo_soft_decline": "short",
    "demo_processing": "processing",
}
_DUPLICATE = "decline_duplicate"


def card_of(token: str) -> str | None:
    """Say whose card a token stands for; None: nobody else's."""
    return token.rpartition("-")[2] if "-" in token else None


def behaviour(token: str, word: DemoWord | None) -> Behaviour:
    """Say how a sale ends; the demo's words win."""
    if word is not None:
        return _WORDS.get(word, "paid")
    if token == _DUPLICATE:
        return "duplicate"
    card = card_of(token) or ""
    return next((name for name in _CARDS if card.startswith(name)), "paid")
