"""Finding raw card data: in decoded JSON and forms, to refuse it; in what is kept or logged, to strike it out."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

__all__ = ["contains_card", "find_cards", "without_cards"]

# Digits in one piece or in groups, with up to three signs between two groups. Digits that touch letters, or a dot or
# dash that touches some, belong to something else: a UUID, a decimal, an id. Those have the letters of ASCII; a
# number within Japanese has others around it.
_RUN = re.compile(r"(?a)(?<!\w)(?<!\w[.-])[0-9]+(?:[\s./_|*+\\-]{1,3}[0-9]+)*(?!\w|[.-]\w)")
_GROUP = re.compile(r"[0-9]+")
_LENGTHS = range(13, 20)
_NETWORKS = re.compile(
    r"4\d{15}(?:\d{3})?"  # Visa
    r"|5[1-5]\d{14}|(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|3(?:0[0-5]|[689]\d)\d{11}(?:\d\d)?"  # Diners Club
    r"|(?:6011|64[4-9]\d|65\d\d|35(?:2[89]|[3-8]\d)|62\d\d|81\d\d)\d{12,15}"  # Discover, JCB, UnionPay
    r"|(?:50|5[678]|6[037])\d{14,17}"  # Maestro, RuPay
)
_LOOSE = re.compile(r"(?:[3-6]|2[2-7])\d{12,18}")  # times in milliseconds begin with 1
_FIELDS = frozenset(
    {
        "cardcvc",
        "cardcvv",
        "cardnumber",
        "cardsecuritycode",
        "ccnumber",
        "creditcardnumber",
        "cvc",
        "cvc2",
        "cvv",
        "cvv2",
        "pan",
        "securitycode",
    }
)
# A field named for card data in JSON, XML or a form, with digits for its value.
_CARD_FIELD = re.compile(
    r"(?i)((?<![a-z0-9])(?:card[_-]?number|pan|cvv2?|cvc2?|(?:card[_-]?)?security[_-]?code)[\"']?\s*[:=>]\s*[\"']?)(\d+)"
)


def contains_card(value: object) -> bool:
    """Say whether a card number stands anywhere in decoded JSON, or a field is named for card data and has a value.

    A number is a card's when it begins as one of the networks' do, is as long as that network's are, and passes the
    Luhn check. Of random order ids of sixteen digits one in thirty looks like that, of other lengths one in fifty to
    five hundred, and none that has letters around it; times in milliseconds never do. Thirteen digits are not enough,
    though Visa once had them: ids of shops and the bar codes of goods (EAN) look the same, and no such card is issued
    any more.
    """
    # A stack and no recursion: a body may be nested as deeply as its decoder allows.
    left = [value]
    while left:
        one = left.pop()
        match one:
            case dict():
                if any(_is_card_field(str(name)) and _is_value(inner) for name, inner in one.items()):
                    return True
                left += one.keys()
                left += one.values()
            case list() | tuple():
                left += one
            case str():
                if len(one) >= _LENGTHS.start and next(_spans(one, _NETWORKS), None):
                    return True
            case int() | float() if digits := _whole(one):
                left.append(digits)
    return False


def find_cards(text: str, *, loosely: bool = False) -> list[tuple[int, int]]:
    """Find card numbers in a text: where each begins and ends.

    Args:
        text: of any shape.
        loosely: whatever has the length and the beginning of some card's.

    """
    return list(_spans(text, _LOOSE if loosely else _NETWORKS)) if len(text) >= _LENGTHS.start else []


def without_cards(text: str) -> str:
    """Put nines in place of the digits of every card number, and of every field named for card data.

    Nines are no card number, and a number in JSON stays one.
    """
    parts, done = [], 0
    for start, end in find_cards(text):
        parts += [text[done:start], "".join("9" if _plain(one).isdigit() else one for one in text[start:end])]
        done = end
    text = "".join((*parts, text[done:]))
    return _CARD_FIELD.sub(lambda found: found[1] + "9" * len(found[2]), text)


def _whole(number: float) -> str | None:
    """Write a number's digits where it has as many as a card's, and is whole."""
    whole = 10**12 <= number < 10**19 and number == int(number)
    return str(int(number)) if whole else None


@lru_cache(4096)
def _is_card_field(name: str) -> bool:
    return re.sub(r"[\W_]", "", name).lower() in _FIELDS


def _is_value(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool) and bool(str(value).strip())


class _Plain(dict[int, str]):
    """What a character is to a reader: digits of every script are digits, spaces and dashes of every width are one."""

    def __missing__(self, code: int) -> str:
        one = chr(code)
        digit = unicodedata.digit(one, None)
        kind = unicodedata.category(one)
        same = unicodedata.normalize("NFKC", one)
        if code < 128:  # noqa: PLR2004 - ASCII is plain
            plain = one
        elif digit is not None:
            plain = str(digit)
        elif kind in {"Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me"}:  # or of no width at all
            plain = " "
        elif kind == "Pd" or one in "\u2212\u00ad":
            plain = "-"
        elif one in "\u00b7\u2022\u30fb":
            plain = "."
        else:
            plain = same if len(same) == 1 else one
        self[code] = plain
        return plain


_PLAIN = _Plain()


def _plain(text: str) -> str:
    """Write a text so that card numbers in it are ASCII, each character still in its place."""
    return text if text.isascii() else text.translate(_PLAIN)


def _spans(text: str, networks: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Find card numbers: where each begins and ends."""
    plain = _plain(text)
    for run in _RUN.finditer(plain):
        if run.end() - run.start() < _LENGTHS.start:
            continue
        groups = list(_GROUP.finditer(plain, *run.span()))
        digits = [found[0] for found in groups]
        lengths = [len(one) for one in digits]
        at = 0
        while at < len(groups):
            counts = _counts(lengths, at)
            if not at and _is_one(lengths, run[0]):
                counts = (len(groups), *counts)
            for count in counts:
                number = "".join(digits[at : at + count])
                alone = count == 1 and not _is_part(plain, groups, at)
                if (count > 1 or alone) and networks.fullmatch(number) and _luhn(number):
                    yield groups[at].start(), groups[at + count - 1].end()
                    at += count - 1
                    break
            at += 1


