"""Checkouts, in SQL."""

from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.storage import Due, Found, OrderFilter, Window

from ...searched import searched_order
from ..rows import SEARCHED, Rows
from ..sessions import Value
from ..tables.checkouts import CheckoutTable
from .repository import Repository

__all__ = ["Checkouts"]

_CHECKOUTS = Rows(CheckoutTable, Checkout, made={**SEARCHED, "searched_order": searched_order})


class Checkouts(Repository):
    """Checkouts of all brands."""

    async def add(self, checkout: Checkout) -> None:
        """Add one."""
        await _CHECKOUTS.add(self._session, checkout)

    async def get(self, checkout_id: str) -> Checkout | None:
        """Find one."""
        return await _CHECKOUTS.one(self._session, "WHERE id = ?", checkout_id)

    async def by_order(self, brand_id: str, order_id: str) -> Checkout | None:
        """Find a brand's one by the merchant's order id."""
        return await _CHECKOUTS.one(self._session, "WHERE brand_id = ? AND order_id = ?", brand_id, order_id)

    async def by_code(self, code: str) -> Checkout | None:
        """Find one by the last word of its newest link."""
        return await _CHECKOUTS.one(self._session, "WHERE code = ?", code)

    async def replace(self, was: Checkout, now: Checkout) -> Checkout:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        return await _CHECKOUTS.replace(self._session, was, now)

    async def of_salesperson(self, salesperson_id: str, window: Window) -> Found[Checkout]:
        """List a salesperson's, newest first; searched is the order id."""
        where, values = "salesperson_id = ?", (salesperson_id,)
        return await _CHECKOUTS.page(self._session, window, where, values, searched="searched_order")

    async def paid_to_salesperson(self, salesperson_id: str) -> tuple[Checkout, ...]:
        """List those of a salesperson that are paid, oldest first."""
        where = "WHERE salesperson_id = ? AND state = 'paid' ORDER BY created_at, id"
        return await _CHECKOUTS.many(self._session, where, salesperson_id)

    async def expired(self, before: int, limit: int, skip: int = 0) -> Due[Checkout]:
        """List unpaid ones whose time ended before and for which no money is moving, oldest first."""
        where = (
            "WHERE state IN ('open', 'failed', 'processing') AND expires_at < ? AND (state <> 'processing' OR EXISTS ("
            "SELECT 1 FROM payments WHERE payments.id = checkouts.payment_id AND payments.state = 'action_required'))"
            " ORDER BY expires_at, id LIMIT ? OFFSET ?"
        )
        return await _CHECKOUTS.queue(self._session, where, before, limit, skip)

    async def page(self, brand_id: str, window: Window, only: OrderFilter) -> Found[Checkout]:
        """List a brand's, newest first; searched are its ids, what is bought and who buys it."""
        conditions, values = ["brand_id = ?"], list[Value]([brand_id])
        if only.state is not None:
            conditions.append("state = ?")
            values.append(only.state)
        if only.provider is not None:
            conditions.append("payment_id IN (SELECT id FROM payments WHERE payments.brand_id = ? AND provider = ?)")
            values += [brand_id, only.provider]
        if only.in_doubt:
            conditions.append(
                "(attention IS NOT NULL"
                " OR EXISTS (SELECT 1 FROM payments WHERE checkout_id = checkouts.id AND payments.state = 'unknown')"
                " OR EXISTS (SELECT 1 FROM refunds WHERE checkout_id = checkouts.id AND refunds.state = 'unknown'))"
            )
        where = " AND ".join(conditions)
        return await _CHECKOUTS.page(self._session, window, where, values)

    async def after(self, checkout_id: str, limit: int) -> tuple[Checkout, ...]:
        """List those whose id comes after another one, by id."""
        return await _CHECKOUTS.many(self._session, "WHERE id > ? ORDER BY id LIMIT ?", checkout_id, limit)
