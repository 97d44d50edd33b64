"""Counting calls in windows of a minute: in memory for one process, in Redis for several."""

import time
from itertools import islice
from typing import Any, Protocol

from msgspec import Struct

from .logs import get_logger

__all__ = ["MemoryRateLimiter", "RateLimiter", "RedisRateLimiter", "Verdict"]

_log = get_logger()
_WINDOW = 60
_MOST_KEYS = 100_000
_REST_SECONDS = 1.0
_TIMEOUT_SECONDS = 1.0


class Verdict(Struct, frozen=True, kw_only=True):
    """What a hit came to.

    Args:
        remaining: calls left in this window.
        reset_at_seconds: when the next window begins, Unix seconds.

    """

    limit: int
    remaining: int
    reset_at_seconds: int
    allowed: bool


class RateLimiter(Protocol):
    """Counts calls by key."""

    async def hit(self, key: str, limit: int, now_ms: int) -> Verdict:
        """Count one call and say whether it is within the limit of its minute."""

    async def undo(self, key: str, now_ms: int) -> None:
        """Uncount one call of this minute."""

    async def close(self) -> None:
        """Let go of connections."""


def _verdict(count: int, limit: int, window: int) -> Verdict:
    return Verdict(
        limit=limit,
        remaining=max(limit - count, 0),
        reset_at_seconds=(window + 1) * _WINDOW,
        allowed=count <= limit,
    )


class MemoryRateLimiter:
    """Counts in this process.

    All keys share their windows, so a new minute forgets the last one whole. Of more keys than `most_keys` in one
    minute the oldest tenth is forgotten: whoever has that many addresses has that many limits anyway.
    """

    def __init__(self, *, most_keys: int = _MOST_KEYS) -> None:
        self._most_keys = most_keys
        self._window = 0
        self._counts: dict[str, int] = {}

    async def hit(self, key: str, limit: int, now_ms: int) -> Verdict:
        """Count one call."""
        window = now_ms // 1000 // _WINDOW
        if window != self._window:
            self._window, self._counts = window, {}
        count = self._counts.get(key, 0) + 1
        if count == 1 and len(self._counts) >= self._most_keys:
            # Many at once: the cost of it is then spread over as many new keys.
            for oldest in list(islice(self._counts, self._most_keys // 10 + 1)):
                del self._counts[oldest]
        self._counts[key] = count
        return _verdict(count, limit, window)

    async def undo(self, key: str, now_ms: int) -> None:
        """Uncount one call."""
        if now_ms // 1000 // _WINDOW == self._window and self._counts.get(key, 0) > 0:
            self._counts[key] -= 1

    async def close(self) -> None:
        """Nothing to let go of."""


class RedisRateLimiter:
    """Counts in Redis or Valkey, one script a call, so that several processes count together.

    While Redis is away every call is let through, and the log says so once a minute: limits protect the service, and
    nothing that guards money rests on them. After each failure it is left alone for a second, so that calls do not all
    wait for its timeout.
    """

    _SCRIPT = (
        "local count = redis.call('INCR', KEYS[1]) "
        "if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end return count"
    )

    _GIVE_BACK = (
        "if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then return redis.call('DECR', KEYS[1]) end return 0"
    )

    def __init__(self, url: str) -> None:
        """Load the client; the first call connects.

        Args:
            url: ``redis://…``; it may hold a password and is never shown.

        """
        from redis.asyncio import Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff
        from redis.exceptions import RedisError

        # Once again at once, for a connection that has died while it was idle; Redis's own way would take seconds.
        self._client: Any = Redis.from_url(
            url,
            socket_timeout=_TIMEOUT_SECONDS,
            socket_connect_timeout=_TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 1),
        )
        self._script: Any = self._client.register_script(self._SCRIPT)
        self._give_back: Any = self._client.register_script(self._GIVE_BACK)
        self._failures = (RedisError, OSError, TimeoutError)
        self._rests_until = 0.0
        self._warned: float | None = None

    async def hit(self, key: str, limit: int, now_ms: int) -> Verdict:
        """Count one call."""
        window = now_ms // 1000 // _WINDOW
        return _verdict(await self._count(f"paylinks:limit:{key}:{window}"), limit, window)

    async def undo(self, key: str, now_ms: int) -> None:
        """Uncount one call."""
        window = now_ms // 1000 // _WINDOW
        await self._run(self._give_back, f"paylinks:limit:{key}:{window}")

    async def _count(self, name: str) -> int:
        return await self._run(self._script, name)

    async def _run(self, script: Any, name: str) -> int:  # noqa: ANN401 - redis has no public type for it
        if time.monotonic() < self._rests_until:
            return 0
        try:
            # Two windows, because the clocks of Redis and of this process may differ.
            return int(await script(keys=[name], args=[2 * _WINDOW * 1000]))
        except self._failures as error:
            now = time.monotonic()
            self._rests_until = now + _REST_SECONDS
            if self._warned is None or now - self._warned > _WINDOW:
                self._warned = now
                _log.warning("rate_limiter.redis_away", error=type(error).__name__)
            return 0

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
