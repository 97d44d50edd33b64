"""A brand's own look: what its theme says of name, logo, accent and support, fit to be read in light and dark."""

import re
from collections.abc import Mapping

from litestar import Response, get
from litestar.params import FromPath
from msgspec import Struct

from paylinks_core.claims import check_url, is_email
from paylinks_core.errors import InvalidInput, NotKnown
from paylinks_ports.records.tenants import Brand

__all__ = ["Look", "look_of", "theme"]

_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")
_READABLE = 4.5  # WCAG 2.2, 1.4.3
_STEPS = 40
_WHITE, _BLACK = (255, 255, 255), (11, 13, 18)
_LIGHT, _DARK = (
    (240, 241, 245),
    (32, 35, 43),
)  # of the grounds of pages.css (--sunk) the ones that are hardest to read on

_Colour = tuple[int, int, int]


class Look(Struct, frozen=True, kw_only=True):
    """What customers see of a brand.

    Args:
        accent: six hex digits, or None for the pages' own.
        logo: the address of an image.
        support: an e-mail address or a page, for whoever needs help.

    """

    name: str
    logo: str | None = None
    accent: str | None = None
    support: str | None = None

    @property
    def support_link(self) -> str | None:
        """Where the support is reached."""
        return f"mailto:{self.support}" if self.support and is_email(self.support) else self.support


def look_of(brand: Brand) -> Look:
    """Read a brand's theme: ``name``, ``logo``, ``accent`` and ``support``; what is not fit to be shown is left out."""
    theme: Mapping[str, str] = getattr(brand, "theme", {})
    accent = _COLOUR.fullmatch(theme.get("accent", ""))
    support = theme.get("support")
    return Look(
        name=theme.get("name") or brand.name,
        logo=_url(theme.get("logo")),
        accent=accent[1].lower() if accent else None,
        support=support if support and is_email(support) else _url(support),
    )


def _url(text: str | None) -> str | None:
    if not text:
        return None
    try:
        check_url(text, "theme")
    except InvalidInput:
        return None
    return text


@get("/theme/{name:str}")
async def theme(name: FromPath[str]) -> Response[bytes]:
    """Give the few rules that an accent makes, as ``/theme/1d4ed8.css``; a style in the page itself is not allowed.

    Raises:
        NotKnown: it is no colour.

    """
    found = re.fullmatch(r"([0-9a-f]{6})\.css", name)
    if found is None:
        raise NotKnown("there is no such theme")
    colour = _read(found[1])
    light, dark = _readable(colour, _LIGHT, _BLACK), _readable(colour, _DARK, _WHITE)
    text = (
        f":root{{--accent:{_write(light)};--on-accent:{_write(_on(light))}}}"
        f"@media(prefers-color-scheme:dark){{:root{{--accent:{_write(dark)};--on-accent:{_write(_on(dark))}}}}}"
    )
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(text.encode(), headers=headers, media_type="text/css")


def _read(digits: str) -> _Colour:
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _write(colour: _Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _readable(colour: _Colour, ground: _Colour, towards: _Colour) -> _Colour:
    """Move a colour as far as it takes to be read on a ground, and no further."""
    for step in range(_STEPS + 1):
        share = step / _STEPS
        moved = _mix(colour, towards, share)
        if _contrast(moved, ground) >= _READABLE:
            return moved
    return towards


def _mix(one: _Colour, other: _Colour, share: float) -> _Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _on(colour: _Colour) -> _Colour:
    return max(_WHITE, _BLACK, key=lambda text: _contrast(colour, text))


def _contrast(one: _Colour, other: _Colour) -> float:
    """WCAG 2.2, "contrast ratio"."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: _Colour) -> float:
    """WCAG 2.2, "relative luminance"."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - the standard's own
        for part in (one / 255 for one in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
