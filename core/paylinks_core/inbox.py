"""The inbox: what providers tell us by themselves is verified, stored, answered, and only then processed.

An event is stored once; processing it again does nothing twice, so it is simply tried until it is done.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial

import msgspec
import structlog
from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports.errors import Conflict, InvalidSignature, PaylinksError
from paylinks_ports.providers import ReadsWebhooks, powers_of
from paylinks_ports.records.inbox import IncomingEvent, IncomingState, KeptNews
from paylinks_ports.records.tenants import Brand
from paylinks_ports.webhooks import PaymentNews, RefundNews, WebhookEvent, WebhookRequest

from .errors import NotKnown, OutcomeUnknown
from .news import Plan, carry_out, decide
from .parts import Parts
from .rounds import Lanes, account_lane, work_off
from .schedule import next_attempt
from .tenants import default_brand
from .texts import UNFIT, find_unfit

__all__ = ["Verified", "plan_of", "process", "process_due", "receive", "receive_simulated", "verify"]

_log = structlog.get_logger()
_LEASE = 120_000  # milliseconds that processing one event may take
_SOON = 5_000
_DOUBTS = 3
_PATIENCE = 7 * 24 * 3_600_000
_LONGEST_ID = 200
_SECRET_WORDS = ("authorization", "cookie", "secret", "password", "token", "apikey", "api-key", "api_key")

Clean = Callable[[str], str]
"""Strikes card numbers out of a text."""


class Verified(Struct, frozen=True, kw_only=True):
    """A call that is proven to come from a brand's provider."""

    brand: Brand
    provider: str
    demo: bool
    gateway: ReadsWebhooks
    request: WebhookRequest


async def verify(parts: Parts, brand_id: str | None, provider: str, request: WebhookRequest) -> Verified:
    """Find out whose call it is, and have it proven by the brand's own credentials.

    Raises:
        NotKnown: no installed plugin of that name reads webhooks.
        InvalidSignature: it is not proven, or the brand has entered nothing to prove it by.

    """
    announced = parts.providers.get(provider)
    if announced is None or "read_webhook" not in powers_of(announced.gateway):
        raise NotKnown("provider: no installed plugin of that name takes webhooks")
    async with parts.units.reading() as rows:
        brand = await rows.brands.get(brand_id) if brand_id else await default_brand(parts)
        setting = await rows.plugin_settings.get(brand.id, provider) if brand else None
    # What a brand's double is given, everyone can read in its plugin: it proves nothing to the outside.
    if brand is None or setting is None or setting.credentials is None:
        raise InvalidSignature("Invalid signature")
    account = await parts.accounts.open(brand.id, provider, setting)
    gateway: ReadsWebhooks = account.gateway
    try:
        gateway.verify_webhook(request)
    except InvalidSignature:
        raise
    except Exception as error:  # noqa: BLE001 - see below
        # Whatever a stranger sent that a plugin stumbles over, it has proven nothing.
        _log.warning("webhook.verification_failed", provider=provider, error=type(error).__name__)
        raise InvalidSignature("Invalid signature") from None
    return Verified(brand=brand, provider=provider, demo=account.demo, gateway=gateway, request=request)


async def receive(parts: Parts, verified: Verified, clean: Clean) -> bool:
    """Store every event of a proven call; say whether all of them were known already."""
    return await _store(parts, verified, clean, parts.clock.now())


async def receive_simulated(parts: Parts, brand_id: str, provider: str, request: WebhookRequest, delay: int) -> None:
    """Store what a brand's own simulator sends, to be processed after `delay` milliseconds; it needs no proof."""
    account = await parts.accounts.open(brand_id, provider, None)
    async with parts.units.reading() as rows:
        brand = await rows.brands.get(brand_id)
    if brand is None or not isinstance(account.gateway, ReadsWebhooks):
        return
    verified = Verified(brand=brand, provider=provider, demo=True, gateway=account.gateway, request=request)
    await _store(parts, verified, _as_it_is, parts.clock.now() + delay)


def _as_it_is(text: str) -> str:
    return text


