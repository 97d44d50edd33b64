"""How amounts, times and country names read to a customer, by the locale that their browser asks for."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from litestar.datastructures import Headers

from paylinks_ports.money import Money, exponent

if TYPE_CHECKING:
    from babel import Locale

__all__ = ["TEXTS", "countries", "format_moment", "format_money", "locale_of"]

TEXTS = "en"
"""The language of our own texts; numbers and currencies read as the customer's locale has them."""

_LONGEST = 200  # characters of an Accept-Language header that are read
_NO_BREAK = "\N{NO-BREAK SPACE}"
_TOUCHING = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_ISOLATED = "\N{FIRST STRONG ISOLATE}{}\N{POP DIRECTIONAL ISOLATE}"


def locale_of(headers: Headers) -> str:
    """Choose the first locale of the header that is known, such as ``de_AT``; ours where there is none."""
    return _negotiate(headers.get("accept-language", "")[:_LONGEST])


@lru_cache(maxsize=512)
def _negotiate(header: str) -> str:
    wishes: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")):
        tag, _, weight = part.strip().partition(";")
        try:
            quality = float(weight.partition("=")[2] or 1)
        except ValueError:
            continue
        if tag and tag != "*" and quality > 0:
            wishes.append((-quality, place, tag))
    return next((known for *_, tag in sorted(wishes) if (known := _known(tag))), TEXTS)


def _known(tag: str) -> str | None:
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(tag, sep="-"))
    except (UnknownLocaleError, ValueError, TypeError):
        language = tag.partition("-")[0]
        return _known(language) if language != tag else None


@lru_cache(maxsize=64)
def _locale(name: str) -> "Locale":
    from babel import Locale

    return Locale.parse(name)


@lru_cache(maxsize=4096)
def format_money(amount: int, currency: str, locale: str = TEXTS) -> str:
    """Write an amount with all the digits that ISO 4217 gives its currency: ``$49.99``, ``49,99 €``, ``KWD 1.500``.

    CLDR, which the rest comes from, drops the digits of some currencies; an amount that is charged must not lose any.
    """
    from babel.numbers import parse_pattern

    known = _locale(locale)
    pattern = parse_pattern(known.currency_formats["standard"].pattern)
    digits = exponent(currency)
    pattern.frac_prec = (digits, digits)
    written = pattern.apply(Money(amount, currency).major, known, currency=currency, currency_digits=False)
    written = _TOUCHING.sub(_NO_BREAK, written).replace(" ", _NO_BREAK)
    return _ISOLATED.format(written) if known.text_direction == "rtl" else written


def format_moment(milliseconds: int, locale: str = TEXTS) -> str:
    """Write a moment, in UTC, as nothing tells where the customer is."""
    from babel.dates import format_datetime

    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return format_datetime(moment, "medium", locale=_locale(locale)) + " UTC"


@lru_cache(maxsize=4)
def countries() -> tuple[tuple[str, str], ...]:
    """List the countries that an address may be in, by their names: each one's code and name."""
    import pycountry

    names = _locale(TEXTS).territories
    found = [(one.alpha_2, names.get(one.alpha_2, one.name)) for one in pycountry.countries]
    return tuple(sorted(found, key=lambda pair: pair[1]))
