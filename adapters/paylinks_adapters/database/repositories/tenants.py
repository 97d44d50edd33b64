"""Organizations, their brands, and the brands' API keys, in SQL."""

from paylinks_ports.records.tenants import ApiKey, Brand, Organization

from ..rows import Rows
from ..tables.tenants import ApiKeyTable, BrandTable, OrganizationTable
from .repository import Repository

__all__ = ["ApiKeys", "Brands", "Organizations"]

_ORGANIZATIONS = Rows(OrganizationTable, Organization)
_BRANDS = Rows(BrandTable, Brand)
_API_KEYS = Rows(ApiKeyTable, ApiKey)


class Organizations(Repository):
    """Tenants."""

    async def add(self, organization: Organization) -> None:
        """Add one."""
        await _ORGANIZATIONS.add(self._session, organization)

    async def get(self, organization_id: str) -> Organization | None:
        """Find one."""
        return await _ORGANIZATIONS.one(self._session, "WHERE id = ?", organization_id)


class Brands(Repository):
    """Brands of all organizations."""

    async def add(self, brand: Brand) -> None:
        """Add one."""
        await _BRANDS.add(self._session, brand)

    async def get(self, brand_id: str) -> Brand | None:
        """Find one."""
        return await _BRANDS.one(self._session, "WHERE id = ?", brand_id)

    async def first(self) -> Brand | None:
        """Find the default brand: the one made first."""
        return await _BRANDS.one(self._session, "ORDER BY created_at, id")

    async def of_organization(self, organization_id: str) -> tuple[Brand, ...]:
        """List an organization's, oldest first."""
        return await _BRANDS.many(self._session, "WHERE organization_id = ? ORDER BY created_at, id", organization_id)

    async def put(self, brand: Brand) -> None:
        """Change one that is there."""
        await _BRANDS.upsert(self._session, brand, "id")

    async def all_origins(self) -> tuple[str, ...]:
        """List every origin that any brand allows, each once."""
        brands = await _BRANDS.many(self._session, "WHERE allowed_origins <> '[]'")
        return tuple(dict.fromkeys(origin for brand in brands for origin in brand.allowed_origins))


class ApiKeys(Repository):
    """API keys of all brands."""

    async def add(self, key: ApiKey) -> None:
        """Add one."""
        await _API_KEYS.add(self._session, key)

    async def get(self, key_id: str) -> ApiKey | None:
        """Find one by its id, as a token's `kid` names it."""
        return await _API_KEYS.one(self._session, "WHERE id = ?", key_id)

    async def by_hash(self, key_hash: str) -> ApiKey | None:
        """Find the key that a caller has shown."""
        return await _API_KEYS.one(self._session, "WHERE key_hash = ?", key_hash)
