"""Delivering what `events` has written: at least once, by any number of workers, in order where an endpoint is healthy.

1. Fan out: one transaction makes an event's deliveries, to the endpoints that want it and the checkout's own address.
2. Claim: one transaction takes deliveries under a lease; a worker that dies leaves them to others when it ends.
3. Send: no transaction and no connection is held.
4. Remember: one transaction keeps what came of it, and takes the next one of the same lane.

An endpoint is a lane: one delivery at a time, in the order of the events. One that has failed twice holds the later
ones back no more; it goes on by its own schedule among them. Lanes don't know each other, so a dead one costs the
others nothing. Addresses of checkouts have a few lanes by brand and host, in which the order of each checkout is kept.
"""

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.parse import urlsplit

import structlog
from msgspec.structs import replace

from paylinks_ports.errors import Conflict, StorageUnavailable, VaultError
from paylinks_ports.records.events import TEST_EVENT, Delivery, Endpoint, OutgoingEvent
from paylinks_ports.services import Reply, Sender
from paylinks_ports.storage import Work

from .endpoints import brand_secrets, endpoint_secrets
from .events import body_of
from .parts import Parts
from .signatures import sign

__all__ = ["KEPT", "SCHEDULE", "Deliverer", "SwitchedOff", "fan_out", "forget_old", "request_headers"]

_log = structlog.get_logger()

_SECOND = 1_000
_MINUTE = 60 * _SECOND
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR

SCHEDULE = (
    5 * _SECOND,
    5 * _MINUTE,
    30 * _MINUTE,
    2 * _HOUR,
    5 * _HOUR,
    10 * _HOUR,
    14 * _HOUR,
    20 * _HOUR,
    24 * _HOUR,
)
"""Milliseconds from each failure to the next try; after the last one it has failed."""

KEPT = 30 * _DAY
"""Milliseconds that events and deliveries are kept."""

_LEASE = 60 * _SECOND  # twice what a sender may take
_FAILING = 5 * _DAY
_JITTER = 0.1
_SHORTEST = round(sum(SCHEDULE) * (1 - _JITTER))  # milliseconds that all tries take at least
_LANES = 8
_BATCH = 100
_SLOTS = 100

SwitchedOff = Callable[[Endpoint], Awaitable[None]]
"""Tells an endpoint's admins that it was switched off."""


async def fan_out(parts: Parts) -> int:
    """Make the deliveries of events that have none yet, and say of how many."""
    async with parts.units.reading() as rows:
        if not await rows.outgoing_events.waiting():
            return 0
    async with parts.units() as work:
        events = await work.outgoing_events.take(parts.clock.now(), _BATCH)
        endpoints = await work.endpoints.enabled_of({event.brand_id for event in events})
        made = [one for event in events for one in _wanted(parts, event, endpoints)]
        # Ids of one millisecond have no order of their own; lists are to show that of the events.
        ids = sorted(one.id for one in made)
        deliveries = [replace(one, id=delivery_id) for one, delivery_id in zip(made, ids, strict=True)]
        if deliveries:
            await work.deliveries.add(*deliveries)
        await work.commit()
    return len(events)


def _wanted(parts: Parts, event: OutgoingEvent, endpoints: tuple[Endpoint, ...]) -> list[Delivery]:
    try:
        return _deliveries_of(parts, event, endpoints)
    except Exception:  # noqa: BLE001 - one event's trouble is not the others'
        _log.exception("row.crashed", kind="OutgoingEvent", id=event.id)
        return []


def _deliveries_of(parts: Parts, event: OutgoingEvent, endpoints: tuple[Endpoint, ...]) -> list[Delivery]:
    targets: list[tuple[str | None, str, str]] = [
        (endpoint.id, endpoint.url, endpoint.id)
        for endpoint in endpoints
        if endpoint.brand_id == event.brand_id and not {"*", event.type}.isdisjoint(endpoint.events)
    ]
    if event.webhook_url is not None:
        number = zlib.crc32((event.checkout_id or "").encode()) % _LANES
        lane = f"{event.brand_id} {urlsplit(event.webhook_url).netloc.lower()} {number}"
        targets.append((None, event.webhook_url, lane))
    now = parts.clock.now()
    return [
        Delivery(
            id=parts.ids.new("dlv"),
            event_id=event.id,
            event_type=event.type,
            brand_id=event.brand_id,
            endpoint_id=endpoint_id,
            url=url,
            lane=lane,
            next_at=now,
            created_at=now,
        )
        for endpoint_id, url, lane in targets
    ]


