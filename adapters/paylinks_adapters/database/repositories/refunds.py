"""Refunds, in SQL."""

from collections.abc import Sequence

from paylinks_ports.records.refunds import Refund
from paylinks_ports.storage import Due

from ..rows import Rows
from ..tables.refunds import RefundTable
from .repository import Repository

__all__ = ["Refunds"]

_REFUNDS = Rows(RefundTable, Refund)


class Refunds(Repository):
    """Refunds of all payments."""

    async def add(self, refund: Refund) -> None:
        """Add one."""
        await _REFUNDS.add(self._session, refund)

    async def get(self, refund_id: str) -> Refund | None:
        """Find one."""
        return await _REFUNDS.one(self._session, "WHERE id = ?", refund_id)

    async def by_reference(self, brand_id: str, provider: str, reference: str) -> Refund | None:
        """Find a brand's one by the provider's id of it; of several, the newest."""
        where = "WHERE brand_id = ? AND provider = ? AND reference = ? ORDER BY created_at DESC, id DESC"
        return await _REFUNDS.one(self._session, where, brand_id, provider, reference)

    async def of_payment(self, payment_id: str) -> tuple[Refund, ...]:
        """List a payment's, in the order they were made."""
        return await _REFUNDS.many(self._session, "WHERE payment_id = ? ORDER BY created_at, id", payment_id)

    async def of_checkouts(self, checkout_ids: Sequence[str]) -> tuple[Refund, ...]:
        """List those of some checkouts, in the order they were made."""
        if not checkout_ids:
            return ()
        marks = ", ".join("?" for _ in checkout_ids)
        where = f"WHERE checkout_id IN ({marks}) ORDER BY created_at, id"
        return await _REFUNDS.many(self._session, where, *checkout_ids)

    async def replace(self, was: Refund, now: Refund) -> Refund:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        return await _REFUNDS.replace(self._session, was, now)

    async def due(self, now: int, limit: int, each: int) -> Due[Refund]:
        """List those whose `check_at` has come, oldest first, and of one account at most `each`."""
        return await _REFUNDS.due(self._session, "check_at", now, limit, each, "brand_id", "provider", "demo")

    async def put_off(self, ids: Sequence[str], until: int) -> None:
        """Put the `check_at` of some off, unread."""
        await _REFUNDS.put_off(self._session, "check_at", ids, until)

    async def bring_forward(self, now: int) -> int:
        """Make every refund in flight due now, and say how many."""
        sql = "UPDATE refunds SET check_at = ?, version = version + 1 WHERE state = 'in_flight' RETURNING id"
        return len(await self._session.fetch(sql, (now,)))
