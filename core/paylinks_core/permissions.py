"""Who may do what: the one table from roles to permissions. Every route declares the permission it needs."""

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

from paylinks_ports.records.people import Role

from .errors import Forbidden

__all__ = ["KEY_PERMISSIONS", "ROLES", "SENSITIVE", "Permission", "allows", "check_grant", "strength"]

Permission: TypeAlias = Literal[
    "account.use",
    "account.secure",
    "api_keys.read",
    "api_keys.write",
    "audit.read",
    "brands.read",
    "brands.write",
    "checkouts.create",
    "domains.read",
    "domains.write",
    "marketing.read",
    "marketing.write",
    "orders.read",
    "orders.refund",
    "organizations.read",
    "organizations.write",
    "payments.charge",
    "salespeople.read",
    "salespeople.write",
    "settings.read",
    "settings.write",
    "users.read",
    "users.write",
    "webhooks.read",
    "webhooks.write",
]

_MEMBER: frozenset[Permission] = frozenset(
    {
        "account.use",
        "account.secure",
        "api_keys.read",
        "brands.read",
        "checkouts.create",
        "domains.read",
        "marketing.read",
        "orders.read",
        "organizations.read",
        "settings.read",
        "webhooks.read",
    }
)
_ADMIN = _MEMBER | frozenset[Permission](
    {
        "api_keys.write",
        "audit.read",
        "brands.write",
        "domains.write",
        "marketing.write",
        "orders.refund",
        "organizations.write",
        "payments.charge",
        "salespeople.read",
        "salespeople.write",
        "settings.write",
        "users.read",
        "users.write",
        "webhooks.write",
    }
)

ROLES: Mapping[Role, frozenset[Permission]] = {"member": _MEMBER, "admin": _ADMIN, "owner": frozenset(_ADMIN)}
"""An owner may do what an admin may; only an owner makes, changes or removes an owner."""

KEY_PERMISSIONS: frozenset[Permission] = frozenset(
    {"checkouts.create", "orders.read", "orders.refund", "payments.charge"}
)
"""What a brand's API key can have; its scopes narrow it."""

SENSITIVE: frozenset[Permission] = frozenset({"account.secure", "api_keys.write", "settings.write", "users.write"})
"""What asks for a proof again when the last one is older than an hour."""

_STRENGTHS: tuple[Role, ...] = get_args(Role)


def allows(role: Role, permission: Permission) -> bool:
    """Say whether a role has a permission."""
    return permission in ROLES[role]


def strength(role: Role) -> int:
    """Rank a role among the others."""
    return _STRENGTHS.index(role)


def check_grant(own: Role, *roles: Role) -> None:
    """Refuse to touch a role above one's own, whether it is granted, changed or taken.

    Raises:
        Forbidden: it is above.

    """
    if any(strength(role) > strength(own) for role in roles):
        raise Forbidden("role: is above your own")
