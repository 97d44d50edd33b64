"""What people are known by: addresses in one form, and passwords that are not the first to be tried."""

import re
from functools import cache

from .errors import InvalidInput, UnfitPassword

__all__ = ["check_name", "check_password", "read_email"]

_SHORTEST, _LONGEST = 12, 128
_LONGEST_NAME = 200
_FEWEST_CHARACTERS = 5
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def read_email(text: str, path: str = "email") -> str:
    """Bring an address to its one form: people write the same one in many ways.

    Raises:
        InvalidInput: it is none.

    """
    from email_validator import EmailNotValidError, validate_email  # here, because it is slow to import

    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise InvalidInput(f"{path}: is not an e-mail address") from None
    return found.normalized.lower()


def check_name(text: str, path: str) -> str:
    """Take a name without the space around it.

    Raises:
        InvalidInput: nothing is left, or it is too long, or holds what can't be read.

    """
    name = text.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise InvalidInput(f"{path}: is not a name of 1 to {_LONGEST_NAME} characters")
    return name


def check_password(password: str, *own: str, path: str = "password") -> None:
    """Refuse passwords that are tried first; of what kinds of characters one is made does not matter.

    Args:
        password: the new one.
        own: what belongs to the person, such as the address.
        path: of the field.

    Raises:
        UnfitPassword: naming the field and what is wrong.

    """
    if not _SHORTEST <= len(password) <= _LONGEST:
        raise UnfitPassword(f"{path}: has not {_SHORTEST} to {_LONGEST} characters")
    plain = password.casefold()
    if plain in {text.casefold() for text in own} or _is_common(plain):
        raise UnfitPassword(f"{path}: is one of those that are tried first")


def _is_common(plain: str) -> bool:
    """Say whether it is common, or made of a common one with signs around it, by repeating, or along a row of keys."""
    stem = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    period = (plain + plain).find(plain, 1)
    return (
        len(set(plain)) < _FEWEST_CHARACTERS
        or any(plain in run or plain[::-1] in run for run in _RUNS)
        or not {plain, stem, plain[:period]}.isdisjoint(_common())
        or (period < len(plain) and period < _SHORTEST and plain[:period].isalnum())
    )


@cache
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # here, because it is slow to import

    return frozenset(FREQUENCY_LISTS["passwords"])
