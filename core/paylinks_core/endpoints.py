"""The endpoints of a brand, their secrets, and what was delivered to them: what an admin sees and changes."""

import base64
import hashlib
import hmac

from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports.records.events import TEST_EVENT, Delivery, Endpoint, OutgoingEvent, WebhookSecret
from paylinks_ports.records.tenants import Brand
from paylinks_ports.services import Sender
from paylinks_ports.storage import Found, Reading, Window
from paylinks_ports.storage.sealed import ENDPOINT_SECRET

from . import audit
from .audit import Actor
from .claims import check_url
from .errors import EndpointDisabled, InvalidInput, NotKnown
from .parts import Parts
from .signatures import PREFIX

__all__ = [
    "EndpointChange",
    "add_test",
    "brand_secrets",
    "change_endpoint",
    "create_endpoint",
    "delete_endpoint",
    "endpoint_secrets",
    "find_delivery",
    "find_endpoint",
    "page_deliveries",
    "page_endpoints",
    "rotate_brand_secret",
    "rotate_secret",
    "send_again",
    "send_all_again",
]

_OVERLAP = 24 * 3_600_000  # milliseconds that an older secret still signs
_TEST_LEASE = 60_000  # milliseconds, twice what a sender may take
_SWITCHED_OFF = "The endpoint was switched off or deleted"


class EndpointChange(Struct, frozen=True, kw_only=True):
    """What an admin sets; None leaves it as it is."""

    url: str | None = None
    events: tuple[str, ...] | None = None
    description: str | None = None
    enabled: bool | None = None


async def create_endpoint(
    parts: Parts, actor: Actor, sender: Sender, brand: Brand, change: EndpointChange
) -> tuple[Endpoint, str]:
    """Make an endpoint, and its secret, which is shown this once.

    Raises:
        InvalidInput: the address is none, or one that nothing is ever sent to.

    """
    if not change.url or not change.events:
        raise InvalidInput("url: is required" if not change.url else "events: is required")
    await _check(sender, change)
    endpoint_id, secret = parts.ids.new("whk"), parts.ids.secret(PREFIX)
    endpoint = Endpoint(
        id=endpoint_id,
        brand_id=brand.id,
        url=change.url,
        events=tuple(dict.fromkeys(change.events)),
        description=change.description or None,
        enabled=change.enabled is not False,
        secret=parts.vault.seal(secret, _context(endpoint_id)),
        created_at=parts.clock.now(),
    )
    async with parts.units() as work:
        await work.endpoints.add(endpoint)
        await audit.record(parts, work, actor, "webhook_endpoint.created", endpoint.id, _told(endpoint))
        await work.commit()
    return endpoint, secret


async def change_endpoint(  # noqa: PLR0913, PLR0917 - who changes which one of whose, and how
    parts: Parts, actor: Actor, sender: Sender, brand: Brand, endpoint_id: str, change: EndpointChange
) -> Endpoint:
    """Change an endpoint; switched off, it gets nothing more, and what was on its way has failed.

    Raises:
        NotKnown: the brand has no such endpoint.
        InvalidInput: as for `create_endpoint`.
        Conflict: someone else changes it at the same time.

    """
    await _check(sender, change)
    if change.events is not None and not change.events:
        raise InvalidInput("events: is empty")
    async with parts.units() as work:
        was = await find_endpoint(work, brand, endpoint_id)
        now = replace(
            was,
            url=change.url or was.url,
            events=tuple(dict.fromkeys(change.events)) if change.events else was.events,
            description=was.description if change.description is None else change.description or None,
            enabled=was.enabled if change.enabled is None else change.enabled,
        )
        if now.enabled and not was.enabled:
            now = replace(now, failing_since=None, disabled_reason=None)
        now = await work.endpoints.replace(was, now)
        if was.enabled and not now.enabled:
            await work.deliveries.end_pending(endpoint_id, _SWITCHED_OFF)
        before = _told(was)
        told = {name: value for name, value in _told(now).items() if value != before[name]}
        told |= {f"{name}.was": before[name] for name in told}
        await audit.record(parts, work, actor, "webhook_endpoint.changed", endpoint_id, told)
        await work.commit()
    return now


