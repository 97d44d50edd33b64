"""Paid orders that wait to be told to marketing systems, in SQL."""

from collections.abc import Sequence

from paylinks_ports.records.marketing import MarketingNotice, MarketingPause, NoticeAccount
from paylinks_ports.storage import Due

from ..rows import Rows
from ..tables.marketing import MarketingNoticeTable, MarketingPauseTable
from .repository import Repository

__all__ = ["MarketingNotices"]

_NOTICES = Rows(MarketingNoticeTable, MarketingNotice)
_PAUSES = Rows(MarketingPauseTable, MarketingPause)

_DUE = "status IN ('pending', 'sending') AND next_at <= ?"


class MarketingNotices(Repository):
    """Notices of all brands, and the pauses of their accounts."""

    async def add(self, notice: MarketingNotice) -> None:
        """Add one."""
        await _NOTICES.add(self._session, notice)

    async def of_checkout(self, checkout_id: str) -> tuple[MarketingNotice, ...]:
        """List a checkout's, in the order they were made."""
        return await _NOTICES.many(self._session, "WHERE checkout_id = ? ORDER BY created_at, id", checkout_id)

    async def due_accounts(self, now: int, limit: int) -> tuple[NoticeAccount, ...]:
        """List accounts without a pause that have notices whose time has come, the longest waiting first."""
        paused = (
            "SELECT 1 FROM marketing_pauses WHERE marketing_pauses.brand_id = marketing_notices.brand_id "
            "AND marketing_pauses.integration = marketing_notices.integration "
            "AND marketing_pauses.demo = marketing_notices.demo AND marketing_pauses.until > ?"
        )
        sql = (
            "SELECT brand_id, integration, demo, MIN(next_at) AS first FROM marketing_notices "  # noqa: S608 - it names tables and columns of ours only; values are bound
            f"WHERE {_DUE} AND NOT EXISTS ({paused}) GROUP BY brand_id, integration, demo ORDER BY first LIMIT ?"
        )
        rows = await self._session.fetch(sql, (now, now, limit))
        return tuple(
            NoticeAccount(brand_id=row["brand_id"], integration=row["integration"], demo=bool(row["demo"]))
            for row in rows
        )

    async def due(self, account: NoticeAccount, now: int, limit: int) -> Due[MarketingNotice]:
        """List an account's notices whose time has come, oldest first."""
        where = f"WHERE {_DUE} AND brand_id = ? AND integration = ? AND demo = ? ORDER BY created_at, id LIMIT ?"
        key = (account.brand_id, account.integration, account.demo)
        return await _NOTICES.queue(self._session, where, now, *key, limit)

    async def put_off(self, ids: Sequence[str], until: int) -> None:
        """Put the `next_at` of some off, unread."""
        await _NOTICES.put_off(self._session, "next_at", ids, until)

    async def replace(self, was: MarketingNotice, now: MarketingNotice) -> MarketingNotice:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        return await _NOTICES.replace(self._session, was, now)

    async def forget(self, before: int, limit: int) -> int:
        """Delete some of those that ended before, and say how many."""
        over = "SELECT id FROM marketing_notices WHERE status NOT IN ('pending', 'sending') AND updated_at < ? LIMIT ?"
        sql = f"DELETE FROM marketing_notices WHERE id IN ({over}) RETURNING 1"  # noqa: S608 - it names tables and columns of ours only; values are bound
        return len(await self._session.fetch(sql, (before, limit)))

    async def pause(self, pause: MarketingPause) -> None:
        """Pause an account, in the place of an earlier pause."""
        await _PAUSES.upsert(self._session, pause, "brand_id", "integration", "demo")

    async def lift(self, brand_id: str, integration: str) -> None:
        """End the pauses of a brand's accounts at a system."""
        sql = "DELETE FROM marketing_pauses WHERE brand_id = ? AND integration = ?"
        await self._session.fetch(sql, (brand_id, integration))

    async def pauses(self, brand_id: str) -> tuple[MarketingPause, ...]:
        """List a brand's, those that are over too."""
        return await _PAUSES.many(self._session, "WHERE brand_id = ? ORDER BY integration, demo", brand_id)
