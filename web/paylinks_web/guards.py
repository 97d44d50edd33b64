"""The proof a caller gives: a checkout token, or a brand's API key; in development, being on this machine."""

from typing import Any

from litestar import Request

from paylinks_core.access import Access, read_token
from paylinks_core.errors import NotKnown
from paylinks_core.parts import Parts
from paylinks_core.tenants import brand_by_api_key, default_brand
from paylinks_ports.records.tenants import Brand

from .addresses import client_address, is_local, own_page, same_site
from .brand_hosts import BrandHosts
from .config import Config
from .errors import HttpRefusal
from .limits import Limits

__all__ = ["Guards"]


class Guards:
    """Finds out who calls, and has the call counted for them."""

    def __init__(self, parts: Parts, config: Config, limits: Limits) -> None:
        self._parts = parts
        self._config = config
        self._limits = limits
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
        """Let in a brand's own server: by its API key, or in development by calling from this machine.

        Raises:
            InvalidApiKey, HttpRefusal: it is none.
            RateLimited: too often.

        """
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme:
            if scheme.lower() != "bearer" or not key:
                raise HttpRefusal(401, "unauthorized", "Unauthorized", details="Authorization: is not Bearer sk_…")
            brand, record = await brand_by_api_key(self._parts, key.strip())
            await self._limits.proven(request, f"key:{record.id}")
            return brand
        if self._config.development and is_local(request.scope) and self._from_here(request):
            brand = await default_brand(self._parts)
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

    def address(self, request: Request[Any, Any, Any]) -> str | None:
        """Tell the address of the customer who calls; None where it can't be told."""
        address = client_address(request.scope, self._config.trusted_proxies)
        return address if address != "unknown" else None

    async def _check_page(self, request: Request[Any, Any, Any], brand: Brand) -> None:
        self._hosts.check_brand(request.scope, brand.id)
        if own_page(request.headers, self._config.base_url):
            return
        origin = request.headers.get("origin", "")
        if origin not in brand.allowed_origins and await self._hosts.owner_of_origin(origin) != brand.id:
            raise HttpRefusal(403, "origin_not_allowed", "This page may not call for this brand")
        request.scope["state"]["cors_origin"] = origin

    def _from_here(self, request: Request[Any, Any, Any]) -> bool:
        return same_site(request.headers.get("origin"), self._config.base_url)
