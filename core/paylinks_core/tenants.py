"""Organizations, brands and their API keys."""

import hashlib
from typing import Literal

from msgspec import Struct

from paylinks_ports.errors import Conflict
from paylinks_ports.records.tenants import ApiKey, Brand, Organization
from paylinks_ports.storage import SIGNING_SECRET

from .errors import InvalidApiKey, NotKnown
from .parts import Parts

__all__ = ["DEFAULT_BRAND", "NewApiKey", "brand_by_api_key", "create_api_key", "default_brand", "new_api_key", "seed"]

DEFAULT_BRAND = "brand_default"
_PREFIX_LENGTH = 12


class NewApiKey(Struct, frozen=True, kw_only=True):
    """A new key with its two secrets, which are shown this once."""

    record: ApiKey
    key: str
    signing_secret: str


async def seed(parts: Parts) -> None:
    """Make the default organization and its brand at the first start; later it changes nothing."""
    async with parts.units.reading() as rows:
        if await rows.brands.first() is not None:
            return
    now = parts.clock.now()
    organization = Organization(id="org_default", name="Default organization", slug="default", created_at=now)
    brand = Brand(
        id=DEFAULT_BRAND, organization_id=organization.id, name="Default brand", slug="default", created_at=now
    )
    try:
        async with parts.units() as work:
            await work.organizations.add(organization)
            await work.brands.add(brand)
            await work.commit()
    except Conflict:
        return  # another process was quicker


async def default_brand(parts: Parts) -> Brand:
    """Give the brand that is meant where none is named.

    Raises:
        NotKnown: there is none yet.

    """
    async with parts.units.reading() as rows:
        brand = await rows.brands.first()
    if brand is None:
        raise NotKnown("brandId: there is no brand yet")
    return brand


async def brand_by_api_key(parts: Parts, key: str) -> tuple[Brand, ApiKey]:
    """Find the brand whose key a caller shows.

    Raises:
        InvalidApiKey: it is nobody's.

    """
    async with parts.units.reading() as rows:
        record = await rows.api_keys.by_hash(_hash(key))
        brand = await rows.brands.get(record.brand_id) if record else None
    if record is None or brand is None:
        raise InvalidApiKey
    return brand, record


async def create_api_key(parts: Parts, brand_id: str, name: str, mode: Literal["live", "test"]) -> NewApiKey:
    """Make a key for a brand's own servers.

    Raises:
        NotKnown: there is no such brand.

    """
    made = new_api_key(parts, brand_id, name, mode)
    async with parts.units() as work:
        if await work.brands.get(brand_id) is None:
            raise NotKnown(f"brand: there is no {brand_id}")
        await work.api_keys.add(made.record)
        await work.commit()
    return made


def new_api_key(
    parts: Parts, brand_id: str, name: str, mode: Literal["live", "test"], scopes: tuple[str, ...] = ()
) -> NewApiKey:
    """Describe a new key with its secrets; nothing is kept yet."""
    key = parts.ids.secret(f"sk_{mode}_")
    signing_secret = parts.ids.secret("")
    key_id = parts.ids.new("key")
    record = ApiKey(
        id=key_id,
        brand_id=brand_id,
        name=name,
        mode=mode,
        prefix=key[:_PREFIX_LENGTH],
        key_hash=_hash(key),
        signing_secret=parts.vault.seal(signing_secret, SIGNING_SECRET.context(key_id)),
        scopes=scopes,
        created_at=parts.clock.now(),
    )
    return NewApiKey(record=record, key=key, signing_secret=signing_secret)


def _hash(key: str) -> str:
    """Hash a key for look-up; it has 256 random bits, so a fast hash keeps it."""
    return hashlib.sha256(key.encode()).hexdigest()
