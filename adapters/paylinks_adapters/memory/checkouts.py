"""Checkouts, in memory."""

from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.storage import Due, Found, OrderFilter, Window

from ..searched import searched_order
from .tables import Repository, add, replace_row, windowed

__all__ = ["Checkouts"]


class Checkouts(Repository):
    """Checkouts of all brands."""

    async def add(self, checkout: Checkout) -> None:
        """Add one."""
        tables, order = self._view.changing, (checkout.brand_id, checkout.order_id)
        rows = tables.checkouts
        taken = (order == (one.brand_id, one.order_id) or checkout.code == one.code for one in rows.values())
        add(rows, checkout, taken)
        self._view.need(holds=checkout.brand_id in tables.brands)

    async def get(self, checkout_id: str) -> Checkout | None:
        """Find one."""
        return self._view.rows.checkouts.get(checkout_id)

    async def by_order(self, brand_id: str, order_id: str) -> Checkout | None:
        """Find a brand's one by the merchant's order id."""
        order = (brand_id, order_id)
        return next((one for one in self._view.rows.checkouts.values() if order == (one.brand_id, one.order_id)), None)

    async def by_code(self, code: str) -> Checkout | None:
        """Find one by the last word of its newest link."""
        return next((checkout for checkout in self._view.rows.checkouts.values() if checkout.code == code), None)

    async def replace(self, was: Checkout, now: Checkout) -> Checkout:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        tables, order = self._view.changing, (now.brand_id, now.order_id)
        rows = tables.checkouts
        kept: Checkout = replace_row(rows, was, now)
        others = [one for one in rows.values() if one.id != was.id]
        self._view.need(holds=all(now.code != one.code and order != (one.brand_id, one.order_id) for one in others))
        self._view.need(holds=now.brand_id in tables.brands)
        return kept

    async def of_salesperson(self, salesperson_id: str, window: Window) -> Found[Checkout]:
        """List a salesperson's, newest first; searched is the order id."""
        own = [one for one in self._view.rows.checkouts.values() if one.salesperson_id == salesperson_id]
        return windowed(own, window, searched_order)

    async def paid_to_salesperson(self, salesperson_id: str) -> tuple[Checkout, ...]:
        """List those of a salesperson that are paid, oldest first."""
        rows = self._view.rows.checkouts.values()
        paid = (one for one in rows if one.salesperson_id == salesperson_id and one.state == "paid")
        return tuple(sorted(paid, key=lambda one: (one.created_at, one.id)))

    async def expired(self, before: int, limit: int, skip: int = 0) -> Due[Checkout]:
        """List unpaid ones whose time ended before and for which no money is moving, oldest first."""
        tables = self._view.rows
        waiting = {one.id for one in tables.payments.values() if one.state == "action_required"}
        over = (
            one
            for one in tables.checkouts.values()
            if one.expires_at < before
            and (one.state in ("open", "failed") or (one.state == "processing" and one.payment_id in waiting))
        )
        return Due(rows=tuple(sorted(over, key=lambda one: (one.expires_at, one.id))[skip : skip + limit]))

    async def page(self, brand_id: str, window: Window, only: OrderFilter) -> Found[Checkout]:
        """List a brand's, newest first; searched are its ids, what is bought and who buys it."""
        tables = self._view.rows
        in_doubt = {one.checkout_id for one in tables.payments.values() if one.state == "unknown"}
        in_doubt |= {one.checkout_id for one in tables.refunds.values() if one.state == "unknown"}
        fitting = [
            one
            for one in tables.checkouts.values()
            if one.brand_id == brand_id
            and only.state in (None, one.state)
            and (not only.in_doubt or one.attention is not None or one.id in in_doubt)
            and (
                only.provider is None
                or (one.payment_id is not None and tables.payments[one.payment_id].provider == only.provider)
            )
        ]
        return windowed(fitting, window)

    async def after(self, checkout_id: str, limit: int) -> tuple[Checkout, ...]:
        """List those whose id comes after another one, by id."""
        rows = self._view.rows.checkouts
        return tuple(rows[key] for key in sorted(key for key in rows if key > checkout_id)[:limit])
