"""The outbox, in SQL."""

from collections.abc import Collection

from paylinks_ports.records.events import Delivery, Endpoint, OutgoingEvent, WebhookSecret
from paylinks_ports.storage import Found, Window

from ..rows import SEARCHED, Rows
from ..tables.events import DeliveryTable, EndpointTable, OutgoingEventTable, WebhookSecretTable
from .repository import Repository

__all__ = ["Deliveries", "Endpoints", "OutgoingEvents", "WebhookSecrets"]

_EVENTS = Rows(OutgoingEventTable, OutgoingEvent)
_ENDPOINTS = Rows(EndpointTable, Endpoint, made=SEARCHED)
_SECRETS = Rows(WebhookSecretTable, WebhookSecret)
_DELIVERIES = Rows(DeliveryTable, Delivery, made=SEARCHED)

# Without SKIP LOCKED: a second process waits for the first one, which calls nobody meanwhile, and so order is kept.
_TAKE = """
WITH chosen AS MATERIALIZED (
    SELECT id FROM outgoing_events WHERE fanned_at IS NULL ORDER BY id LIMIT ? FOR UPDATE
)
UPDATE outgoing_events SET fanned_at = ? WHERE id IN (SELECT id FROM chosen) RETURNING *
"""

# Lane by lane, and each by its indexes: a backlog of thousands costs no more than its lanes do. Conditions stand twice,
# as what was found is looked at again once it is locked: it may have been taken meanwhile.
_CLAIM = """
WITH RECURSIVE lanes (lane) AS (
    {lanes}
), firsts AS MATERIALIZED (
    SELECT COALESCE(
        (
            SELECT id FROM deliveries late
            WHERE late.lane = lanes.lane AND late.status = 'pending' AND late.attempts >= 2 AND late.next_at <= ?
            ORDER BY next_at LIMIT 1
        ), (
            SELECT id FROM deliveries young
            WHERE young.lane = lanes.lane AND young.status = 'pending' AND young.attempts < 2
            ORDER BY event_id LIMIT 1
        )
    ) AS id
    FROM lanes WHERE lane IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM deliveries taken
        WHERE taken.lane = lanes.lane AND taken.status = 'pending' AND taken.locked_until > ?
    )
), chosen AS MATERIALIZED (
    SELECT one.id FROM deliveries one WHERE one.id IN (SELECT id FROM firsts)
    AND one.status = 'pending' AND one.next_at <= ? AND (one.locked_until IS NULL OR one.locked_until <= ?)
    ORDER BY one.next_at LIMIT ? FOR UPDATE SKIP LOCKED
)
UPDATE deliveries SET locked_until = ?, attempts = attempts + 1, version = version + 1
WHERE id IN (SELECT id FROM chosen) RETURNING *
"""
_EVERY_LANE = """
    SELECT MIN(lane) FROM deliveries WHERE status = 'pending'
    UNION ALL
    SELECT (SELECT MIN(more.lane) FROM deliveries more WHERE more.status = 'pending' AND more.lane > lanes.lane)
    FROM lanes WHERE lane IS NOT NULL
"""
_CLAIM_ANY = _CLAIM.format(lanes=_EVERY_LANE)
_CLAIM_OF_LANE = _CLAIM.format(lanes="SELECT CAST(? AS TEXT)")


class OutgoingEvents(Repository):
    """Events of all brands."""

    async def add(self, *events: OutgoingEvent) -> None:
        """Add some, in one statement."""
        await _EVENTS.add_all(self._session, events)

    async def get(self, event_id: str) -> OutgoingEvent | None:
        """Find one."""
        return await _EVENTS.one(self._session, "WHERE id = ?", event_id)

    async def waiting(self) -> bool:
        """Say whether there are events whose deliveries are not made yet."""
        return bool(await self._session.fetch("SELECT 1 FROM outgoing_events WHERE fanned_at IS NULL LIMIT 1"))

    async def take(self, now: int, limit: int) -> tuple[OutgoingEvent, ...]:
        """Mark the oldest of those as fanned out, and give them in order."""
        taken = await _EVENTS.take(self._session, _TAKE, limit, now)
        return tuple(sorted(taken.rows, key=lambda event: event.id))

    async def delete_before(self, created_before: int, limit: int) -> int:
        """Forget some of those that are older, and say how many."""
        return await _EVENTS.delete(self._session, "created_at < ?", created_before, limit=limit)


