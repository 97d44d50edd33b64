"""What Sticky.io's response codes mean for money: one table.

Sources: the response codes of its API v1 (developer-prod.sticky.io) and, for the older ones, the exceptions of
github.com/kevinem/lime-light-crm-php. HTTP says little: most errors are a 200. Codes above 10000 are newer forms of the
others: 10800 is 800.
"""

from typing import Literal, TypeAlias

__all__ = ["Kind", "kind_of"]

Kind: TypeAlias = Literal["ok", "declined", "authentication", "credentials", "busy", "refused", "doubt"]
"""``doubt`` is everything that the table does not know: whether something happened can't be said."""

_BY_KIND: dict[Kind, tuple[int, ...]] = {
    "ok": (100,),
    "authentication": (101,),
    # The gateway's no; the card is wrong; the customer is black-listed, or has bought it already.
    "declined": (800, 318, 319, 320, 323, 333, 334, 342, 356, 381),
    # Wrong login; no permission for this method; user off; IP address or campaign not allowed.
    "credentials": (200, 666, 667, 668, 669, 1001),
    "busy": (410,),
    # Validation, before anything is asked of a gateway; refunds and voids that can't be.
    "refused": (
        *(*range(303, 318), 321, 322, *range(324, 333), *range(335, 342), 350, 357, 370, 371, 372, 373, 374, 379, 399),
        *(400, *range(411, 416), *range(430, 435), 500, 501, 502, 600, 601, 602, 603, 604),
        *(700, 701, 702, 705, 900, 901, 902, 905, 906, 907, 1002, 1004),
    ),
}
_KINDS: dict[str, Kind] = {str(code): kind for kind, codes in _BY_KIND.items() for code in codes}
_NEWER = 10_000
_NEWER_LENGTH = 5
_FIRST: tuple[Kind, ...] = ("doubt", "credentials", "busy", "refused", "authentication", "declined", "ok")


def kind_of(codes: frozenset[str]) -> Kind:
    """Say what an answer with these codes is; of several the most doubtful counts, and none is a doubt."""
    kinds = {_KINDS.get(code) or _KINDS.get(_older(code), "doubt") for code in codes} or {"doubt"}
    return next(kind for kind in _FIRST if kind in kinds)


def _older(code: str) -> str:
    newer = len(code) == _NEWER_LENGTH and code.isascii() and code.isdigit()
    return str(int(code) - _NEWER) if newer else code
