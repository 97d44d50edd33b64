"""Repositories of the outbox: events, endpoints, brands' webhook secrets, and deliveries."""

from collections.abc import Collection
from typing import Protocol

from ..records.events import Delivery, Endpoint, OutgoingEvent, WebhookSecret
from .windows import Found, Window

__all__ = ["Deliveries", "Endpoints", "OutgoingEvents", "WebhookSecrets"]


class OutgoingEvents(Protocol):
    """Events of all brands."""

    async def add(self, *events: OutgoingEvent) -> None:
        """Add some, in one statement; their ids are new."""

    async def get(self, event_id: str) -> OutgoingEvent | None:
        """Find one."""

    async def waiting(self) -> bool:
        """Say whether there are events whose deliveries are not made yet."""

    async def take(self, now: int, limit: int) -> tuple[OutgoingEvent, ...]:
        """Mark the oldest of those as fanned out, and give them in order; whoever else takes some waits its turn."""

    async def delete_before(self, created_before: int, limit: int) -> int:
        """Forget some of those that are older, and say how many."""


class Endpoints(Protocol):
    """Endpoints of all brands."""

    async def add(self, endpoint: Endpoint) -> None:
        """Add one; `Conflict` where its id is taken."""

    async def get(self, endpoint_id: str) -> Endpoint | None:
        """Find one."""

    async def page(self, brand_id: str, window: Window) -> Found[Endpoint]:
        """List a brand's, newest first; searched are address and description."""

    async def enabled_of(self, brand_ids: Collection[str]) -> tuple[Endpoint, ...]:
        """List the enabled ones of some brands, oldest first."""

    async def replace(self, was: Endpoint, now: Endpoint) -> Endpoint:
        """Change it if it is still `was` (by version), and give it back with its new version; else `Conflict`."""

    async def delete(self, endpoint_id: str) -> None:
        """Forget one."""


class WebhookSecrets(Protocol):
    """What brands' deliveries to checkouts' own addresses are signed with."""

    async def get(self, brand_id: str) -> WebhookSecret | None:
        """Find a brand's."""

    async def put(self, secret: WebhookSecret) -> None:
        """Add it, or replace the brand's."""


class Deliveries(Protocol):
    """Deliveries of all brands."""

    async def add(self, *deliveries: Delivery) -> None:
        """Add some, in one statement; their ids are new."""

    async def get(self, delivery_id: str) -> Delivery | None:
        """Find one."""

    async def page(self, endpoint_id: str, window: Window) -> Found[Delivery]:
        """List an endpoint's, newest first; searched are event and type."""

    async def due(self, now: int) -> bool:
        """Say whether `claim` may find any."""

    async def claim(self, now: int, until: int, limit: int, lane: str | None = None) -> tuple[Delivery, ...]:
        """Take pending ones whose time has come, for a caller who is done by `until`; nobody else gets them till then.

        At most one of each lane, and none of a lane that has one taken already. Of a lane it is the one that has
        failed twice and whose time has come again; else the earliest event's, and while its time has not come, none.

        Args:
            now: Unix milliseconds.
            until: the end of the lease, Unix milliseconds.
            limit: the most.
            lane: of this lane only.

        """

    async def replace(self, was: Delivery, now: Delivery) -> Delivery:
        """Change it if it is still `was` (by version), and give it back with its new version; else `Conflict`."""

    async def end_pending(self, endpoint_id: str, error: str) -> int:
        """Fail all that are still on their way to an endpoint, and say how many."""

    async def send_again(self, endpoint_id: str, since: int, now: int) -> int:
        """Make failed ones of events since then due now, and say how many."""

    async def delete_before(self, created_before: int, limit: int) -> int:
        """Forget some of those that are older, and say how many."""
