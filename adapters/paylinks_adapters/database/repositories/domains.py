"""Brands' domains, in SQL."""

from collections.abc import Sequence

from paylinks_ports.records.domains import Domain
from paylinks_ports.storage import Due

from ..rows import Rows
from ..tables.domains import DomainTable
from .repository import Repository

__all__ = ["Domains"]

_DOMAINS = Rows(DomainTable, Domain)


class Domains(Repository):
    """Domains of all brands."""

    async def add(self, domain: Domain) -> None:
        """Add one."""
        await _DOMAINS.add(self._session, domain)

    async def of_brand(self, brand_id: str) -> tuple[Domain, ...]:
        """List a brand's, oldest first."""
        return await _DOMAINS.many(self._session, "WHERE brand_id = ? ORDER BY created_at, id", brand_id)

    async def get(self, brand_id: str, host: str) -> Domain | None:
        """Find a brand's claim to a host."""
        return await _DOMAINS.one(self._session, "WHERE brand_id = ? AND host = ?", brand_id, host)

    async def verified(self, host: str) -> Domain | None:
        """Find the verified claim to a host, whosever it is."""
        return await _DOMAINS.one(self._session, "WHERE host = ? AND verified", host)

    async def primary(self, brand_id: str) -> Domain | None:
        """Find the verified one that a brand's links are on."""
        where = "WHERE brand_id = ? AND verified AND preferred ORDER BY created_at, id"
        return await _DOMAINS.one(self._session, where, brand_id)

    async def replace(self, was: Domain, now: Domain) -> Domain:
        """Change it if it is still `was` (by version); else, or where another claim is verified, `Conflict`."""
        return await _DOMAINS.replace(self._session, was, now)

    async def remove(self, domain_id: str) -> bool:
        """Remove one, and say whether it was there."""
        return bool(await self._session.fetch("DELETE FROM domains WHERE id = ? RETURNING 1", (domain_id,)))

    async def due(self, now: int, limit: int) -> Due[Domain]:
        """List those whose `check_at` has come, longest waiting first."""
        return await _DOMAINS.queue(self._session, "WHERE check_at <= ? ORDER BY check_at, id LIMIT ?", now, limit)

    async def put_off(self, ids: Sequence[str], until: int) -> None:
        """Put the `check_at` of some off, unread."""
        await _DOMAINS.put_off(self._session, "check_at", ids, until)

    async def forget_lapsed(self, now: int) -> int:
        """Delete claims that have lapsed, and say how many."""
        sql = "DELETE FROM domains WHERE NOT verified AND lapses_at <= ? RETURNING 1"
        return len(await self._session.fetch(sql, (now,)))
