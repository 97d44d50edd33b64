"""From an HTTP request to an HTTP response: who calls, which method, with which parameters."""

import base64
import binascii
from typing import Any

import httpx
import msgspec

from paylinks_ports import SimulatedWorld

from ..settings import DEMO
from .call import Call
from .faults import StickyFault
from .methods import METHODS
from .strict import check

__all__ = ["answer"]

_PATH = "/api/v1/"


async def answer(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
    """Answer one request as Sticky.io would.

    Raises:
        httpx.ConnectError, httpx.ReadTimeout: a demo word asks for it.

    """
    if request.method != "POST" or not request.url.path.startswith(_PATH):
        return httpx.Response(404, html="<h1>Not Found</h1>", request=request)
    caller = _caller(request.headers.get("Authorization", ""))
    if caller is None:
        body = {"response_code": "200", "error_found": "1", "error_message": "Invalid login credentials"}
        return httpx.Response(401, json=body, request=request)
    try:
        body = await _answer(request, world, demo=caller == DEMO.username)
    except StickyFault as fault:
        body = fault.body
    return httpx.Response(200, json=body, request=request)


async def _answer(request: httpx.Request, world: SimulatedWorld, *, demo: bool) -> dict[str, Any]:
    method = METHODS.get(request.url.path.removeprefix(_PATH))
    if method is None:
        raise StickyFault("700", "Invalid method supplied")
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        raise StickyFault("700", "The body must be application/json")
    try:
        given = msgspec.json.decode(await request.aread() or b"{}", type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise StickyFault("700", "The body is no JSON object") from error
    check(given, method, demo=demo)
    return await method.endpoint(Call(world=world, request=request, given=given, demo=demo))


def _caller(authorization: str) -> str | None:
    """Read HTTP Basic; any API user is good, but the demo's own has one password."""
    scheme, _, value = authorization.partition(" ")
    try:
        name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    if scheme.lower() != "basic" or not name or not password:
        return None
    return name if (name == DEMO.username) <= (password == DEMO.password) else None
