"""Checks of accidents on the way to the provider and back: a doubt is `Unknown`, and what happened is found."""

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct

from ..errors import PaylinksError, ProviderRefused, ProviderUnavailable
from ..payments import (
    Canceled,
    Declined,
    NotFound,
    NotSubmitted,
    Order,
    Paid,
    Pending,
    RequiresAction,
    Started,
    Unknown,
)
from ..refunds import Refunded, RefundFailed, RefundPending
from .charging import Charging
from .checks import check
from .contract import FIRST_WAYS
from .failures import expect, fail
from .faults import FAULTS, Fault
from .shops import Shop

__all__ = ["Accidents", "Scene"]

_DONE = (Paid, Refunded)
_OPEN = (Pending, RequiresAction, RefundPending)
_NO = (Declined, RefundFailed, Canceled, NotSubmitted)


class Scene(Struct, frozen=True, kw_only=True):
    """One call to be disturbed, ready to be made in a world of its own.

    Args:
        act: makes the call.
        find: looks up what came of it, at once and an hour later.
        proof: what that look-up proves.

    """

    shop: Shop[Any]
    act: Callable[[], Awaitable[object]]
    find: Callable[[], Awaitable[tuple[object, object]]]
    proof: str


Prepare = Callable[[Shop[Any]], Awaitable[Scene]]