async def delete_endpoint(parts: Parts, actor: Actor, brand: Brand, endpoint_id: str) -> None:
    """Delete an endpoint; what was on its way has failed.

    Raises:
        NotKnown: the brand has no such endpoint.

    """
    async with parts.units() as work:
        was = await find_endpoint(work, brand, endpoint_id)
        await work.endpoints.delete(endpoint_id)
        await work.deliveries.end_pending(endpoint_id, _SWITCHED_OFF)
        await audit.record(parts, work, actor, "webhook_endpoint.deleted", endpoint_id, _told(was))
        await work.commit()


async def rotate_secret(parts: Parts, actor: Actor, brand: Brand, endpoint_id: str) -> tuple[Endpoint, str]:
    """Give an endpoint a new secret, which is shown this once; for 24 hours the older one signs too.

    Raises:
        NotKnown: the brand has no such endpoint.
        Conflict: someone else changes it at the same time.

    """
    secret = parts.ids.secret(PREFIX)
    async with parts.units() as work:
        was = await find_endpoint(work, brand, endpoint_id)
        now = replace(
            was,
            secret=parts.vault.seal(secret, _context(was.id)),
            previous_secret=was.secret,
            previous_until=parts.clock.now() + _OVERLAP,
        )
        now = await work.endpoints.replace(was, now)
        await audit.record(parts, work, actor, "webhook_endpoint.secret_rotated", endpoint_id, {})
        await work.commit()
    return now, secret


async def rotate_brand_secret(parts: Parts, actor: Actor, brand: Brand) -> str:
    """Give a brand a new secret for its checkouts' own addresses; for 24 hours the older one signs too."""
    secret, now = parts.ids.secret(PREFIX), parts.clock.now()
    async with parts.units() as work:
        before = (await brand_secrets(parts, work, brand.id))[0]
        await work.webhook_secrets.put(
            WebhookSecret(
                brand_id=brand.id,
                secret=parts.vault.seal(secret, _context(brand.id)),
                previous_secret=parts.vault.seal(before, _context(brand.id)),
                previous_until=now + _OVERLAP,
                updated_at=now,
            )
        )
        await audit.record(parts, work, actor, "brand.webhook_secret_rotated", brand.id, {})
        await work.commit()
    return secret


def endpoint_secrets(parts: Parts, endpoint: Endpoint) -> list[str]:
    """Give what signs for an endpoint now, the newest first.

    Raises:
        VaultError: a secret can't be unsealed.

    """
    secrets = [parts.vault.open(endpoint.secret, _context(endpoint.id))]
    if endpoint.previous_secret is not None and (endpoint.previous_until or 0) > parts.clock.now():
        secrets.append(parts.vault.open(endpoint.previous_secret, _context(endpoint.id)))
    return secrets


async def brand_secrets(parts: Parts, rows: Reading, brand_id: str) -> list[str]:
    """Give what signs for a brand's checkouts' own addresses now, the newest first.

    It is the one that was made through the API; else the deployment's, for the default brand; else one that follows
    from the deployment's token secret and the brand, so that nothing is ever sent unsigned.

    Raises:
        VaultError: a secret can't be unsealed.

    """
    kept = await rows.webhook_secrets.get(brand_id)
    if kept is not None:
        sealed = [kept.secret] + [kept.previous_secret] * (kept.previous_until > parts.clock.now())
        return [parts.vault.open(one, _context(brand_id)) for one in sealed]
    if parts.webhook_secret is not None:
        first = await rows.brands.first()
        if first is not None and first.id == brand_id:
            return [parts.webhook_secret]
    key = hmac.digest(parts.token_secret.encode(), f"webhook-secret:{brand_id}".encode(), hashlib.sha256)
    return [PREFIX + base64.b64encode(key).decode()]


async def find_endpoint(rows: Reading, brand: Brand, endpoint_id: str) -> Endpoint:
    """Find a brand's endpoint.

    Raises:
        NotKnown: it has no such.

    """
    endpoint = await rows.endpoints.get(endpoint_id)
    if endpoint is None or endpoint.brand_id != brand.id:
        raise NotKnown("id: there is no such webhook endpoint")
    return endpoint


async def find_delivery(rows: Reading, brand: Brand, delivery_id: str) -> tuple[Delivery, OutgoingEvent]:
    """Find a brand's delivery and its event.

    Raises:
        NotKnown: it has no such.

    """
    delivery = await rows.deliveries.get(delivery_id)
    event = await rows.outgoing_events.get(delivery.event_id) if delivery else None
    if delivery is None or event is None or delivery.brand_id != brand.id:
        raise NotKnown("id: there is no such delivery")
    return delivery, event


