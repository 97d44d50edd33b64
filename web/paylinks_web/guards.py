"""The proof a caller gives: a checkout token, an API key, a session; in development, being on this machine.

Every route declares its class of access and, for people and keys, the permission it needs: ``access`` and
``permission`` among the options of its handler.
"""

from typing import Any, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from msgspec.structs import replace

from paylinks_core.access import Access, read_token
from paylinks_core.api_keys import check_scope, note_use
from paylinks_core.audit import Actor
from paylinks_core.errors import Forbidden, NotKnown, ReauthenticationRequired, SignInRequired
from paylinks_core.inbox import Verified
from paylinks_core.parts import Parts
from paylinks_core.permissions import SENSITIVE, Permission, allows
from paylinks_core.salespeople import find_seller
from paylinks_core.sessions import Caller, find_caller
from paylinks_core.tenants import brand_by_api_key, default_brand
from paylinks_core.throttles import Origin
from paylinks_ports.records.audit import ActorKind
from paylinks_ports.records.salespeople import Salesperson
from paylinks_ports.records.tenants import Brand

from .addresses import client_address, is_local, own_page, same_site
from .brand_hosts import BrandHosts
from .config import Config
from .cookies import Cookies
from .errors import HttpRefusal
from .limits import Limits

__all__ = ["Guards", "actor_of", "anyone", "counted", "signed_in", "visitor"]

_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_HOUR = 3_600_000
_SALESPERSON = "/api/salesperson/"


