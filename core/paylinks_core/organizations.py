"""Organizations and their brands, as their people make and change them."""

import re
import unicodedata

from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.records.people import Membership
from paylinks_ports.records.tenants import Brand, Organization
from paylinks_ports.storage import Work

from . import audit
from .errors import InvalidInput, SlugTaken
from .identification import check_name
from .parts import Parts
from .sessions import Caller

__all__ = ["add_brand", "add_organization", "checked_slug", "create_organization"]

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


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
    checked_slug(slug)
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


def checked_slug(slug: str | None) -> None:
    """Check a slug that is given.

    Raises:
        InvalidInput: it is none.

    """
    if slug is not None and not _SLUG.fullmatch(slug):
        raise InvalidInput("slug: is not made of 1 to 63 of a-z, 0-9 and inner hyphens")
