"""The leaky bucket of a shop (shopify.dev/docs/api/usage/limits): a call takes points, and time puts them back.

Only a shop that is called with a secret or a token for small ones runs dry: the demo is nobody's bottleneck.
"""

import msgspec

from paylinks_ports import SimulatedWorld

from .faults import HttpFault, QueryFault

__all__ = ["SMALL", "throttle"]

SMALL = "small"
"""How the client secret of a small shop begins, and what its access tokens are granted as."""

_KEY = "bucket"
_MOST, _COST = 200, 10
_RESTORED_PER_MS = 0.001


async def throttle(world: SimulatedWorld) -> None:
    """Take a call's points out of the bucket.

    Raises:
        QueryFault, HttpFault: it does not hold as many; a shop says so in either way.

    """
    while True:
        raw = await world.store.get(_KEY)
        now = world.now()
        level, at = msgspec.json.decode(raw, type=tuple[float, int]) if raw else (float(_MOST), now)
        level = min(level + (now - at) * _RESTORED_PER_MS, _MOST)
        if level < _COST and now // 1000 % 2:
            raise HttpFault(429, "Exceeded the rate limit")
        if level < _COST:
            raise QueryFault("Throttled", "THROTTLED")
        if await world.store.put(_KEY, msgspec.json.encode((level - _COST, now)).decode(), was=raw):
            return