class Guards:
    """Finds out who calls, and has the call counted for them."""

    def __init__(self, parts: Parts, config: Config, limits: Limits) -> None:
        self._parts = parts
        self._config = config
        self._limits = limits
        self.cookies = Cookies(config)
        self._hosts = BrandHosts(parts, config)

    async def token(self, request: Request[Any, Any, Any], token: str) -> Access:
        """Let in who shows a checkout token.

        Raises:
            InvalidToken, ExpiredToken, InvalidClaims: it is none.
            HttpRefusal: the page that calls is not one of the brand's.
            RateLimited: too often.

        """
        access = await read_token(self._parts, token)
        await self.admit(request, access)
        return access

    async def admit(self, request: Request[Any, Any, Any], access: Access) -> None:
        """Count a call for its token's order, and check the page it comes from.

        Raises:
            HttpRefusal, RateLimited: as for `token`.

        """
        await self._check_page(request, access.brand)
        await self._limits.proven(request, f"order:{access.brand.id}:{access.claims.order_id}")

    async def server(self, request: Request[Any, Any, Any]) -> Brand:
        """Let in a brand's own server by its API key, an admin by a session, or in development this machine.

        Raises:
            InvalidApiKey, HttpRefusal: it is none.
            Forbidden: the key or the person may not do this.
            RateLimited: too often.

        """
        permission: Permission | None = request.route_handler.opt.get("permission")
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme:
            if scheme.lower() != "bearer" or not key:
                raise HttpRefusal(401, "unauthorized", "Unauthorized", details="Authorization: is not Bearer sk_…")
            brand, record = await brand_by_api_key(self._parts, key.strip())
            request.scope["state"]["actor"] = _actor(brand, record.id, "api_key", self.address(request))
            await self._limits.proven(request, f"key:{record.id}")
            check_scope(record, permission)
            await note_use(self._parts, record)
            return brand
        if self.cookies.read(request, "session") and (caller := await self._caller(request)) is not None:
            self._permit(caller, permission)
            brand = await self.brand(caller)
            request.scope["state"]["actor"] = replace(caller.actor, brand_id=brand.id)
            return brand
        if self._config.development and is_local(request.scope) and self._from_here(request):
            brand = await default_brand(self._parts)
            request.scope["state"]["actor"] = _actor(brand, "local", "operator", self.address(request))
            await self._limits.proven(request, f"local:{brand.id}")
            return brand
        raise HttpRefusal(401, "unauthorized", "Unauthorized", details="Authorization: Bearer sk_… is required")

    async def capability(self, request: Request[Any, Any, Any], session_id: str) -> str:
        """Let in who knows the id of an upsell session, from our own pages and the brand's.

        Raises:
            NotKnown: there is no such session.
            HttpRefusal: the page that calls is not one of the brand's.
            RateLimited: too often.

        """
        async with self._parts.units.reading() as rows:
            session = await rows.upsell_sessions.get(session_id)
            brand = await rows.brands.get(session.brand_id) if session else None
        if session is None or brand is None:
            raise NotKnown("sessionId: there is no such session")
        await self._check_page(request, brand)
        await self._limits.proven(request, f"upsell:{session.id}")
        return session.id

    async def _check_page(self, request: Request[Any, Any, Any], brand: Brand) -> None:
        self._hosts.check_brand(request.scope, brand.id)
        if own_page(request.headers, self._config.base_url):
            return
        origin = request.headers.get("origin", "")
        if origin not in brand.allowed_origins and await self._hosts.owner_of_origin(origin) != brand.id:
            raise HttpRefusal(403, "origin_not_allowed", "This page may not call for this brand")
        request.scope["state"]["cors_origin"] = origin

    async def webhook(self, request: Request[Any, Any, Any], verified: Verified) -> None:
        """Count a proven webhook.

        Raises:
            RateLimited: its provider has called too often for its brand.

        """
        await self._limits.webhook(request, verified.brand.id, verified.provider)

    async def anyone(self, request: Request[Any, Any, Any]) -> None:
        """Count a call of a route that asks for no proof, before anything is done; its key is its address's.

        Raises:
            RateLimited: the address has called too often.
            Replayed: it was answered before.
            HttpRefusal: its key was used for another call, or the first call is still running.

        """
        await self.counted(request)
        await self._limits.claim_by_address(request, self.address(request))

    async def counted(self, request: Request[Any, Any, Any]) -> None:
        """Count a call that proves nothing for its address.

        Raises:
            RateLimited: the address has called too often.

        """
        await self._limits.unproven(request.scope, self.address(request))

    async def session(self, request: Request[Any, Any, Any], permission: Permission | None = None) -> Caller:
        """Let in who is signed in and has a permission: the named one, else the one that the route declares.

        Raises:
            SignInRequired: nobody is signed in.
            Forbidden: the role has not the permission.
            ReauthenticationRequired: the sign-in is too old for it.
            HttpRefusal: the page that calls is not ours.
            RateLimited: too often.

        """
        needed: Permission = permission or request.route_handler.opt["permission"]
        known: Caller | None = request.scope["state"].get("caller")
        caller = known or await self._caller(request)
        if caller is None:
            raise SignInRequired
        self._permit(caller, needed)
        request.scope["state"]["caller"] = caller
        return caller

    async def admin(self, request: Request[Any, Any, Any]) -> Brand:
        """Let in who is signed in, and give the brand that they look at.

        Raises:
            SignInRequired, Forbidden, ReauthenticationRequired, NotKnown, HttpRefusal, RateLimited: as for `session`
                and `brand`.

        """
        caller = await self.session(request)
        brand = await self.brand(caller)
        request.scope["state"]["actor"] = replace(caller.actor, brand_id=brand.id)
        return brand

    async def brand(self, caller: Caller) -> Brand:
        """Give the brand that a caller looks at.

        Raises:
            NotKnown: there is none that the person may see.

        """
        async with self._parts.units.reading() as rows:
            brand = await rows.brands.get(caller.brand_id or "")
        if brand is None:
            raise NotKnown("brandId: there is no brand that you see")
        return brand

    async def seller(self, request: Request[Any, Any, Any]) -> tuple[Salesperson, Brand]:
        """Let in a salesperson.

        Raises:
            SignInRequired: nobody is signed in.
            HttpRefusal, RateLimited: as for `session`.

        """
        known: tuple[Salesperson, Brand] | None = request.scope["state"].get("seller")
        if known is not None:
            return known
        found = await find_seller(self._parts, self.cookies.read(request, "salesperson"))
        if found is None:
            raise SignInRequired
        request.scope["state"]["seller"] = found
        self.own_page_only(request)
        await self._limits.proven(request, f"salesperson:{found[0].id}")
        return found

    async def visitor(self, request: Request[Any, Any, Any]) -> Caller | None:
        """Say who is signed in, if anyone is."""
        known: Caller | None = request.scope["state"].get("caller")
        if known is None:
            known = request.scope["state"]["caller"] = await self._caller(request)
        return known

    async def selling_visitor(self, request: Request[Any, Any, Any]) -> Salesperson | None:
        """Say which salesperson is signed in, if one is."""
        try:
            return (await self.seller(request))[0]
        except SignInRequired:
            return None

    def origin(self, request: Request[Any, Any, Any]) -> Origin:
        """Say where somebody who signs in comes from.

        Raises:
            HttpRefusal: from a page that is not ours.

        """
        self.own_page_only(request)
        return Origin(address=self.address(request), mark=self.cookies.read(request, "known"))

    def address(self, request: Request[Any, Any, Any]) -> str:
        """Tell the client's address."""
        return client_address(request.scope, self._config.trusted_proxies)

    def own_page_only(self, request: Request[Any, Any, Any]) -> None:
        """Refuse a write that a foreign page makes with its visitor's cookies.

        Raises:
            HttpRefusal: it is one.

        """
        if request.method in _READS:
            return
        headers = request.headers
        foreign = "origin" not in headers and headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        if foreign or not own_page(headers, self._config.base_url):
            raise HttpRefusal(403, "origin_not_allowed", "This page may not call the API")

    async def _caller(self, request: Request[Any, Any, Any]) -> Caller | None:
        secret = self.cookies.read(request, "session")
        caller = await find_caller(self._parts, secret, self.address(request))
        if caller is not None:
            self.own_page_only(request)
            place = f"{caller.organization_id}:{caller.brand_id}"
            await self._limits.proven(request, f"user:{caller.user.id}", place)
        return caller

    def _permit(self, caller: Caller, permission: Permission | None) -> None:
        if permission is None or not allows(caller.role, permission):
            raise Forbidden(f"the role {caller.role} has not the permission {permission}")
        if permission in SENSITIVE and self._parts.clock.now() - caller.session.proved_at > _HOUR:
            raise ReauthenticationRequired

    def _from_here(self, request: Request[Any, Any, Any]) -> bool:
        return same_site(request.headers.get("origin"), self._config.base_url)