class Accidents(Charging):
    """Every request of every call meets every accident."""

    @check(*FIRST_WAYS, "charge_saved")
    async def test_accidents_of_a_charge(self) -> None:
        """Whatever happens on the way, a charge is told as `Unknown` or as one that never happened; a look-up finds it.

        Troubleshooting: let httpx's errors through, decode an answer before you believe any of it, and return `Unknown`
        for whatever is not in the provider's form. Never repeat a request that charges. `ProviderUnavailable` says that
        nothing happened: raise it only where that is certain. `Lookup` says "authoritative" only where the provider
        shows a payment in the same moment; a search that lags is "positive".
        """
        for way in self.ways:
            await self.survive(way, lambda shop, way=way: self._charge(shop, way, bare=False))  # type: ignore[misc]
            if way in FIRST_WAYS and "start" in self.powers:
                async with self.shop() as shop:
                    scene = await self._charge(shop, way, bare=True)
                    allowed = not isinstance(await scene.act(), ProviderRefused)
                if allowed:
                    await self.survive(
                        f"{way} without a reference",
                        lambda shop, way=way: self._charge(shop, way, bare=True),  # type: ignore[misc]
                    )

    async def _charge(self, shop: Shop[Any], way: str, *, bare: bool) -> Scene:
        order, reference, token = await self.prepare(shop, way)
        if bare:
            order, reference = self.order(shop), None
        return Scene(
            shop=shop,
            act=lambda: self.charge(shop, way, order, reference, token),
            find=lambda: self._found(shop, order, reference),
            proof=self.proof(reference),
        )

    async def _found(self, shop: Shop[Any], order: Order, reference: str | None) -> tuple[object, object]:
        if "look_up" not in self.powers:
            return NotFound(), NotFound()
        first, later = await self.find(shop, order, reference)
        if isinstance(later, Paid):
            self.is_paid(shop, later, order)
        return first, later

    @check("look_up")
    async def test_accidents_of_a_look_up(self) -> None:
        """A look-up that goes wrong says nothing of the payment.

        Troubleshooting: `NotFound`, `Canceled`, `NotSubmitted` and `Declined` are answers of the provider in its own
        form. A page of HTML, an empty reply, an error 500 are none: return `Unknown` or raise `ProviderUnavailable`.
        """
        for bare in (False, True):
            if self.proof(None if bare else "known") == "none":
                continue
            async with self.shop(demo=not self.ways) as shop:
                order, reference = await self._paid_once(shop, bare=bare)
                if order is None:
                    continue
                shop.now += 3_600_000
                self.is_paid(shop, await shop.ask("look_up", order, reference), order)
                for index in range(len(shop.network.sent)):
                    for fault in FAULTS:
                        shop.fail_at(fault, index)
                        outcome = await shop.ask("look_up", order, reference)
                        told = isinstance(outcome, Paid | Unknown | ProviderUnavailable)
                        refused = isinstance(outcome, PaylinksError) and fault.answers
                        expect(told or refused, f"look_up after {fault.name} gave {shop.told(outcome)}")

    async def _paid_once(self, shop: Shop[Any], *, bare: bool) -> tuple[Order | None, str | None]:
        """Pay an order; `bare`: with nothing opened before, so that it is found by its attempt alone."""
        order = self.order(shop)
        if not bare:
            return order, (await self.paid(shop, order)).reference
        way = next((power for power in self.ways if power in FIRST_WAYS), None)
        if way is None:
            return None, None
        outcome = await self.charge(shop, way, order, None, self.payment_token)
        return (None, None) if isinstance(outcome, ProviderRefused) else (order, None)

    @check("start")
    async def test_accidents_of_a_start(self) -> None:
        """Opening a payment either works or is told as one that did not.

        Troubleshooting: raise `ProviderUnavailable`, or let httpx's error through; never return `Started` without what
        the browser needs.
        """
        async with self.shop() as shop:
            await self.start(shop, self.order(shop))
            for index in range(len(shop.network.sent)):
                for fault in FAULTS:
                    shop.fail_at(fault, index)
                    outcome = await shop.ask("start", self.order(shop), None)
                    told = isinstance(outcome, Started | Unknown | ProviderUnavailable)
                    refused = isinstance(outcome, PaylinksError) and fault.answers
                    expect(told or refused, f"start after {fault.name} gave {shop.told(outcome)}")

    async def survive(self, what: str, prepare: Prepare) -> None:
        """Disturb each request of a call by each fault, each time in a new world."""
        async with self.shop() as shop:
            scene = await prepare(shop)
            outcome = await scene.act()
            expect(isinstance(outcome, (*_DONE, *_OPEN)), f"{what} gave {shop.told(outcome)}")
            sent, writes = list(shop.network.sent), list(shop.network.writes)
        if not writes:
            fail(f"{what} sends nothing that changes anything; see `only_reads`")
        last = sent.index(writes[-1])
        for index in range(len(sent)):
            for fault in FAULTS:
                async with self.shop() as shop:
                    scene = await prepare(shop)
                    shop.fail_at(fault, index)
                    outcome = await scene.act()
                    made = len(shop.network.writes)
                    told = f"{what}: after {fault.name}, request {index + 1} of {len(sent)}, it"
                    expect(made <= len(writes), f"{told} sent {made} requests that change something, not {len(writes)}")
                    first_write = index <= sent.index(writes[0])
                    await self._judge(scene, fault, outcome, told, done=fault.reaches and index >= last)
                    if not fault.leaves and first_write:
                        expect(isinstance(outcome, ProviderUnavailable), f"{told} gave {shop.told(outcome)}")

    async def _judge(self, scene: Scene, fault: Fault, outcome: object, told: str, *, done: bool) -> None:
        """Hold what was told against what happened."""
        shop = scene.shop
        gave = shop.told(outcome)
        first, later = await scene.find()
        happened, open_yet = isinstance(later, _DONE), isinstance(later, _OPEN)
        if isinstance(outcome, _NO):
            truly = isinstance(outcome, Canceled) and isinstance(later, Canceled)
            expect(truly or (fault.answers and not happened), f"{told} gave {gave}, which nobody said")
        elif isinstance(outcome, Unknown):
            pass
        elif isinstance(outcome, PaylinksError):
            allowed = isinstance(outcome, ProviderUnavailable) or fault.answers
            expect(allowed, f"{told} gave {gave}, and the provider did not say that")
            expect(not (happened or open_yet), f"{told} gave {gave}, and yet it happened")
        else:
            expect(happened or open_yet, f"{told} gave {gave}, and it never happened")
            if isinstance(outcome, Paid) and isinstance(later, Paid):
                expect(outcome.transaction_id == later.transaction_id, f"{told} gave Paid with another transaction")
        if scene.proof == "none":
            return
        if done:
            expect(happened or open_yet, f"{told} was done, and a look-up an hour later gives {shop.told(later)}")
        if happened and scene.proof == "authoritative":
            expect(not isinstance(first, NotFound), f"{told} was done, and not found at once: no authoritative look-up")
        if happened:
            expect(not isinstance(first, _NO), f"{told} was done, and a look-up says {shop.told(first)} at once")
