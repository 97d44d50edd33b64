"""What providers have told us by themselves, in SQL."""

from collections.abc import Sequence

from paylinks_ports.records.inbox import IncomingEvent, IncomingState
from paylinks_ports.storage import Due, Found, Window

from ..rows import SEARCHED, Rows
from ..sessions import Value
from ..tables.inbox import IncomingEventTable
from .repository import Repository

__all__ = ["IncomingEvents"]

_INCOMING_EVENTS = Rows(IncomingEventTable, IncomingEvent, made=SEARCHED)


class IncomingEvents(Repository):
    """The inbox of all brands."""

    async def add(self, event: IncomingEvent) -> None:
        """Add one."""
        await _INCOMING_EVENTS.add(self._session, event)

    async def get(self, row_id: str) -> IncomingEvent | None:
        """Find one by our id of it."""
        return await _INCOMING_EVENTS.one(self._session, "WHERE id = ?", row_id)

    async def replace(self, was: IncomingEvent, now: IncomingEvent) -> IncomingEvent:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        return await _INCOMING_EVENTS.replace(self._session, was, now)

    async def due(self, now: int, limit: int, each: int) -> Due[IncomingEvent]:
        """List those whose `process_at` has come, oldest first, and of one account at most `each`."""
        return await _INCOMING_EVENTS.due(self._session, "process_at", now, limit, each, "brand_id", "provider", "demo")

    async def put_off(self, ids: Sequence[str], until: int) -> None:
        """Put the `process_at` of some off, unread."""
        await _INCOMING_EVENTS.put_off(self._session, "process_at", ids, until)

    async def of_checkout(self, checkout_id: str) -> tuple[IncomingEvent, ...]:
        """List what belongs to a checkout's story, in the order it came."""
        return await _INCOMING_EVENTS.many(self._session, "WHERE checkout_id = ? ORDER BY created_at, id", checkout_id)

    async def after(self, row_id: str, limit: int) -> tuple[IncomingEvent, ...]:
        """List those whose id comes after another one, by id."""
        return await _INCOMING_EVENTS.many(self._session, "WHERE id > ? ORDER BY id LIMIT ?", row_id, limit)

    async def page(self, brand_id: str, window: Window, *, state: IncomingState | None = None) -> Found[IncomingEvent]:
        """List a brand's, newest first; searched are event id, type, provider and error."""
        where, values = "brand_id = ?", [brand_id]
        if state is not None:
            where += " AND state = ?"
            values.append(state)
        bound: list[Value] = [*values]
        return await _INCOMING_EVENTS.page(self._session, window, where, bound)
