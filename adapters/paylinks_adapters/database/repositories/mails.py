"""Mail that is kept instead of being sent, in SQL."""

from paylinks_ports.records.mails import Mail

from ..rows import Rows
from ..tables.mails import MailTable
from .repository import Repository

__all__ = ["Mails"]

_MAILS = Rows(MailTable, Mail)


class Mails(Repository):
    """Mail of a deployment for development."""

    async def add(self, mail: Mail) -> None:
        """Add one."""
        await _MAILS.add(self._session, mail)

    async def newest(self, limit: int) -> tuple[Mail, ...]:
        """List the newest, newest first."""
        return await _MAILS.many(self._session, "ORDER BY created_at DESC, id DESC LIMIT ?", limit)
