"""Repositories of sessions and of tokens that work once."""

from typing import Protocol

from ..records.sessions import LoginToken, PersonKind, Session, TokenPurpose

__all__ = ["LoginTokens", "Sessions"]


class Sessions(Protocol):
    """Who is signed in."""

    async def add(self, session: Session) -> None:
        """Add one; `Conflict` where its id is taken."""

    async def get(self, session_id: str) -> Session | None:
        """Find one."""

    async def replace(self, was: Session, now: Session) -> Session:
        """Change it if it is still `was` (by version), and give it back with its new version; else `Conflict`."""

    async def touch(self, session_id: str, used_at: int) -> None:
        """Note when it was last seen; its version stays."""

    async def remove(self, session_id: str) -> bool:
        """Remove one, and say whether it was there."""

    async def remove_of(self, kind: PersonKind, person_id: str, *, organization_id: str | None = None) -> int:
        """Remove all of a person, or those in one organization, and say how many there were."""

    async def sweep(self, before: int) -> int:
        """Remove those that ended before, and say how many there were."""


class LoginTokens(Protocol):
    """Secrets that work once."""

    async def add(self, token: LoginToken) -> None:
        """Add one; `Conflict` where its id is taken."""

    async def get(self, token_id: str, purpose: TokenPurpose) -> LoginToken | None:
        """Look at one; it is not used up by that."""

    async def take(self, token_id: str, purpose: TokenPurpose) -> LoginToken | None:
        """Use one up: of however many who ask at once, one gets it."""

    async def remove_of(self, user_id: str, purpose: TokenPurpose | None = None) -> None:
        """Remove a person's, of one purpose or of all."""

    async def sweep(self, before: int) -> int:
        """Remove those that ended before, and say how many there were."""