def request_headers(delivery: Delivery) -> dict[str, str]:
    """Give the headers of a delivery's latest try, without those that only its secret can make."""
    return {
        "content-type": "application/json",
        "user-agent": "Paylinks-Webhooks/1",
        "webhook-id": delivery.event_id,
        "webhook-timestamp": str((delivery.attempted_at or delivery.created_at) // 1000),
    }


class Deliverer:
    """Sends what is due; one for each process."""

    def __init__(
        self, parts: Parts, sender: Sender, switched_off: SwitchedOff | None = None, *, slots: int = _SLOTS
    ) -> None:
        self._parts = parts
        self._sender = sender
        self._switched_off = switched_off
        self._slots = slots
        self._running: set[asyncio.Task[None]] = set()

    async def round(self) -> int:
        """Fan out, and begin to send what is due; say how many lanes were begun."""
        while await fan_out(self._parts) == _BATCH:
            pass
        begun = 0
        while (free := self._slots - len(self._running)) > 0:
            claimed = await self._claim(free)
            for delivery in claimed:
                task = asyncio.create_task(self._lane(delivery))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            begun += len(claimed)
            if len(claimed) < free:
                break
        return begun

    async def send_taken(self, delivery: Delivery) -> None:
        """Send one that the caller has taken already."""
        await self._lane(delivery)

    async def finish(self) -> None:
        """Wait until nothing is being sent."""
        while self._running:
            await asyncio.wait(self._running)

    async def stop(self, patience: float = 5.0) -> None:
        """Wait a few seconds for what is being sent, and leave the rest to whoever comes when its lease ends."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _claim(self, limit: int) -> tuple[Delivery, ...]:
        now = self._parts.clock.now()
        async with self._parts.units.reading() as rows:
            if not await rows.deliveries.due(now):
                return ()
        async with self._parts.units() as work:
            claimed = await work.deliveries.claim(now, now + _LEASE, limit)
            await work.commit()
        return claimed

    async def _lane(self, first: Delivery) -> None:
        """Send one after another of a lane while they are received."""
        delivery: Delivery | None = first
        try:
            while delivery is not None:
                delivery = await self._deliver(delivery)
        except StorageUnavailable:
            _log.warning("delivery.database_away")
        except Exception:  # noqa: BLE001 - nobody awaits a lane; what it has taken is free again when its lease ends
            _log.exception("delivery.crashed", delivery_id=delivery.id if delivery else None)

    async def _deliver(self, delivery: Delivery) -> Delivery | None:
        """Send one and remember what came of it; give the next of its lane."""
        try:
            sent, endpoint, reply, final = await self._send(delivery)
        except StorageUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - else it would hold back its lane for ever
            _log.exception("delivery.crashed", delivery_id=delivery.id)
            sent = replace(delivery, attempted_at=self._parts.clock.now())
            endpoint, final = None, False
            reply = Reply(error=f"It could not be sent ({type(error).__name__})")
        return await self._remember(delivery, sent, endpoint, reply, final=final)

    async def _send(self, delivery: Delivery) -> tuple[Delivery, Endpoint | None, Reply, bool]:
        """Send one; give it as it was sent, its endpoint, what came back, and whether it is not tried again."""
        parts = self._parts
        async with parts.units.reading() as rows:
            event = await rows.outgoing_events.get(delivery.event_id)
            endpoint = await rows.endpoints.get(delivery.endpoint_id) if delivery.endpoint_id else None
            try:
                if endpoint is not None:
                    secrets = endpoint_secrets(parts, endpoint)
                else:
                    secrets = await brand_secrets(parts, rows, delivery.brand_id)
            except VaultError:
                secrets = []
        # An endpoint may have another address by now.
        sent = replace(delivery, attempted_at=parts.clock.now(), url=endpoint.url if endpoint else delivery.url)
        gone = delivery.endpoint_id is not None and (endpoint is None or not endpoint.enabled)
        if event is None or gone:
            reply = Reply(error="The endpoint was switched off or deleted")
            return sent, None, reply, True
        if not secrets:
            reply = Reply(error="The secret that signs it can't be read")
        else:
            body, headers = body_of(event), request_headers(sent)
            headers |= sign(secrets, event.id, int(headers["webhook-timestamp"]), body)
            reply = await self._sender.post(sent.url, body, headers)
        return sent, endpoint, reply, event.type == TEST_EVENT

    async def _remember(
        self, claimed: Delivery, sent: Delivery, endpoint: Endpoint | None, reply: Reply, *, final: bool
    ) -> Delivery | None:
        now = self._parts.clock.now()
        settled = _settled(sent, reply, now, final=final)
        tested = sent.event_type == TEST_EVENT
        async with self._parts.units() as work:
            # The endpoint before its deliveries, as an admin's changes go: in one order nobody waits for ever.
            off = None if endpoint is None or tested else await _follow_health(work, endpoint, reply, now)
            try:
                await work.deliveries.replace(claimed, settled)
            except Conflict:
                # Its lease had ended, or an admin has changed it. That it was received is worth knowing all the same.
                if reply.received and (current := await work.deliveries.get(claimed.id)) is not None:
                    with suppress(Conflict):
                        await work.deliveries.replace(current, replace(settled, attempts=current.attempts))
            if off is not None:
                await work.deliveries.end_pending(off.id, off.disabled_reason or "")
            following = await work.deliveries.claim(now, now + _LEASE, 1, sent.lane) if reply.received else ()
            await work.commit()
        _log.info(
            "delivery.sent", delivery_id=sent.id, attempt=sent.attempts, status=settled.status, answer=reply.status
        )
        if off is not None:
            await self._tell(off)
        return following[0] if following else None

    async def _tell(self, endpoint: Endpoint) -> None:
        _log.warning("endpoint.switched_off", endpoint_id=endpoint.id, brand_id=endpoint.brand_id)
        if self._switched_off is None:
            return
        try:
            await self._switched_off(endpoint)
        except Exception:  # noqa: BLE001 - it is switched off all the same, and the page says so
            _log.exception("endpoint.not_told", endpoint_id=endpoint.id)


async def _follow_health(work: Work, endpoint: Endpoint, reply: Reply, now: int) -> Endpoint | None:
    """Keep how an endpoint is; give it where that switches it off."""
    changed = _health(endpoint, reply, now)
    if changed is endpoint:
        return None
    try:
        changed = await work.endpoints.replace(endpoint, changed)
    except Conflict:  # someone else changes it right now, and the next delivery tells the same of it
        return None
    return None if changed.enabled else changed


def _settled(sent: Delivery, reply: Reply, now: int, *, final: bool) -> Delivery:
    settled = replace(
        sent,
        locked_until=None,
        response_status=reply.status,
        response_headers=reply.headers,
        response_body=reply.body,
        error=reply.error,
    )
    if reply.received:
        return replace(settled, status="delivered")
    # A try counts as soon as it is taken, so those of workers that died do too: they alone must never be the end of it.
    if final or (sent.attempts > len(SCHEDULE) and now - sent.created_at >= _SHORTEST):
        return replace(settled, status="failed")
    wait = SCHEDULE[min(sent.attempts, len(SCHEDULE)) - 1]
    # Spread by id and not by chance: what is sent when stays foreseeable in tests.
    share = zlib.crc32(f"{sent.id}.{sent.attempts}".encode()) / 2**32
    wait = round(wait * (1 - _JITTER + 2 * _JITTER * share))
    return replace(settled, next_at=now + max(wait, min(reply.retry_after, _DAY)))


def _health(endpoint: Endpoint, reply: Reply, now: int) -> Endpoint:
    if reply.received:
        return endpoint if endpoint.failing_since is None else replace(endpoint, failing_since=None)
    if endpoint.failing_since is None:
        return replace(endpoint, failing_since=now)
    if now - endpoint.failing_since < _FAILING:
        return endpoint
    return replace(endpoint, enabled=False, disabled_reason="No delivery was received for five days")


async def forget_old(parts: Parts) -> int:
    """Forget some of the events and deliveries that are older than they are kept, and say how many."""
    before = parts.clock.now() - KEPT
    async with parts.units() as work:
        count = await work.deliveries.delete_before(before, _BATCH)
        count += await work.outgoing_events.delete_before(before, _BATCH)
        await work.commit()
    return count
