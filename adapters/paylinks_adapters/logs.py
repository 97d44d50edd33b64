"""Logging without secrets and card numbers, pretty on a terminal and JSON otherwise; and how card numbers are found."""

import logging
import re
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

if not {"structlog", "rich"} & sys.modules.keys():
    # structlog loads rich wherever it is installed, for tracebacks that are not wanted here: 170 ms of a start.
    sys.modules["rich"] = None  # type: ignore[assignment]  # what Python itself writes for: there is no such module
    try:
        import structlog
    finally:
        del sys.modules["rich"]
import structlog

__all__ = ["configure_logging", "contains_card", "get_logger", "redact"]

get_logger = structlog.get_logger
"""For modules that log: importing it from here keeps rich away."""

# ── Card numbers ─────────────────────────────────────────────────────────────────────────────────────────────────────

# As people write them: unbroken, in fours, or as American Express (4-6-5) and Diners (4-6-4) print them. Digits that
# touch letters, or a dot or dash that touches some, belong to something else: a UUID, a decimal, an id.
# The match is empty and looks ahead, so that a number is found though another one stands right before it.
_WRITTEN = re.compile(
    r"(?<!\w)(?<!\w[.-])(?="
    r"(\d{13,19}|(?:\d{4}([ -])\d{4}\2\d{4}\2\d{4})(?:\2\d{1,3})?|\d{4}([ -])\d{6}\3\d{4,5})"
    r"(?!\w|[.-]\w))"
)
_ALONE = re.compile(r"\d(?:[ -]{0,2}\d){12,18}")
_SHORTEST = 13
_FOURS = 16
_NETWORKS = re.compile(
    r"4\d{15}(?:\d{3})?"  # Visa
    r"|5[1-5]\d{14}|(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|3(?:0[0-5]|[689]\d)\d{11}(?:\d\d)?"  # Diners Club
    r"|(?:6011|64[4-9]\d|65\d\d|35(?:2[89]|[3-8]\d)|62\d\d|81\d\d)\d{12,15}"  # Discover, JCB, UnionPay
    r"|(?:50|5[678]|6[037])\d{14,17}"  # Maestro, RuPay
)
_LOOSE = re.compile(r"(?:[3-6]|2[2-7])\d{12,18}")
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
        "securitycode",
    }
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
            case str() if len(one) >= _SHORTEST:
                if any(_NETWORKS.fullmatch(digits) and _luhn(digits) for _, _, digits in _numbers(one)):
                    return True
            case int() | float() if digits := _whole(one):
                left.append(digits)
    return False


def _whole(number: float) -> str | None:
    """Write a number's digits where it has as many as a card's, and is whole."""
    whole = 10**12 <= number < 10**19 and number == int(number)
    return str(int(number)) if whole else None


@lru_cache(4096)
def _is_card_field(name: str) -> bool:
    return re.sub(r"[\W_]", "", name).lower() in _FIELDS


def _is_value(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool) and bool(str(value).strip())


def _numbers(text: str) -> Iterator[tuple[int, int, str]]:
    """Find what may be a card number: where it begins and ends, and its digits."""
    if _ALONE.fullmatch(text.strip()):
        yield 0, len(text), _digits(text)
    for found in _WRITTEN.finditer(text):
        start, end = found.span(1)
        yield start, end, _digits(found[1])
        if found[2] and len(_digits(found[1])) > _FOURS:
            # The last group may be a date that follows the number.
            shorter = start + _FOURS + 3
            yield start, shorter, _digits(text[start:shorter])


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0  # noqa: PLR2004 - as Luhn has it


# ── Redaction ────────────────────────────────────────────────────────────────────────────────────────────────────────

_HIDDEN = "[redacted]"
_DEEPEST = 8
_NAMES = re.compile(
    r"secret|passw|token|authorization|cookie|api_?key|signature|credential|card|cvv|cvc|email|phone"
    r"|(?:security|private|signing|app|access|tokenization)_?key",
    re.IGNORECASE,
)
_SHAPES = re.compile(
    r"\b(?:sk|rk|pk|whsec)_[A-Za-z0-9_+/=-]{8,}"  # keys, ours and Stripe's
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"  # JWTs
    r"|\b\w+?_secret_\w+"  # what a browser is given to pay with
    r"|\bBearer\s+[\w.~+/=-]{8,}"
    r"|(?<=://)[^\s/@]+(?=@)"  # user and password in an address
)


def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401 - structlog's own
    """Hide values by the name of their key and by their shape, however deep; for structlog's chain of processors."""
    for name, value in event.items():
        event[name] = _named(name, value, _DEEPEST)
    return event


def _named(name: str, value: Any, depth: int) -> Any:  # noqa: ANN401 - whatever is logged
    return _HIDDEN if _NAMES.search(name) and value not in (None, "") else _redacted(value, depth)


def _redacted(value: Any, depth: int) -> Any:  # noqa: ANN401, PLR0911 - whatever is logged, each kind in its way
    match value:
        case None | bool() | float() | datetime() | date() | UUID() | Decimal():
            return value
        case str():
            return _hide(value)
        case int():
            text = _hide(str(value))
            return value if text == str(value) and -(2**63) <= value < 2**63 else text
        case _ if depth == 0:
            return "…"
        case Mapping():
            return {_hide(str(name)): _named(str(name), one, depth - 1) for name, one in value.items()}
        case Struct():
            return _redacted(msgspec.structs.asdict(value), depth)
        case list() | tuple() | AbstractSet():
            return [_redacted(one, depth - 1) for one in value]
        case bytes() | bytearray():
            return _hide(bytes(value).decode(errors="replace"))
    return _hide(repr(value))


def _hide(text: str) -> str:
    if not text.isascii():
        text = text.encode(errors="replace").decode()  # half of a surrogate pair can't be written
    text = _SHAPES.sub(_HIDDEN, text)
    # Looser than `contains_card`: hiding too much costs nothing. Times in milliseconds begin with 1.
    while found := next((one for one in _numbers(text) if _LOOSE.fullmatch(one[2]) and _luhn(one[2])), None):
        text = text[: found[0]] + _HIDDEN + text[found[1] :]
    return text


# ── Setup ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def configure_logging(*, level: int = logging.INFO) -> None:
    """Set logging up for the process; what libraries log themselves is shown from WARNING on, redacted as well."""
    render: Any = structlog.processors.JSONRenderer(_encode)
    if sys.stderr.isatty():
        render = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    end = [structlog.processors.format_exc_info, redact, render]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, stamp, *end],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    of_libraries = logging.StreamHandler(sys.stderr)
    of_libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name, stamp],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *end],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[of_libraries], force=True)


def _encode(event: Any, **_: Any) -> str:  # noqa: ANN401 - structlog's own
    return msgspec.json.encode(event, enc_hook=repr).decode()
