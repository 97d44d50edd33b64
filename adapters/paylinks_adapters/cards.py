"""Finding raw card data: in decoded JSON, to refuse it; in what is kept as it came, to strike it out."""

import re

__all__ = ["card_in_text", "contains_card", "without_cards"]

# Digits of a card number, perhaps in groups. Longer runs, letters or other signs around them are no card number.
_DIGITS = re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w.-])")
# Issuer ranges: Visa, Mastercard, American Express, Discover, JCB, Diners, Maestro, UnionPay.
_ISSUERS = re.compile(
    r"4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[47]|6(?:011|4[4-9]|5)|35(?:2[89]|[3-8])|3(?:0[0-5]|[689])"
    r"|5[0678]|6[37]|62"
)
_FIELDS = frozenset({"cardnumber", "pan", "cvv", "cvc", "cvv2", "cvc2", "securitycode", "cardsecuritycode"})
_LENGTHS = range(13, 20)
# A field named for card data in JSON, XML or a form, with digits for its value.
_CARD_FIELD = re.compile(
    r"(?i)((?<![a-z0-9])(?:card[_-]?number|pan|cvv2?|cvc2?|(?:card[_-]?)?security[_-]?code)[\"']?\s*[:=>]\s*[\"']?)(\d+)"
)


def contains_card(value: object) -> bool:
    """Say whether a card number stands anywhere in decoded JSON, or a field is named for one and has a value.

    A number counts when it has 13 to 19 digits, begins as a card network's do and passes the Luhn check, so an order id
    or a time in milliseconds does not.
    """
    match value:
        case dict():
            return any(_is_card_field(name, one) or contains_card(one) for name, one in value.items())
        case list():
            return any(contains_card(one) for one in value)
        case str():
            return card_in_text(value)
        case bool():
            return False
        case int():
            return _is_card(str(value))
    return False


def _is_card_field(name: object, value: object) -> bool:
    plain = str(name).replace("_", "").replace("-", "").lower()
    return plain in _FIELDS and isinstance(value, str | int) and not isinstance(value, bool) and value != ""


def card_in_text(text: str) -> bool:
    """Say whether a card number stands in a text."""
    return any(_is_card(re.sub(r"[ -]", "", found[0])) for found in _DIGITS.finditer(text))


def _is_card(digits: str) -> bool:
    if len(digits) not in _LENGTHS or not _ISSUERS.match(digits):
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 - the Luhn check's own figure
    return total % 10 == 0


def without_cards(text: str) -> str:
    """Put nines in place of the digits of every card number, and of every field named for card data.

    Nines are no card number, and a number in JSON stays one.
    """
    text = _DIGITS.sub(lambda found: re.sub(r"\d", "9", found[0]) if card_in_text(found[0]) else found[0], text)
    return _CARD_FIELD.sub(lambda found: found[1] + "9" * len(found[2]), text)
