"""Tries counted within minutes: in this process always, and with all others where limits are shared."""

from paylinks_ports.services import Clock

from .rate_limits import MemoryRateLimiter, RateLimiter

__all__ = ["CountingThrottle"]


class CountingThrottle:
    """Counts in memory of its own besides, because shared limits let everything through while Redis is away."""

    def __init__(self, shared: RateLimiter, clock: Clock) -> None:
        self._limiters: tuple[RateLimiter, ...] = (MemoryRateLimiter(), shared)
        self._clock = clock

    async def take(self, key: str, limit: int) -> int | None:
        """Count one try; None: it is within the limit, else the seconds to wait."""
        now = self._clock.now()
        verdicts = [await limiter.hit(key, limit, now) for limiter in self._limiters]
        waits = [max(one.reset_at_seconds - now // 1000, 1) for one in verdicts if not one.allowed]
        return max(waits, default=None)

    async def give_back(self, key: str) -> None:
        """Uncount one try: it was a good one."""
        now = self._clock.now()
        for limiter in self._limiters:
            await limiter.undo(key, now)
