"""Salespeople, in SQL."""

from paylinks_ports.records.salespeople import Salesperson
from paylinks_ports.storage import Found, Window

from ..rows import SEARCHED, Rows
from ..tables.salespeople import SalespersonTable
from .repository import Repository

__all__ = ["Salespeople"]

_SALESPEOPLE = Rows(SalespersonTable, Salesperson, made=SEARCHED)


class Salespeople(Repository):
    """Salespeople of all brands."""

    async def add(self, salesperson: Salesperson) -> None:
        """Add one."""
        await _SALESPEOPLE.add(self._session, salesperson)

    async def get(self, salesperson_id: str) -> Salesperson | None:
        """Find one."""
        return await _SALESPEOPLE.one(self._session, "WHERE id = ?", salesperson_id)

    async def by_email(self, email: str) -> tuple[Salesperson, ...]:
        """List those of an address, one a brand, oldest first."""
        return await _SALESPEOPLE.many(self._session, "WHERE email = ? ORDER BY created_at, id", email)

    async def page(self, brand_ids: tuple[str, ...], window: Window) -> Found[Salesperson]:
        """List those of some brands, newest first; searched are address and name."""
        if not brand_ids:
            return Found(rows=(), total=0)
        where = f"brand_id IN ({', '.join('?' for _ in brand_ids)})"
        return await _SALESPEOPLE.page(self._session, window, where, brand_ids)

    async def replace(self, was: Salesperson, now: Salesperson) -> Salesperson:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        return await _SALESPEOPLE.replace(self._session, was, now)
