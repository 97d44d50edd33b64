"""Payments and their events, in SQL."""

from collections.abc import Sequence

import msgspec

from paylinks_ports.records.payments import Payment, PaymentEvent
from paylinks_ports.storage import DayFigure, Due

from ..rows import Rows
from ..tables.payments import PaymentEventTable, PaymentTable
from .repository import Repository

__all__ = ["PaymentEvents", "Payments"]

_PAYMENTS = Rows(PaymentTable, Payment)
_PAYMENT_EVENTS = Rows(PaymentEventTable, PaymentEvent)

_FIGURES = """SELECT created_at - created_at % 86400000 AS day, currency, state, demo,
    COUNT(*) AS count, CAST(SUM(amount) AS BIGINT) AS amount
FROM payments WHERE brand_id = ? AND created_at >= ?
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""


class Payments(Repository):
    """Payments of all checkouts."""

    async def add(self, payment: Payment) -> None:
        """Add one."""
        await _PAYMENTS.add(self._session, payment)

    async def get(self, payment_id: str) -> Payment | None:
        """Find one."""
        return await _PAYMENTS.one(self._session, "WHERE id = ?", payment_id)

    async def of_checkout(self, checkout_id: str) -> tuple[Payment, ...]:
        """List a checkout's, in the order they were made."""
        return await _PAYMENTS.many(self._session, "WHERE checkout_id = ? ORDER BY created_at, id", checkout_id)

    async def saved_by(self, brand_id: str, provider: str, customer: str) -> Payment | None:
        """Find the latest paid one that saved a method of this customer of the provider's."""
        where = "WHERE saved_customer = ? AND brand_id = ? AND provider = ? AND state = 'paid' "
        newest = f"{where} ORDER BY created_at DESC, id DESC"
        return await _PAYMENTS.one(self._session, newest, customer, brand_id, provider)

    async def of_offer(self, upsell_id: str, offer_id: str) -> Payment | None:
        """Find the one of an upsell session's offer."""
        return await _PAYMENTS.one(self._session, "WHERE upsell_id = ? AND offer_id = ?", upsell_id, offer_id)

    async def of_order(self, brand_id: str, order_id: str) -> tuple[Payment, ...]:
        """List a brand's by the order id they are for, in the order they were made."""
        where = "WHERE brand_id = ? AND order_id = ? ORDER BY created_at, id"
        return await _PAYMENTS.many(self._session, where, brand_id, order_id)

    async def by_reference(self, brand_id: str, provider: str, reference: str) -> Payment | None:
        """Find a brand's one by the provider's id of it; of several, the newest."""
        where = "WHERE brand_id = ? AND provider = ? AND reference = ? ORDER BY created_at DESC, id DESC"
        return await _PAYMENTS.one(self._session, where, brand_id, provider, reference)

    async def by_attempt(self, attempt_id: str) -> Payment | None:
        """Find one by its present attempt, or by an earlier one that its events name."""
        where = "WHERE attempt_id = ? OR id IN (SELECT payment_id FROM payment_events WHERE attempt_id = ?)"
        return await _PAYMENTS.one(self._session, where, attempt_id, attempt_id)

    async def unfulfilled(self, since: int, limit: int, skip: int = 0) -> Due[Payment]:
        """List paid sales, changed no earlier than `since`, whose checkout is neither paid nor waits for a person."""
        where = (
            "WHERE state = 'paid' AND kind = 'sale' AND updated_at >= ? AND EXISTS (SELECT 1 FROM checkouts"
            " WHERE checkouts.id = payments.checkout_id AND checkouts.state <> 'paid' AND checkouts.attention IS NULL)"
            " ORDER BY updated_at, id LIMIT ? OFFSET ?"
        )
        return await _PAYMENTS.queue(self._session, where, since, limit, skip)

    async def figures(self, brand_id: str, since: int) -> tuple[DayFigure, ...]:
        """Sum up a brand's that were begun since then, by day, currency, state and demo, in that order."""
        rows = await self._session.fetch(_FIGURES, (brand_id, since))
        return tuple(msgspec.convert(dict(row), DayFigure, strict=False) for row in rows)

    async def replace(self, was: Payment, now: Payment) -> Payment:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        return await _PAYMENTS.replace(self._session, was, now)

    async def due(self, now: int, limit: int, each: int) -> Due[Payment]:
        """List those whose `check_at` has come, oldest first, and of one account at most `each`."""
        return await _PAYMENTS.due(self._session, "check_at", now, limit, each, "brand_id", "provider", "demo")

    async def put_off(self, ids: Sequence[str], until: int) -> None:
        """Put the `check_at` of some off, unread."""
        await _PAYMENTS.put_off(self._session, "check_at", ids, until)

    async def bring_forward(self, now: int) -> int:
        """Make every payment in flight due now, and say how many."""
        sql = "UPDATE payments SET check_at = ?, version = version + 1 WHERE state = 'in_flight' RETURNING id"
        return len(await self._session.fetch(sql, (now,)))


class PaymentEvents(Repository):
    """What happened to payments; only ever added to."""

    async def add(self, event: PaymentEvent) -> None:
        """Add one."""
        await _PAYMENT_EVENTS.add(self._session, event)

    async def of_checkout(self, checkout_id: str) -> tuple[PaymentEvent, ...]:
        """List a checkout's, in the order they happened."""
        return await _PAYMENT_EVENTS.many(self._session, "WHERE checkout_id = ? ORDER BY at, id", checkout_id)
