"""/domains/allowed: asked by a TLS proxy before it gets a certificate for a name."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Request, get
from litestar.di import NamedDependency
from msgspec import Struct

from paylinks_core.domains import owner_of
from paylinks_core.errors import NotKnown
from paylinks_core.hosts import host_of_header

from ..answers import Success
from .desk import Desk

__all__ = ["allowed"]


class AllowedDomain(Struct, frozen=True, kw_only=True):
    """A name that is served here."""

    domain: str


class AllowedDomainAnswer(Success, frozen=True, kw_only=True):
    """A name that is served here."""

    data: AllowedDomain


@get("/domains/allowed", access="public", tags=["Domains"])
async def allowed(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> AllowedDomainAnswer:
    """Tell a TLS proxy that `domain` is served here, so that it may get a certificate for it; 404 otherwise."""
    host = host_of_header(request.query_params.get("domain", ""))
    own = urlsplit(desk.parts.base_url).hostname
    if not host or (host != own and await owner_of(desk.parts, host) is None):
        raise NotKnown("domain: is not served here")
    return AllowedDomainAnswer(data=AllowedDomain(domain=host))
