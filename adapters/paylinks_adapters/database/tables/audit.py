"""The table of the audit log."""

from piccolo.columns import JSON, BigInt, Text, Varchar
from piccolo.table import Table

__all__ = ["AuditEntryTable"]


class AuditEntryTable(Table, tablename="audit_entries"):
    """Who changed what; only ever added to."""

    id = Varchar(primary_key=True)
    organization_id = Varchar()
    brand_id = Varchar(null=True)
    actor_id = Varchar()
    actor_email = Text(null=True)
    actor_kind = Text()
    action = Text()
    target = Text()
    changes = JSON()
    ip = Text(null=True)
    created_at = BigInt()
    searched = Text()
