"""Repositories of organizations, their brands, and the brands' API keys."""

from typing import Protocol

from ..records.tenants import ApiKey, Brand, Organization

__all__ = ["ApiKeys", "Brands", "Organizations"]


class Organizations(Protocol):
    """Tenants."""

    async def add(self, organization: Organization) -> None:
        """Add one; `Conflict` where its id or slug is taken."""

    async def get(self, organization_id: str) -> Organization | None:
        """Find one."""


class Brands(Protocol):
    """Brands of all organizations."""

    async def add(self, brand: Brand) -> None:
        """Add one; `Conflict` where its id is taken, or its slug within the organization."""

    async def get(self, brand_id: str) -> Brand | None:
        """Find one."""

    async def first(self) -> Brand | None:
        """Find the default brand: the one made first."""

    async def of_organization(self, organization_id: str) -> tuple[Brand, ...]:
        """List an organization's, oldest first."""

    async def put(self, brand: Brand) -> None:
        """Change one that is there; `Conflict` where its new slug is taken within the organization."""

    async def all_origins(self) -> tuple[str, ...]:
        """List every origin that any brand allows, each once."""


class ApiKeys(Protocol):
    """API keys of all brands."""

    async def add(self, key: ApiKey) -> None:
        """Add one; `Conflict` where its id or hash is taken."""

    async def get(self, key_id: str) -> ApiKey | None:
        """Find one by its id, as a token's `kid` names it."""

    async def by_hash(self, key_hash: str) -> ApiKey | None:
        """Find the key that a caller has shown."""
