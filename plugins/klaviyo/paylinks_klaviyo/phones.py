"""Phone numbers as Klaviyo takes them: E.164, or not at all."""

import re

__all__ = ["international"]

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_NORTH_AMERICAN = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}")
_NORTH_AMERICA = frozenset({"CA", "US"})


def international(phone: str | None, country: str | None) -> str | None:
    """Write a number as ``+14155550100``; a national one only where its country's way is certain.

    Args:
        phone: as the customer typed it.
        country: of the customer's address, ISO 3166 alpha-2.

    Returns:
        None where it would be a guess: another person's number is worse than none.

    """
    if phone is None:
        return None
    # What people write around a country code: +44 (0)20 … has a zero too many.
    digits = re.sub(r"[\s().\-/]", "", phone.replace("(0)", ""))
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if _E164.fullmatch(digits):
        return digits
    if country in _NORTH_AMERICA and _NORTH_AMERICAN.fullmatch(digits):
        return f"+1{digits[-10:]}"
    return None
