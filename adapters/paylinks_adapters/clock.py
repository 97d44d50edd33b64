"""The real time; a clock that a test sets is in `fakes`."""

import asyncio
import time

__all__ = ["SystemClock"]


class SystemClock:
    """The system's clock."""

    def now(self) -> int:
        """Tell the time in Unix milliseconds."""
        return time.time_ns() // 1_000_000

    async def sleep(self, milliseconds: int) -> None:
        """Wait that long; no time at all still lets the others run."""
        await asyncio.sleep(max(milliseconds, 0) / 1000)
