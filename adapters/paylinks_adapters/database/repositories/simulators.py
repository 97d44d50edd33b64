"""What simulators remember, in SQL."""

from .repository import Repository

__all__ = ["SimulatorEntries"]


class SimulatorEntries(Repository):
    """What simulators remember, each merchant at each simulator in a space of its own."""

    async def get(self, space: str, key: str) -> str | None:
        """Read one."""
        sql = "SELECT value FROM simulator_entries WHERE space = ? AND name = ?"
        rows = await self._session.fetch(sql, (space, key))
        return str(rows[0]["value"]) if rows else None

    async def put(self, space: str, key: str, value: str, *, was: str | None) -> bool:
        """Write `value` if the key still holds `was` (None: still absent); say whether it did."""
        if was is None:
            sql = (
                "INSERT INTO simulator_entries (space, name, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1"
            )
            return bool(await self._session.fetch(sql, (space, key, value)))
        sql = "UPDATE simulator_entries SET value = ? WHERE space = ? AND name = ? AND value = ? RETURNING 1"
        return bool(await self._session.fetch(sql, (value, space, key, was)))
