"""Checks of demo mode: every demo word ends as the platform has promised integrators."""

from typing import Any

from ..errors import ProviderUnavailable
from ..payments import Declined, NotFound, NotSubmitted, Order, Pending, RequiresAction, SavedMethod, Unknown
from .accounts import Accounts
from .checks import check
from .failures import expect, fail
from .shops import Shop

__all__ = ["Demo"]

_DECLINES = {"demo_decline": ("card_declined", False), "demo_soft_decline": ("insufficient_funds", True)}


class Demo(Accounts):
    """What the simulator's own words must do, in every way of paying."""

    async def _pay(self, shop: Shop[Any], word: str, way: str) -> tuple[Order, object, str | None]:
        """Pay by one way with a demo word; what is a saved method hears it from the world."""
        if way == "pay":
            order = self.order(shop)
            return order, *await self.pay(shop, order, word)
        order, reference, token = await self.prepare(shop, way)
        shop.word = word if isinstance(token, SavedMethod) else None  # type: ignore[assignment]  # all are demo words
        given = token if isinstance(token, SavedMethod) else word
        outcome = await self.charge(shop, way, order, reference, given)
        shop.word = None
        return order, outcome, getattr(outcome, "reference", None) or reference

    @property
    def _ways(self) -> tuple[str, ...]:
        return self.ways or ("pay",)

    @check()
    async def test_demo_declines(self) -> None:
        """``demo_decline`` is a hard decline, ``demo_soft_decline`` one of insufficient funds that may work later.

        Troubleshooting: let the simulator answer with the provider's own codes for these two.
        """
        for way in self._ways:
            for word, told in _DECLINES.items():
                async with self.shop(demo=True) as shop:
                    _, outcome, _ = await self._pay(shop, word, way)
                    expect(isinstance(outcome, Declined), f"{way} of {word} gave {shop.told(outcome)}")
                    if isinstance(outcome, Declined):
                        expect((outcome.code, outcome.retryable) == told, f"{way} of {word} is told as {outcome.code}")

    @check()
    async def test_demo_3ds(self) -> None:
        """``demo_3ds`` asks the customer to act, and is paid when it is completed again.

        Troubleshooting: if the provider's protocol knows no such step it is simply paid, and `asks_customer` is False.
        """
        for way in self._ways:
            async with self.shop(demo=True) as shop:
                order, outcome, reference = await self._pay(shop, "demo_3ds", way)
                if not self.asks_customer:
                    self.is_paid(shop, outcome, order)
                    continue
                expect(isinstance(outcome, RequiresAction), f"{way} of demo_3ds gave {shop.told(outcome)}")
                found = await shop.ask("look_up", order, reference)
                if isinstance(found, RequiresAction | NotSubmitted) and way != "pay":
                    order = self.again(shop, order)
                    found = await self._again(shop, order, reference, way) or found
                if isinstance(found, RequiresAction | NotSubmitted):
                    found = await self._acted(shop, order, reference)
                self.is_paid(shop, found, order)

    async def _again(self, shop: Shop[Any], order: Order, reference: str | None, way: str) -> object:
        """Charge again what waits for the customer."""
        if way == "charge_saved":
            # As the platform does: the customer is played on what is open, and the saved method not charged anew.
            return await self.charge(shop, "charge", order, reference, "demo") if "charge" in self._ways else None
        return await self.charge(shop, way, order, reference, "demo_3ds")

    async def _acted(self, shop: Shop[Any], order: Order, reference: str | None) -> object:
        """Let the customer have acted at the provider itself."""
        play = self.provider.simulator.pay
        if play is None or reference is None:
            fail("demo_3ds is not paid when it is completed again")
        await play(reference, "demo_3ds", shop.world)
        return await shop.ask("look_up", order, reference)

    @check()
    async def test_demo_processing(self) -> None:
        """``demo_processing`` is pending, and paid about two seconds later, with a webhook where they are read.

        Troubleshooting: the simulator remembers until when it works, by `world.now()`, and calls `world.emit(request,
        2000)` when the charge is made.
        """
        for way in self._ways:
            async with self.shop(demo=True) as shop:
                order, outcome, reference = await self._pay(shop, "demo_processing", way)
                expect(isinstance(outcome, Pending), f"{way} of demo_processing gave {shop.told(outcome)}")
                first = await shop.ask("look_up", order, reference)
                expect(isinstance(first, Pending), f"a look-up at once gave {shop.told(first)}")
                if "read_webhook" in self.powers:
                    expect(any(delay == 2000 for _, delay in shop.emitted), "no webhook comes 2000 ms later")  # noqa: PLR2004
                shop.now += 2_500
                self.is_paid(shop, await shop.ask("look_up", order, reference), order)

    @check()
    async def test_demo_timeout(self) -> None:
        """``demo_timeout`` charges and loses the reply: `Unknown`, and then found.

        Troubleshooting: the simulator does the charge, keeps it, and raises `httpx.ReadTimeout`.
        """
        for way in self._ways:
            async with self.shop(demo=True) as shop:
                order, outcome, reference = await self._pay(shop, "demo_timeout", way)
                if way != "pay":
                    expect(isinstance(outcome, Unknown), f"{way} of demo_timeout gave {shop.told(outcome)}")
                if self.proof(reference) != "none":
                    _, later = await self.find(shop, order, reference)
                    self.is_paid(shop, later, order)

    @check()
    async def test_demo_error(self) -> None:
        """``demo_error`` reaches nobody: nothing was charged, and it may be tried again.

        Troubleshooting: the simulator raises `httpx.ConnectError` before it does anything, and the gateway lets it
        through. What is sent before a charge must not stand in its way the second time.
        """
        for way in self._ways:
            async with self.shop(demo=True) as shop:
                order, outcome, reference = await self._pay(shop, "demo_error", way)
                if way != "pay":
                    expect(isinstance(outcome, ProviderUnavailable), f"{way} of demo_error gave {shop.told(outcome)}")
                found = await shop.ask("look_up", order, reference)
                expect(isinstance(found, NotFound | NotSubmitted | Unknown), f"a look-up gave {shop.told(found)}")
                if way in ("pay", "charge"):
                    again = self.again(shop, order)
                    paid, _ = await self.pay(shop, again, opened=reference)
                    self.is_paid(shop, paid, again)

    @check()
    async def test_demo_pays_by_any_text(self) -> None:
        """Anything else than a demo word is paid, in every way.

        Troubleshooting: read tokens with `demo_word`, and refuse none under the simulator's own credentials.
        """
        for way in self._ways:
            async with self.shop(demo=True) as shop:
                order, outcome, _ = await self._pay(shop, "anything at all", way)
                self.is_paid(shop, outcome, order)
