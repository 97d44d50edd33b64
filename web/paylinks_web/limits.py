"""Rate limits of API calls: who a call is counted for, and what its answer says of the count.

A caller that is proven is counted here, so this is also where its `Idempotency-Key` is claimed: whoever writes a guard
need not think of it.
"""

from typing import Any

from litestar import Request
from litestar.types import Scope

from paylinks_adapters.rate_limits import RateLimiter, Verdict
from paylinks_ports.services import Clock

from .config import Config
from .errors import RateLimited
from .idempotency import IdempotencyKeys

__all__ = ["Limits"]

_CEILING = 50  # how many times the authenticated limit one address may call, to protect the parser


class Limits:
    """Counts a call once: for the caller when that one is proven, else for its address when it is answered."""

    def __init__(self, config: Config, limiter: RateLimiter, clock: Clock, keys: IdempotencyKeys) -> None:
        self._authenticated = config.rate_limit_authenticated
        self._unauthenticated = config.rate_limit_unauthenticated
        self._webhook = config.rate_limit_webhook
        self._limiter = limiter
        self._clock = clock
        self._keys = keys

    async def address_ceiling(self, scope: Scope, address: str) -> None:
        """Count every request of an address before anything of it is read.

        Raises:
            RateLimited: far too many.

        """
        if self._authenticated and self._unauthenticated:
            await self._count(scope, f"ceiling:{address}", self._authenticated * _CEILING)

    async def proven(self, request: Request[Any, Any, Any], caller: str, place: str = "") -> None:
        """Count a call for a caller that has proven who it is, and claim its idempotency key.

        Args:
            place: what the caller acts on where that is not the caller's own: the same key is another one elsewhere.

        Raises:
            RateLimited: its minute is used up.
            Replayed: it was answered before.
            HttpRefusal: its key was used for another call, or the first call is still running.

        """
        request.scope["state"]["counted"] = True
        if self._authenticated:
            await self._count(request.scope, f"caller:{caller}", self._authenticated)
        else:
            request.scope["state"]["verdict"] = None
        await self._keys.claim(request, f"{caller}:{place}" if place else caller)

    async def claim_by_address(self, request: Request[Any, Any, Any], address: str) -> None:
        """Claim the idempotency key of a call that anyone may make; it is counted when it is answered.

        Raises:
            Replayed, HttpRefusal: as for `proven`.

        """
        await self._keys.claim(request, f"address:{address}")

    async def webhook(self, request: Request[Any, Any, Any], brand_id: str, provider: str) -> None:
        """Count a proven webhook for its brand and provider, wherever it came from.

        Raises:
            RateLimited: their minute is used up.

        """
        request.scope["state"]["counted"] = True
        if self._webhook:
            await self._count(request.scope, f"webhook:{brand_id}:{provider}", self._webhook)
        else:
            request.scope["state"]["verdict"] = None

    async def unproven(self, scope: Scope, address: str) -> None:
        """Count a call that has proven nothing for its address.

        Raises:
            RateLimited: the address's minute is used up.

        """
        scope["state"]["counted"] = True
        if self._unauthenticated:
            await self._count(scope, f"address:{address}", self._unauthenticated)
        else:
            scope["state"]["verdict"] = None

    async def _count(self, scope: Scope, key: str, limit: int) -> None:
        now = self._clock.now()
        verdict = await self._limiter.hit(key, limit, now)
        scope["state"]["verdict"] = verdict
        if not verdict.allowed:
            raise RateLimited(verdict.reset_at_seconds - now // 1000)


def limit_headers(verdict: Verdict | None) -> list[tuple[bytes, bytes]]:
    """Put a verdict in the published headers; none where limits are off."""
    if verdict is None:
        return []
    return [
        (b"x-ratelimit-limit", str(verdict.limit).encode()),
        (b"x-ratelimit-remaining", str(verdict.remaining).encode()),
        (b"x-ratelimit-reset", str(verdict.reset_at_seconds).encode()),
    ]
