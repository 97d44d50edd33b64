"""Where the audit log is kept."""

from typing import Protocol

from ..records.audit import AuditEntry
from .windows import Found, Window

__all__ = ["AuditEntries"]


class AuditEntries(Protocol):
    """The audit log of all organizations; only ever added to."""

    async def add(self, entry: AuditEntry) -> None:
        """Add one."""

    async def page(self, organization_id: str, window: Window) -> Found[AuditEntry]:
        """List an organization's, newest first; searched are actor, action and target."""
