"""/api/admin/audit-log: who changed what."""

from typing import Any

from litestar import Request, get
from litestar.di import NamedDependency
from msgspec import Struct

from paylinks_ports.records.audit import ActorKind

from ...answers import Success
from ...guards import signed_in
from ..desk import Desk
from ..paging import Pagination, pagination_of, read_window

__all__ = ["index"]


class ActorView(Struct, frozen=True, kw_only=True):
    """Who it was."""

    id: str
    email: str | None
    kind: ActorKind


class AuditEntryView(Struct, frozen=True, kw_only=True, rename="camel"):
    """One change; what was before stands under the field's name and `.was`."""

    id: str
    actor: ActorView
    action: str
    target: str
    changes: dict[str, str | int | bool | None]
    ip: str | None
    created_at: int


class AuditLogAnswer(Success, frozen=True, kw_only=True):
    """A part of the audit log, newest first."""

    data: tuple[AuditEntryView, ...]
    pagination: Pagination


@get("/api/admin/audit-log", access="session", permission="audit.read", guards=[signed_in], tags=["Audit log"])
async def index(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> AuditLogAnswer:
    """Read the audit log of the organization."""
    caller, window = await desk.guards.session(request), read_window(request)
    async with desk.parts.units.reading() as rows:
        found = await rows.audit_entries.page(caller.organization_id, window)
    entries = tuple(
        AuditEntryView(
            id=one.id,
            actor=ActorView(id=one.actor_id, email=one.actor_email, kind=one.actor_kind),
            action=one.action,
            target=one.target,
            changes=one.changes,
            ip=one.ip,
            created_at=one.created_at,
        )
        for one in found.rows
    )
    return AuditLogAnswer(data=entries, pagination=pagination_of(window, found.total))
