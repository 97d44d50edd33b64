"""The repository of what simulators remember."""

from typing import Protocol

__all__ = ["SimulatorEntries"]


class SimulatorEntries(Protocol):
    """What simulators remember, each merchant at each simulator in a space of its own."""

    async def get(self, space: str, key: str) -> str | None:
        """Read one."""

    async def put(self, space: str, key: str, value: str, *, was: str | None) -> bool:
        """Write `value` if the key still holds `was` (None: still absent); say whether it did."""
