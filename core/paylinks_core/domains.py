"""Brands' own domains: claimed, verified by a TXT record that only the domain's owner can publish, and watched.

A claim is verified while its record is there. Where it has been gone for three days the claim is no longer verified,
and another brand can have the domain; a DNS that does not answer proves nothing, in either direction.
"""

import asyncio
import hashlib
from typing import Literal
from urllib.parse import urlsplit

import structlog
from msgspec.structs import replace

from paylinks_ports.errors import Conflict, StorageUnavailable
from paylinks_ports.records.domains import Domain
from paylinks_ports.records.tenants import Brand
from paylinks_ports.services import TextRecords

from . import audit
from .audit import Actor
from .errors import DomainExists, InvalidInput, NotKnown
from .hosts import checked_host
from .parts import Parts
from .rounds import put_off_unreadable

__all__ = [
    "GRACE",
    "LAPSES",
    "add_domain",
    "check_domain",
    "check_due_domains",
    "list_domains",
    "owner_of",
    "prefer_domain",
    "record_of",
    "remove_domain",
    "state_of",
]

_log = structlog.get_logger()

_SECOND = 1_000
_MINUTE = 60 * _SECOND
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR

GRACE = 3 * _DAY
"""Milliseconds that a verified domain's record may be gone."""

LAPSES = 7 * _DAY
"""Milliseconds after which a claim that is not verified ends."""

_FRESH = 10 * _SECOND  # what was checked so recently is not checked again on read
_READ_CHECKS = 10
_READ_SECONDS = 8
_MOST_DOMAINS = 50
_BATCH = 20


def record_of(domain: Domain) -> tuple[str, str]:
    """Say which TXT record proves a claim: its name, and its value, which no other claim has."""
    bound = f"{domain.brand_id}\n{domain.host}\n{domain.nonce}"
    return f"_paylinks.{domain.host}", f"paylinks-verification={hashlib.sha256(bound.encode()).hexdigest()[:48]}"


def state_of(domain: Domain) -> Literal["pending", "verified", "failing"]:
    """Say how a claim stands; `failing` is verified still, and its record is gone."""
    if not domain.verified:
        return "pending"
    return "verified" if domain.missing_since is None else "failing"


async def owner_of(parts: Parts, host: str) -> str | None:
    """Say which brand a host belongs to; None: nobody's."""
    async with parts.units.reading() as rows:
        domain = await rows.domains.verified(host)
    return domain.brand_id if domain else None


async def list_domains(parts: Parts, brand: Brand) -> tuple[Domain, ...]:
    """List a brand's domains, some of them checked anew before, as far as there is time."""
    async with parts.units.reading() as rows:
        domains = await rows.domains.of_brand(brand.id)
    old = [one for one in domains if not one.checked_at or parts.clock.now() - one.checked_at > _FRESH][:_READ_CHECKS]
    tasks = [asyncio.create_task(_checked(parts, one)) for one in old]
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=_READ_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with parts.units.reading() as rows:
            domains = await rows.domains.of_brand(brand.id)
    return domains


async def add_domain(parts: Parts, actor: Actor, brand: Brand, text: str, *, primary: bool = False) -> Domain:
    """Claim a domain for a brand.

    Raises:
        InvalidInput: no brand could own it, or the brand has too many.
        DomainExists: it is a brand's already.

    """
    host = checked_host(text, _own_host(parts))
    now = parts.clock.now()
    domain = Domain(
        id=parts.ids.new("dom"),
        brand_id=brand.id,
        host=host,
        nonce=parts.ids.code(),
        preferred=primary,
        lapses_at=now + LAPSES,
        check_at=now + _MINUTE,
        created_at=now,
    )
    try:
        async with parts.units() as work:
            if await work.domains.verified(host) is not None:
                raise DomainExists(f"domain: {host} is verified for a brand")
            if len(await work.domains.of_brand(brand.id)) >= _MOST_DOMAINS:
                raise InvalidInput(f"domain: a brand has at most {_MOST_DOMAINS}")
            await work.domains.add(domain)
            await audit.record(parts, work, actor, "domain.added", host, {"primary": primary})
            await work.commit()
    except Conflict:
        raise DomainExists(f"domain: {host} is one of this brand's already") from None
    if primary:
        await prefer_domain(parts, actor, brand, host)
    return await _present(parts, brand, host)


async def prefer_domain(parts: Parts, actor: Actor, brand: Brand, text: str) -> Domain:
    """Make a domain the brand's primary one.

    Raises:
        NotKnown: the brand has not claimed it.
        Conflict: others change it all the time.

    """
    chosen = await _present(parts, brand, text)
    async with parts.units() as work:
        for one in await work.domains.of_brand(brand.id):
            if one.preferred != (one.id == chosen.id):
                await work.domains.replace(one, replace(one, preferred=one.id == chosen.id))
        await audit.record(parts, work, actor, "domain.preferred", chosen.host, {})
        await work.commit()
    return await _present(parts, brand, text)


