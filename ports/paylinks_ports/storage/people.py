"""Repositories of people, their memberships, and what they prove themselves with."""

from typing import Protocol

from ..records.people import Identity, Membership, User
from .windows import Found, Window

__all__ = ["Identities", "Memberships", "RecoveryCodes", "Users"]


class Users(Protocol):
    """People of all organizations."""

    async def add(self, user: User) -> None:
        """Add one; `Conflict` where its id or address is taken."""

    async def get(self, user_id: str) -> User | None:
        """Find one."""

    async def hold(self, user_id: str) -> User | None:
        """Find one, and let no one else change it before this unit of work has ended."""

    async def by_email(self, email: str) -> User | None:
        """Find one by the address."""

    async def replace(self, was: User, now: User) -> User:
        """Change it if it is still `was` (by version), and give it back with its new version; else `Conflict`."""


class Memberships(Protocol):
    """Who belongs to which organization."""

    async def add(self, membership: Membership) -> None:
        """Add one; `Conflict` where its id is taken, or the person is in the organization."""

    async def get(self, user_id: str, organization_id: str) -> Membership | None:
        """Find a person's in an organization."""

    async def of_user(self, user_id: str) -> tuple[Membership, ...]:
        """List a person's, oldest first."""

    async def page(self, organization_id: str, window: Window) -> Found[Membership]:
        """List an organization's, newest first; searched are address and name."""

    async def replace(self, was: Membership, now: Membership) -> Membership:
        """Change it if it is still `was` (by version), and give it back with its new version; else `Conflict`."""

    async def remove(self, membership_id: str) -> bool:
        """Remove one, and say whether it was there."""

    async def hold_owners(self, organization_id: str) -> tuple[Membership, ...]:
        """List an organization's owners, and let no one else change them before this unit of work has ended."""


class RecoveryCodes(Protocol):
    """Codes that stand in for a lost second factor, as hashes."""

    async def put(self, user_id: str, hashes: tuple[str, ...]) -> None:
        """Give a person these, in place of all earlier ones."""

    async def take(self, user_id: str, code_hash: str) -> bool:
        """Use one up, and say whether it was there."""


class Identities(Protocol):
    """Accounts at sign-in providers."""

    async def add(self, identity: Identity) -> None:
        """Add one; `Conflict` where it is somebody's already."""

    async def get(self, provider: str, subject: str) -> Identity | None:
        """Find whose it is."""

    async def remove_of(self, user_id: str) -> None:
        """Remove a person's."""
