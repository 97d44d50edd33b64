"""/api/admin/domains: a brand's own domains, and how each is verified."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from litestar import Request, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from paylinks_core import domains
from paylinks_core.parts import Parts
from paylinks_ports.records.domains import Domain

from ...answers import Success
from ...guards import signed_in
from ..desk import Desk
from ..paging import Pagination
from .callers import admitted

__all__ = ["DomainView", "change", "create", "index", "remove", "verify", "view_of"]

Name = Annotated[str, Meta(min_length=1, max_length=255)]


class Verification(Struct, frozen=True, kw_only=True):
    """The record that proves whose the domain is."""

    type: Literal["TXT"] = "TXT"
    domain: str
    value: str


class DomainView(Struct, frozen=True, kw_only=True, rename="camel"):
    """A domain.

    Args:
        status: `failing` is verified still, and its record is gone.
        reason: why it is not verified, or may soon not be any more.
        verification: null once it is verified.
        dns_instructions: what is left to do, for a person.

    """

    domain: str
    brand_id: str
    verified: bool
    primary: bool
    status: Literal["pending", "verified", "failing"]
    reason: str | None
    checked_at: int | None
    created_at: int
    verification: Verification | None
    dns_instructions: tuple[str, ...]


class DomainAnswer(Success, frozen=True, kw_only=True):
    """A domain."""

    data: DomainView


class DomainsAnswer(Success, frozen=True, kw_only=True):
    """A brand's domains."""

    data: tuple[DomainView, ...]
    pagination: Pagination


class DomainBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A domain to claim; the primary one is the one that the brand's links are on."""

    domain: Name
    primary: bool = False


class DomainChangesBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change: a domain becomes primary in the place of the one that is."""

    primary: Literal[True]


class RemovedDomain(Struct, frozen=True, kw_only=True):
    """Which domain serves nothing any more."""

    domain: str


class RemovedDomainAnswer(Success, frozen=True, kw_only=True):
    """Which domain serves nothing any more."""

    data: RemovedDomain


@get("/api/admin/domains", tags=["Domains"], access="session", permission="domains.read", guards=[signed_in])
async def index(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> DomainsAnswer:
    """List a brand's domains; what was not checked just now is checked first, as far as there is time."""
    brand, _ = await admitted(request, desk)
    found = tuple(view_of(desk.parts, one) for one in await domains.list_domains(desk.parts, brand))
    whole = Pagination(page=1, limit=max(len(found), 1), total=len(found), total_pages=min(len(found), 1))
    return DomainsAnswer(data=found, pagination=whole)


@post("/api/admin/domains", tags=["Domains"], access="session", permission="domains.write", guards=[signed_in])
async def create(
    request: Request[Any, Any, Any], data: JSONBody[DomainBody], desk: NamedDependency[Desk]
) -> DomainAnswer:
    """Claim a domain for a brand; it serves its pages once it is verified."""
    brand, actor = await admitted(request, desk)
    made = await domains.add_domain(desk.parts, actor, brand, data.domain, primary=data.primary)
    return DomainAnswer(data=view_of(desk.parts, made))


@post(
    "/api/admin/domains/{domain:str}/verify",
    status_code=200,
    tags=["Domains"],
    access="session",
    permission="domains.write",
    guards=[signed_in],
)
async def verify(request: Request[Any, Any, Any], domain: FromPath[str], desk: NamedDependency[Desk]) -> DomainAnswer:
    """Ask the DNS now whether a domain is verified."""
    brand, _ = await admitted(request, desk)
    return DomainAnswer(data=view_of(desk.parts, await domains.check_domain(desk.parts, brand, domain)))


@put(
    "/api/admin/domains/{domain:str}",
    tags=["Domains"],
    access="session",
    permission="domains.write",
    guards=[signed_in],
)
async def change(
    request: Request[Any, Any, Any],
    domain: FromPath[str],
    data: JSONBody[DomainChangesBody],
    desk: NamedDependency[Desk],
) -> DomainAnswer:
    """Make a domain the primary one."""
    del data  # there is one thing that it can say
    brand, actor = await admitted(request, desk)
    return DomainAnswer(data=view_of(desk.parts, await domains.prefer_domain(desk.parts, actor, brand, domain)))


@delete(
    "/api/admin/domains/{domain:str}",
    status_code=200,
    tags=["Domains"],
    access="session",
    permission="domains.write",
    guards=[signed_in],
)
async def remove(
    request: Request[Any, Any, Any], domain: FromPath[str], desk: NamedDependency[Desk]
) -> RemovedDomainAnswer:
    """Give a domain up; from the next request on it serves nothing."""
    brand, actor = await admitted(request, desk)
    removed = await domains.remove_domain(desk.parts, actor, brand, domain)
    return RemovedDomainAnswer(data=RemovedDomain(domain=removed.host))


def view_of(parts: Parts, domain: Domain) -> DomainView:
    """Show a domain, with what is left to do."""
    name, value = domains.record_of(domain)
    status = domains.state_of(domain)
    return DomainView(
        domain=domain.host,
        brand_id=domain.brand_id,
        verified=domain.verified,
        primary=domain.preferred,
        status=status,
        reason=domain.reason,
        checked_at=domain.checked_at,
        created_at=domain.created_at,
        verification=None if status == "verified" else Verification(domain=name, value=value),
        dns_instructions=() if status == "verified" else _instructions(parts, domain, name, value),
    )


def _instructions(parts: Parts, domain: Domain, name: str, value: str) -> tuple[str, ...]:
    return (
        f"Add a TXT record at {name} with the value {value}, and keep it there.",
        f"Point {domain.host} to {urlsplit(parts.base_url).hostname} by a CNAME record, or ALIAS where that can't be.",
    )
