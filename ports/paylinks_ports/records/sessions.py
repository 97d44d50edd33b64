"""Being signed in, and the mailed or half-finished ways of getting there. Of every secret only a hash is kept."""

from typing import Literal, TypeAlias

from msgspec import Struct, field

__all__ = ["LoginToken", "PersonKind", "Session", "TokenPurpose"]

PersonKind: TypeAlias = Literal["user", "salesperson"]
TokenPurpose: TypeAlias = Literal["magic_link", "invitation", "password_reset", "sign_in"]
"""`sign_in` is a way to a sign-in provider and back."""


class Session(Struct, frozen=True, kw_only=True):
    """One browser in which a person is signed in.

    Args:
        id: hex SHA-256 of what the cookie holds.
        organization_id: the one that is looked at now.
        brand_id: likewise; None: the person has no brand there.
        pending: the password, link or provider was right, and the second factor is still to come.
        tries: wrong codes so far.
        proved_at: when the person last proved who they are.
        used_at: when it was last seen, within a minute.
        expires_at: when it ends, however much it is used.
        version: rises with every change; `replace` compares it.

    """

    id: str
    kind: PersonKind
    person_id: str
    organization_id: str
    brand_id: str | None
    pending: bool = False
    tries: int = 0
    proved_at: int
    used_at: int
    expires_at: int
    created_at: int
    version: int = 1


class LoginToken(Struct, frozen=True, kw_only=True):
    """A secret that works once, for one purpose, for a while.

    Args:
        id: hex SHA-256 of the secret.
        user_id: whom it is for; None: that is still to be found out.
        data: what goes with it.

    """

    id: str
    purpose: TokenPurpose
    user_id: str | None = None
    data: dict[str, str] = field(default_factory=dict)
    expires_at: int
    created_at: int