def _counts(lengths: list[int], at: int) -> tuple[int, ...]:
    """Say how many groups from here on may be one card number, as cards print it; a date may follow it."""
    length = lengths[at]
    if length == _FOUR:
        after = lengths[at + 1 : at + 4]
        if after == _FOURS:
            return (5, 4) if at + 4 < len(lengths) and lengths[at + 4] < _FOUR else (4,)
        return (3,) if after[:2] in _OTHERS else ()
    return (1,) if length in _LENGTHS else ()


_FOUR = 4
_FOURS = [4, 4, 4]
_OTHERS = ([6, 5], [6, 4])  # American Express, Diners Club


def _is_one(lengths: list[int], run: str) -> bool:
    """Say whether groups of any size are one number: with spaces and dashes between them, or as many digits in each."""
    if not 1 < len(lengths) < _LENGTHS.stop or sum(lengths) not in _LENGTHS or lengths in _DATES:
        return False
    if not run.translate(_SPACED):
        return True
    return len(lengths) >= _SEVERAL and len(set(lengths[:-1])) == 1 and lengths[-1] <= lengths[0]


_DATES = ([2, 2, 4, 2, 2, 4], [4, 2, 2, 4, 2, 2])
_SPACED = {ord(one): None for one in "0123456789 -"}
_SEVERAL = 3  # two are a decimal


def _is_part(plain: str, groups: list[re.Match[str]], at: int) -> bool:
    """Say whether a group is a part of a decimal or of an id."""
    before = plain[groups[at - 1].end() : groups[at].start()] if at else ""
    after = plain[groups[at].end() : groups[at + 1].start()] if at + 1 < len(groups) else ""
    return before in _JOINTS or after in _JOINTS


_JOINTS = frozenset("._-")


def _luhn(digits: str) -> bool:
    total = sum(map(int, digits[::-2])) + sum(map(int, digits[-2::-2].translate(_DOUBLED)))
    return total % 10 == 0


_DOUBLED = str.maketrans("0123456789", "0246813579")  # twice as much, and its own two digits added up
