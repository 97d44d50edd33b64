"""Parameters and headers: the published ones of every list, the filters of some, and what every call takes and says."""

from collections.abc import Mapping
from typing import Any, Final, get_args

from paylinks_ports.records.checkouts import CheckoutState
from paylinks_ports.records.inbox import IncomingState

from ..routes.paging import DEFAULT_LIMIT, LONGEST_SEARCH, MOST_ROWS
from .operations import Operation

__all__ = ["ANSWER_HEADERS", "COMPONENTS", "HEADERS", "parameters_of"]

Parameter = dict[str, Any]


def _query(name: str, text: str, example: object, **schema: Any) -> Parameter:  # noqa: ANN401 - JSON Schema
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema, "example": example}


def _choice(name: str, text: str, choices: tuple[str, ...]) -> Parameter:
    return _query(name, text, choices[0], type="string", enum=list(choices))


_LISTS = (
    _query("page", "Which page, from 1", 1, type="integer", minimum=1, maximum=1_000_000, default=1),
    _query("limit", "Rows on a page", 50, type="integer", minimum=1, maximum=MOST_ROWS, default=DEFAULT_LIMIT),
    _query("pageSize", "Another name of `limit`, which counts first", 50, type="integer", minimum=1, maximum=MOST_ROWS),
    _query("search", "Only rows with this text", "", type="string", maxLength=LONGEST_SEARCH),
    _query("startDate", "Not made before, Unix milliseconds", 0, type="integer", minimum=0, maximum=2**53),
    _query("endDate", "Not made after, Unix milliseconds", 1_893_456_000_000, type="integer", minimum=0, maximum=2**53),
)
COMPONENTS: Final[Mapping[str, Parameter]] = {one["name"]: one for one in _LISTS} | {
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "The same key and body from the same caller answer the same again within 24 hours, "
        "with `Idempotent-Replayed: true`.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        "example": "2f1e8a54-order-1001",
    },
    "X-Request-Id": {
        "name": "X-Request-Id",
        "in": "header",
        "required": False,
        "description": "Kept for the answer and the log; one is made where it is left out.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_.-]{1,128}$"},
        "example": "my-request-1",
    },
}
"""Parameters that many calls share."""

_FILTERS: Final[Mapping[tuple[str, str], tuple[Parameter, ...]]] = {
    ("get", "/api/admin/orders"): (
        _choice("status", "Only orders this far", get_args(CheckoutState)),
        _query("provider", "Only orders of this provider", "stripe", type="string", maxLength=64),
        _choice("needsAttention", "Only orders that a person must look at", ("true", "false")),
    ),
    ("get", "/api/admin/inbox"): (_choice("status", "Only events this far", get_args(IncomingState)),),
    ("get", "/domains/allowed"): (_query("domain", "Which host", "pay.example.com", type="string"),),
    ("get", "/api/auth/magic-link/verify"): (_query("token", "What was mailed", "mailed-token", type="string"),),
}
_BRAND = _query("brand", "Whose event; without it the default brand's", "brand_default", type="string")
_RETURN = (
    _query("code", "What the sign-in provider gave", "code-of-the-provider", type="string"),
    _query("state", "What it was given", "state-of-ours", type="string"),
)

_PATHS: Final[Mapping[str, tuple[str, str]]] = {
    "sessionId": ("An upsell session", "ups_01jexample"),
    "orderId": ("An order of the brand", "order-1001"),
    "webhookId": ("A webhook endpoint", "whk_01jexample"),
    "deliveryId": ("A delivery to a webhook endpoint", "dlv_01jexample"),
    "userId": ("A person of the organization", "user_01jexample"),
    "brandId": ("A brand of the organization", "brand_default"),
    "keyId": ("An API key of the brand", "key_01jexample"),
    "domain": ("A domain of the brand", "pay.example.com"),
    "salespersonId": ("A salesperson", "sp_01jexample"),
}

HEADERS: Final[Mapping[str, Parameter]] = {
    "X-Request-Id": {
        "description": "Names the request in the log",
        "required": True,
        "schema": {"type": "string"},
        "example": "req_01jexample",
    },
    "X-RateLimit-Limit": {
        "description": "How many calls a minute has for this caller; left out where limits are off",
        "schema": {"type": "integer", "minimum": 1},
        "example": 100,
    },
    "X-RateLimit-Remaining": {
        "description": "How many of them are left",
        "schema": {"type": "integer", "minimum": 0},
        "example": 95,
    },
    "X-RateLimit-Reset": {
        "description": "When the minute is over, Unix seconds",
        "schema": {"type": "integer"},
        "example": 1_795_600_000,
    },
    "Retry-After": {
        "description": "In how many seconds to try again",
        "schema": {"type": "integer", "minimum": 1},
        "example": 30,
    },
    "Idempotent-Replayed": {
        "description": "`true`: the answer was given before under this `Idempotency-Key`",
        "schema": {"type": "string", "const": "true"},
        "example": "true",
    },
    "Location": {
        "description": "Where the browser goes on",
        "required": True,
        "schema": {"type": "string"},
        "example": "/admin",
    },
}
ANSWER_HEADERS = ("X-Request-Id", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


def parameters_of(operation: Operation) -> list[Parameter]:
    """List the parameters of a call."""
    listed = [_path(name) for name in operation.parameters]
    listed += _FILTERS.get((operation.method, operation.path), ())
    if operation.access == "signature":
        listed.append(_BRAND)
    if operation.path.endswith("/callback"):
        listed += _RETURN
    shared = [one["name"] for one in _LISTS] if operation.is_list else []
    if operation.takes_key:
        shared.append("Idempotency-Key")
    shared.append("X-Request-Id")
    return listed + [{"$ref": f"#/components/parameters/{name}"} for name in shared]


def _path(name: str) -> Parameter:
    text, example = _PATHS.get(name, (f"The {name} of the thing", f"{name}-1"))
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": text,
        "schema": {"type": "string", "minLength": 1},
        "example": example,
    }
