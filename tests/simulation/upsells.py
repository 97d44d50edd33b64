"""Upsells: offers answered from several tabs, both ways at once, too late, or not at all."""

import asyncio

from paylinks_core.asking import Brought
from paylinks_core.upsell_answers import accept, decline
from paylinks_core.upsells import Answer, NewUpsell, create_session
from paylinks_ports.records.upsells import Offer, UpsellSession

from .ledgers import Browser
from .subjects import Order, Subject
from .world import World

__all__ = ["UPSELLS"]

_OFFERS = ("cap", "socks", "hat", "demo_3ds", "demo_decline", "demo_timeout", "demo_processing", "demo_error")
_ANSWERS = ("accept", "accept", "tabs", "decline", "both", "wait", "lose_patience")
_PRICES = (1500, 1511, 1522, 1533, 700)  # the frail ones tell their fate by the last digit


class _Visit:
    """One customer with the offers after an order."""

    def __init__(self, world: World, order: Order) -> None:
        self._world = world
        self._pick = world.chaos.random
        self._order = order
        self._name = f"guest of {order.order_id}"
        self._session: UpsellSession | None = None
        self._left: list[asyncio.Task[None]] = []  # calls whose answers nobody waits for

    async def go(self) -> None:
        """Be made offers and answer some."""
        await self._create()
        if self._session is None:
            return
        for _ in range(self._pick.randint(1, 6)):
            await getattr(self, f"_{self._pick.choice(self._world.answers or _ANSWERS)}")()
        await asyncio.gather(*self._left)

    async def _create(self) -> None:
        order, pick = self._order, self._pick
        names = pick.sample(_OFFERS, pick.randint(1, 3))
        offers = tuple(Offer(id=name, name=name.title(), price=pick.choice(_PRICES)) for name in names)
        wanted = NewUpsell(
            order_id=f"u-{order.order_id}",
            original_order_id=order.order_id,
            customer_email="ada@example.com",
            provider=order.provider,
            currency=order.currency,
            offers=offers,
            metadata={},
            expires_in=pick.choice((60, 600, 3600)),
        )
        brand = self._world.brand
        for _ in range(3):
            calls = (
                self._world.call(self._name, "create-session", lambda parts: create_session(parts, brand, wanted))
                for _ in range(pick.choice((1, 1, 2)))
            )
            for made in await asyncio.gather(*calls):
                if isinstance(made, tuple):
                    self._session = made[0]
            if self._session is not None:
                return

    def _offer(self) -> str | None:
        assert self._session is not None
        return self._pick.choice((*(offer.id for offer in self._session.offers), None, None))

    async def _accept(self, offer: str | None = None) -> None:
        assert self._session is not None
        session, offer = self._session.id, offer or self._offer()
        answer = await self._world.call(
            self._name, f"accept {offer}", lambda parts: accept(parts, session, offer, Brought())
        )
        if isinstance(answer, Answer):
            self._session = answer.session
            if answer.payment is not None and answer.action is not None and self._pick.random() < 0.7:
                await self._step_up(answer)

    async def _step_up(self, answer: Answer) -> None:
        """Take the step that the bank asks for."""
        payment = answer.payment
        assert payment is not None
        provider, ledger = self._world.providers[payment.provider]
        world = self._world.provider_world(payment.provider)
        await ledger.pay(provider, Browser(world=world, shown={}, reference=payment.reference, token=None))

    async def _decline(self, offer: str | None = None) -> None:
        assert self._session is not None
        session, offer = self._session.id, offer or self._offer()
        answer = await self._world.call(self._name, f"decline {offer}", lambda parts: decline(parts, session, offer))
        if isinstance(answer, Answer):
            self._session = answer.session
            if answer.offer.status == "declined":
                self._world.declined.add((session, answer.offer.id))

    async def _tabs(self) -> None:
        offer = self._offer()
        await asyncio.gather(*(self._accept(offer) for _ in range(self._pick.randint(2, 4))))

    async def _both(self) -> None:
        offer = self._offer()
        await asyncio.gather(self._accept(offer), self._decline(offer))

    async def _lose_patience(self) -> None:
        """Click and not wait for the answer."""
        self._left.append(asyncio.create_task(self._pick.choice((self._accept, self._decline))()))
        await asyncio.sleep(self._pick.choice((0, 0.03, 0.1, 2, 35)))

    async def _wait(self) -> None:
        await asyncio.sleep(self._pick.choice((1, 40, 90, 1000)))


async def _visit(world: World, order: Order) -> None:
    if world.chaos.random.random() < 0.6:
        await _Visit(world, order).go()


def _wrong(world: World) -> list[str]:
    """One charge for each accepted offer, and none for any other; a no that was confirmed stays one."""
    wrong: list[str] = []
    rows = world.memory.committed
    payments = {(one.upsell_id, one.offer_id): one for one in rows.payments.values() if one.kind == "upsell"}
    charged: set[tuple[str, str | None]] = {(provider, one.transaction_id) for provider, one in world.charges()}
    for session in rows.upsell_sessions.values():
        for offer in session.offers:
            payment = payments.get((session.id, offer.id))
            paid = payment is not None and payment.state == "paid"
            if paid != (offer.status == "accepted"):
                wrong.append(f"offer {offer.id} of {session.order_id} is {offer.status}, its payment is {payment}")
            if payment and paid and (payment.provider, payment.transaction_id) not in charged:
                wrong.append(f"offer {offer.id} of {session.order_id} is accepted and not charged")
            if (session.id, offer.id) in world.declined and paid:
                wrong.append(f"offer {offer.id} of {session.order_id} was charged though the customer was told no")
        expected = sum(offer.status == "accepted" for offer in session.offers)
        found = sum(charge.order_id == session.order_id for _, charge in world.charges())
        if found != expected:
            wrong.append(f"{session.order_id}: {expected} offers are accepted, {found} are charged")
    return wrong


UPSELLS = Subject(paid=_visit, wrong=_wrong)