async def remove_domain(parts: Parts, actor: Actor, brand: Brand, text: str) -> Domain:
    """Give a domain up; from the next request on it serves nothing.

    Raises:
        NotKnown: the brand has not claimed it.

    """
    domain = await _present(parts, brand, text)
    async with parts.units() as work:
        await work.domains.remove(domain.id)
        await audit.record(parts, work, actor, "domain.removed", domain.host, {"verified": domain.verified})
        await work.commit()
    return domain


async def check_domain(parts: Parts, brand: Brand, text: str) -> Domain:
    """Ask the DNS now whether a claim is proven.

    Raises:
        NotKnown: the brand has not claimed it.

    """
    await _checked(parts, await _present(parts, brand, text))
    return await _present(parts, brand, text)


async def check_due_domains(parts: Parts) -> int:
    """Check the domains whose time has come, each by one process, and let claims lapse; say how many were checked."""
    now = parts.clock.now()
    async with parts.units.reading() as rows:
        due = await rows.domains.due(now, _BATCH)
    await put_off_unreadable(parts, lambda rows: rows.domains, due)
    if due.rows:
        async with parts.units() as work:
            await work.domains.forget_lapsed(now)
            await work.commit()
    await asyncio.gather(*(_checked_by_itself(parts, one) for one in due.rows))
    return len(due.rows)


async def _checked_by_itself(parts: Parts, domain: Domain) -> None:
    try:
        await _checked(parts, domain)
    except StorageUnavailable:
        raise
    except Exception:  # noqa: BLE001 - one domain's trouble is not the others'; it has been put off already
        _log.exception("row.crashed", kind="Domain", id=domain.id)


def _own_host(parts: Parts) -> str:
    return urlsplit(parts.base_url).hostname or ""


async def _present(parts: Parts, brand: Brand, text: str) -> Domain:
    async with parts.units.reading() as rows:
        domain = await rows.domains.get(brand.id, checked_host(text, _own_host(parts)))
    if domain is None:
        raise NotKnown("domain: the brand has not claimed it")
    return domain


async def _checked(parts: Parts, domain: Domain) -> None:
    """Check one, unless somebody else does so at this moment; no transaction is held while the DNS is asked."""
    if parts.resolver is None:
        return
    try:
        now = parts.clock.now()
        async with parts.units() as work:
            taken = await work.domains.replace(domain, replace(domain, check_at=now + _MINUTE))
            await work.commit()
        name, value = record_of(taken)
        answer = await parts.resolver.texts(name)
        await _remember(parts, taken, answer, value)
    except Conflict:
        return


async def _remember(parts: Parts, taken: Domain, answer: TextRecords, value: str) -> None:
    now = replace(_judged(parts, taken, answer, value), checked_at=parts.clock.now())
    now = replace(now, check_at=parts.clock.now() + _pace(parts, now))
    try:
        async with parts.units() as work:
            await work.domains.replace(taken, now)
            await work.commit()
    except Conflict:
        async with parts.units.reading() as rows:
            other = await rows.domains.verified(taken.host)
        if not now.verified or other is None or other.id == taken.id:
            raise
        refused = replace(taken, reason="Another brand has verified this domain", checked_at=now.checked_at)
        async with parts.units() as work:
            await work.domains.replace(taken, refused)
            await work.commit()
    if now.verified != taken.verified:
        _log.info("domain.verified" if now.verified else "domain.lost", domain=taken.host, brand_id=taken.brand_id)


def _judged(parts: Parts, domain: Domain, answer: TextRecords, value: str) -> Domain:
    """Say what an answer of the DNS makes of a claim."""
    now = parts.clock.now()
    if value in answer.values:
        return replace(domain, verified=True, reason=None, missing_since=None, lapses_at=None)
    name, _ = record_of(domain)
    if answer.problem is not None:
        reason = f"It could not be checked: {answer.problem}. It is checked again by itself"
        return replace(domain, reason=reason)
    if answer.values:
        reason = f"The TXT record at {name} has another value; it must be exactly {value}"
    else:
        reason = f"There is no TXT record at {name}; a new one can take an hour to be seen"
    if not domain.verified:
        return replace(domain, reason=reason)
    missing_since = domain.missing_since or now
    if now - missing_since >= GRACE:
        return replace(domain, verified=False, reason=reason, missing_since=None, lapses_at=now + LAPSES)
    return replace(domain, reason=f"{reason}. It stays verified for {GRACE // _DAY} days", missing_since=missing_since)


def _pace(parts: Parts, domain: Domain) -> int:
    """Say how long until the next check: soon while a person waits for it, rarely while all is well."""
    if domain.verified:
        return 6 * _HOUR if domain.missing_since is None else _HOUR
    waiting = parts.clock.now() - domain.created_at
    return _MINUTE if waiting < _HOUR else _HOUR