async def _store(parts: Parts, verified: Verified, clean: Clean, process_at: int) -> bool:
    request = verified.request
    fresh = 0
    try:
        events = _events_of(verified.gateway, request)
    except Exception as error:  # noqa: BLE001 - it is proven to be the provider's: whatever is wrong, it is not lost
        _log.warning("webhook.unreadable", provider=verified.provider, error=type(error).__name__)
        events = (WebhookEvent(id=f"unreadable:{_digest(request)}", type=_UNREADABLE),)
    for event in events:
        row = _row(parts, verified, event, clean, process_at)
        try:
            async with parts.units() as work:
                await work.incoming_events.add(row)
                await work.commit()
        except Conflict:
            continue  # it is there already
        fresh += 1
    return bool(events) and fresh == 0


_UNREADABLE = "unreadable"


def _events_of(gateway: ReadsWebhooks, request: WebhookRequest) -> Sequence[WebhookEvent]:
    events = gateway.read_webhook(request)
    if (name := find_unfit(msgspec.to_builtins(events), "event")) is not None:
        message = f"{name}: {UNFIT}"
        raise ValueError(message)
    return events


def _digest(request: WebhookRequest) -> str:
    return hashlib.sha256(request.body + repr(sorted(request.query.items())).encode()).hexdigest()


def _row(parts: Parts, verified: Verified, event: WebhookEvent, clean: Clean, process_at: int) -> IncomingEvent:
    request, now = verified.request, parts.clock.now()
    text, is_text = request.body.decode("latin-1"), False
    if b"\0" not in request.body:
        with suppress(UnicodeDecodeError):
            text, is_text = request.body.decode(), True
    cleaned = clean(text)
    query = {name: clean(value) for name, value in _public(request.query).items()}
    unchanged = cleaned == text and query == _public(request.query)
    body = cleaned if is_text else base64.b64encode(cleaned.encode("latin-1", "replace")).decode()
    long_id = len(event.id) > _LONGEST_ID
    unread = event.type == _UNREADABLE
    return IncomingEvent(
        id=parts.ids.new("inb"),
        brand_id=verified.brand.id,
        provider=verified.provider,
        event_id=f"sha256:{hashlib.sha256(event.id.encode()).hexdigest()}" if long_id else event.id,
        type=event.type[:_LONGEST_ID],
        demo=verified.demo,
        method=request.method,
        body=body,
        encoding="text" if is_text else "base64",
        headers=_public(request.headers),
        query=query,
        kept=None if unchanged else _kept(event),
        state="failed" if unread else "received" if event.news else "ignored",
        error="it can't be read" if unread else None,
        process_at=process_at if event.news or unread else None,
        created_at=now,
        updated_at=now,
    )


def _public(values: Mapping[str, str]) -> dict[str, str]:
    """Leave out what proves the caller to us: a signature is no secret, a shared word is."""
    return {name: value for name, value in values.items() if not any(one in name.lower() for one in _SECRET_WORDS)}


def _kept(event: WebhookEvent) -> KeptNews:
    news = event.news
    return KeptNews(
        payment=news if isinstance(news, PaymentNews) else None, refund=news if isinstance(news, RefundNews) else None
    )


async def process_due(parts: Parts, lanes: Lanes | None = None) -> int:
    """Process every event that is due, each once among all processes; say how many were begun."""

    def lane(row: IncomingEvent) -> str:
        return account_lane(row, row.event_id)

    return await work_off(parts, lambda rows: rows.incoming_events, lane, partial(process, parts), lanes)


