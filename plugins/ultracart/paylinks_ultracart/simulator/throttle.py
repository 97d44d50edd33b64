"""The leaky bucket of an account (ultracart.com/api/rate_limiting.html): a call takes a drop, and time puts it back.

Only an account that is called with a key for small ones runs dry, and takes its time over each call, so that others
come meanwhile: the demo is nobody's bottleneck.
"""

import asyncio

import msgspec

from paylinks_ports import SimulatedWorld

from .faults import UltraCartFault

__all__ = ["SMALL", "throttle"]

SMALL = "small"
"""How the simple key of a small account begins."""

_KEY = "bucket"
_MOST = 20
_RESTORED_PER_MS = 0.0001
_SECONDS = 0.4


async def throttle(world: SimulatedWorld) -> None:
    """Take a call's drop out of the bucket.

    Raises:
        UltraCartFault: it is empty.

    """
    await asyncio.sleep(_SECONDS)
    raw = await world.store.get(_KEY)
    now = world.now()
    level, at = msgspec.json.decode(raw, type=tuple[float, int]) if raw else (float(_MOST), now)
    level = min(level + (now - at) * _RESTORED_PER_MS, _MOST)
    if level < 1:
        raise UltraCartFault(429, "The rate limit is exceeded", code="TOO_MANY_REQUESTS")
    # Nobody else is at it: an account has one call at a time.
    await world.store.put(_KEY, msgspec.json.encode((level - 1, now)).decode(), was=raw)
