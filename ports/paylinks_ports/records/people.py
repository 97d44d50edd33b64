"""People who administer organizations: who they are, where they belong, and what they prove themselves with."""

from typing import Literal, TypeAlias

from msgspec import Struct

__all__ = ["Identity", "Membership", "Role", "SignInProviderName", "User"]

Role: TypeAlias = Literal["member", "admin", "owner"]
"""From the weakest to the strongest."""

SignInProviderName: TypeAlias = Literal["google", "facebook"]


class User(Struct, frozen=True, kw_only=True):
    """A person, in however many organizations.

    Args:
        email: in one form for all its spellings; nobody else's.
        email_verified: somebody has shown to read what is mailed there.
        password_hash: argon2id; None: signs in by other means, or has not accepted an invitation yet.
        second_factor: the secret of the authenticator app, sealed; None: none set up.
        second_factor_enabled: the app has shown a code once, so every sign-in asks for one.
        second_factor_step: the time step of the newest code that was taken; it and earlier ones are used up.
        second_factor_misses: wrong codes since the last right one.
        version: rises with every change; `replace` compares it.

    """

    id: str
    email: str
    name: str
    email_verified: bool = False
    password_hash: str | None = None
    second_factor: str | None = None
    second_factor_enabled: bool = False
    second_factor_step: int = 0
    second_factor_misses: int = 0
    created_at: int
    updated_at: int
    version: int = 1


class Membership(Struct, frozen=True, kw_only=True):
    """What a person is in one organization.

    Args:
        email: the person's.
        name: what the organization calls the person.
        brand_ids: what a member sees; admins and owners see every brand.
        accepted_at: None: invited, and nothing is open to the person yet.
        version: rises with every change; `replace` compares it.

    """

    id: str
    user_id: str
    organization_id: str
    email: str
    name: str
    role: Role
    brand_ids: tuple[str, ...] = ()
    accepted_at: int | None = None
    created_at: int
    version: int = 1


class Identity(Struct, frozen=True, kw_only=True):
    """A person's account at a sign-in provider; its subject is the one thing there that never changes hands."""

    provider: SignInProviderName
    subject: str
    user_id: str
    created_at: int
