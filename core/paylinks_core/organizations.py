"""Organizations and their brands, as their people make and change them."""

import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.records.people import Membership
from paylinks_ports.records.tenants import Brand, Organization
from paylinks_ports.storage import Work

from . import audit
from .errors import InvalidInput, NotKnown, SlugTaken
from .identification import check_name
from .parts import Parts
from .sessions import Caller

__all__ = ["BrandChanges", "add_brand", "add_organization", "change_brand", "create_brand", "create_organization"]

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::\d{1,5})?")
_MOST_ORIGINS = 50
_THEME_NAMES, _THEME_LENGTH = 50, 2048


class BrandChanges(Struct, frozen=True, kw_only=True):
    """What is given of a brand; None: nothing is said of it."""

    name: str | None = None
    slug: str | None = None
    theme: Mapping[str, str] | None = None
    allowed_origins: tuple[str, ...] | None = None
    test: bool | None = None


def _slug_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "organization"


async def add_organization(parts: Parts, work: Work, name: str, slug: str | None = None) -> Organization:
    """Add one; without a slug it gets one from its name, and something behind it where that is taken.

    Raises:
        SlugTaken: the given one is another's.

    """
    organization = Organization(
        id=parts.ids.new("org"), name=name, slug=slug or _slug_of(name), created_at=parts.clock.now()
    )
    try:
        await work.organizations.add(organization)
    except Conflict:
        if slug is not None:
            raise SlugTaken(f"slug: {slug} is taken") from None
        organization = replace(organization, slug=f"{organization.slug}-{_tail(organization.id)}")
        await work.organizations.add(organization)
    return organization


async def add_brand(parts: Parts, work: Work, organization_id: str, name: str, slug: str | None = None) -> Brand:
    """Add one to an organization, with a slug as for `add_organization`.

    Raises:
        SlugTaken: the given one is another's.

    """
    brand = Brand(
        id=parts.ids.new("brand"),
        organization_id=organization_id,
        name=name,
        slug=slug or _slug_of(name),
        created_at=parts.clock.now(),
    )
    try:
        await work.brands.add(brand)
    except Conflict:
        if slug is not None:
            raise SlugTaken(f"slug: {slug} is taken") from None
        brand = replace(brand, slug=f"{brand.slug}-{_tail(brand.id)}")
        await work.brands.add(brand)
    return brand


def _tail(made: str) -> str:
    return made[-8:].strip("_").lower()


async def create_organization(parts: Parts, caller: Caller, name: str, slug: str | None) -> Organization:
    """Make another organization, which the caller owns, with one brand of the same name.

    Raises:
        InvalidInput, SlugTaken: naming the field.

    """
    name = check_name(name, "name")
    _check_slug(slug)
    async with parts.units() as work:
        organization = await add_organization(parts, work, name, slug)
        await add_brand(parts, work, organization.id, name)
        now = parts.clock.now()
        await work.memberships.add(
            Membership(
                id=parts.ids.new("mem"),
                user_id=caller.user.id,
                organization_id=organization.id,
                email=caller.user.email,
                name=caller.user.name,
                role="owner",
                accepted_at=now,
                created_at=now,
            )
        )
        actor = replace(caller.actor, organization_id=organization.id)
        await audit.record(parts, work, actor, "organization.created", organization.id, {"name": name})
        await work.commit()
    return organization


async def create_brand(parts: Parts, caller: Caller, name: str, given: BrandChanges) -> Brand:
    """Make a brand in the caller's organization.

    Raises:
        InvalidInput, SlugTaken: naming the field.

    """
    changes = _checked(replace(given, name=name))
    async with parts.units() as work:
        brand = await add_brand(parts, work, caller.organization_id, changes.name or name, changes.slug)
        brand = _applied(brand, changes)
        await work.brands.put(brand)
        await audit.record(parts, work, caller.actor, "brand.created", brand.id, _told(changes))
        await work.commit()
    return brand


async def change_brand(parts: Parts, caller: Caller, brand_id: str, given: BrandChanges) -> Brand:
    """Change a brand of the caller's organization.

    Raises:
        NotKnown: there is none such.
        InvalidInput, SlugTaken: naming the field.

    """
    changes = _checked(given)
    async with parts.units() as work:
        was = await work.brands.get(brand_id)
        if was is None or not caller.sees(was):
            raise NotKnown("there is no such brand")
        others = await work.brands.of_organization(caller.organization_id)
        if any(changes.slug == other.slug for other in others if other.id != brand_id):
            raise SlugTaken(f"slug: {changes.slug} is taken")
        now = _applied(was, changes)
        await work.brands.put(now)
        told = _told(changes) | {f"{name}.was": value for name, value in _told_of(was, changes).items()}
        await audit.record(parts, work, replace(caller.actor, brand_id=brand_id), "brand.changed", brand_id, told)
        await work.commit()
    return now


def _applied(brand: Brand, changes: BrandChanges) -> Brand:
    given = {name: getattr(changes, name) for name in changes.__struct_fields__ if getattr(changes, name) is not None}
    if changes.theme is not None:
        given["theme"] = dict(changes.theme)
    return replace(brand, **given)


def _told(changes: BrandChanges) -> dict[str, str | int | bool | None]:
    return {
        name: _plain(getattr(changes, name)) for name in changes.__struct_fields__ if getattr(changes, name) is not None
    }


def _told_of(brand: Brand, changes: BrandChanges) -> dict[str, str | int | bool | None]:
    return {name: _plain(getattr(brand, name)) for name in _told(changes)}


def _plain(value: object) -> str | bool:
    match value:
        case bool():
            return value
        case tuple():
            return ", ".join(map(str, value))
        case Mapping():
            return ", ".join(f"{name}: {one}" for name, one in value.items())
    return str(value)


def _checked(changes: BrandChanges) -> BrandChanges:
    if changes.name is not None:
        changes = replace(changes, name=check_name(changes.name, "name"))
    _check_slug(changes.slug)
    if changes.allowed_origins is not None:
        changes = replace(changes, allowed_origins=_checked_origins(changes.allowed_origins))
    theme = changes.theme or {}
    if len(theme) > _THEME_NAMES or any(len(name) + len(text) > _THEME_LENGTH for name, text in theme.items()):
        raise InvalidInput(f"theme: has more than {_THEME_NAMES} names, or one of more than {_THEME_LENGTH} characters")
    return changes


def _check_slug(slug: str | None) -> None:
    if slug is not None and not _SLUG.fullmatch(slug):
        raise InvalidInput("slug: is not made of 1 to 63 of a-z, 0-9 and inner hyphens")


def _checked_origins(origins: tuple[str, ...]) -> tuple[str, ...]:
    if len(origins) > _MOST_ORIGINS:
        raise InvalidInput(f"allowedOrigins: has more than {_MOST_ORIGINS}")
    lowered = tuple(dict.fromkeys(origin.lower() for origin in origins))
    for index, origin in enumerate(lowered):
        if not _ORIGIN.fullmatch(origin) or not urlsplit(origin).hostname:
            raise InvalidInput(f"allowedOrigins[{index}]: is not an origin such as https://shop.example")
    return lowered
