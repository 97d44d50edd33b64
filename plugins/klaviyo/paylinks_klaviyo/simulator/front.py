"""From an HTTP request to an HTTP response: who calls, in which revision, over which limit, and what for."""

import re
from collections.abc import Awaitable, Callable

import httpx
from msgspec import Struct

from paylinks_ports import SimulatedWorld

from .books import count
from .endpoints import (
    Answer,
    accounts,
    create_event,
    create_list,
    get_lists,
    import_profile,
    subscribe,
    unsubscribe,
)
from .faults import KlaviyoFault, invalid, unauthorized

__all__ = ["answer"]

_NOT_FOUND = 404
_WRONG_METHOD = 405
_UNSUPPORTED_MEDIA = 415
_MEDIA = frozenset({"application/vnd.api+json", "application/json"})
_MINUTE = 60_000


class _Route(Struct, frozen=True):
    """One operation: its parameters, its limit of calls a minute, and who answers."""

    parameters: frozenset[str]
    limit: int
    endpoint: Callable[[httpx.Request, SimulatedWorld], Awaitable[Answer]]


# The limits are the specification's steady ones.
_ROUTES = {
    ("GET", "/api/accounts"): _Route(frozenset({"fields[account]"}), 15, accounts),
    ("GET", "/api/lists"): _Route(frozenset({"fields[list]", "page[cursor]", "page[size]", "sort"}), 750, get_lists),
    ("POST", "/api/lists"): _Route(frozenset(), 150, create_list),
    ("POST", "/api/profile-import"): _Route(frozenset({"additional-fields[profile]"}), 750, import_profile),
    ("POST", "/api/events"): _Route(frozenset(), 3500, create_event),
    ("POST", "/api/profile-subscription-bulk-create-jobs"): _Route(frozenset(), 750, subscribe),
    ("POST", "/api/profile-subscription-bulk-delete-jobs"): _Route(frozenset(), 750, unsubscribe),
}


async def answer(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
    """Answer one request as Klaviyo would."""
    try:
        route = _find(request)
        _check(request, route)
        left = await count(world, f"{request.method}{request.url.path}", route.limit)
        status, body = await route.endpoint(request, world)
    except KlaviyoFault as fault:
        return httpx.Response(fault.status, json=fault.body, headers=fault.headers, request=request)
    headers = {
        "RateLimit-Limit": str(route.limit),
        "RateLimit-Remaining": str(left),
        "RateLimit-Reset": str((_MINUTE - world.now() % _MINUTE) // 1000),
    }
    if body is None:
        return httpx.Response(status, headers=headers, request=request)
    headers["Content-Type"] = "application/vnd.api+json"
    return httpx.Response(status, json=body, headers=headers, request=request)


def _find(request: httpx.Request) -> _Route:
    path = request.url.path.rstrip("/")
    route = _ROUTES.get((request.method, path))
    if route is None:
        known = any(other == path for _, other in _ROUTES)
        status = _WRONG_METHOD if known else _NOT_FOUND
        raise KlaviyoFault(
            status, "method_not_allowed" if known else "not_found", f"No operation {request.method} {path}."
        )
    return route


def _check(request: httpx.Request, route: _Route) -> None:
    authorization = request.headers.get("Authorization")
    if authorization is None:
        raise unauthorized("Missing or invalid authorization scheme. Please use Klaviyo-API-Key.")
    if not re.fullmatch(r"Klaviyo-API-Key pk_[A-Za-z0-9_]+", authorization):
        raise unauthorized("Incorrect authentication credentials.", "authentication_failed")
    revision = request.headers.get("revision")
    if not revision or not re.fullmatch(r"20\d\d-\d\d-\d\d(\.\w+)?", revision):
        raise KlaviyoFault(400, "missing_revision", "Missing revision header. Please provide a revision.")
    for name in request.url.params:
        if name not in route.parameters:
            raise invalid(f"'{name}' is not a valid query parameter.", None)
    if request.method == "POST" and request.headers.get("Content-Type", "").partition(";")[0] not in _MEDIA:
        raise KlaviyoFault(_UNSUPPORTED_MEDIA, "unsupported_media_type", "Unsupported media type in request.")
