"""The outbox, in memory."""

from collections.abc import Collection, Iterable
from typing import TypeVar

from msgspec.structs import replace

from paylinks_ports.records.events import Delivery, Endpoint, OutgoingEvent, WebhookSecret
from paylinks_ports.storage import Found, Window

from .tables import Repository, add, replace_row, windowed

__all__ = ["Deliveries", "Endpoints", "OutgoingEvents", "WebhookSecrets"]

T = TypeVar("T", OutgoingEvent, Delivery)

_YOUNG = 2  # a delivery taken less often than that holds back the later ones of its lane


def _delete_before(rows: dict[str, T], created_before: int, limit: int) -> int:
    old = [row.id for row in rows.values() if row.created_at < created_before][:limit]
    for row_id in old:
        del rows[row_id]
    return len(old)


class OutgoingEvents(Repository):
    """Events of all brands."""

    async def add(self, *events: OutgoingEvent) -> None:
        """Add some."""
        rows = self._view.changing.outgoing_events
        self._view.need(holds=all(event.id not in rows for event in events))
        for event in events:
            add(rows, event)

    async def get(self, event_id: str) -> OutgoingEvent | None:
        """Find one."""
        return self._view.rows.outgoing_events.get(event_id)

    async def waiting(self) -> bool:
        """Say whether there are events whose deliveries are not made yet."""
        return any(event.fanned_at is None for event in self._view.rows.outgoing_events.values())

    async def take(self, now: int, limit: int) -> tuple[OutgoingEvent, ...]:
        """Mark the oldest of those as fanned out, and give them in order."""
        rows = self._view.changing.outgoing_events
        waiting = sorted((event for event in rows.values() if event.fanned_at is None), key=lambda event: event.id)
        taken = tuple(replace(event, fanned_at=now) for event in waiting[:limit])
        rows.update({event.id: event for event in taken})
        return taken

    async def delete_before(self, created_before: int, limit: int) -> int:
        """Forget some of those that are older, and say how many."""
        return _delete_before(self._view.changing.outgoing_events, created_before, limit)


class Endpoints(Repository):
    """Endpoints of all brands."""

    async def add(self, endpoint: Endpoint) -> None:
        """Add one."""
        tables = self._view.changing
        add(tables.endpoints, endpoint)
        self._view.need(holds=endpoint.brand_id in tables.brands)

    async def get(self, endpoint_id: str) -> Endpoint | None:
        """Find one."""
        return self._view.rows.endpoints.get(endpoint_id)

    async def page(self, brand_id: str, window: Window) -> Found[Endpoint]:
        """List a brand's, newest first; searched are address and description."""
        own = [one for one in self._view.rows.endpoints.values() if one.brand_id == brand_id]
        return windowed(own, window)

    async def enabled_of(self, brand_ids: Collection[str]) -> tuple[Endpoint, ...]:
        """List the enabled ones of some brands, oldest first."""
        found = (one for one in self._view.rows.endpoints.values() if one.enabled and one.brand_id in brand_ids)
        return tuple(sorted(found, key=lambda one: (one.created_at, one.id)))

    async def replace(self, was: Endpoint, now: Endpoint) -> Endpoint:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        kept: Endpoint = replace_row(self._view.changing.endpoints, was, now)
        return kept

    async def delete(self, endpoint_id: str) -> None:
        """Forget one."""
        self._view.changing.endpoints.pop(endpoint_id, None)


class WebhookSecrets(Repository):
    """What brands' deliveries to checkouts' own addresses are signed with."""

    async def get(self, brand_id: str) -> WebhookSecret | None:
        """Find a brand's."""
        return self._view.rows.webhook_secrets.get(brand_id)

    async def put(self, secret: WebhookSecret) -> None:
        """Add it, or replace the brand's."""
        tables = self._view.changing
        self._view.need(holds=secret.brand_id in tables.brands)
        tables.webhook_secrets[secret.brand_id] = secret


class Deliveries(Repository):
    """Deliveries of all brands."""

    async def add(self, *deliveries: Delivery) -> None:
        """Add some."""
        rows = self._view.changing.deliveries
        self._view.need(holds=all(delivery.id not in rows for delivery in deliveries))
        for delivery in deliveries:
            add(rows, delivery)

    async def get(self, delivery_id: str) -> Delivery | None:
        """Find one."""
        return self._view.rows.deliveries.get(delivery_id)

    async def page(self, endpoint_id: str, window: Window) -> Found[Delivery]:
        """List an endpoint's, newest first; searched are event and type."""
        own = [one for one in self._view.rows.deliveries.values() if one.endpoint_id == endpoint_id]
        return windowed(own, window)

    async def due(self, now: int) -> bool:
        """Say whether `claim` may find any."""
        return any(_is_due(one, now) for one in self._view.rows.deliveries.values())

    async def claim(self, now: int, until: int, limit: int, lane: str | None = None) -> tuple[Delivery, ...]:
        """Take pending ones whose time has come."""
        rows = self._view.changing.deliveries
        lanes: dict[str, list[Delivery]] = {}
        for one in rows.values():
            if one.status == "pending" and lane in (None, one.lane):
                lanes.setdefault(one.lane, []).append(one)
        firsts = [first for pending in lanes.values() if (first := _first(pending, now)) is not None]
        firsts.sort(key=lambda one: one.next_at)
        return tuple(
            replace_row(rows, one, replace(one, locked_until=until, attempts=one.attempts + 1))
            for one in firsts[:limit]
        )

    async def replace(self, was: Delivery, now: Delivery) -> Delivery:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        kept: Delivery = replace_row(self._view.changing.deliveries, was, now)
        return kept

    async def end_pending(self, endpoint_id: str, error: str) -> int:
        """Fail all that are still on their way to an endpoint, and say how many."""
        rows = self._view.changing.deliveries
        pending = [one for one in rows.values() if one.endpoint_id == endpoint_id and one.status == "pending"]
        for one in pending:
            replace_row(rows, one, replace(one, status="failed", error=error, locked_until=None))
        return len(pending)

    async def send_again(self, endpoint_id: str, since: int, now: int) -> int:
        """Make failed ones of events since then due now, and say how many."""
        rows = self._view.changing.deliveries
        failed = [
            one
            for one in rows.values()
            if one.endpoint_id == endpoint_id and one.status == "failed" and one.created_at >= since
        ]
        for one in failed:
            replace_row(rows, one, replace(one, status="pending", next_at=now, locked_until=None))
        return len(failed)

    async def delete_before(self, created_before: int, limit: int) -> int:
        """Forget some of those that are older, and say how many."""
        return _delete_before(self._view.changing.deliveries, created_before, limit)


def _is_due(delivery: Delivery, now: int) -> bool:
    return delivery.status == "pending" and delivery.next_at <= now and (delivery.locked_until or 0) <= now


def _first(pending: Iterable[Delivery], now: int) -> Delivery | None:
    """Choose the one of a lane that goes next."""
    lane = list(pending)
    if any((one.locked_until or 0) > now for one in lane):
        return None
    late = min(
        (one for one in lane if one.attempts >= _YOUNG and one.next_at <= now),
        key=lambda one: one.next_at,
        default=None,
    )
    young = min((one for one in lane if one.attempts < _YOUNG), key=lambda one: one.event_id, default=None)
    first = late or young
    return first if first is not None and _is_due(first, now) else None
