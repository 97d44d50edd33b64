"""From an HTTP request to an HTTP response: who calls, and what for."""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import unquote

import httpx
from msgspec import Struct

from paylinks_ports import SimulatedWorld

from .endpoints import (
    Answer,
    Call,
    add_order,
    create_list,
    do_not_mail,
    find_contact,
    find_do_not_mail,
    find_order,
    get_lists,
    subscribe,
    unsubscribe_all,
    upsert,
)
from .faults import MaropostFault

__all__ = ["answer"]

_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,}")


class _Route(Struct, frozen=True):
    """One operation: its method, path and parameters, and who answers."""

    method: str
    path: str
    parameters: frozenset[str]
    endpoint: Callable[[Call], Awaitable[Answer]]


_EMAIL = frozenset({"contact[email]"})
_ROUTES = (
    _Route("GET", r"/lists", frozenset({"page", "no_counts"}), get_lists),
    _Route("POST", r"/lists", frozenset(), create_list),
    _Route("POST", r"/lists/(\d+)/contacts", frozenset(), subscribe),
    _Route("POST", r"/contacts", frozenset({"list_ids"}), upsert),
    _Route("GET", r"/contacts/email", _EMAIL, find_contact),
    _Route("PUT", r"/contacts/unsubscribe_all", _EMAIL, unsubscribe_all),
    _Route("POST", r"/global_unsubscribes", frozenset(), do_not_mail),
    _Route("GET", r"/global_unsubscribes/email", _EMAIL, find_do_not_mail),
    _Route("POST", r"/orders", frozenset({"unique"}), add_order),
    _Route("GET", r"/orders/([^/]+)", frozenset(), find_order),
)


async def answer(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
    """Answer one request as Maropost would."""
    try:
        route, name = _find(request)
        _check(request, route)
        call = Call(world=world, query=request.url.params, content=request.content, name=name)
        status, body = await route.endpoint(call)
    except MaropostFault as fault:
        status, body = fault.status, fault.body
    return httpx.Response(status, json=body, request=request)


def _find(request: httpx.Request) -> tuple[_Route, str]:
    # Undecoded, for an id may hold a slash.
    path = request.url.raw_path.partition(b"?")[0].decode()
    found = re.fullmatch(r"/accounts/\d+(/.+)\.json", path)
    if found is None:
        raise MaropostFault(404, {"error": "Not found"})
    fits = [(route, match) for route in _ROUTES if (match := re.fullmatch(route.path, found[1]))]
    if not fits:
        raise MaropostFault(404, {"error": "Not found"})
    for route, match in fits:
        if route.method == request.method:
            return route, unquote(next(iter(match.groups()), ""))
    raise MaropostFault(405, {"error": "Method not allowed"})


def _check(request: httpx.Request, route: _Route) -> None:
    # In the address even of a POST; a token in a header or in the body is none.
    if not _TOKEN.fullmatch(request.url.params.get("auth_token", "")):
        raise MaropostFault(401, {"error": "Unauthorized"})
    for name in request.url.params:
        if name not in route.parameters and name != "auth_token":
            raise MaropostFault(400, {"error": f"Unknown parameter {name}"})
    media = request.headers.get("Content-Type", "").partition(";")[0]
    if request.method == "POST" and media != "application/json":
        raise MaropostFault(400, {"error": "The content is not what the suffix says"})
