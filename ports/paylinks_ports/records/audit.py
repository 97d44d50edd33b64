"""Who changed what, when and from where; only ever added to."""

from typing import Literal, TypeAlias

from msgspec import Struct, field

__all__ = ["ActorKind", "AuditEntry"]

ActorKind: TypeAlias = Literal["user", "api_key", "salesperson", "operator", "system"]
"""`operator` has a shell on the deployment; `system` is the platform by itself."""


class AuditEntry(Struct, frozen=True, kw_only=True):
    """One change.

    Args:
        brand_id: None: it concerns the whole organization.
        action: a noun and a verb in the past, such as ``refund.requested``.
        target: the id of what was changed.
        changes: field by field, before and after, without secrets.

    """

    id: str
    organization_id: str
    brand_id: str | None = None
    actor_id: str
    actor_email: str | None = None
    actor_kind: ActorKind
    action: str
    target: str
    changes: dict[str, str | int | bool | None] = field(default_factory=dict)
    ip: str | None = None
    created_at: int
