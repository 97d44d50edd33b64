"""/api/admin/api-keys: the keys that a brand's own servers call with."""

from typing import Any, Literal

from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from paylinks_core import api_keys
from paylinks_core.identification import check_name
from paylinks_ports.records.tenants import ApiKey

from ...answers import Success
from ...guards import signed_in
from ...idempotency import SECRET_ANSWER
from ..desk import Desk
from ..paging import Pagination, part_of

__all__ = ["create", "index", "revoke"]


class ApiKeyView(Struct, frozen=True, kw_only=True, rename="camel"):
    """A key, without its secrets; without scopes it may do all that a key can."""

    id: str
    name: str
    prefix: str
    mode: Literal["live", "test"]
    scopes: tuple[str, ...]
    last_used_at: int | None
    created_at: int


class ApiKeysAnswer(Success, frozen=True, kw_only=True):
    """The keys of a brand."""

    data: tuple[ApiKeyView, ...]
    pagination: Pagination


class NewApiKeyView(ApiKeyView, frozen=True, kw_only=True, rename="camel"):
    """A new key; both secrets are shown this once."""

    key: str
    signing_secret: str


class NewApiKeyAnswer(Success, frozen=True, kw_only=True):
    """A new key."""

    data: NewApiKeyView


class ApiKeyBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the key is for."""

    name: str
    mode: Literal["live", "test"] = "live"
    scopes: tuple[str, ...] = ()


class RevokedApiKey(Struct, frozen=True, kw_only=True):
    """Which key is nobody's any more."""

    id: str


class RevokedApiKeyAnswer(Success, frozen=True, kw_only=True):
    """Which key is nobody's any more."""

    data: RevokedApiKey


def _shown(key: ApiKey) -> dict[str, Any]:
    names = ("id", "name", "prefix", "mode", "scopes", "last_used_at", "created_at")
    return {name: getattr(key, name) for name in names}


@get("/api/admin/api-keys", access="session", permission="api_keys.read", guards=[signed_in], tags=["API keys"])
async def index(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> ApiKeysAnswer:
    """List the keys of the brand that one looks at."""
    brand = await desk.guards.brand(await desk.guards.session(request))
    keys, pagination = part_of(request, await api_keys.list_keys(desk.parts, brand.id))
    return ApiKeysAnswer(data=tuple(ApiKeyView(**_shown(key)) for key in keys), pagination=pagination)


@post(
    "/api/admin/api-keys",
    access="session",
    permission="api_keys.write",
    guards=[signed_in],
    opt=SECRET_ANSWER,
    tags=["API keys"],
)
async def create(
    request: Request[Any, Any, Any], data: JSONBody[ApiKeyBody], desk: NamedDependency[Desk]
) -> NewApiKeyAnswer:
    """Make a key for the brand that one looks at."""
    caller = await desk.guards.session(request)
    brand = await desk.guards.brand(caller)
    name = check_name(data.name, "name")
    made = await api_keys.create_key(desk.parts, caller, brand.id, name=name, mode=data.mode, scopes=data.scopes)
    shown = NewApiKeyView(**_shown(made.record), key=made.key, signing_secret=made.signing_secret)
    return NewApiKeyAnswer(data=shown)


@delete(
    "/api/admin/api-keys/{key_id:str}",
    status_code=200,
    access="session",
    permission="api_keys.write",
    guards=[signed_in],
    tags=["API keys"],
)
async def revoke(
    request: Request[Any, Any, Any], key_id: FromPath[str], desk: NamedDependency[Desk]
) -> RevokedApiKeyAnswer:
    """Revoke a key, at once and in every process."""
    caller = await desk.guards.session(request)
    brand = await desk.guards.brand(caller)
    await api_keys.revoke_key(desk.parts, caller, brand.id, key_id)
    return RevokedApiKeyAnswer(data=RevokedApiKey(id=key_id))
