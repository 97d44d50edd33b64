"""Sessions, and tokens that work once, in memory."""

from msgspec.structs import replace

from paylinks_ports.records.sessions import LoginToken, PersonKind, Session, TokenPurpose

from .tables import Repository, add, replace_row

__all__ = ["LoginTokens", "Sessions"]


class Sessions(Repository):
    """Who is signed in."""

    async def add(self, session: Session) -> None:
        """Add one."""
        add(self._view.changing.sessions, session)

    async def get(self, session_id: str) -> Session | None:
        """Find one."""
        return self._view.rows.sessions.get(session_id)

    async def replace(self, was: Session, now: Session) -> Session:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        kept: Session = replace_row(self._view.changing.sessions, was, now)
        return kept

    async def touch(self, session_id: str, used_at: int) -> None:
        """Note when it was last seen; its version stays."""
        rows = self._view.changing.sessions
        if session_id in rows:
            rows[session_id] = replace(rows[session_id], used_at=used_at)

    async def remove(self, session_id: str) -> bool:
        """Remove one, and say whether it was there."""
        return self._view.changing.sessions.pop(session_id, None) is not None

    async def remove_of(self, kind: PersonKind, person_id: str, *, organization_id: str | None = None) -> int:
        """Remove all of a person, or those in one organization, and say how many there were."""
        rows = self._view.changing.sessions
        own = [
            one.id
            for one in rows.values()
            if (one.kind, one.person_id) == (kind, person_id) and organization_id in (None, one.organization_id)
        ]
        for session_id in own:
            del rows[session_id]
        return len(own)

    async def sweep(self, before: int) -> int:
        """Remove those that ended before, and say how many there were."""
        rows = self._view.changing.sessions
        over = [one.id for one in rows.values() if one.expires_at < before]
        for session_id in over:
            del rows[session_id]
        return len(over)


class LoginTokens(Repository):
    """Secrets that work once."""

    async def add(self, token: LoginToken) -> None:
        """Add one."""
        add(self._view.changing.login_tokens, token)

    async def get(self, token_id: str, purpose: TokenPurpose) -> LoginToken | None:
        """Look at one."""
        found = self._view.rows.login_tokens.get(token_id)
        return found if found is not None and found.purpose == purpose else None

    async def take(self, token_id: str, purpose: TokenPurpose) -> LoginToken | None:
        """Use one up: of however many who ask at once, one gets it."""
        found = await self.get(token_id, purpose)
        return self._view.changing.login_tokens.pop(token_id) if found else None

    async def remove_of(self, user_id: str, purpose: TokenPurpose | None = None) -> None:
        """Remove a person's, of one purpose or of all."""
        rows = self._view.changing.login_tokens
        for one in [one for one in rows.values() if one.user_id == user_id and purpose in (None, one.purpose)]:
            del rows[one.id]

    async def sweep(self, before: int) -> int:
        """Remove those that ended before, and say how many there were."""
        rows = self._view.changing.login_tokens
        over = [one.id for one in rows.values() if one.expires_at < before]
        for token_id in over:
            del rows[token_id]
        return len(over)
