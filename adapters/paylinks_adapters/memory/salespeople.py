"""Salespeople, in memory."""

from paylinks_ports.records.salespeople import Salesperson
from paylinks_ports.storage import Found, Window

from .tables import Repository, add, replace_row, windowed

__all__ = ["Salespeople"]


class Salespeople(Repository):
    """Salespeople of all brands."""

    async def add(self, salesperson: Salesperson) -> None:
        """Add one."""
        tables, place = self._view.changing, (salesperson.brand_id, salesperson.email)
        add(tables.salespeople, salesperson, (place == (o.brand_id, o.email) for o in tables.salespeople.values()))
        self._view.need(holds=salesperson.brand_id in tables.brands)

    async def get(self, salesperson_id: str) -> Salesperson | None:
        """Find one."""
        return self._view.rows.salespeople.get(salesperson_id)

    async def by_email(self, email: str) -> tuple[Salesperson, ...]:
        """List those of an address, one a brand, oldest first."""
        found = (one for one in self._view.rows.salespeople.values() if one.email == email)
        return tuple(sorted(found, key=lambda one: (one.created_at, one.id)))

    async def page(self, brand_ids: tuple[str, ...], window: Window) -> Found[Salesperson]:
        """List those of some brands, newest first; searched are address and name."""
        own = [one for one in self._view.rows.salespeople.values() if one.brand_id in brand_ids]
        return windowed(own, window)

    async def replace(self, was: Salesperson, now: Salesperson) -> Salesperson:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        kept: Salesperson = replace_row(self._view.changing.salespeople, was, now)
        return kept
