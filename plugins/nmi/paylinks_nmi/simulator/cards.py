"""What a payment token stands for, and how the bank of its card answers.

Collect.js tokens look like ``01234567-012345-012345-0123456789ab``. Here tokens that end in the same twelve characters
are of one card, and how that card behaves is how these begin: ``partial`` (half is approved), ``unknown`` (nobody
knows), ``slow`` (reports show it five seconds later), ``short`` (insufficient funds), ``expired``; any other is paid.
NMI's own test token, all zeros, is never used up, and its sales are never duplicates.
"""

import re
from typing import Literal, TypeAlias

from paylinks_ports import DemoWord

__all__ = ["TEST_CARD", "Behaviour", "behaviour", "card_of"]

Behaviour: TypeAlias = Literal["paid", "declined", "short", "expired", "partial", "unknown", "slow", "processing"]

TEST_CARD = "000000000000"
_TOKEN = re.compile(r"[A-Za-z0-9]{8}-[A-Za-z0-9]{6}-[A-Za-z0-9]{6}-(?P<card>[A-Za-z0-9]{12})", re.ASCII)
_CARDS: tuple[Behaviour, ...] = ("partial", "unknown", "slow", "short", "expired")
_WORDS: dict[DemoWord, Behaviour] = {
    "demo_decline": "declined",
    "demo_soft_decline": "short",
    "demo_processing": "processing",
}


def card_of(token: str) -> str | None:
    """Say whose card a token stands for; None: it is no token of Collect.js."""
    match = _TOKEN.fullmatch(token)
    return match["card"] if match else None


def behaviour(card: str, word: DemoWord | None) -> Behaviour:
    """Say how a sale ends; the demo's words win."""
    if word is not None:
        return _WORDS.get(word, "paid")
    return next((name for name in _CARDS if card.startswith(name)), "paid")
