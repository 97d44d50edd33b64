"""People, their memberships, and what they prove themselves with, in memory."""

from paylinks_ports.errors import Conflict
from paylinks_ports.records.people import Identity, Membership, User
from paylinks_ports.storage import Found, Window

from .tables import Repository, add, replace_row, windowed

__all__ = ["Identities", "Memberships", "RecoveryCodes", "Users"]


class Users(Repository):
    """People of all organizations."""

    async def add(self, user: User) -> None:
        """Add one."""
        rows = self._view.changing.users
        add(rows, user, (user.email == other.email for other in rows.values()))

    async def get(self, user_id: str) -> User | None:
        """Find one."""
        return self._view.rows.users.get(user_id)

    async def hold(self, user_id: str) -> User | None:
        """Find one; writers take turns here anyway."""
        return self._view.changing.users.get(user_id)

    async def by_email(self, email: str) -> User | None:
        """Find one by the address."""
        return next((user for user in self._view.rows.users.values() if user.email == email), None)

    async def replace(self, was: User, now: User) -> User:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        rows = self._view.changing.users
        kept: User = replace_row(rows, was, now)
        self._view.need(holds=all(now.email != one.email for one in rows.values() if one.id != was.id))
        return kept


class Memberships(Repository):
    """Who belongs to which organization."""

    async def add(self, membership: Membership) -> None:
        """Add one."""
        tables, place = self._view.changing, (membership.user_id, membership.organization_id)
        rows = tables.memberships
        add(rows, membership, (place == (one.user_id, one.organization_id) for one in rows.values()))
        self._view.need(holds=membership.user_id in tables.users and place[1] in tables.organizations)

    async def get(self, user_id: str, organization_id: str) -> Membership | None:
        """Find a person's in an organization."""
        place = (user_id, organization_id)
        rows = self._view.rows.memberships.values()
        return next((one for one in rows if place == (one.user_id, one.organization_id)), None)

    async def of_user(self, user_id: str) -> tuple[Membership, ...]:
        """List a person's, oldest first."""
        own = (one for one in self._view.rows.memberships.values() if one.user_id == user_id)
        return tuple(sorted(own, key=lambda one: (one.created_at, one.id)))

    async def page(self, organization_id: str, window: Window) -> Found[Membership]:
        """List an organization's, newest first; searched are address and name."""
        own = [one for one in self._view.rows.memberships.values() if one.organization_id == organization_id]
        return windowed(own, window)

    async def replace(self, was: Membership, now: Membership) -> Membership:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        kept: Membership = replace_row(self._view.changing.memberships, was, now)
        return kept

    async def remove(self, membership_id: str) -> bool:
        """Remove one, and say whether it was there."""
        return self._view.changing.memberships.pop(membership_id, None) is not None

    async def hold_owners(self, organization_id: str) -> tuple[Membership, ...]:
        """List an organization's owners; writers take turns here anyway."""
        rows = self._view.changing.memberships.values()
        owners = (one for one in rows if one.organization_id == organization_id and one.role == "owner")
        return tuple(sorted(owners, key=lambda one: (one.created_at, one.id)))


class RecoveryCodes(Repository):
    """Codes that stand in for a lost second factor, as hashes."""

    async def put(self, user_id: str, hashes: tuple[str, ...]) -> None:
        """Give a person these, in place of all earlier ones."""
        tables = self._view.changing
        kept = {key: one for key, one in tables.recovery_codes.items() if key[0] != user_id}
        tables.recovery_codes = kept | {(user_id, code_hash): code_hash for code_hash in hashes}

    async def take(self, user_id: str, code_hash: str) -> bool:
        """Use one up, and say whether it was there."""
        return self._view.changing.recovery_codes.pop((user_id, code_hash), None) is not None


class Identities(Repository):
    """Accounts at sign-in providers."""

    async def add(self, identity: Identity) -> None:
        """Add one."""
        rows, key = self._view.changing.identities, (identity.provider, identity.subject)
        if key in rows:
            raise Conflict("There is such a row already")
        rows[key] = identity

    async def get(self, provider: str, subject: str) -> Identity | None:
        """Find whose it is."""
        return self._view.rows.identities.get((provider, subject))

    async def remove_of(self, user_id: str) -> None:
        """Remove a person's."""
        tables = self._view.changing
        tables.identities = {key: one for key, one in tables.identities.items() if one.user_id != user_id}