async def process(parts: Parts, row: IncomingEvent) -> IncomingEvent:
    """Process one stored event with today's code, and keep what came of it.

    Raises:
        Conflict: another process has it.

    """
    now = parts.clock.now()
    # It is put off before, so that no other process has it too and a crash only delays it.
    taken = replace(row, attempts=row.attempts + 1, process_at=now + _LEASE, updated_at=now)
    async with parts.units() as work:
        taken = await work.incoming_events.replace(row, taken)
        await work.commit()
    state: IncomingState
    plan, at = None, None
    try:
        plan = await plan_of(parts, taken)
        says = await carry_out(parts, plan)
        if row.type == _UNREADABLE:
            await _read_at_last(parts, row)
    except OutcomeUnknown as error:
        # Who is in doubt is looked at again in any case, and then a hint has done what it can.
        spent = row.attempts >= _DOUBTS and plan is not None and _can_wait(plan)
        state, says = "done" if spent else "failed", error.message
    except PaylinksError as error:
        state, says = "failed", error.message
    except Exception as error:  # noqa: BLE001 - a bug of ours or a plugin's; the event waits until it is mended
        _log.warning("webhook.processing_failed", event_id=row.id, provider=row.provider, error=type(error).__name__)
        state, says = "failed", f"it can't be processed ({type(error).__name__})"
    else:
        state = "waiting" if plan.again else _STATES.get(plan.step, "done")
        at = now + _SOON if plan.step == "later" else None
    if at is None and state in ("waiting", "failed"):
        at = next_attempt(row.attempts, now)
        if at - row.created_at > _PATIENCE:
            at, state = None, "ignored" if state == "waiting" else state
    subject = (plan.refund or plan.payment) if plan else None
    settled = replace(
        taken,
        state=state,
        error=says if state in ("waiting", "failed", "ignored") else None,
        checkout_id=subject.checkout_id if subject else row.checkout_id,
        process_at=at,
        updated_at=now,
    )
    async with parts.units() as work:
        settled = await work.incoming_events.replace(taken, settled)
        await work.commit()
    _log.info("webhook.processed", event_id=row.id, provider=row.provider, type=row.type, state=state)
    return settled


def _can_wait(plan: Plan) -> bool:
    """Say whether nothing is lost without a hint: it is looked at again in any case, or is a refund that is done.

    Where a provider keeps totals alone, another refund in doubt hides that one.
    """
    if plan.refund is not None:
        return plan.refund.check_at is not None or plan.refund.state == "succeeded"
    return plan.payment is not None and plan.payment.check_at is not None


_STATES: Mapping[str, IncomingState] = {"wait": "waiting", "later": "received"}


async def plan_of(parts: Parts, row: IncomingEvent) -> Plan:
    """Read a stored event with today's code and decide what it makes us do; nothing is changed.

    Raises:
        PaylinksError, ValueError: it can't be read.

    """
    if row.kept is not None:
        return await decide(parts, row, row.kept.payment or row.kept.refund)
    async with parts.units.reading() as rows:
        setting = None if row.demo else await rows.plugin_settings.get(row.brand_id, row.provider)
    if row.provider not in parts.providers:
        raise NotKnown("provider: its plugin is not installed any more")
    account = await parts.accounts.open(row.brand_id, row.provider, setting)
    events = _events_of(account.gateway, _request(row))
    if row.type == _UNREADABLE:
        return Plan(step="nothing", says=f"it can be read now: {len(events)} events")
    named = {event.id: event.news for event in events}
    named |= {f"sha256:{hashlib.sha256(one.encode()).hexdigest()}": news for one, news in named.items()}
    if row.event_id not in named:
        return Plan(step="nothing", says="today's code does not read this event in it")
    return await decide(parts, row, named[row.event_id])


async def _read_at_last(parts: Parts, row: IncomingEvent) -> None:
    """Store what a call of which nothing could be read holds, now that it can."""
    async with parts.units.reading() as rows:
        brand = await rows.brands.get(row.brand_id)
        setting = None if row.demo else await rows.plugin_settings.get(row.brand_id, row.provider)
    if brand is None:  # rows are never deleted
        return
    account = await parts.accounts.open(row.brand_id, row.provider, setting)
    verified = Verified(
        brand=brand, provider=row.provider, demo=row.demo, gateway=account.gateway, request=_request(row)
    )
    await _store(parts, verified, _as_it_is, parts.clock.now())


def _request(row: IncomingEvent) -> WebhookRequest:
    return WebhookRequest(
        method=row.method,
        headers=row.headers,
        query=row.query,
        body=row.body.encode() if row.encoding == "text" else base64.b64decode(row.body),
        received_at=row.created_at,
    )
