"""The repository of salespeople."""

from typing import Protocol

from ..records.salespeople import Salesperson
from .windows import Found, Window

__all__ = ["Salespeople"]


class Salespeople(Protocol):
    """Salespeople of all brands."""

    async def add(self, salesperson: Salesperson) -> None:
        """Add one; `Conflict` where its id is taken, or its address in the brand."""

    async def get(self, salesperson_id: str) -> Salesperson | None:
        """Find one."""

    async def by_email(self, email: str) -> tuple[Salesperson, ...]:
        """List those of an address, one a brand, oldest first."""

    async def page(self, brand_ids: tuple[str, ...], window: Window) -> Found[Salesperson]:
        """List those of some brands, newest first; searched are address and name."""

    async def replace(self, was: Salesperson, now: Salesperson) -> Salesperson:
        """Change it if it is still `was` (by version), and give it back with its new version; else `Conflict`."""
