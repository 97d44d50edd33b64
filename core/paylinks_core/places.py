"""Where a signed-in person can go: organizations and brands, and going there."""

from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports.records.tenants import Brand, Organization

from .errors import NotKnown
from .parts import Parts
from .sessions import Caller, renew, visible_brands

__all__ = ["Places", "list_places", "switch_brand", "switch_organization"]


class Places(Struct, frozen=True, kw_only=True):
    """Where a person can go."""

    organizations: tuple[Organization, ...]
    brands: tuple[Brand, ...]


async def list_places(parts: Parts, caller: Caller) -> Places:
    """List the organizations a person belongs to, and the brands they see in the one they look at."""
    async with parts.units.reading() as rows:
        memberships = await rows.memberships.of_user(caller.user.id)
        found = [
            await rows.organizations.get(one.organization_id) for one in memberships if one.accepted_at is not None
        ]
        brands = await visible_brands(rows, caller.membership)
    return Places(organizations=tuple(one for one in found if one is not None), brands=brands)


async def switch_organization(parts: Parts, caller: Caller, organization_id: str) -> tuple[str, Caller]:
    """Look at another organization of one's own; the session gets another secret, as its rights are others.

    Raises:
        NotKnown: it is not one's own.

    """
    async with parts.units() as work:
        membership = await work.memberships.get(caller.user.id, organization_id)
        if membership is None or membership.accepted_at is None:
            raise NotKnown("organizationId: there is no such organization")
        brands = await visible_brands(work, membership)
        brand_id = brands[0].id if brands else None
        there = replace(caller.session, organization_id=organization_id, brand_id=brand_id)
        secret, session = await renew(parts, work, there)
        await work.commit()
    return secret, replace(caller, session=session, membership=membership, brand_id=brand_id)


async def switch_brand(parts: Parts, caller: Caller, brand_id: str) -> Caller:
    """Look at another brand of the same organization.

    Raises:
        NotKnown: there is none that the person may see.

    """
    async with parts.units() as work:
        brand = await work.brands.get(brand_id)
        if not caller.sees(brand):
            raise NotKnown("brandId: there is no such brand")
        session = await work.sessions.replace(caller.session, replace(caller.session, brand_id=brand_id))
        await work.commit()
    return replace(caller, session=session, brand_id=brand_id)
