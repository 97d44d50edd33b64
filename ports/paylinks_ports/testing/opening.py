"""Checks of what is opened, looked up and closed around a charge."""

from typing import Any

from ..payments import Canceled, NotFound, NotSubmitted, Order, Paid, Pending, RequiresAction, Started, Unknown
from .checks import check
from .failures import expect, fail
from .refunding import Refunding
from .shops import Shop

__all__ = ["Opening"]


class Opening(Refunding):
    """What start, look_up and cancel must do."""

    @check("start")
    async def test_start_twice(self) -> None:
        """Starting again reads what is open: the same reference, and what the browser needs.

        Troubleshooting: with a `reference`, start opens nothing: it reads. Without one, the same attempt must not open
        two wherever `Idempotency` names ``start``.
        """
        async with self.shop() as shop:
            order = self.order(shop)
            first = await shop.ask("start", order, None)
            expect(isinstance(first, Started), f"start gave {shop.told(first)}")
            assert isinstance(first, Started)  # noqa: S101 - for the type checker
            if first.reference is not None:
                again = await shop.ask("start", self.again(shop, order), first.reference)
                same = isinstance(again, Started) and again.reference == first.reference
                expect(
                    same, f"start with the reference of an open payment gave {shop.told(again)}, and not that payment"
                )
                expect(isinstance(again, Started) and again.browser.keys() == first.browser.keys(), "it tells less")
            if "start" in self.provider.idempotency.powers:
                second = await shop.ask("start", order, None)
                same = isinstance(second, Started) and second.reference == first.reference
                expect(same, "start of the same attempt opened two")

    @check("look_up")
    async def test_what_never_was(self) -> None:
        """What nobody has charged is not found, or is open; it is never paid.

        Troubleshooting: search by the attempt's id exactly, and check that what the provider found is that attempt's.
        """
        async with self.shop(demo=not self.ways) as shop:
            await self.paid(shop, self.order(shop))
            order = self.order(shop)
            outcome = await shop.ask("look_up", order, None)
            expect(isinstance(outcome, NotFound | Unknown), f"look_up gave {shop.told(outcome)}")
            reference = await self.start(shop, order)
            if reference is not None:
                outcome = await shop.ask("look_up", order, reference)
                told = isinstance(outcome, NotSubmitted | NotFound | Unknown)
                expect(told, f"look_up of what is open and unpaid gave {shop.told(outcome)}")

    @check("look_up")
    async def test_a_payment_of_another_order(self) -> None:
        """A reference that is another order's pays nothing: integrators and browsers may send any.

        Troubleshooting: have `order.order_id` with the payment at the provider, and compare it in what is read back.
        """
        async with self.shop(demo=not self.ways) as shop:
            paid = await self.paid(shop, self.order(shop))
            outcome = await shop.ask("look_up", self.order(shop), paid.reference)
            if await self.start(shop, self.order(shop)) is None:
                return  # only the platform itself has ever seen a reference of this provider
            expect(not isinstance(outcome, Paid | Pending), f"look_up of another order's gave {shop.told(outcome)}")

    @check("look_up")
    async def test_a_look_up_changes_nothing(self) -> None:
        """Looking up sends nothing that changes anything.

        Troubleshooting: where the provider reads by POST, say so in `only_reads`.
        """
        async with self.shop(demo=not self.ways) as shop:
            order = self.order(shop)
            paid = await self.paid(shop, order)
            for known in (order, self.order(shop)):
                for reference in (paid.reference, None):
                    await shop.ask("look_up", known, reference)
                    expect(not shop.network.writes, "look_up sends a request that changes something")

    @check("cancel")
    async def test_cancel(self) -> None:
        """An open payment can be closed for good; a paid one cannot, and says `Paid`.

        Troubleshooting: read the provider's answer to a cancel that came too late, or look up.
        """
        async with self.shop(demo=True) as shop:
            order, reference = await self._opened(shop)
            outcome = await shop.ask("cancel", order, reference)
            expect(isinstance(outcome, Canceled), f"cancel of an open payment gave {shop.told(outcome)}")
            found = await shop.ask("look_up", order, reference)
            expect(isinstance(found, Canceled | NotFound), f"a canceled payment is {shop.told(found)}")
            # What only the platform can pay, it does not pay any more; a customer in the browser might.
            if self.provider.browser_pays and self.ways and "start" in self.powers:
                late, _ = await self.pay(shop, self.again(shop, order), opened=reference)
                expect(not isinstance(late, Paid | Pending | RequiresAction), "a canceled payment can still be paid")
            paid_order = self.order(shop)
            paid = await self.paid(shop, paid_order)
            outcome = await shop.ask("cancel", paid_order, paid.reference)
            expect(isinstance(outcome, Paid), f"cancel of a paid payment gave {shop.told(outcome)}")
            self.is_paid(shop, await shop.ask("look_up", paid_order, paid.reference), paid_order)

    async def _opened(self, shop: Shop[Any]) -> tuple[Order, str]:
        """Open a payment that nobody has paid: by start, or by one that waits for the customer or the provider."""
        order = self.order(shop)
        reference = await self.start(shop, order)
        if reference is not None:
            return order, reference
        for word in ("demo_3ds", "demo_processing"):
            outcome, _ = await self.pay(shop, order, word)
            if isinstance(outcome, RequiresAction | Pending):
                return order, outcome.reference
        return fail("the gateway has cancel, and nothing to cancel: neither start nor a demo word leaves anything open")
