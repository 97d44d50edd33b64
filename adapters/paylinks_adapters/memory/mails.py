"""Mail that is kept instead of being sent, in memory."""

from paylinks_ports.records.mails import Mail

from .tables import Repository, add

__all__ = ["Mails"]


class Mails(Repository):
    """Mail of a deployment for development."""

    async def add(self, mail: Mail) -> None:
        """Add one."""
        add(self._view.changing.mails, mail)

    async def newest(self, limit: int) -> tuple[Mail, ...]:
        """List the newest, newest first."""
        rows = sorted(self._view.rows.mails.values(), key=lambda mail: (mail.created_at, mail.id), reverse=True)
        return tuple(rows[:limit])
