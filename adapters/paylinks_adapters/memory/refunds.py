"""Refunds, in memory."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from paylinks_ports.records.refunds import Refund
from paylinks_ports.storage import Due

from .tables import Repository, add, due_of_accounts, put_off, replace_row

__all__ = ["Refunds"]


class Refunds(Repository):
    """Refunds of all payments."""

    async def add(self, refund: Refund) -> None:
        """Add one."""
        tables = self._view.changing
        add(tables.refunds, refund)
        self._view.need(holds=refund.payment_id in tables.payments)

    async def get(self, refund_id: str) -> Refund | None:
        """Find one."""
        return self._view.rows.refunds.get(refund_id)

    async def by_reference(self, brand_id: str, provider: str, reference: str) -> Refund | None:
        """Find a brand's one by the provider's id of it; of several, the newest."""
        key = (brand_id, provider, reference)
        found = (one for one in self._view.rows.refunds.values() if key == (one.brand_id, one.provider, one.reference))
        return max(found, key=lambda one: (one.created_at, one.id), default=None)

    async def of_payment(self, payment_id: str) -> tuple[Refund, ...]:
        """List a payment's, in the order they were made."""
        return self._listed(one for one in self._view.rows.refunds.values() if one.payment_id == payment_id)

    async def of_checkouts(self, checkout_ids: Sequence[str]) -> tuple[Refund, ...]:
        """List those of some checkouts, in the order they were made."""
        return self._listed(one for one in self._view.rows.refunds.values() if one.checkout_id in checkout_ids)

    async def replace(self, was: Refund, now: Refund) -> Refund:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        kept: Refund = replace_row(self._view.changing.refunds, was, now)
        return kept

    async def due(self, now: int, limit: int, each: int) -> Due[Refund]:
        """List those whose `check_at` has come, oldest first, and of one account at most `each`."""
        return due_of_accounts(self._view.rows.refunds.values(), "check_at", now, limit, each)

    async def put_off(self, ids: Sequence[str], until: int) -> None:
        """Put the `check_at` of some off, unread."""
        put_off(self._view.changing.refunds, "check_at", ids, until)

    async def bring_forward(self, now: int) -> int:
        """Make every refund in flight due now, and say how many."""
        rows = self._view.changing.refunds
        flying = [refund for refund in rows.values() if refund.state == "in_flight"]
        for refund in flying:
            replace_row(rows, refund, replace(refund, check_at=now))
        return len(flying)

    def _listed(self, found: Iterable[Refund]) -> tuple[Refund, ...]:
        return tuple(sorted(found, key=lambda refund: (refund.created_at, refund.id)))
