"""Brands as their people set them up: theme, origins, providers and currencies; the checks, and the change itself."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from paylinks_ports.errors import UnknownCurrency
from paylinks_ports.money import exponent
from paylinks_ports.records.tenants import Brand

from . import audit
from .audit import Actor
from .claims import check_url, is_email
from .errors import InvalidInput, NotKnown, SlugTaken, UnknownProvider
from .organizations import add_brand, checked_slug
from .parts import Parts
from .sessions import Caller

__all__ = ["THEME", "BrandChange", "change_brand", "checked_brand", "create_brand"]

THEME: Mapping[str, str] = {
    "name": "the name on the pages, in the place of the brand's own",
    "logo": "the https address of an image",
    "accent": "the color of buttons and links, such as #1d4ed8",
    "support": "an e-mail address or a page, for customers who need help",
}
"""What a theme may say."""

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_MOST_ORIGINS = 50
_LONGEST_NAME = 200
_LONGEST_URL = 2048


class BrandChange(Struct, frozen=True, kw_only=True):
    """What is to change; what is unset stays."""

    name: str | UnsetType = UNSET
    slug: str | UnsetType = UNSET
    theme: Mapping[str, str] | UnsetType = UNSET
    allowed_origins: tuple[str, ...] | UnsetType = UNSET
    default_provider: str | UnsetType | None = UNSET
    routes_payments: bool | UnsetType = UNSET
    allowed_currencies: tuple[str, ...] | UnsetType = UNSET
    test: bool | UnsetType = UNSET


async def create_brand(parts: Parts, caller: Caller, name: str, given: BrandChange) -> Brand:
    """Make a brand in the caller's organization.

    Raises:
        InvalidInput, UnknownProvider, SlugTaken: naming the field.

    """
    slug = given.slug if given.slug is not UNSET else None
    async with parts.units() as work:
        checked_name = _checked_name(name, "name")
        checked_slug(slug)
        was = await add_brand(parts, work, caller.organization_id, checked_name, slug)
        brand = checked_brand(parts, was, replace(given, slug=UNSET))
        await work.brands.put(brand)
        told = {"name": brand.name, "slug": brand.slug} | _told(was, brand)
        await audit.record(parts, work, replace(caller.actor, brand_id=brand.id), "brand.created", brand.id, told)
        await work.commit()
    return brand


async def change_brand(
    parts: Parts, actor: Actor, brand_id: str, change: BrandChange, *, caller: Caller | None = None
) -> Brand:
    """Change a brand of the actor's organization, as the present call says and no more.

    Args:
        parts: the platform's.
        actor: who, for the audit log.
        brand_id: which.
        change: what.
        caller: the person, who may not see every brand.

    Raises:
        NotKnown: it has no such brand, or the person does not see it.
        InvalidInput, UnknownProvider, SlugTaken: naming the field; nothing was changed.

    """
    async with parts.units() as work:
        was = await work.brands.get(brand_id)
        if was is None or was.organization_id != actor.organization_id or (caller and not caller.sees(was)):
            raise NotKnown("brandId: there is no such brand")
        now = checked_brand(parts, was, change)
        others = await work.brands.of_organization(was.organization_id)
        if any(other.slug == now.slug for other in others if other.id != was.id):
            raise SlugTaken(f"slug: {now.slug} is taken")
        await work.brands.put(now)
        await audit.record(parts, work, replace(actor, brand_id=was.id), "brand.changed", was.id, _told(was, now))
        await work.commit()
    return now


def checked_brand(parts: Parts, brand: Brand, change: BrandChange) -> Brand:
    """Give the brand as a change makes it.

    Raises:
        InvalidInput, UnknownProvider: naming the field.

    """
    given = {name: value for name in change.__struct_fields__ if (value := getattr(change, name)) is not UNSET}
    if change.name is not UNSET:
        given["name"] = _checked_name(change.name, "name")
    if change.slug is not UNSET:
        checked_slug(change.slug)
    if change.theme is not UNSET:
        given["theme"] = _checked_theme(change.theme)
    if change.allowed_origins is not UNSET:
        given["allowed_origins"] = _checked_origins(change.allowed_origins)
    if isinstance(change.default_provider, str) and change.default_provider not in parts.providers:
        raise UnknownProvider(f"defaultProvider: {change.default_provider[:64]!r} is not installed")
    if change.allowed_currencies is not UNSET:
        given["allowed_currencies"] = _checked_currencies(change.allowed_currencies)
    return replace(brand, **given)


def _checked_name(name: str, path: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        raise InvalidInput(f"{path}: has not 1 to {_LONGEST_NAME} printable characters")
    return name


def _checked_theme(theme: Mapping[str, str]) -> dict[str, str]:
    given = {name: value for name, value in theme.items() if value}  # an empty text takes one out
    if unknown := sorted(theme.keys() - THEME):
        raise InvalidInput(f"theme.{unknown[0][:64]}: is unknown; a theme has {_list(THEME)}")
    for name in ("logo", "support"):
        if name in given and len(given[name]) > _LONGEST_URL:
            raise InvalidInput(f"theme.{name}: has more than {_LONGEST_URL} characters")
    if "name" in given:
        given["name"] = _checked_name(given["name"], "theme.name")
    if "logo" in given:
        check_url(given["logo"], "theme.logo")
        if not given["logo"].startswith("https://"):  # nothing else is loaded into our pages
            raise InvalidInput("theme.logo: is not an https URL")
    if "accent" in given:
        if not _COLOR.fullmatch(given["accent"]):
            raise InvalidInput("theme.accent: is not a color such as #1d4ed8")
        given["accent"] = given["accent"].lower()
    if "support" in given and not is_email(given["support"]):
        check_url(given["support"], "theme.support")
    return given


def _checked_origins(origins: tuple[str, ...]) -> tuple[str, ...]:
    """Write origins as browsers send them: lower case, without a port that the scheme has anyway."""
    if len(origins) > _MOST_ORIGINS:
        raise InvalidInput(f"allowedOrigins: has more than {_MOST_ORIGINS}")
    return tuple(dict.fromkeys(_checked_origin(origin, index) for index, origin in enumerate(origins)))


def _checked_origin(origin: str, index: int) -> str:
    path = f"allowedOrigins[{index}]"
    check_url(origin, path)
    refused = InvalidInput(f"{path}: is not an origin such as https://shop.example, without path, query or user")
    try:
        parts = urlsplit(origin.rstrip("/"))
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode() if ":" not in (parts.hostname or "") else parts.hostname
    except ValueError:
        raise refused from None
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc or "*" in parts.netloc or not host:
        raise refused
    host = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, default) else "")


def _checked_currencies(currencies: tuple[str, ...]) -> tuple[str, ...]:
    for index, currency in enumerate(currencies):
        try:
            exponent(currency)
        except UnknownCurrency as error:
            raise InvalidInput(f"allowedCurrencies[{index}]: {error.details}") from error
    return tuple(dict.fromkeys(currencies))


def _told(was: Brand, now: Brand) -> dict[str, str | int | bool | None]:
    """Tell a change field by field, for the audit log."""
    told: dict[str, str | int | bool | None] = {}
    for name in now.__struct_fields__:
        before, after = getattr(was, name), getattr(now, name)
        if before != after:
            told |= {name: _plain(after), f"{name}.was": _plain(before)}
    return told


def _plain(value: object) -> str | bool | None:
    match value:
        case bool() | None:
            return value
        case tuple():
            return _list(map(str, value))
        case dict():
            return _list(f"{name} {one}" for name, one in value.items())
    return str(value)


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
