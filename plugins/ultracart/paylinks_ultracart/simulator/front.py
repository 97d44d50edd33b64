"""From an HTTP request to an HTTP response: who calls, and what for."""

import re
import secrets
from collections.abc import Awaitable, Callable

import httpx
import msgspec

from paylinks_ports import SimulatedWorld

from ..credentials import DEMO_CREDENTIALS
from . import endpoints
from .endpoints import Call
from .faults import UltraCartFault
from .throttle import SMALL, throttle

__all__ = ["answer"]

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_VERSION = "2017-03-01"
_PREFIX = "/rest/v2"
_KEY = re.compile(r"[A-Za-z0-9\-]{8,}")
_Endpoint = Callable[[Call], Awaitable[dict[str, object]]]
_ROUTES: tuple[tuple[str, str, _Endpoint, frozenset[str]], ...] = (
    ("GET", r"/checkout/cart", endpoints.get_cart, frozenset({"_expand"})),
    ("GET", r"/checkout/cart/([0-9A-Z]+)", endpoints.get_cart, frozenset({"_expand"})),
    ("PUT", r"/checkout/cart", endpoints.put_cart, frozenset({"_expand"})),
    ("POST", r"/checkout/cart/finalizeOrder", endpoints.finalize, frozenset()),
    ("POST", r"/channel_partner/import", endpoints.import_order, frozenset()),
    ("POST", r"/order/orders/query", endpoints.query, frozenset({"_expand", "_limit"})),
    ("GET", r"/order/orders/([A-Za-z0-9\-]+)", endpoints.get_order, frozenset({"_expand"})),
    ("POST", r"/order/orders/([A-Za-z0-9\-]+)/cancel", endpoints.cancel, frozenset()),
    ("PUT", r"/order/orders/([A-Za-z0-9\-]+)/refund", endpoints.refund, frozenset({"_expand"})),
)

_running: set[int] = set()
"""The accounts that a call runs for: UltraCart refuses a second one meanwhile (rate_limiting.html)."""


async def answer(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
    """Answer one request as UltraCart would.

    Raises:
        httpx.ConnectError, httpx.ReadTimeout: a demo word asks for it.

    """
    headers = {"X-UltraCart-Request-Id": secrets.token_hex(8), "Content-Type": "application/json"}
    try:
        status, body = 200, await _alone(request, world)
    except UltraCartFault as fault:
        status, body = fault.status, fault.body
        headers["UC-REST-ERROR"] = str(fault)
    return httpx.Response(status, content=_ENCODER.encode(body), headers=headers, request=request)


async def _alone(request: httpx.Request, world: SimulatedWorld) -> dict[str, object]:
    account = id(world.store)
    if account in _running:
        raise UltraCartFault(429, "Concurrent calls are not allowed", code="TOO_MANY_REQUESTS")
    _running.add(account)
    try:
        return await _answer(request, world)
    finally:
        _running.discard(account)


async def _answer(request: httpx.Request, world: SimulatedWorld) -> dict[str, object]:
    await request.aread()
    if request.headers.get("X-UltraCart-Api-Version") != _VERSION:
        raise UltraCartFault(400, "The header X-UltraCart-Api-Version is missing or unknown")
    key = request.headers.get("x-ultracart-simple-key", "")
    if not _KEY.fullmatch(key) or key.startswith("wrong"):
        raise UltraCartFault(401, "The simple key is not valid", code="UNAUTHORIZED")
    if key.startswith(SMALL):
        await throttle(world)
    path = request.url.path.removeprefix(_PREFIX) if request.url.path.startswith(_PREFIX) else ""
    for method, pattern, endpoint, parameters in _ROUTES:
        match = re.fullmatch(pattern, path)
        if match is None or method != request.method:
            continue
        if unknown := sorted(set(request.url.params) - parameters):
            raise UltraCartFault(400, f"Unknown parameter {unknown[0]}")
        call = Call(
            world=world,
            request=request,
            merchant_id=DEMO_CREDENTIALS.merchant_id,
            name=match[1] if match.groups() else "",
            expand=request.url.params.get("_expand", ""),
        )
        return await endpoint(call)
    raise UltraCartFault(404, f"Nothing is at {request.method} {request.url.path}", code="NOT_FOUND")
