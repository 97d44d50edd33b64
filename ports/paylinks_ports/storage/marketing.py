"""Where paid orders wait to be told to marketing systems."""

from collections.abc import Sequence
from typing import Protocol

from ..records.marketing import MarketingNotice, MarketingPause, NoticeAccount
from .windows import Due

__all__ = ["MarketingNotices"]


class MarketingNotices(Protocol):
    """Notices of all brands, and the pauses of their accounts."""

    async def add(self, notice: MarketingNotice) -> None:
        """Add one; `Conflict` where its id is taken, or the system is told of that payment already."""

    async def of_checkout(self, checkout_id: str) -> tuple[MarketingNotice, ...]:
        """List a checkout's, in the order they were made."""

    async def due_accounts(self, now: int, limit: int) -> tuple[NoticeAccount, ...]:
        """List accounts without a pause that have notices whose time has come, the longest waiting first."""

    async def due(self, account: NoticeAccount, now: int, limit: int) -> Due[MarketingNotice]:
        """List an account's notices whose time has come, oldest first."""

    async def put_off(self, ids: Sequence[str], until: int) -> None:
        """Put the `next_at` of some off without reading them, because they can't be read."""

    async def replace(self, was: MarketingNotice, now: MarketingNotice) -> MarketingNotice:
        """Change it if it is still `was` (by version), and give it back with its new version; else `Conflict`."""

    async def forget(self, before: int, limit: int) -> int:
        """Delete some of those that ended before, and say how many."""

    async def pause(self, pause: MarketingPause) -> None:
        """Pause an account, in the place of an earlier pause."""

    async def lift(self, brand_id: str, integration: str) -> None:
        """End the pauses of a brand's accounts at a system."""

    async def pauses(self, brand_id: str) -> tuple[MarketingPause, ...]:
        """List a brand's, those that are over too."""
