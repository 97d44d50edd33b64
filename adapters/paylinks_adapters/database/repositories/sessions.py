"""Sessions, and tokens that work once, in SQL."""

from paylinks_ports.records.sessions import LoginToken, PersonKind, Session, TokenPurpose

from ..rows import Rows
from ..tables.sessions import LoginTokenTable, SessionTable
from .repository import Repository

__all__ = ["LoginTokens", "Sessions"]

_SESSIONS = Rows(SessionTable, Session)
_LOGIN_TOKENS = Rows(LoginTokenTable, LoginToken)


class Sessions(Repository):
    """Who is signed in."""

    async def add(self, session: Session) -> None:
        """Add one."""
        await _SESSIONS.add(self._session, session)

    async def get(self, session_id: str) -> Session | None:
        """Find one."""
        return await _SESSIONS.one(self._session, "WHERE id = ?", session_id)

    async def replace(self, was: Session, now: Session) -> Session:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        return await _SESSIONS.replace(self._session, was, now)

    async def touch(self, session_id: str, used_at: int) -> None:
        """Note when it was last seen; its version stays."""
        await self._session.fetch("UPDATE sessions SET used_at = ? WHERE id = ?", (used_at, session_id))

    async def remove(self, session_id: str) -> bool:
        """Remove one, and say whether it was there."""
        return bool(await self._session.fetch("DELETE FROM sessions WHERE id = ? RETURNING 1", (session_id,)))

    async def remove_of(self, kind: PersonKind, person_id: str, *, organization_id: str | None = None) -> int:
        """Remove all of a person, or those in one organization, and say how many there were."""
        sql, values = "DELETE FROM sessions WHERE kind = ? AND person_id = ?", [kind, person_id]
        if organization_id is not None:
            sql, values = f"{sql} AND organization_id = ?", [*values, organization_id]
        return len(await self._session.fetch(f"{sql} RETURNING 1", values))

    async def sweep(self, before: int) -> int:
        """Remove those that ended before, and say how many there were."""
        return len(await self._session.fetch("DELETE FROM sessions WHERE expires_at < ? RETURNING 1", (before,)))


class LoginTokens(Repository):
    """Secrets that work once."""

    async def add(self, token: LoginToken) -> None:
        """Add one."""
        await _LOGIN_TOKENS.add(self._session, token)

    async def get(self, token_id: str, purpose: TokenPurpose) -> LoginToken | None:
        """Look at one."""
        return await _LOGIN_TOKENS.one(self._session, "WHERE id = ? AND purpose = ?", token_id, purpose)

    async def take(self, token_id: str, purpose: TokenPurpose) -> LoginToken | None:
        """Use one up: of however many who ask at once, one gets it."""
        found = await self.get(token_id, purpose)
        sql = "DELETE FROM login_tokens WHERE id = ? AND purpose = ? RETURNING 1"
        taken = await self._session.fetch(sql, (token_id, purpose))
        return found if taken else None

    async def remove_of(self, user_id: str, purpose: TokenPurpose | None = None) -> None:
        """Remove a person's, of one purpose or of all."""
        if purpose is None:
            await self._session.fetch("DELETE FROM login_tokens WHERE user_id = ?", (user_id,))
        else:
            sql = "DELETE FROM login_tokens WHERE user_id = ? AND purpose = ?"
            await self._session.fetch(sql, (user_id, purpose))

    async def sweep(self, before: int) -> int:
        """Remove those that ended before, and say how many there were."""
        return len(await self._session.fetch("DELETE FROM login_tokens WHERE expires_at < ? RETURNING 1", (before,)))
