"""What the sentence of an ERROR means for money: one table, for Konnektive has no codes.

Sources: apidocs.checkoutchamp.com and help.checkoutchamp.com, and sentences recorded from a sandbox. A gateway's no
begins with "Transaction Declined". Everything else is said before a gateway is asked, as far as it is known here; a
sentence that no pattern fits may as well be a gateway that did not answer, and is a doubt.
"""

import re
from typing import Literal, TypeAlias

__all__ = ["Kind", "kind_of"]

Kind: TypeAlias = Literal["declined", "nothing_found", "credentials", "busy", "refused", "doubt"]

_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "doubt",
        re.compile(r"duplicate|already|time(d)?[ -]?out|unable to (connect|reach)|internal error", re.IGNORECASE),
    ),
    ("declined", re.compile(r"^transaction declined|card (was )?declined", re.IGNORECASE)),
    ("nothing_found", re.compile(r"^no (orders|transactions|campaigns?) .*(matching|found)", re.IGNORECASE)),
    ("busy", re.compile(r"rate limit|too many (requests|calls)", re.IGNORECASE)),
    (
        "credentials",
        re.compile(
            r"(invalid|incorrect|wrong|bad).*(login|credential|password|api user)|login (failed|id)|not (white-?listed|"
            r"authorized)|unauthorized|(endpoint|permission).*(not|denied)|ip address.*(not|denied)",
            re.IGNORECASE,
        ),
    ),
    (
        "refused",
        re.compile(
            r"required|invalid|not found|must (be|have|contain)|does not (exist|belong)|cannot use[r]? test card"
            r"|no products exist|exceeds?|greater than|not (allowed|valid|a valid)|missing",
            re.IGNORECASE,
        ),
    ),
)


def kind_of(sentence: str) -> Kind:
    """Say what kind of ERROR a sentence tells of."""
    return next((kind for kind, pattern in _PATTERNS if pattern.search(sentence)), "doubt")
