"""Where brands' domains are kept."""

from collections.abc import Sequence
from typing import Protocol

from ..records.domains import Domain
from .windows import Due

__all__ = ["Domains"]


class Domains(Protocol):
    """Domains of all brands."""

    async def add(self, domain: Domain) -> None:
        """Add one; `Conflict` where its id is taken, the brand has it, or it is verified and another one is."""

    async def of_brand(self, brand_id: str) -> tuple[Domain, ...]:
        """List a brand's, oldest first."""

    async def get(self, brand_id: str, host: str) -> Domain | None:
        """Find a brand's claim to a host."""

    async def verified(self, host: str) -> Domain | None:
        """Find the verified claim to a host, whosever it is."""

    async def primary(self, brand_id: str) -> Domain | None:
        """Find the verified one that a brand's links are on."""

    async def replace(self, was: Domain, now: Domain) -> Domain:
        """Change it if it is still `was` (by version); else, or where another claim is verified, `Conflict`."""

    async def remove(self, domain_id: str) -> bool:
        """Remove one, and say whether it was there."""

    async def due(self, now: int, limit: int) -> Due[Domain]:
        """List those whose `check_at` has come, longest waiting first."""

    async def put_off(self, ids: Sequence[str], until: int) -> None:
        """Put the `check_at` of some off without reading them, because they can't be read."""

    async def forget_lapsed(self, now: int) -> int:
        """Delete claims that have lapsed, and say how many."""
