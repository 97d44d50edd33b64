"""Checks of charges without accidents: amounts, ids on the wire, declines, saved methods, idempotency."""

import re
from typing import Any

from ..errors import CredentialsRejected, ProviderRefused
from ..money import Money, exponent
from ..payments import Declined, Order, SavedMethod
from .checks import check
from .contract import FIRST_WAYS, ProviderParts, text_of
from .failures import expect, fail
from .shops import Shop

__all__ = ["Charging"]

_DECIMALS = {0: "JPY", 2: "USD", 3: "KWD"}


def _stands_in(text: str, sent: str) -> bool:
    """Find an exact text: a figure in it must not go on before or after."""
    before = r"(?<![\d.])" if text[:1].isdigit() else ""
    after = r"(?![\d]|\.\d)" if text[-1:].isdigit() else ""
    return re.search(before + re.escape(text) + after, sent) is not None


class Charging(ProviderParts):
    """What a charge must do when all is well."""

    async def saved(self, shop: Shop[Any]) -> SavedMethod:
        """Pay an order, and give the method that was saved with it."""
        paid = await self.paid(shop, self.order(shop))
        if paid.saved_method is None:
            fail("the gateway has charge_saved, and Paid has no saved_method")
        shop.saved = paid.saved_method
        return paid.saved_method

    async def prepare(self, shop: Shop[Any], way: str) -> tuple[Order, str | None, str | SavedMethod]:
        """Go as far as the moment before a charge; give the order, the reference and the token that are known then."""
        order = self.order(shop)
        if way == "charge_saved":
            return order, None, await self.saved(shop)
        return self.again(shop, order), await self.start(shop, order), self.payment_token

    @check(*FIRST_WAYS, "charge_saved", "look_up")
    async def test_a_payment(self) -> None:
        """Every way of charging pays, and a look-up by its reference says the same.

        Troubleshooting: `Paid.money` is what the provider says it took, in the order's currency, `Paid.reference` is
        what `look_up` takes. A saved method belongs into `Paid.saved_method` whenever the gateway has `charge_saved`.
        """
        for way in self.ways:
            async with self.shop() as shop:
                order, reference, token = await self.prepare(shop, way)
                paid = self.is_paid(shop, await self.charge(shop, way, order, reference, token), order)
                if "look_up" in self.powers and self.provider.lookup.by_reference != "none":
                    found = self.is_paid(shop, await shop.ask("look_up", order, paid.reference), order)
                    expect(found.transaction_id == paid.transaction_id, "look_up tells of another transaction")
        if not self.ways:
            async with self.shop(demo=True) as shop:
                await self.paid(shop, self.order(shop))

    @check()
    async def test_amounts_on_the_wire(self) -> None:
        """Amounts are written as the provider writes them, in currencies of 0, 2 and 3 decimals.

        Troubleshooting: `order.money.amount` is in ISO 4217's minor units (500 is ¥500, 1500 is 1.500 dinars);
        `order.money.major` is the exact decimal. Give in `amounts` the exact texts of the provider's form, and in
        `unsupported` what it can't take: that is `ProviderRefused` before anything is sent.
        """
        given = {exponent(one.money.currency) for one in self.amounts}
        given |= {exponent(money.currency) for money in self.unsupported}
        for decimals, example in _DECIMALS.items():
            expect(
                decimals in given, f"no example of {decimals} decimals: {example} goes into `amounts` or `unsupported`"
            )
        for one in self.amounts:
            async with self.shop(demo=not self.ways) as shop:
                order = self.order(shop, one.money)
                sent = await self._all_sent(shop, order)
                for text in one.texts:
                    expect(_stands_in(text, sent), f"{one.money} should be on the wire as {text}, and is not")
        for money in self.unsupported:
            async with self.shop(demo=not self.ways) as shop:
                await self._refused(shop, money)

    async def _all_sent(self, shop: Shop[Any], order: Order) -> str:
        """Pay, and give all that was sent in it, from the opening on."""
        texts = []
        reference = await self.start(shop, self.again(shop, order))
        texts += [text_of(request) for request in shop.network.sent]
        if self.ways:
            way = next(one for one in self.ways if one in FIRST_WAYS)
            token = self.payment_token
            self.is_paid(shop, await self.charge(shop, way, order, reference, token), order)
            texts += [text_of(request) for request in shop.network.sent]
        else:
            outcome, _ = await self.pay(shop, order, opened=reference)
            self.is_paid(shop, outcome, order)
        return "\n".join(texts)

    async def _refused(self, shop: Shop[Any], money: Money) -> None:
        for power in ("start", *self.ways[:1]):
            if power == "start" and "start" in self.powers:
                outcome = await shop.ask("start", self.order(shop, money), None)
                if not isinstance(outcome, ProviderRefused) and self.ways:
                    continue  # it opens nothing yet
            elif power != "start":
                outcome = await self.charge(shop, power, self.order(shop, money), None, self.payment_token)
            else:
                continue
            expect(isinstance(outcome, ProviderRefused), f"{power} of {money} gave {shop.told(outcome)}")
            expect(not shop.network.writes, f"{power} of {money} was sent before it was refused")

    @check(*FIRST_WAYS, "charge_saved")
    async def test_the_attempt_is_on_the_wire(self) -> None:
        """Every charge carries the attempt's id, so that it can be found when its reply is lost.

        Troubleshooting: put `order.attempt_id` into a field that can be searched at the provider, and into the
        idempotency key where there is one. If the field is too short, shorten it by a rule that never makes two ids
        one, and say so in `wire_attempt`.
        """
        for way in self.ways:
            async with self.shop() as shop:
                order, reference, token = await self.prepare(shop, way)
                await self.charge(shop, way, order, reference, token)
                sent = "\n".join(text_of(request) for request in shop.network.writes)
                expect(self.wire_attempt(order) in sent, f"{way} sends no attempt id")

    @check(*FIRST_WAYS, "charge_saved")
    async def test_declines(self) -> None:
        """A decline is `Declined`, with our word for the provider's code, and the next attempt may pay.

        Troubleshooting: keep one table from the provider's codes to `DeclineCode`. Money moved only where the provider
        says so in the field that it names for it: not by a status 200, and not by an answer that has an id.
        """
        for token, refusal in self.declines.items():
            async with self.shop() as shop:
                outcome, _ = await self.pay(shop, self.order(shop), token)
                expect(isinstance(outcome, Declined), f"{token} gave {shop.told(outcome)} in place of Declined")
                if isinstance(outcome, Declined):
                    expect(
                        (outcome.code, outcome.retryable) == (refusal.code, refusal.retryable),
                        f"{token} is told as {outcome.code}, retryable={outcome.retryable}",
                    )
        for way in self.ways:
            await self._declined_then_paid(way)

    async def _declined_then_paid(self, way: str) -> None:
        async with self.shop(demo=True) as shop:
            order, reference, token = await self.prepare(shop, way)
            shop.word = "demo_decline"
            bad: str | SavedMethod = token if isinstance(token, SavedMethod) else "demo_decline"
            first = await self.charge(shop, way, order, reference, bad)
            expect(isinstance(first, Declined), f"{way} of a declined method gave {shop.told(first)}")
            if isinstance(first, Declined):
                expect(first.message.strip(), "Declined needs the provider's reason")
                if reference is None and isinstance(token, str):
                    reference = first.reference
            shop.word = None
            second = self.again(shop, order)
            paid = self.is_paid(shop, await self.charge(shop, way, second, reference, token), second)
            if "look_up" not in self.powers:
                return
            # Two transactions of one order: the attempt that is asked for is the one that is told.
            for known in {paid.reference, None} if reference is None else {paid.reference, reference}:
                if self.proof(known) != "none":
                    _, later = await self.find(shop, second, known)
                    self.is_paid(shop, later, second)

    @check(*FIRST_WAYS, "charge_saved")
    async def test_declared_idempotency(self) -> None:
        """Where `Idempotency` names a power, the same attempt asked twice charges once.

        Troubleshooting: name in `Idempotency.powers` only what the provider promises, and send the same key for the
        same attempt. Without such a promise leave it out: the platform then never repeats a call.
        """
        for way, bare in ((way, bare) for way in self.ways for bare in (False, True)):
            async with self.shop() as shop:
                order, reference, token = await self.prepare(shop, way)
                if bare:
                    order, reference = self.order(shop), None
                    if isinstance(await self.charge(shop, way, self.order(shop), None, token), ProviderRefused):
                        continue
                first = self.is_paid(shop, await self.charge(shop, way, order, reference, token), order)
                second = await self.charge(shop, way, order, reference, token)
                if way in self.provider.idempotency.powers:
                    again = self.is_paid(shop, second, order)
                    expect(again.transaction_id == first.transaction_id, f"{way} of the same attempt charged twice")

    @check(*FIRST_WAYS, "charge_saved", "start")
    async def test_a_wrong_key_charges_nothing(self) -> None:
        """With refused credentials a payment is `CredentialsRejected`, never a decline.

        Troubleshooting: tell the provider's answer to a wrong key from its declines, and give an example of it in
        `wrong_credentials`, or in `rejection` where the simulator takes any key.
        """
        for power in ("start", *self.ways):
            if power not in self.powers:
                continue
            async with self.shop() as shop:
                order, reference, token = await self.prepare(shop, power if power in self.ways else FIRST_WAYS[0])
                with self.wrong_key(shop) as gateway:
                    arguments: tuple[object, ...] = (order, reference, token)
                    if power == "start":
                        arguments = (order, None)
                    elif power == "charge_saved":
                        arguments = (order, token)
                    elif power == "charge_card":
                        arguments = (order, reference, self.card(shop, str(token)))
                    outcome = await shop.ask(power, *arguments, gateway=gateway)
                opens_nothing = power == "start" and not shop.network.sent
                if not opens_nothing:
                    expect(isinstance(outcome, CredentialsRejected), f"{power} gave {shop.told(outcome)}")
