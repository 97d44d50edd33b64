"""The audit log: who changed what, written in the transaction of the change."""

from collections.abc import Mapping

from msgspec import Struct

from paylinks_ports.records.audit import ActorKind, AuditEntry
from paylinks_ports.records.tenants import Brand
from paylinks_ports.storage import Work

from .parts import Parts

__all__ = ["Actor", "record"]


class Actor(Struct, frozen=True, kw_only=True):
    """Who does it, and from where."""

    id: str
    kind: ActorKind
    email: str | None = None
    ip: str | None = None


async def record(  # noqa: PLR0913, PLR0917 - an entry is all of these
    parts: Parts,
    work: Work,
    actor: Actor,
    brand: Brand,
    action: str,
    target: str,
    changes: Mapping[str, str | int | bool | None],
) -> None:
    """Add an entry.

    Args:
        action: a noun and a verb in the past, such as ``refund.requested``.
        target: the id of what was changed.
        changes: without secrets.

    """
    await work.audit_entries.add(
        AuditEntry(
            id=parts.ids.new("aud"),
            organization_id=brand.organization_id,
            brand_id=brand.id,
            actor_id=actor.id,
            actor_email=actor.email,
            actor_kind=actor.kind,
            action=action,
            target=target,
            changes=dict(changes),
            ip=actor.ip,
            created_at=parts.clock.now(),
        )
    )
