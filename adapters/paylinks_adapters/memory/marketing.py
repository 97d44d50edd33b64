"""Paid orders that wait to be told to marketing systems, in memory."""

from collections.abc import Sequence

from paylinks_ports.records.marketing import MarketingNotice, MarketingPause, NoticeAccount
from paylinks_ports.storage import Due

from .tables import Repository, add, put_off, replace_row

__all__ = ["MarketingNotices"]

_OPEN = ("pending", "sending")


class MarketingNotices(Repository):
    """Notices of all brands, and the pauses of their accounts."""

    async def add(self, notice: MarketingNotice) -> None:
        """Add one."""
        rows, key = self._view.changing.marketing_notices, (notice.payment_id, notice.integration)
        add(rows, notice, (key == (one.payment_id, one.integration) for one in rows.values()))

    async def of_checkout(self, checkout_id: str) -> tuple[MarketingNotice, ...]:
        """List a checkout's, in the order they were made."""
        found = (one for one in self._view.rows.marketing_notices.values() if one.checkout_id == checkout_id)
        return tuple(sorted(found, key=lambda one: (one.created_at, one.id)))

    async def due_accounts(self, now: int, limit: int) -> tuple[NoticeAccount, ...]:
        """List accounts without a pause that have notices whose time has come, the longest waiting first."""
        tables = self._view.rows
        paused = {key for key, pause in tables.marketing_pauses.items() if pause.until > now}
        due = sorted(
            (one for one in tables.marketing_notices.values() if _is_due(one, now)), key=lambda one: one.next_at
        )
        accounts = dict.fromkeys(one.account for one in due)
        return tuple(one for one in accounts if (one.brand_id, one.integration, one.demo) not in paused)[:limit]

    async def due(self, account: NoticeAccount, now: int, limit: int) -> Due[MarketingNotice]:
        """List an account's notices whose time has come, oldest first."""
        rows = self._view.rows.marketing_notices.values()
        found = (one for one in rows if one.account == account and _is_due(one, now))
        return Due(rows=tuple(sorted(found, key=lambda one: (one.created_at, one.id))[:limit]))

    async def put_off(self, ids: Sequence[str], until: int) -> None:
        """Put the `next_at` of some off, unread."""
        put_off(self._view.changing.marketing_notices, "next_at", ids, until)

    async def replace(self, was: MarketingNotice, now: MarketingNotice) -> MarketingNotice:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        kept: MarketingNotice = replace_row(self._view.changing.marketing_notices, was, now)
        return kept

    async def forget(self, before: int, limit: int) -> int:
        """Delete some of those that ended before, and say how many."""
        rows = self._view.changing.marketing_notices
        over = [one.id for one in rows.values() if one.status not in _OPEN and one.updated_at < before][:limit]
        for notice_id in over:
            del rows[notice_id]
        return len(over)

    async def pause(self, pause: MarketingPause) -> None:
        """Pause an account, in the place of an earlier pause."""
        self._view.changing.marketing_pauses[pause.brand_id, pause.integration, pause.demo] = pause

    async def lift(self, brand_id: str, integration: str) -> None:
        """End the pauses of a brand's accounts at a system."""
        for demo in (False, True):
            self._view.changing.marketing_pauses.pop((brand_id, integration, demo), None)

    async def pauses(self, brand_id: str) -> tuple[MarketingPause, ...]:
        """List a brand's, those that are over too."""
        found = (one for one in self._view.rows.marketing_pauses.values() if one.brand_id == brand_id)
        return tuple(sorted(found, key=lambda one: (one.integration, one.demo)))


def _is_due(notice: MarketingNotice, now: int) -> bool:
    return notice.status in _OPEN and notice.next_at <= now
