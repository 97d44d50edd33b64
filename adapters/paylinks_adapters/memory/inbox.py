"""What providers have told us by themselves, in memory."""

from collections.abc import Sequence

from paylinks_ports.records.inbox import IncomingEvent, IncomingState
from paylinks_ports.storage import Due, Found, Window

from .tables import Repository, add, due_of_accounts, put_off, replace_row, windowed

__all__ = ["IncomingEvents"]


class IncomingEvents(Repository):
    """The inbox of all brands."""

    async def add(self, event: IncomingEvent) -> None:
        """Add one."""
        tables, key = self._view.changing, (event.brand_id, event.provider, event.event_id)
        rows = tables.incoming_events
        add(rows, event, (key == (one.brand_id, one.provider, one.event_id) for one in rows.values()))
        self._view.need(holds=event.brand_id in tables.brands)

    async def get(self, row_id: str) -> IncomingEvent | None:
        """Find one by our id of it."""
        return self._view.rows.incoming_events.get(row_id)

    async def replace(self, was: IncomingEvent, now: IncomingEvent) -> IncomingEvent:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        kept: IncomingEvent = replace_row(self._view.changing.incoming_events, was, now)
        return kept

    async def due(self, now: int, limit: int, each: int) -> Due[IncomingEvent]:
        """List those whose `process_at` has come, oldest first, and of one account at most `each`."""
        return due_of_accounts(self._view.rows.incoming_events.values(), "process_at", now, limit, each)

    async def put_off(self, ids: Sequence[str], until: int) -> None:
        """Put the `process_at` of some off, unread."""
        put_off(self._view.changing.incoming_events, "process_at", ids, until)

    async def of_checkout(self, checkout_id: str) -> tuple[IncomingEvent, ...]:
        """List what belongs to a checkout's story, in the order it came."""
        found = (one for one in self._view.rows.incoming_events.values() if one.checkout_id == checkout_id)
        return tuple(sorted(found, key=lambda one: (one.created_at, one.id)))

    async def after(self, row_id: str, limit: int) -> tuple[IncomingEvent, ...]:
        """List those whose id comes after another one, by id."""
        rows = self._view.rows.incoming_events
        return tuple(rows[key] for key in sorted(key for key in rows if key > row_id)[:limit])

    async def page(self, brand_id: str, window: Window, *, state: IncomingState | None = None) -> Found[IncomingEvent]:
        """List a brand's, newest first; searched are event id, type, provider and error."""
        own = (one for one in self._view.rows.incoming_events.values() if one.brand_id == brand_id)
        fitting = [one for one in own if state in (None, one.state)]
        return windowed(fitting, window)
