"""From an HTTP request to an HTTP response: who calls, over which limit, and what for."""

import re
from collections.abc import Awaitable, Callable

import httpx
from msgspec import Struct

from paylinks_ports import SimulatedWorld

from .books import count
from .endpoints import (
    Answer,
    add_members,
    add_purchase_event,
    create_segment,
    get_me,
    get_segments,
    get_subscriptions,
    subscribe,
    unsubscribe,
    write_user,
)
from .faults import AttentiveFault, invalid

__all__ = ["answer"]

_BEARER = re.compile(r"Bearer [\x21-\x7e]{8,}")


class _Route(Struct, frozen=True):
    """One operation: its parameters, its limit of calls a second, and who answers."""

    parameters: frozenset[str]
    limit: int
    endpoint: Callable[[httpx.Request, SimulatedWorld], Awaitable[Answer]]


_NONE: frozenset[str] = frozenset()
_ROUTES = {
    ("GET", "/v2/me"): _Route(_NONE, 150, get_me),
    ("GET", "/v2/segments"): _Route(
        frozenset({"cursor", "externalId", "limit", "name", "updatedSince"}), 100, get_segments
    ),
    ("POST", "/v2/segments"): _Route(_NONE, 100, create_segment),
    ("POST", "/v2/bulk/segments/members"): _Route(_NONE, 100, add_members),
    ("POST", "/v2/user/attributes"): _Route(_NONE, 150, write_user),
    ("GET", "/v1/subscriptions"): _Route(frozenset({"email", "phone"}), 150, get_subscriptions),
    ("POST", "/v1/subscriptions"): _Route(_NONE, 10, subscribe),
    ("POST", "/v1/subscriptions/unsubscribe"): _Route(_NONE, 5, unsubscribe),
    ("POST", "/v1/events/ecommerce/purchase"): _Route(_NONE, 150, add_purchase_event),
}


async def answer(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
    """Answer one request as Attentive would."""
    try:
        route = _find(request)
        left = await count(world, f"{request.method}{request.url.path}", route.limit)
        status, body = await route.endpoint(request, world)
    except AttentiveFault as fault:
        return httpx.Response(fault.status, json=fault.body, headers=fault.headers, request=request)
    headers = {"x-ratelimit-limit": str(route.limit), "x-ratelimit-remaining": str(left)}
    if body is None:
        return httpx.Response(status, headers=headers, request=request)
    return httpx.Response(status, json=body, headers=headers, request=request)


def _find(request: httpx.Request) -> _Route:
    route = _ROUTES.get((request.method, request.url.path))
    if route is None:
        raise AttentiveFault(404, "The specified resource was not found")
    if not _BEARER.fullmatch(request.headers.get("Authorization", "")):
        raise AttentiveFault(401, "Unauthorized")
    for name in request.url.params:
        if name not in route.parameters:
            raise invalid(f"Unknown parameter {name}")
    media = request.headers.get("Content-Type", "").partition(";")[0]
    if request.method == "POST" and media != "application/json":
        raise AttentiveFault(415, "Unsupported Media Type")
    return route
