"""From an HTTP request to an HTTP response: who calls, and with which of the documents that the simulator knows.

A document is known by its text, for there is no GraphQL engine here; anyone else's is refused as a syntax error is.
"""

import secrets
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import httpx
import msgspec
from msgspec import Struct, field

from paylinks_ports import SimulatedWorld

from .. import documents
from . import fields, shapes
from .faults import HttpFault, QueryFault
from .throttle import SMALL, throttle

__all__ = ["answer"]

_PATH = f"/admin/api/{documents.VERSION}/graphql.json"
_GRANT = "/admin/oauth/access_token"
_DAY_SECONDS = 86_399
_GRANTED = "granted_"


class _Known(NamedTuple):
    variables: type[Struct]
    resolve: Callable[[SimulatedWorld, Any], Awaitable[dict[str, object]]]  # Any: each takes its own variables


_DOCUMENTS: dict[str, _Known] = {
    documents.CREATE.text: _Known(shapes.CreateVariables, fields.create),
    documents.READ.text: _Known(shapes.IdVariables, fields.read),
    documents.SEARCH.text: _Known(shapes.SearchVariables, fields.search),
    documents.DELETE.text: _Known(shapes.DeleteVariables, fields.delete),
    documents.REFUND.text: _Known(shapes.RefundVariables, fields.refund),
    documents.SHOP.text: _Known(shapes.NoVariables, fields.shop),
}


class _Asked(Struct, forbid_unknown_fields=True, rename="camel"):
    query: str
    variables: dict[str, object] = field(default_factory=dict)
    operation_name: str | None = None


async def answer(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
    """Answer one request as Shopify would."""
    headers = {"X-Request-Id": secrets.token_hex(16), "X-Shopify-API-Version": documents.VERSION}
    await request.aread()
    try:
        status, body = 200, await _answer(request, world)
    except HttpFault as fault:
        status, body = fault.status, fault.body
    except QueryFault as fault:
        status, body = 200, fault.body
    return httpx.Response(status, json=body, headers=headers, request=request)


async def _answer(request: httpx.Request, world: SimulatedWorld) -> dict[str, object]:
    if (request.method, request.url.path) == ("POST", _GRANT):
        return _grant(request, world)
    if (request.method, request.url.path) != ("POST", _PATH):
        raise HttpFault(404, "Not Found")
    token = request.headers.get("X-Shopify-Access-Token", "")
    if not (token.startswith("shpat_") or _is_granted(token, world)):
        raise HttpFault(401, "[API] Invalid API key or access token (unrecognized login or wrong password)")
    if _media_type(request) != "application/json":
        raise HttpFault(400, "Bad Request: the content type must be application/json")
    try:
        asked = msgspec.json.decode(request.content, type=_Asked)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise HttpFault(400, "Bad Request: the body is no GraphQL call") from error
    if token.startswith((f"shpat_{SMALL}", f"{_GRANTED}{SMALL}")):
        await throttle(world)
    known = _DOCUMENTS.get(asked.query)
    if known is None:
        raise QueryFault("The simulator knows the documents of its plugin only", "undefinedField")
    try:
        variables = msgspec.convert(asked.variables, known.variables)
    except msgspec.ValidationError as error:
        raise QueryFault(f"Variable is invalid: {error}", "INVALID_VARIABLE") from error
    return {"data": await known.resolve(world, variables)}


def _is_granted(token: str, world: SimulatedWorld) -> bool:
    """Say whether a token was granted here, and not longer ago than a day."""
    at = token.rpartition("_")[2]
    return token.startswith(_GRANTED) and at.isdigit() and world.now() < int(at) + _DAY_SECONDS * 1000


def _grant(request: httpx.Request, world: SimulatedWorld) -> dict[str, object]:
    if _media_type(request) != "application/x-www-form-urlencoded":
        raise HttpFault(400, "invalid_request")
    form = parse_qs(request.content.decode("utf-8", "replace"))
    known = set(form) == {"grant_type", "client_id", "client_secret"}
    if not known or form["grant_type"] != ["client_credentials"] or form["client_secret"][0].startswith("wrong"):
        raise HttpFault(400, "invalid_client")
    scope = "write_draft_orders,write_orders"
    small = SMALL if form["client_secret"][0].startswith(SMALL) else ""
    token = f"{_GRANTED}{small}{secrets.token_hex(16)}_{world.now()}"
    return {"access_token": token, "scope": scope, "expires_in": _DAY_SECONDS}


def _media_type(request: httpx.Request) -> str:
    media_type: str = request.headers.get("Content-Type", "").partition(";")[0]
    return media_type.strip().lower()
