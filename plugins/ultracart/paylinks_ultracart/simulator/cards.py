"""How a card behaves: as the demo words say, or as its token begins; a token of the hosted fields is good once."""

import re

from msgspec import Struct

from paylinks_ports import DemoWord, SimulatedWorld, demo_word

__all__ = ["Behaviour", "behaviour_of", "burn"]

_PROCESSING_MS = 2_000
_QUARTER_MS = 900_000
_LATE_MS = 2_400_000
_DECLINED = "Your credit card was declined by the bank."
_SHORT = "Your credit card was declined: insufficient funds."
_MUTE = "The gateway did not answer: communication timeout."
_BURNED = "The card number token is not valid any more."
_ONCE = re.compile("[a-z]+-[0-9]{12}")


class Behaviour(Struct, frozen=True, kw_only=True):
    """What comes of a charge.

    Args:
        error: why it is declined, if it is.
        kept: it is kept as an order all the same, at the first decline.
        waits: milliseconds until the gateway has answered.
        told: milliseconds that the webhooks about it are late, besides.
        mute: what UltraCart says though the order is made and paid.

    """

    error: str | None = None
    kept: bool = False
    waits: int = 0
    told: int = 0
    mute: str | None = None


_PAID = Behaviour()
_WORDS: dict[DemoWord, Behaviour] = {
    "demo_decline": Behaviour(error=_DECLINED),
    "demo_soft_decline": Behaviour(error=_SHORT),
    "demo_processing": Behaviour(waits=_PROCESSING_MS),
}
_CARDS: dict[str, Behaviour] = {
    "decline": _WORDS["demo_decline"],
    "short": _WORDS["demo_soft_decline"],
    "kept": Behaviour(error=_DECLINED, kept=True),
    "slow": Behaviour(waits=_QUARTER_MS),
    "late": Behaviour(told=_LATE_MS),
    "mute": Behaviour(mute=_MUTE),
    "gone": Behaviour(error=_MUTE),
}
"""What comes before the dash of a token that is no demo word; any other is paid, and told at once."""


def behaviour_of(token: str, world: SimulatedWorld) -> tuple[DemoWord | None, Behaviour]:
    """Read a card's token, and the demo word that the call is asked with."""
    word = demo_word(token) or world.word()
    return word, _WORDS.get(word, _PAID) if word else _CARDS.get(token.partition("-")[0], _PAID)


async def burn(token: str, world: SimulatedWorld) -> str | None:
    """Use a token up; say what is wrong where it is used up already."""
    if not _ONCE.fullmatch(token) or await world.store.put(f"token/{token}", "used", was=None):
        return None
    return _BURNED
