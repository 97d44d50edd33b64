"""Where a request comes from: the client's address, seen through trusted proxies only, and its origin."""

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from litestar.datastructures import Headers
from litestar.types import Scope

__all__ = ["client_address", "is_local", "origin_of", "own_page", "same_site"]

_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


def client_address(scope: Scope, trusted: Sequence[str]) -> str:
    """Tell the client's address: the nearest one in `X-Forwarded-For` that is not a trusted proxy of ours."""
    client = scope.get("client")
    address = client[0] if client else "unknown"
    if not trusted:
        return address
    networks = [ipaddress.ip_network(network) for network in trusted]
    forwarded = ",".join(Headers.from_scope(scope).getall("x-forwarded-for", [])).split(",")
    hops = [part.strip() for part in forwarded if part.strip()]
    while hops and _within(address, networks):
        address = hops.pop()
    return address


def _within(address: str, networks: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(known in network for network in networks)


def is_local(scope: Scope) -> bool:
    """Say whether a person or program on this machine calls directly: no proxy between, no foreign page behind it.

    The host is compared too, because a page of any name may have that name resolve to this machine.
    """
    client = scope.get("client")
    headers = Headers.from_scope(scope)
    if client is None or any(name in headers for name in ("forwarded", "x-forwarded-for", "x-real-ip")):
        return False
    try:
        loopback = ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False
    host = headers.get("host", "").rpartition(":")
    name = host[0] if host[1] and host[2].isdigit() else headers.get("host", "")
    own_page = headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    return loopback and own_page and name.lower() in _LOCAL_NAMES


def origin_of(url: str) -> str:
    """Give the origin of a URL as browsers write it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def same_site(origin: str | None, base_url: str) -> bool:
    """Say whether a call comes from our own pages, or from no page at all."""
    return origin is None or origin.lower() == origin_of(base_url)


def own_page(headers: Headers, base_url: str) -> bool:
    """Say whether a form comes from a page of ours, under whichever name that was opened, or from no page at all."""
    origin, host = headers.get("origin"), headers.get("host", "")
    return same_site(origin, base_url) or (bool(host) and urlsplit(origin or "").netloc.lower() == host.lower())
