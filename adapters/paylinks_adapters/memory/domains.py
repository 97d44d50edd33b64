"""Brands' domains, in memory."""

from collections.abc import Sequence

from paylinks_ports.records.domains import Domain
from paylinks_ports.storage import Due

from .tables import Repository, add, put_off, replace_row

__all__ = ["Domains"]


class Domains(Repository):
    """Domains of all brands."""

    async def add(self, domain: Domain) -> None:
        """Add one."""
        tables, key = self._view.changing, (domain.brand_id, domain.host)
        rows = tables.domains
        add(rows, domain, (key == (one.brand_id, one.host) or _both(domain, one) for one in rows.values()))
        self._view.need(holds=domain.brand_id in tables.brands)

    async def of_brand(self, brand_id: str) -> tuple[Domain, ...]:
        """List a brand's, oldest first."""
        own = (one for one in self._view.rows.domains.values() if one.brand_id == brand_id)
        return tuple(sorted(own, key=lambda one: (one.created_at, one.id)))

    async def get(self, brand_id: str, host: str) -> Domain | None:
        """Find a brand's claim to a host."""
        rows = self._view.rows.domains.values()
        return next((one for one in rows if (one.brand_id, one.host) == (brand_id, host)), None)

    async def verified(self, host: str) -> Domain | None:
        """Find the verified claim to a host, whosever it is."""
        return next((one for one in self._view.rows.domains.values() if one.verified and one.host == host), None)

    async def primary(self, brand_id: str) -> Domain | None:
        """Find the verified one that a brand's links are on."""
        own = await self.of_brand(brand_id)
        return next((one for one in own if one.verified and one.preferred), None)

    async def replace(self, was: Domain, now: Domain) -> Domain:
        """Change it if it is still `was` (by version); else, or where another claim is verified, `Conflict`."""
        rows = self._view.changing.domains
        self._view.need(holds=not any(_both(now, one) for one in rows.values() if one.id != now.id))
        kept: Domain = replace_row(rows, was, now)
        return kept

    async def remove(self, domain_id: str) -> bool:
        """Remove one, and say whether it was there."""
        return self._view.changing.domains.pop(domain_id, None) is not None

    async def due(self, now: int, limit: int) -> Due[Domain]:
        """List those whose `check_at` has come, longest waiting first."""
        found = (one for one in self._view.rows.domains.values() if one.check_at <= now)
        return Due(rows=tuple(sorted(found, key=lambda one: (one.check_at, one.id))[:limit]))

    async def put_off(self, ids: Sequence[str], until: int) -> None:
        """Put the `check_at` of some off, unread."""
        put_off(self._view.changing.domains, "check_at", ids, until)

    async def forget_lapsed(self, now: int) -> int:
        """Delete claims that have lapsed, and say how many."""
        rows = self._view.changing.domains
        over = [
            one.id for one in rows.values() if not one.verified and one.lapses_at is not None and one.lapses_at <= now
        ]
        for domain_id in over:
            del rows[domain_id]
        return len(over)


def _both(one: Domain, other: Domain) -> bool:
    return one.verified and other.verified and one.host == other.host