class Endpoints(Repository):
    """Endpoints of all brands."""

    async def add(self, endpoint: Endpoint) -> None:
        """Add one."""
        await _ENDPOINTS.add(self._session, endpoint)

    async def get(self, endpoint_id: str) -> Endpoint | None:
        """Find one."""
        return await _ENDPOINTS.one(self._session, "WHERE id = ?", endpoint_id)

    async def page(self, brand_id: str, window: Window) -> Found[Endpoint]:
        """List a brand's, newest first; searched are address and description."""
        return await _ENDPOINTS.page(self._session, window, "brand_id = ?", (brand_id,))

    async def enabled_of(self, brand_ids: Collection[str]) -> tuple[Endpoint, ...]:
        """List the enabled ones of some brands, oldest first."""
        if not brand_ids:
            return ()
        marks = ", ".join("?" for _ in brand_ids)
        where = f"WHERE enabled AND brand_id IN ({marks}) ORDER BY created_at, id"
        return (await _ENDPOINTS.queue(self._session, where, *brand_ids)).rows

    async def replace(self, was: Endpoint, now: Endpoint) -> Endpoint:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        return await _ENDPOINTS.replace(self._session, was, now)

    async def delete(self, endpoint_id: str) -> None:
        """Forget one."""
        await self._session.fetch("DELETE FROM endpoints WHERE id = ?", (endpoint_id,))


class WebhookSecrets(Repository):
    """What brands' deliveries to checkouts' own addresses are signed with."""

    async def get(self, brand_id: str) -> WebhookSecret | None:
        """Find a brand's."""
        return await _SECRETS.one(self._session, "WHERE brand_id = ?", brand_id)

    async def put(self, secret: WebhookSecret) -> None:
        """Add it, or replace the brand's."""
        await _SECRETS.upsert(self._session, secret, "brand_id")


class Deliveries(Repository):
    """Deliveries of all brands."""

    async def add(self, *deliveries: Delivery) -> None:
        """Add some, in one statement."""
        await _DELIVERIES.add_all(self._session, deliveries)

    async def get(self, delivery_id: str) -> Delivery | None:
        """Find one."""
        return await _DELIVERIES.one(self._session, "WHERE id = ?", delivery_id)

    async def page(self, endpoint_id: str, window: Window) -> Found[Delivery]:
        """List an endpoint's, newest first; searched are event and type."""
        return await _DELIVERIES.page(self._session, window, "endpoint_id = ?", (endpoint_id,))

    async def due(self, now: int) -> bool:
        """Say whether `claim` may find any."""
        sql = (
            "SELECT 1 FROM deliveries WHERE status = 'pending' AND next_at <= ? "
            "AND (locked_until IS NULL OR locked_until <= ?) LIMIT 1"
        )
        return bool(await self._session.fetch(sql, (now, now)))

    async def claim(self, now: int, until: int, limit: int, lane: str | None = None) -> tuple[Delivery, ...]:
        """Take pending ones whose time has come."""
        if lane is None:
            claimed = await _DELIVERIES.take(self._session, _CLAIM_ANY, now, now, now, now, limit, until)
        else:
            claimed = await _DELIVERIES.take(self._session, _CLAIM_OF_LANE, lane, now, now, now, now, limit, until)
        if claimed.unreadable:
            # One that can't be read would hold its lane back for ever.
            marks = ", ".join("?" for _ in claimed.unreadable)
            sql = (
                "UPDATE deliveries SET status = 'failed', error = ?, locked_until = NULL, version = version + 1 "  # noqa: S608 - it names tables and columns of ours only; values are bound
                f"WHERE id IN ({marks})"
            )
            await self._session.fetch(sql, ("It can't be read", *claimed.unreadable))
        return claimed.rows

    async def replace(self, was: Delivery, now: Delivery) -> Delivery:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        return await _DELIVERIES.replace(self._session, was, now)

    async def end_pending(self, endpoint_id: str, error: str) -> int:
        """Fail all that are still on their way to an endpoint, and say how many."""
        sql = (
            "UPDATE deliveries SET status = 'failed', error = ?, locked_until = NULL, version = version + 1 "
            "WHERE endpoint_id = ? AND status = 'pending' RETURNING 1"
        )
        return len(await self._session.fetch(sql, (error, endpoint_id)))

    async def send_again(self, endpoint_id: str, since: int, now: int) -> int:
        """Make failed ones of events since then due now, and say how many."""
        sql = (
            "UPDATE deliveries SET status = 'pending', next_at = ?, locked_until = NULL, version = version + 1 "
            "WHERE endpoint_id = ? AND status = 'failed' AND created_at >= ? RETURNING 1"
        )
        return len(await self._session.fetch(sql, (now, endpoint_id, since)))

    async def delete_before(self, created_before: int, limit: int) -> int:
        """Forget some of those that are older, and say how many."""
        return await _DELIVERIES.delete(self._session, "created_at < ?", created_before, limit=limit)
