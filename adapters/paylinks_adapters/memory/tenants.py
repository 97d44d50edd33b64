"""Organizations, their brands, and the brands' API keys, in memory."""

from paylinks_ports.records.tenants import ApiKey, Brand, Organization

from .tables import Repository, add

__all__ = ["ApiKeys", "Brands", "Organizations"]


class Organizations(Repository):
    """Tenants."""

    async def add(self, organization: Organization) -> None:
        """Add one."""
        rows = self._view.changing.organizations
        add(rows, organization, (organization.slug == other.slug for other in rows.values()))

    async def get(self, organization_id: str) -> Organization | None:
        """Find one."""
        return self._view.rows.organizations.get(organization_id)


class Brands(Repository):
    """Brands of all organizations."""

    async def add(self, brand: Brand) -> None:
        """Add one."""
        tables, key = self._view.changing, (brand.organization_id, brand.slug)
        add(tables.brands, brand, (key == (one.organization_id, one.slug) for one in tables.brands.values()))
        self._view.need(holds=brand.organization_id in tables.organizations)

    async def get(self, brand_id: str) -> Brand | None:
        """Find one."""
        return self._view.rows.brands.get(brand_id)

    async def first(self) -> Brand | None:
        """Find the default brand: the one made first."""
        return min(self._view.rows.brands.values(), key=lambda brand: (brand.created_at, brand.id), default=None)

    async def of_organization(self, organization_id: str) -> tuple[Brand, ...]:
        """List an organization's, oldest first."""
        own = (brand for brand in self._view.rows.brands.values() if brand.organization_id == organization_id)
        return tuple(sorted(own, key=lambda brand: (brand.created_at, brand.id)))

    async def put(self, brand: Brand) -> None:
        """Change one that is there."""
        rows, key = self._view.changing.brands, (brand.organization_id, brand.slug)
        others = (one for one in rows.values() if one.id != brand.id)
        self._view.need(holds=all(key != (one.organization_id, one.slug) for one in others))
        rows[brand.id] = brand

    async def all_origins(self) -> tuple[str, ...]:
        """List every origin that any brand allows, each once."""
        return tuple(
            dict.fromkeys(origin for brand in self._view.rows.brands.values() for origin in brand.allowed_origins)
        )


class ApiKeys(Repository):
    """API keys of all brands."""

    async def add(self, key: ApiKey) -> None:
        """Add one."""
        tables = self._view.changing
        add(tables.api_keys, key, (key.key_hash == one.key_hash for one in tables.api_keys.values()))
        self._view.need(holds=key.brand_id in tables.brands)

    async def get(self, key_id: str) -> ApiKey | None:
        """Find one by its id, as a token's `kid` names it."""
        return self._view.rows.api_keys.get(key_id)

    async def by_hash(self, key_hash: str) -> ApiKey | None:
        """Find the key that a caller has shown."""
        return next((key for key in self._view.rows.api_keys.values() if key.key_hash == key_hash), None)
