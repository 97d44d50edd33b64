"""The audit log, in memory."""

from paylinks_ports.records.audit import AuditEntry
from paylinks_ports.storage import Found, Window

from .tables import Repository, add, windowed

__all__ = ["AuditEntries"]


class AuditEntries(Repository):
    """The audit log of all organizations; only ever added to."""

    async def add(self, entry: AuditEntry) -> None:
        """Add one."""
        add(self._view.changing.audit_entries, entry)

    async def page(self, organization_id: str, window: Window) -> Found[AuditEntry]:
        """List an organization's, newest first; searched are actor, action and target."""
        own = [one for one in self._view.rows.audit_entries.values() if one.organization_id == organization_id]
        return windowed(own, window)
