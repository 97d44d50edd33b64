"""What simulators remember, in memory."""

from .tables import Repository

__all__ = ["SimulatorEntries"]


class SimulatorEntries(Repository):
    """What simulators remember, each merchant at each simulator in a space of its own."""

    async def get(self, space: str, key: str) -> str | None:
        """Read one."""
        return self._view.rows.simulator_entries.get((space, key))

    async def put(self, space: str, key: str, value: str, *, was: str | None) -> bool:
        """Write `value` if the key still holds `was` (None: still absent); say whether it did."""
        entries = self._view.changing.simulator_entries
        if entries.get((space, key)) != was:
            return False
        entries[space, key] = value
        return True
