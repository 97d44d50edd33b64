"""The repository of mail that is kept instead of being sent."""

from typing import Protocol

from ..records.mails import Mail

__all__ = ["Mails"]


class Mails(Protocol):
    """Mail of a deployment for development."""

    async def add(self, mail: Mail) -> None:
        """Add one."""

    async def newest(self, limit: int) -> tuple[Mail, ...]:
        """List the newest, newest first."""
