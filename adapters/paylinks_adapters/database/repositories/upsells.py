"""Upsell sessions, in SQL."""

from paylinks_ports.records.upsells import UpsellSession, UpsellState
from paylinks_ports.storage import Due, Found, Window

from ..rows import SEARCHED, Rows
from ..tables.upsells import UpsellSessionTable
from .repository import Repository

__all__ = ["UpsellSessions"]

_UPSELL_SESSIONS = Rows(UpsellSessionTable, UpsellSession, made=SEARCHED)


class UpsellSessions(Repository):
    """Upsell sessions of all brands."""

    async def add(self, session: UpsellSession) -> None:
        """Add one."""
        await _UPSELL_SESSIONS.add(self._session, session)

    async def get(self, session_id: str) -> UpsellSession | None:
        """Find one."""
        return await _UPSELL_SESSIONS.one(self._session, "WHERE id = ?", session_id)

    async def by_order(self, brand_id: str, order_id: str) -> UpsellSession | None:
        """Find a brand's one by its own order id."""
        return await _UPSELL_SESSIONS.one(self._session, "WHERE brand_id = ? AND order_id = ?", brand_id, order_id)

    async def of_checkout(self, checkout_id: str) -> tuple[UpsellSession, ...]:
        """List those of an original order, in the order they were made."""
        where = "WHERE checkout_id = ? ORDER BY created_at, id"
        return await _UPSELL_SESSIONS.many(self._session, where, checkout_id)

    async def page(self, brand_id: str, window: Window, *, state: UpsellState | None = None) -> Found[UpsellSession]:
        """List a brand's, newest first; searched are id, order id and the customer's address."""
        where, values = (
            ("brand_id = ?", [brand_id]) if state is None else ("brand_id = ? AND state = ?", [brand_id, state])
        )
        return await _UPSELL_SESSIONS.page(self._session, window, where, values)

    async def replace(self, was: UpsellSession, now: UpsellSession) -> UpsellSession:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        return await _UPSELL_SESSIONS.replace(self._session, was, now)

    async def expired(self, before: int, limit: int, skip: int = 0) -> Due[UpsellSession]:
        """List active ones whose time ended before, oldest first, without the first `skip`."""
        where = "WHERE state = 'active' AND expires_at < ? ORDER BY expires_at, id LIMIT ? OFFSET ?"
        return await _UPSELL_SESSIONS.queue(self._session, where, before, limit, skip)
