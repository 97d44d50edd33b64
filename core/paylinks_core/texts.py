"""Texts that no database of ours can keep: with a NUL, which PostgreSQL refuses, or half of a surrogate pair."""

import re

__all__ = ["UNFIT", "find_unfit", "is_fit"]

UNFIT = "has a character that can't be kept"
"""What to say of such a text after its name."""

_UNFIT = re.compile("[\0\ud800-\udfff]")


def is_fit(text: str) -> bool:
    """Say whether a text can be kept."""
    return _UNFIT.search(text) is None


def find_unfit(value: object, name: str) -> str | None:
    """Find a text in decoded JSON that can't be kept.

    Args:
        value: as deeply nested as its decoder allows.
        name: what the whole is called, where that is itself at fault.

    Returns:
        The path of one such text, as ``customer.firstName``; of a key, its object's. None: all can be kept.

    """
    left = [("", value)]
    while left:
        path, one = left.pop()
        match one:
            case str() if not is_fit(one):
                return path or name
            case dict():
                if not all(is_fit(str(key)) for key in one):
                    return path or name
                left += [(f"{path}.{key}" if path else str(key), inner) for key, inner in one.items()]
            case list() | tuple():
                left += [(f"{path}[{index}]", inner) for index, inner in enumerate(one)]
    return None
