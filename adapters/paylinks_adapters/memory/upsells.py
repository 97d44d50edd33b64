"""Upsell sessions, in memory."""

from paylinks_ports.records.upsells import UpsellSession, UpsellState
from paylinks_ports.storage import Due, Found, Window

from .tables import Repository, add, replace_row, windowed

__all__ = ["UpsellSessions"]


class UpsellSessions(Repository):
    """Upsell sessions of all brands."""

    async def add(self, session: UpsellSession) -> None:
        """Add one."""
        tables, order = self._view.changing, (session.brand_id, session.order_id)
        rows = tables.upsell_sessions
        add(rows, session, (order == (one.brand_id, one.order_id) for one in rows.values()))
        self._view.need(holds=session.checkout_id in tables.checkouts)

    async def get(self, session_id: str) -> UpsellSession | None:
        """Find one."""
        return self._view.rows.upsell_sessions.get(session_id)

    async def by_order(self, brand_id: str, order_id: str) -> UpsellSession | None:
        """Find a brand's one by its own order id."""
        rows = self._view.rows.upsell_sessions.values()
        return next((one for one in rows if (one.brand_id, one.order_id) == (brand_id, order_id)), None)

    async def of_checkout(self, checkout_id: str) -> tuple[UpsellSession, ...]:
        """List those of an original order, in the order they were made."""
        found = (one for one in self._view.rows.upsell_sessions.values() if one.checkout_id == checkout_id)
        return tuple(sorted(found, key=lambda session: (session.created_at, session.id)))

    async def page(self, brand_id: str, window: Window, *, state: UpsellState | None = None) -> Found[UpsellSession]:
        """List a brand's, newest first; searched are id, order id and the customer's address."""
        rows = self._view.rows.upsell_sessions.values()
        fitting = [one for one in rows if one.brand_id == brand_id and state in (None, one.state)]
        return windowed(fitting, window)

    async def replace(self, was: UpsellSession, now: UpsellSession) -> UpsellSession:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        kept: UpsellSession = replace_row(self._view.changing.upsell_sessions, was, now)
        return kept

    async def expired(self, before: int, limit: int, skip: int = 0) -> Due[UpsellSession]:
        """List active ones whose time ended before, oldest first, without the first `skip`."""
        rows = self._view.rows.upsell_sessions.values()
        over = (one for one in rows if one.state == "active" and one.expires_at < before)
        return Due(rows=tuple(sorted(over, key=lambda one: (one.expires_at, one.id))[skip : skip + limit]))