def actor_of(request: Request[Any, Any, Any]) -> Actor:
    """Say who calls, for the audit log; a guard has found out."""
    actor: Actor = request.scope["state"]["actor"]
    return actor


def _actor(brand: Brand, name: str, kind: ActorKind, address: str) -> Actor:
    return Actor(organization_id=brand.organization_id, brand_id=brand.id, id=name, kind=kind, ip=address)


async def signed_in(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let in who may, before anything of the body is decoded."""
    del handler
    # Of an HTTP route it is the request itself; one made anew could not read the body, which an idempotency key needs.
    request = cast("Request[Any, Any, Any]", connection)
    guards: Guards = connection.app.state.guards
    await (guards.seller(request) if request.route_handler.opt["access"] == "salesperson" else guards.session(request))


async def anyone(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let in whoever calls a route that asks for no proof, with an idempotency key that is its address's."""
    del handler
    guards: Guards = connection.app.state.guards
    await guards.anyone(cast("Request[Any, Any, Any]", connection))


async def counted(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let in whoever calls what asks for no proof and keeps no answer, as the forms of pages for signing in."""
    del handler
    guards: Guards = connection.app.state.guards
    await guards.counted(cast("Request[Any, Any, Any]", connection))


async def visitor(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let in whoever asks who they are, or signs out: who is signed in is counted for themselves."""
    del handler
    request = cast("Request[Any, Any, Any]", connection)
    guards: Guards = connection.app.state.guards
    selling = request.scope["path"].startswith(_SALESPERSON)
    if await (guards.selling_visitor(request) if selling else guards.visitor(request)) is None:
        await guards.counted(request)
