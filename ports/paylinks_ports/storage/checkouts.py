"""The repository of checkouts."""

from typing import Protocol

from ..records.checkouts import Checkout
from .windows import Found, Window

__all__ = ["Checkouts"]


class Checkouts(Protocol):
    """Checkouts of all brands."""

    async def add(self, checkout: Checkout) -> None:
        """Add one; `Conflict` where its id or code is taken, or the brand has one of that order id."""

    async def get(self, checkout_id: str) -> Checkout | None:
        """Find one."""

    async def by_order(self, brand_id: str, order_id: str) -> Checkout | None:
        """Find a brand's one by the merchant's order id."""

    async def by_code(self, code: str) -> Checkout | None:
        """Find one by the last word of its newest link."""

    async def replace(self, was: Checkout, now: Checkout) -> Checkout:
        """Change it if it is still `was` (by version), and give it back with its new version; else `Conflict`."""

    async def of_salesperson(self, salesperson_id: str, window: Window) -> Found[Checkout]:
        """List a salesperson's, newest first; searched is the order id."""

    async def paid_to_salesperson(self, salesperson_id: str) -> tuple[Checkout, ...]:
        """List those of a salesperson that are paid, oldest first."""

    async def expired(self, before: int, limit: int) -> tuple[Checkout, ...]:
        """List open and failed ones whose time ended before, oldest first."""
