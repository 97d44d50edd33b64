"""/admin/audit-log: who changed what."""

from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency

from ...routes.desk import Desk
from .orders import window_of
from .visit import enter, pages_of, shows

__all__ = ["index"]


@shows("/admin/audit-log", "audit.read")
async def index(request: Request[Any, Any, Any], desk: NamedDependency[Desk]) -> Response[bytes]:
    """Read the audit log of the organization."""
    visit, window = await enter(request, desk), window_of(request)
    async with desk.parts.units.reading() as rows:
        found = await rows.audit_entries.page(visit.caller.organization_id, window)
    pages = pages_of("/admin/audit-log", visit.query, window, found.total)
    return visit.render("audit_log.html", entries=found.rows, pages=pages)
