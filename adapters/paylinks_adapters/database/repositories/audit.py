"""The audit log, in SQL."""

from paylinks_ports.records.audit import AuditEntry
from paylinks_ports.storage import Found, Window

from ..rows import SEARCHED, Rows
from ..tables.audit import AuditEntryTable
from .repository import Repository

__all__ = ["AuditEntries"]

_AUDIT_ENTRIES = Rows(AuditEntryTable, AuditEntry, made=SEARCHED)


class AuditEntries(Repository):
    """The audit log of all organizations; only ever added to."""

    async def add(self, entry: AuditEntry) -> None:
        """Add one."""
        await _AUDIT_ENTRIES.add(self._session, entry)

    async def page(self, organization_id: str, window: Window) -> Found[AuditEntry]:
        """List an organization's, newest first; searched are actor, action and target."""
        return await _AUDIT_ENTRIES.page(self._session, window, "organization_id = ?", (organization_id,))
