"""The repository of refunds."""

from collections.abc import Sequence
from typing import Protocol

from ..records.refunds import Refund
from .windows import Due

__all__ = ["Refunds"]


class Refunds(Protocol):
    """Refunds of all payments."""

    async def add(self, refund: Refund) -> None:
        """Add one; `Conflict` where its id is taken."""

    async def get(self, refund_id: str) -> Refund | None:
        """Find one."""

    async def by_reference(self, brand_id: str, provider: str, reference: str) -> Refund | None:
        """Find a brand's one by the provider's id of it; of several, the newest."""

    async def of_payment(self, payment_id: str) -> tuple[Refund, ...]:
        """List a payment's, in the order they were made."""

    async def of_checkouts(self, checkout_ids: Sequence[str]) -> tuple[Refund, ...]:
        """List those of some checkouts, in the order they were made."""

    async def replace(self, was: Refund, now: Refund) -> Refund:
        """Change it if it is still `was` (by version), and give it back with its new version; else `Conflict`."""

    async def due(self, now: int, limit: int, each: int) -> Due[Refund]:
        """List those whose `check_at` has come, oldest first, the first of every account before the second of any.

        Args:
            now: Unix milliseconds.
            limit: the most of all.
            each: the most of one account: a brand's at a provider, or its double there.

        """

    async def put_off(self, ids: Sequence[str], until: int) -> None:
        """Put the `check_at` of some off without reading them, because they can't be read."""

    async def bring_forward(self, now: int) -> int:
        """Make every refund in flight due now: for a start when no other process can be asking. Say how many."""
