"""The audit log: who changed what. It is written in the transaction of the change, so neither is without the other."""

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct

from paylinks_ports.records.audit import ActorKind, AuditEntry
from paylinks_ports.storage import Work

from .parts import Parts

__all__ = ["Actor", "Changes", "record"]

Changes: TypeAlias = Mapping[str, str | int | bool | None]


class Actor(Struct, frozen=True, kw_only=True):
    """Who makes a change, in whose house, and from where.

    Args:
        brand_id: None: the change concerns the whole organization.

    """

    organization_id: str
    brand_id: str | None = None
    id: str
    email: str | None = None
    kind: ActorKind
    ip: str | None = None


async def record(  # noqa: PLR0913, PLR0917 - who, what, to what, how, and in which transaction
    parts: Parts, work: Work, actor: Actor, action: str, target: str, changes: Changes
) -> None:
    """Write one entry.

    Args:
        parts: time and ids.
        work: the transaction of the change.
        actor: who.
        action: a noun and a verb in the past.
        target: the id of what was changed.
        changes: what it is now by field, without secrets; what it was stands under the field's name and ``.was``.

    """
    await work.audit_entries.add(
        AuditEntry(
            id=parts.ids.new("aud"),
            organization_id=actor.organization_id,
            brand_id=actor.brand_id,
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
