"""Payments and their events, in memory."""

from collections.abc import Sequence

from msgspec.structs import replace

from paylinks_ports.records.payments import Payment, PaymentEvent, PaymentState
from paylinks_ports.storage import DayFigure, Due

from .tables import Repository, add, due_of_accounts, put_off, replace_row

__all__ = ["PaymentEvents", "Payments"]

_DAY = 86_400_000


class Payments(Repository):
    """Payments of all checkouts."""

    async def add(self, payment: Payment) -> None:
        """Add one."""
        tables = self._view.changing
        offer = (payment.upsell_id, payment.offer_id)
        taken = (offer == (one.upsell_id, one.offer_id) for one in tables.payments.values() if payment.upsell_id)
        add(tables.payments, payment, taken)
        self._view.need(holds=payment.checkout_id in tables.checkouts)

    async def get(self, payment_id: str) -> Payment | None:
        """Find one."""
        return self._view.rows.payments.get(payment_id)

    async def of_checkout(self, checkout_id: str) -> tuple[Payment, ...]:
        """List a checkout's, in the order they were made."""
        found = (payment for payment in self._view.rows.payments.values() if payment.checkout_id == checkout_id)
        return tuple(sorted(found, key=lambda payment: (payment.created_at, payment.id)))

    async def saved_by(self, brand_id: str, provider: str, customer: str) -> Payment | None:
        """Find the latest paid one that saved a method of this customer of the provider's."""
        wanted = (brand_id, provider, customer, "paid")
        rows = self._view.rows.payments.values()
        found = (one for one in rows if (one.brand_id, one.provider, one.saved_customer, one.state) == wanted)
        return max(found, key=lambda payment: (payment.created_at, payment.id), default=None)

    async def of_offer(self, upsell_id: str, offer_id: str) -> Payment | None:
        """Find the one of an upsell session's offer."""
        rows = self._view.rows.payments.values()
        return next((one for one in rows if (one.upsell_id, one.offer_id) == (upsell_id, offer_id)), None)

    async def of_order(self, brand_id: str, order_id: str) -> tuple[Payment, ...]:
        """List a brand's by the order id they are for, in the order they were made."""
        key = (brand_id, order_id)
        found = (one for one in self._view.rows.payments.values() if key == (one.brand_id, one.order_id))
        return tuple(sorted(found, key=lambda payment: (payment.created_at, payment.id)))

    async def by_reference(self, brand_id: str, provider: str, reference: str) -> Payment | None:
        """Find a brand's one by the provider's id of it; of several, the newest."""
        key = (brand_id, provider, reference)
        found = (one for one in self._view.rows.payments.values() if key == (one.brand_id, one.provider, one.reference))
        return max(found, key=lambda one: (one.created_at, one.id), default=None)

    async def by_attempt(self, attempt_id: str) -> Payment | None:
        """Find one by its present attempt, or by an earlier one that its events name."""
        tables = self._view.rows
        named = {event.payment_id for event in tables.payment_events.values() if event.attempt_id == attempt_id}
        found = (one for one in tables.payments.values() if one.attempt_id == attempt_id or one.id in named)
        return next(found, None)

    async def unfulfilled(self, since: int, limit: int, skip: int = 0) -> Due[Payment]:
        """List paid sales, changed no earlier than `since`, whose checkout is neither paid nor waits for a person."""
        tables = self._view.rows
        paid = (
            one
            for one in tables.payments.values()
            if (one.state, one.kind) == ("paid", "sale") and one.updated_at >= since
        )
        left = (
            one
            for one in paid
            if (checkout := tables.checkouts[one.checkout_id]).state != "paid" and checkout.attention is None
        )
        return Due(rows=tuple(sorted(left, key=lambda one: (one.updated_at, one.id))[skip : skip + limit]))

    async def figures(self, brand_id: str, since: int) -> tuple[DayFigure, ...]:
        """Sum up a brand's that were begun since then, by day, currency, state and demo, in that order."""
        sums: dict[tuple[int, str, PaymentState, bool], list[int]] = {}
        for one in self._view.rows.payments.values():
            if one.brand_id == brand_id and one.created_at >= since:
                key = (one.created_at // _DAY * _DAY, one.currency, one.state, one.demo)
                sums.setdefault(key, []).append(one.amount)
        return tuple(
            DayFigure(day=day, currency=currency, state=state, demo=demo, count=len(amounts), amount=sum(amounts))
            for (day, currency, state, demo), amounts in sorted(sums.items(), key=lambda pair: pair[0])
        )

    async def replace(self, was: Payment, now: Payment) -> Payment:
        """Change it if it is still `was` (by version), and give it back with its new version."""
        tables = self._view.changing
        kept: Payment = replace_row(tables.payments, was, now)
        self._view.need(holds=now.checkout_id in tables.checkouts)
        return kept

    async def due(self, now: int, limit: int, each: int) -> Due[Payment]:
        """List those whose `check_at` has come, oldest first, and of one account at most `each`."""
        return due_of_accounts(self._view.rows.payments.values(), "check_at", now, limit, each)

    async def put_off(self, ids: Sequence[str], until: int) -> None:
        """Put the `check_at` of some off, unread."""
        put_off(self._view.changing.payments, "check_at", ids, until)

    async def bring_forward(self, now: int) -> int:
        """Make every payment in flight due now, and say how many."""
        rows = self._view.changing.payments
        flying = [payment for payment in rows.values() if payment.state == "in_flight"]
        for payment in flying:
            replace_row(rows, payment, replace(payment, check_at=now))
        return len(flying)


class PaymentEvents(Repository):
    """What happened to payments; only ever added to."""

    async def add(self, event: PaymentEvent) -> None:
        """Add one."""
        add(self._view.changing.payment_events, event)

    async def of_checkout(self, checkout_id: str) -> tuple[PaymentEvent, ...]:
        """List a checkout's, in the order they happened."""
        found = (event for event in self._view.rows.payment_events.values() if event.checkout_id == checkout_id)
        return tuple(sorted(found, key=lambda event: (event.at, event.id)))