async def add_test(parts: Parts, brand: Brand, endpoint_id: str) -> Delivery:
    """Write an event that tells of nothing, and its delivery, taken for the caller to send; it is tried once.

    Raises:
        NotKnown: the brand has no such endpoint.
        EndpointDisabled: it is switched off.

    """
    now = parts.clock.now()
    async with parts.units() as work:
        endpoint = await find_endpoint(work, brand, endpoint_id)
        if not endpoint.enabled:
            raise EndpointDisabled("id: switch it on first")
        event = OutgoingEvent(
            id=parts.ids.new("evt"),
            brand_id=brand.id,
            checkout_id=None,
            type=TEST_EVENT,
            data='{"test":true}',
            created_at=now,
            fanned_at=now,
        )
        delivery = Delivery(
            id=parts.ids.new("dlv"),
            event_id=event.id,
            event_type=event.type,
            brand_id=brand.id,
            endpoint_id=endpoint.id,
            url=endpoint.url,
            lane=f"test {event.id}",  # of its own: it waits for nothing, and nothing waits for it
            attempts=1,
            next_at=now,
            locked_until=now + _TEST_LEASE,
            created_at=now,
        )
        await work.outgoing_events.add(event)
        await work.deliveries.add(delivery)
        await work.commit()
    return delivery


async def send_again(parts: Parts, brand: Brand, delivery_id: str) -> Delivery:
    """Have one delivery sent once more, now, whatever became of it; one that is being sent stays as it is.

    Raises:
        NotKnown: the brand has no such delivery.
        EndpointDisabled: its endpoint is switched off or deleted.

    """
    now = parts.clock.now()
    async with parts.units() as work:
        was, _ = await find_delivery(work, brand, delivery_id)
        if was.endpoint_id is not None:
            endpoint = await work.endpoints.get(was.endpoint_id)
            if endpoint is None or not endpoint.enabled:
                raise EndpointDisabled("id: the endpoint of this delivery is switched off or deleted")
        if (was.locked_until or 0) > now:
            return was
        again = await work.deliveries.replace(was, replace(was, status="pending", next_at=now, locked_until=None))
        await work.commit()
    return again


async def send_all_again(parts: Parts, brand: Brand, endpoint_id: str, since: int) -> int:
    """Have all deliveries to an endpoint that failed sent once more, and say how many.

    Args:
        parts: the ports.
        brand: whose endpoint it is.
        endpoint_id: of the endpoint.
        since: those made since then, Unix milliseconds.

    Raises:
        NotKnown: the brand has no such endpoint.
        EndpointDisabled: it is switched off.

    """
    async with parts.units() as work:
        endpoint = await find_endpoint(work, brand, endpoint_id)
        if not endpoint.enabled:
            raise EndpointDisabled("id: switch it on first")
        count = await work.deliveries.send_again(endpoint_id, since, parts.clock.now())
        await work.commit()
    return count


async def page_endpoints(parts: Parts, brand: Brand, window: Window) -> Found[Endpoint]:
    """List a brand's endpoints, newest first."""
    async with parts.units.reading() as rows:
        return await rows.endpoints.page(brand.id, window)


async def page_deliveries(parts: Parts, brand: Brand, endpoint_id: str, window: Window) -> Found[Delivery]:
    """List the deliveries to one of a brand's endpoints, newest first.

    Raises:
        NotKnown: the brand has no such endpoint.

    """
    async with parts.units.reading() as rows:
        await find_endpoint(rows, brand, endpoint_id)
        return await rows.deliveries.page(endpoint_id, window)


async def _check(sender: Sender, change: EndpointChange) -> None:
    if change.url is None:
        return
    check_url(change.url, "url")
    if (refusal := await sender.refusal(change.url)) is not None:
        raise InvalidInput(f"url: {refusal}")


def _told(endpoint: Endpoint) -> dict[str, str | int | bool | None]:
    """Tell what an endpoint is, for the audit log; an address's query may hold a secret of the receiver's."""
    return {
        "url": endpoint.url.partition("?")[0],
        "events": ", ".join(endpoint.events),
        "description": endpoint.description,
        "enabled": endpoint.enabled,
    }


def _context(owner_id: str) -> str:
    """Say what an endpoint's, or a brand's, secret is sealed to: either place writes it alike."""
    return ENDPOINT_SECRET.context(owner_id)
