"""People, their memberships, and what they prove themselves with, in SQL."""

from paylinks_ports.records.people import Identity, Membership, User
from paylinks_ports.storage import Found, Window

from ..rows import SEARCHED, Rows
from ..tables.people import IdentityTable, MembershipTable, UserTable
from .repository import Repository

__all__ = ["Identities", "Memberships", "RecoveryCodes", "Users"]

_USERS = Rows(UserTable, User)
_MEMBERSHIPS = Rows(MembershipTable, Membership, made=SEARCHED)
_IDENTITIES = Rows(IdentityTable, Identity)


class Users(Repository):
    """People of all organizations."""

    async def add(self, user: User) -> None:
        """Add one."""
        await _USERS.add(self._session, user)

    async def get(self, user_id: str) -> User | None:
        """Find one."""
        return await _USERS.one(self._session, "WHERE id = ?", user_id)

    async def hold(self, user_id: str) -> User | None:
        """Find one, and let no one else change it before this unit of work has ended."""
        found = await _USERS.many(self._session, "WHERE id = ? FOR UPDATE", user_id)
        return found[0] if found else None

    async def by_email(self, email: str) -> User | None:
        """Find one by the address."""
        return await _USERS.one(self._session, "WHERE email = ?", email)

    async def replace(self, was: User, now: User) -> User:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        return await _USERS.replace(self._session, was, now)


class Memberships(Repository):
    """Who belongs to which organization."""

    async def add(self, membership: Membership) -> None:
        """Add one."""
        await _MEMBERSHIPS.add(self._session, membership)

    async def get(self, user_id: str, organization_id: str) -> Membership | None:
        """Find a person's in an organization."""
        where = "WHERE user_id = ? AND organization_id = ?"
        return await _MEMBERSHIPS.one(self._session, where, user_id, organization_id)

    async def of_user(self, user_id: str) -> tuple[Membership, ...]:
        """List a person's, oldest first."""
        return await _MEMBERSHIPS.many(self._session, "WHERE user_id = ? ORDER BY created_at, id", user_id)

    async def page(self, organization_id: str, window: Window) -> Found[Membership]:
        """List an organization's, newest first; searched are address and name."""
        where, values = "organization_id = ?", (organization_id,)
        return await _MEMBERSHIPS.page(self._session, window, where, values)

    async def replace(self, was: Membership, now: Membership) -> Membership:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        return await _MEMBERSHIPS.replace(self._session, was, now)

    async def remove(self, membership_id: str) -> bool:
        """Remove one, and say whether it was there."""
        return bool(await self._session.fetch("DELETE FROM memberships WHERE id = ? RETURNING 1", (membership_id,)))

    async def hold_owners(self, organization_id: str) -> tuple[Membership, ...]:
        """List an organization's owners, and let no one else change them before this unit of work has ended."""
        # A change that changes nothing locks the rows in both dialects, where SELECT … FOR UPDATE is one's alone.
        sql = "UPDATE memberships SET role = role WHERE organization_id = ? AND role = 'owner' RETURNING id"
        await self._session.fetch(sql, (organization_id,))
        where = "WHERE organization_id = ? AND role = 'owner' ORDER BY created_at, id"
        return await _MEMBERSHIPS.many(self._session, where, organization_id)


class RecoveryCodes(Repository):
    """Codes that stand in for a lost second factor, as hashes."""

    async def put(self, user_id: str, hashes: tuple[str, ...]) -> None:
        """Give a person these, in place of all earlier ones."""
        await self._session.fetch("DELETE FROM recovery_codes WHERE user_id = ?", (user_id,))
        for code_hash in hashes:
            sql = "INSERT INTO recovery_codes (user_id, code_hash) VALUES (?, ?)"
            await self._session.fetch(sql, (user_id, code_hash))

    async def take(self, user_id: str, code_hash: str) -> bool:
        """Use one up, and say whether it was there."""
        sql = "DELETE FROM recovery_codes WHERE user_id = ? AND code_hash = ? RETURNING 1"
        return bool(await self._session.fetch(sql, (user_id, code_hash)))


class Identities(Repository):
    """Accounts at sign-in providers."""

    async def add(self, identity: Identity) -> None:
        """Add one."""
        await _IDENTITIES.add(self._session, identity)

    async def get(self, provider: str, subject: str) -> Identity | None:
        """Find whose it is."""
        return await _IDENTITIES.one(self._session, "WHERE provider = ? AND subject = ?", provider, subject)

    async def remove_of(self, user_id: str) -> None:
        """Remove a person's."""
        await self._session.fetch("DELETE FROM identities WHERE user_id = ?", (user_id,))
