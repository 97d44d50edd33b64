"""Requests under a brand's own domain: they reach that brand's hosted pages and what these call, and nothing else."""

from contextlib import suppress
from urllib.parse import urlsplit

from litestar.datastructures import Headers
from litestar.types import HTTPScope, Scope

from paylinks_core.access import read_token
from paylinks_core.domains import owner_of
from paylinks_core.errors import InvalidClaims, NotKnown, RawCardRefused
from paylinks_core.hosts import host_of_header
from paylinks_core.parts import Parts
from paylinks_ports.errors import ExpiredToken, InvalidToken

from .config import Config

__all__ = ["BrandHosts"]

_OPEN = ("/health",)  # asked by machines, under whatever name
_PAGES = ("/c/", "/checkout/", "/upsell/", "/static/", "/theme/", "/success")
_CALLS = ("/api/checkout/", "/api/upsell/accept", "/api/upsell/decline", "/api/upsell/session/")


class BrandHosts:
    """Says whose domain a request comes to, and refuses what that brand does not serve."""

    def __init__(self, parts: Parts, config: Config) -> None:
        self._parts = parts
        self._config = config
        self._own = urlsplit(config.base_url).hostname

    async def admit(self, scope: HTTPScope, headers: Headers) -> None:
        """Let a request in under the name it came to.

        Raises:
            NotKnown: that name is a brand's domain, and the brand has nothing there.

        """
        host, path = host_of_header(headers.get("host", "")), scope["path"]
        if host == self._own or "." not in host or host.replace(".", "").isdigit() or path.startswith(_OPEN):
            return
        brand_id = await owner_of(self._parts, host)
        if brand_id is None:
            return
        scope["state"]["domain_brand"] = brand_id
        if not path.startswith((*_PAGES, *_CALLS)):
            raise NotKnown("there is nothing here")
        owner = await self._brand_of_page(path)
        if owner is not None:
            self.check_brand(scope, owner)

    def check_brand(self, scope: Scope, brand_id: str) -> None:
        """Refuse one brand's affairs under another one's domain.

        Raises:
            NotKnown: so it is.

        """
        if scope["state"].get("domain_brand") not in (None, brand_id):
            raise NotKnown("there is nothing here")

    async def owner_of_origin(self, origin: str) -> str | None:
        """Say which brand's own domain a page comes from."""
        parts = urlsplit(origin)
        secure = parts.scheme == "https" or (self._config.development and parts.scheme == "http")
        return await owner_of(self._parts, parts.hostname) if secure and parts.hostname else None

    async def _brand_of_page(self, path: str) -> str | None:
        """Say whose page it is; None: nobody's, or one that is the same for all."""
        kind, _, rest = path.removeprefix("/").partition("/")
        word = rest.partition("/")[0]
        async with self._parts.units.reading() as rows:
            if kind == "c":
                checkout = await rows.checkouts.by_code(word)
                return checkout.brand_id if checkout else None
            if kind == "upsell":
                session = await rows.upsell_sessions.get(word)
                return session.brand_id if session else None
        if kind == "checkout":
            with suppress(InvalidToken, ExpiredToken, InvalidClaims, RawCardRefused):
                return (await read_token(self._parts, word)).brand.id
        return None
