"""Customers: they open, pay, pay twice, wander off, come back, and change their mind about the provider."""

import asyncio
from collections.abc import Mapping

from msgspec.structs import replace

from paylinks_core.access import Access
from paylinks_core.asking import Brought
from paylinks_core.checkouts import Given, Initialized, initialize
from paylinks_core.completion import Completed, Payload, complete
from paylinks_core.errors import OutcomeUnknown, PaymentInProgress
from paylinks_core.parts import Parts
from paylinks_core.routing import complete_with_routing
from paylinks_ports.cards import Card
from paylinks_ports.errors import PaylinksError, ProviderUnavailable
from paylinks_ports.providers import powers_of

from .decisions import ask_the_desk, press_the_desk
from .ledgers import Browser, Ledger
from .processes import Process
from .receivers import ORDER_URL
from .subjects import Order, Subject
from .world import HOUR, MINUTE, World

__all__ = ["HABITS", "Customer", "come_back"]

HABITS = (
    "pay",
    "pay_often",
    "lose_patience",
    "browse",
    "at_once",
    "open",
    "switch",
    "reprice",
    "by_older_link",
    "wait",
    "ask",
)
"""What customers do. A run has a few of these habits alone: what all together hide, some will show."""

_WORDS = (
    "visa",
    "visa",
    "demo_decline",
    "demo_soft_decline",
    "demo_3ds",
    "demo_processing",
    "demo_timeout",
    "demo_error",
)
_PRICES = ((4999, "USD"), (1234, "EUR"), (5000, "JPY"), (7000, "USD"))
_MOST_STEPS = 12


