"""The repository of what providers have told us by themselves."""

from collections.abc import Sequence
from typing import Protocol

from ..records.inbox import IncomingEvent, IncomingState
from .windows import Due, Found, Window

__all__ = ["IncomingEvents"]


class IncomingEvents(Protocol):
    """The inbox of all brands."""

    async def add(self, event: IncomingEvent) -> None:
        """Add one; `Conflict` where its id is taken, or the brand has that event of that provider."""

    async def get(self, row_id: str) -> IncomingEvent | None:
        """Find one by our id of it."""

    async def replace(self, was: IncomingEvent, now: IncomingEvent) -> IncomingEvent:
        """Change it if it is still `was` (by version), and give it back with its new version; else `Conflict`."""

    async def due(self, now: int, limit: int, each: int) -> Due[IncomingEvent]:
        """List those whose `process_at` has come, oldest first, the first of every account before the second of any.

        Args:
            now: Unix milliseconds.
            limit: the most of all.
            each: the most of one account: a brand's at a provider, or its double there.

        """

    async def put_off(self, ids: Sequence[str], until: int) -> None:
        """Put the `process_at` of some off without reading them, because they can't be read."""

    async def of_checkout(self, checkout_id: str) -> tuple[IncomingEvent, ...]:
        """List what belongs to a checkout's story, in the order it came."""

    async def after(self, row_id: str, limit: int) -> tuple[IncomingEvent, ...]:
        """List those whose id comes after another one, by id; all begin after the empty text."""

    async def page(self, brand_id: str, window: Window, *, state: IncomingState | None = None) -> Found[IncomingEvent]:
        """List a brand's, newest first; searched are event id, type, provider and error."""
