"""Where upsell sessions are kept."""

from typing import Protocol

from ..records.upsells import UpsellSession, UpsellState
from .windows import Due, Found, Window

__all__ = ["UpsellSessions"]


class UpsellSessions(Protocol):
    """Upsell sessions of all brands."""

    async def add(self, session: UpsellSession) -> None:
        """Add one; `Conflict` where its id is taken, or the brand has one of that order id."""

    async def get(self, session_id: str) -> UpsellSession | None:
        """Find one."""

    async def by_order(self, brand_id: str, order_id: str) -> UpsellSession | None:
        """Find a brand's one by its own order id."""

    async def of_checkout(self, checkout_id: str) -> tuple[UpsellSession, ...]:
        """List those of an original order, in the order they were made."""

    async def page(self, brand_id: str, window: Window, *, state: UpsellState | None = None) -> Found[UpsellSession]:
        """List a brand's, newest first; searched are id, order id and the customer's address."""

    async def replace(self, was: UpsellSession, now: UpsellSession) -> UpsellSession:
        """Change it if it is still `was` (by version), and give it back with its new version; else `Conflict`."""

    async def expired(self, before: int, limit: int, skip: int = 0) -> Due[UpsellSession]:
        """List active ones whose time ended before, oldest first, without the first `skip`."""
