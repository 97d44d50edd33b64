"""The repository of checkouts."""

from typing import Protocol

from msgspec import Struct

from ..records.checkouts import Checkout, CheckoutState
from .windows import Due, Found, Window

__all__ = ["Checkouts", "OrderFilter"]


class OrderFilter(Struct, frozen=True, kw_only=True):
    """Which orders are listed.

    Args:
        provider: of the payment that counts.
        in_doubt: only those with a sentence for a person, or with a payment or refund whose outcome nobody knows.

    """

    state: CheckoutState | None = None
    provider: str | None = None
    in_doubt: bool = False


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

    async def expired(self, before: int, limit: int, skip: int = 0) -> Due[Checkout]:
        """List unpaid ones whose time ended before and for which no money is moving, oldest first, after `skip`.

        So are open and failed ones, and those in processing only because the payment that counts is `action_required`.
        """

    async def page(self, brand_id: str, window: Window, only: OrderFilter) -> Found[Checkout]:
        """List a brand's, newest first; searched are its ids, what is bought and who buys it."""

    async def after(self, checkout_id: str, limit: int) -> tuple[Checkout, ...]:
        """List those whose id comes after another one, by id; all begin after the empty text."""
