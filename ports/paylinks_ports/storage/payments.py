"""Repositories of payments and their events."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from ..records.payments import Payment, PaymentEvent, PaymentState
from .windows import Due

__all__ = ["DayFigure", "PaymentEvents", "Payments"]


class DayFigure(Struct, frozen=True, kw_only=True):
    """How many payments of one kind were begun on one day, and what they come to.

    Args:
        day: the day's beginning in UTC, Unix milliseconds.
        amount: minor units of the currency.

    """

    day: int
    currency: str
    state: PaymentState
    demo: bool
    count: int
    amount: int


class Payments(Protocol):
    """Payments of all checkouts."""

    async def add(self, payment: Payment) -> None:
        """Add one; `Conflict` where its id is taken, or the offer it pays for has one."""

    async def get(self, payment_id: str) -> Payment | None:
        """Find one."""

    async def of_checkout(self, checkout_id: str) -> tuple[Payment, ...]:
        """List a checkout's, in the order they were made."""

    async def saved_by(self, brand_id: str, provider: str, customer: str) -> Payment | None:
        """Find the latest paid one that saved a method of this customer of the provider's."""

    async def of_offer(self, upsell_id: str, offer_id: str) -> Payment | None:
        """Find the one of an upsell session's offer."""

    async def of_order(self, brand_id: str, order_id: str) -> tuple[Payment, ...]:
        """List a brand's by the order id they are for, an upsell's being its own, in the order they were made."""

    async def by_reference(self, brand_id: str, provider: str, reference: str) -> Payment | None:
        """Find a brand's one by the provider's id of it; of several, the newest."""

    async def by_attempt(self, attempt_id: str) -> Payment | None:
        """Find one by its present attempt, or by an earlier one that its events name."""

    async def unfulfilled(self, since: int, limit: int, skip: int = 0) -> Due[Payment]:
        """List paid sales, changed no earlier than `since`, whose checkout is neither paid nor waits for a person.

        Oldest first, without the first `skip`.
        """

    async def figures(self, brand_id: str, since: int) -> tuple[DayFigure, ...]:
        """Sum up a brand's that were begun since then, by day, currency, state and demo, in that order."""

    async def replace(self, was: Payment, now: Payment) -> Payment:
        """Change it if it is still `was` (by version), and give it back with its new version; else `Conflict`."""

    async def due(self, now: int, limit: int, each: int) -> Due[Payment]:
        """List those whose `check_at` has come, oldest first, the first of every account before the second of any.

        Args:
            now: Unix milliseconds.
            limit: the most of all.
            each: the most of one account: a brand's at a provider, or its double there.

        """

    async def put_off(self, ids: Sequence[str], until: int) -> None:
        """Put the `check_at` of some off without reading them, because they can't be read."""

    async def bring_forward(self, now: int) -> int:
        """Make every payment in flight due now: for a start when no other process can be asking. Say how many."""


class PaymentEvents(Protocol):
    """What happened to payments; only ever added to."""

    async def add(self, event: PaymentEvent) -> None:
        """Add one."""

    async def of_checkout(self, checkout_id: str) -> tuple[PaymentEvent, ...]:
        """List a checkout's, in the order they happened."""
