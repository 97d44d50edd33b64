"""Checks of refunds: full, partial, never more than there is, and found again when a reply is lost."""

from typing import Any

from msgspec.structs import replace

from ..errors import ProviderRefused
from ..money import Money
from ..payments import NotFound, Order, Paid, Unknown
from ..refunds import Refunded, RefundFailed, RefundOrder, RefundPending
from .accidents import Accidents, Scene
from .checks import check
from .contract import text_of
from .failures import expect
from .shops import Shop

__all__ = ["Refunding"]


class Refunding(Accidents):
    """What a refund must do."""

    def refund_of(self, shop: Shop[Any], paid: Paid, amount: int, before: int = 0) -> RefundOrder:
        """Ask for a part of a payment."""
        return RefundOrder(
            refund_id=shop.id("ref"),
            attempt_id=shop.id("att"),
            money=Money(amount, paid.money.currency),
            reference=paid.reference,
            transaction_id=paid.transaction_id,
            paid=paid.money,
            refunded_before=before,
            reason="Returned",
        )

    async def refunded(self, shop: Shop[Any], order: Order, refund: RefundOrder) -> Refunded | RefundPending:
        """Give back, and fail unless that worked."""
        outcome = await shop.ask("refund", order, refund)
        said = f"a refund of {refund.money} gave {shop.told(outcome)}"
        expect(isinstance(outcome, Refunded | RefundPending), said)
        assert isinstance(outcome, Refunded | RefundPending)  # noqa: S101 - for the type checker
        if isinstance(outcome, Refunded):
            expect(outcome.money == refund.money, f"{said}, and says that it was {outcome.money}")
        expect(outcome.reference, f"{said} without a reference")
        return outcome

    async def sold(self, shop: Shop[Any]) -> tuple[Order, Paid]:
        """Make a paid order."""
        order = self.order(shop)
        return order, await self.paid(shop, order)

    @check("refund")
    async def test_a_refund(self) -> None:
        """The whole is given back in one, under the refund's id, and can be looked up.

        Troubleshooting: `refund.refund_id` belongs into the idempotency key or into a field that can be searched; where
        the provider has neither, `wire_refund` gives None. `Refunded.money` is what this one refund gave back, not the
        total of all.
        """
        async with self.shop(demo=not self.ways) as shop:
            order, paid = await self.sold(shop)
            refund = self.refund_of(shop, paid, paid.money.amount)
            done = await self.refunded(shop, order, refund)
            wire = self.wire_refund(refund)
            sent = "\n".join(text_of(request) for request in shop.network.sent)
            expect(wire is None or wire in sent, "the refund's id is not on the wire")
            if "look_up_refund" in self.powers and self.provider.lookup.refund_by_reference != "none":
                shop.now += 3_600_000
                found = await shop.ask("look_up_refund", order, refund, done.reference)
                expect(isinstance(found, Refunded), f"look_up_refund gives {shop.told(found)}")
                expect(
                    isinstance(found, Refunded) and found.money == refund.money, "look_up_refund tells another amount"
                )

    @check("refund")
    async def test_refunds_in_parts(self) -> None:
        """Parts add up to the payment, and not to a unit more.

        Troubleshooting: one unit more than is left is `RefundFailed` or `ProviderRefused`: read what the provider
        refuses. Where it counts totals, add `refund.refunded_before`.
        """
        async with self.shop(demo=not self.ways) as shop:
            order, paid = await self.sold(shop)
            part, whole = paid.money.amount // 4, paid.money.amount
            first = await self.refunded(shop, order, self.refund_of(shop, paid, part))
            second = await self.refunded(shop, order, self.refund_of(shop, paid, part, part))
            expect(first.reference != second.reference, "two refunds have one reference")
            for amount in (whole - 2 * part + 1, whole):
                outcome = await shop.ask("refund", order, self.refund_of(shop, paid, amount, 2 * part))
                refused = isinstance(outcome, RefundFailed | ProviderRefused)
                expect(refused, f"a refund of more than is left gave {shop.told(outcome)}")
            await self.refunded(shop, order, self.refund_of(shop, paid, whole - 2 * part, 2 * part))

    @check("refund")
    async def test_accidents_of_a_refund(self) -> None:
        """A refund whose reply is lost is `Unknown`, is found again, and is never repeated by the gateway.

        Troubleshooting: as for a charge. `RefundFailed` is the provider's clear no, and nothing else.
        """
        await self.survive("refund", self._scene)

    async def _scene(self, shop: Shop[Any]) -> Scene:
        order, paid = await self.sold(shop)
        refund = self.refund_of(shop, paid, paid.money.amount // 2)

        async def find() -> tuple[object, object]:
            shop.fail_at(None)
            if "look_up_refund" not in self.powers:
                return NotFound(), NotFound()
            first = await shop.ask("look_up_refund", order, refund, None)
            shop.now += 3_600_000
            return first, await shop.ask("look_up_refund", order, refund, None)

        proof = self.provider.lookup.refund_by_id if "look_up_refund" in self.powers else "none"
        return Scene(shop=shop, act=lambda: shop.ask("refund", order, refund), find=find, proof=proof)

    @check("look_up_refund")
    async def test_a_refund_that_never_was(self) -> None:
        """Looking up a refund that nobody made does not find it, and changes nothing.

        Troubleshooting: a look-up must tell one refund from another of the same payment, by `refund.refund_id` or by
        its reference. A request that only reads but is a POST is named in `only_reads`.
        """
        async with self.shop(demo=not self.ways) as shop:
            order, paid = await self.sold(shop)
            await self.refunded(shop, order, self.refund_of(shop, paid, paid.money.amount // 4))
            other = self.refund_of(shop, paid, paid.money.amount // 4, paid.money.amount // 4)
            outcome = await shop.ask("look_up_refund", order, other, None)
            expect(isinstance(outcome, NotFound | Unknown), f"it gives {shop.told(outcome)}")
            expect(not shop.network.writes, "look_up_refund sends a request that changes something")

    @check("refund")
    async def test_declared_idempotency_of_refunds(self) -> None:
        """Where `Idempotency` names ``refund``, the same refund asked twice is made once.

        Troubleshooting: the key is `refund.refund_id`, the same over all attempts.
        """
        async with self.shop(demo=not self.ways) as shop:
            if "refund" not in self.provider.idempotency.powers:
                order, paid = await self.sold(shop)
                await self.refunded(shop, order, self.refund_of(shop, paid, paid.money.amount))
                return
            order, paid = await self.sold(shop)
            share = paid.money.amount * 3 // 5
            refund = self.refund_of(shop, paid, share)
            first = await self.refunded(shop, order, refund)
            again = await self.refunded(shop, order, replace(refund, attempt_id=shop.id("att")))
            expect(first.reference == again.reference, "the same refund was made twice")
            await self.refunded(shop, order, self.refund_of(shop, paid, paid.money.amount - share, share))