class Customer:
    """One customer with one order."""

    def __init__(self, world: World, number: int) -> None:
        pick = world.chaos.random
        self.name = f"customer{number}"
        self._world = world
        self._pick = pick
        amount, currency = pick.choice(_PRICES)
        self.order = Order(
            order_id=f"o-{number}-{currency}",  # some providers' books name no currency
            amount=amount,
            currency=currency,
            provider=pick.choice(sorted(world.providers)),
            prices={amount},
        )
        self._address = pick.choice((None, None, ORDER_URL))
        self._lasts = pick.choice((2 * MINUTE, HOUR, 48 * HOUR))
        self._links: list[Access] = []
        self._access = self._link()
        self._opened: Initialized | None = None
        self._tabs: list[Initialized] = []  # whatever was opened so far, each perhaps in a browser's tab still
        self._left: list[asyncio.Task[None]] = []  # calls whose answers nobody waits for
        self._paid = False

    def _link(self) -> Access:
        order = self.order
        claims = {"webhookUrl": self._address}
        self._links.append(
            self._world.access(order.order_id, order.amount, order.currency, lasts=self._lasts, **claims)
        )
        return self._links[-1]

    async def shop(self, subjects: tuple[Subject, ...]) -> None:
        """Go through the shop; once it is paid, see what else there is."""
        await asyncio.sleep(self._pick.uniform(0, 20))
        await self._open()
        for _ in range(self._pick.randint(1, _MOST_STEPS)):
            await self._step()
            if self._paid and self._pick.random() < 0.7:
                break
        await asyncio.gather(*self._left)
        if self._paid:
            for subject in subjects:
                if subject.paid is not None:
                    await subject.paid(self._world, self.order)

    async def _step(self) -> None:
        if self._world.now() > self._access.expires_at:  # the door would not let it in
            await self._reprice()
        await getattr(self, f"_{self._pick.choice(self._world.habits)}")()

    async def _at_once(self) -> None:
        """Do two things in two tabs."""
        steps = (self._pay, self._browse, self._open, self._switch, self._reprice)
        await asyncio.gather(*(step() for step in self._pick.sample(steps, 2)))

    async def _lose_patience(self) -> None:
        """Click and not wait for the answer."""
        self._left.append(asyncio.create_task(self._pay()))
        await asyncio.sleep(self._pick.choice((0, 0.03, 0.1, 2, 35)))

    async def _by_older_link(self) -> None:
        """Go back to a link from before, where it still is one."""
        access, self._access = self._access, self._pick.choice(self._links)
        if self._world.now() <= self._access.expires_at:
            await self._pick.choice((self._open, self._pay))()
        self._access = access

    async def _open(self) -> None:
        provider, access = self.order.provider, self._access
        answer = await self._world.call(
            self.name, f"initialize {provider}", lambda parts: initialize(parts, access, provider, Given())
        )
        if isinstance(answer, Initialized):
            self._opened = answer
            self._tabs.append(answer)

    async def _switch(self) -> None:
        self.order.provider = self._pick.choice(sorted(self._world.providers))
        await self._open()

    async def _pay(self) -> None:
        token, access = self._token(), self._access
        extra = {name: text for _, one in self._world.providers.values() for name, text in _extra(one).items()}
        payload = replace(self._payload(token), brought=Brought(extra=extra))
        routes = self._pick.random() < 0.2
        if routes:
            tokens = {name: self._token_at(name) for name in self._world.providers if not self._takes_card(name)}
            payload = replace(payload, payment_tokens=tokens)

        async def verb(parts: Parts) -> Completed:
            return await (complete_with_routing if routes else complete)(parts, access, payload)

        answer = await self._world.call(self.name, f"complete {token}", verb)
        self._heard(answer)
        if isinstance(answer, OutcomeUnknown):
            await press_the_desk(self._world, self.order)

    async def _pay_often(self) -> None:
        await asyncio.gather(*(self._pay() for _ in range(self._pick.randint(2, 3))))

    async def _browse(self) -> None:
        """Pay at the provider from the browser, or take the bank's step there."""
        if self._opened is None:
            return
        opened = self._opened if self._pick.random() < 0.8 else self._pick.choice(self._tabs)
        world, payment = self._world, opened.payment
        provider, ledger = world.providers[payment.provider]
        browser = Browser(
            world=world.provider_world(payment.provider),
            shown=opened.started.browser,
            reference=payment.reference,
            token=ledger.token(self._pick) if self._pick.random() < 0.8 else None,
        )
        world.chaos.say(self.name, f"pays {payment.id} in the browser with {browser.token}")
        await ledger.pay(provider, browser)

    async def _wait(self) -> None:
        await asyncio.sleep(self._pick.choice((0.01, 1, 10, 45, 90, 700, 4000)))

    async def _ask(self) -> None:
        """Ask the shop what became of the money, and hear it tomorrow."""
        await ask_the_desk(self._world, self.order)

    async def _reprice(self) -> None:
        """Come back by a newer link, at another price perhaps."""
        self.order.amount += self._pick.choice((0, 100))
        self.order.prices.add(self.order.amount)
        await asyncio.sleep(1)
        self._access = self._link()
        await self._open()

    def _payload(self, token: str | None) -> Payload:
        if token is None or not self._takes_card(self._present()):
            return Payload(payment_token=token)
        return Payload(card=Card(number=token, month=12, year=2099, cvv="123"))

    def _takes_card(self, provider: str) -> bool:
        """Say whether what pays there is a card that is typed in; in demo mode it is a word everywhere."""
        return not self._world.demo and "charge_card" in powers_of(self._world.providers[provider][0].gateway)

    def _present(self) -> str:
        return self._opened.payment.provider if self._opened else self.order.provider

    def _token(self) -> str | None:
        return None if self._pick.random() < 0.1 else self._token_at(self._present())

    def _token_at(self, provider: str) -> str:
        return self._pick.choice(_WORDS) if self._world.demo else self._world.providers[provider][1].token(self._pick)

    def _heard(self, answer: Completed | PaylinksError | None) -> None:
        if not isinstance(answer, Completed):
            return
        if self._opened is not None and self._opened.payment.id == answer.payment.id:
            self._opened = replace(self._opened, payment=answer.payment)
        if answer.checkout.state == "paid":
            self._paid = True
            self._world.called_paid.add(self.order.order_id)
            self.order.provider = answer.payment.provider


def _extra(ledger: Ledger) -> Mapping[str, str]:
    extra: Mapping[str, str] = getattr(ledger, "extra", {})
    return extra


async def come_back(world: World, process: Process) -> None:
    """Open every order once more that is not paid and of which nothing is in doubt: nobody is kept out for long."""
    rows = world.memory.committed
    for checkout in sorted(rows.checkouts.values(), key=lambda one: one.id):
        payment = rows.payments[checkout.payment_id] if checkout.payment_id else None
        if checkout.state == "paid" or (payment and payment.state not in ("new", "declined", "canceled")):
            continue
        provider = payment.provider if payment else min(world.providers)
        claims = checkout.claims
        access = world.access(
            checkout.order_id, claims.amount, claims.currency, lasts=HOUR, webhookUrl=claims.webhook_url
        )
        access = replace(access, issued_at=max(access.issued_at or 0, checkout.issued_at))

        async def again(parts: Parts, access: Access = access, provider: str = provider) -> Initialized:
            return await initialize(parts, access, provider, Given())

        answer = await process.do("comes back", again)
        if answer is None or isinstance(answer, PaymentInProgress | ProviderUnavailable | OutcomeUnknown):
            world.amiss(f"order {checkout.order_id} keeps its customer out: {answer!r}")
