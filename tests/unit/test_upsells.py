"""Upsells on fakes: who is offered what, and one charge for each accepted offer."""

import asyncio

import msgspec
import pytest
from msgspec.structs import replace

from paylinks_adapters.memory import MemoryUnits
from paylinks_core.asking import Brought
from paylinks_core.errors import (
    CardDeclined,
    NotCurrentOffer,
    NotKnown,
    NotPaid,
    OrderExists,
    OutcomeUnknown,
    PaymentInProgress,
    PaymentMethodMismatch,
    SessionExpired,
)
from paylinks_core.links import generate
from paylinks_core.upsell_answers import accept, decline
from paylinks_core.upsells import Answer, NewUpsell, create_session, expire_sessions, show
from paylinks_ports.errors import ProviderUnavailable
from paylinks_ports.records.payments import Payment
from paylinks_ports.records.upsells import Offer, ShowIf, UpsellSession

from .conftest import HOUR, LEASE, Shop

CAP = Offer(id="cap", name="Cap", price=1500)
SOCKS = Offer(id="socks", name="Socks", price=700)
WANTED = NewUpsell(
    order_id="u-1",
    original_order_id="o-1",
    customer_email="ada@example.com",
    provider="server",
    currency="USD",
    offers=(CAP, SOCKS),
    metadata={},
)


async def paid(shop: Shop, provider: str = "server") -> None:
    """Pay order o-1."""
    access = await shop.access()
    await shop.initialize(access, provider)
    await shop.complete(access)


async def session(shop: Shop, wanted: NewUpsell = WANTED) -> UpsellSession:
    """Pay order o-1 and make offers."""
    await paid(shop, wanted.provider)
    made, fresh = await create_session(shop.parts, await shop.brand(), wanted)
    assert fresh
    return made


async def yes(shop: Shop, made: UpsellSession, offer_id: str | None = "cap") -> Answer:
    """Accept an offer."""
    return await accept(shop.parts, made.id, offer_id, Brought())


async def payment_of(shop: Shop, made: UpsellSession, offer_id: str = "cap") -> Payment:
    """Read the payment of an offer."""
    async with shop.parts.units.reading() as rows:
        payment = await rows.payments.of_offer(made.id, offer_id)
    assert payment is not None
    return payment


async def test_offers_are_answered_one_after_the_other(shop: Shop) -> None:
    """Accepted, then declined, then there is none left; each answer again is the same."""
    made = await session(shop)
    books = len(shop.server.books)

    first = await yes(shop, made)
    second = await decline(shop.parts, made.id, "socks")

    assert (first.offer.status, first.session.current) == ("accepted", replace(SOCKS, status="pending"))
    assert first.payment is not None
    assert (first.payment.order_id, first.payment.kind, first.payment.amount) == ("u-1", "upsell", 1500)
    assert (second.offer.status, second.session.state) == ("declined", "completed")
    assert (await yes(shop, made)).offer.status == "accepted"
    assert (await yes(shop, made, "socks")).offer.status == "declined"
    assert (await decline(shop.parts, made.id, "cap")).offer.status == "accepted"
    assert len(shop.server.books) == books + 1
    told = await show(shop.parts, made.id)
    assert (told.accepted_total, told.original.order_id, told.session.state) == (1500, "o-1", "completed")
    assert (await shop.now())[0].state == "paid"


async def test_each_step_is_told_of(shop: Shop) -> None:
    """An offer is told of when it is made, and again when it is answered or has waited in vain."""
    made = await session(shop)
    await yes(shop, made)
    shop.clock.move(2 * HOUR)
    await expire_sessions(shop.parts)

    assert isinstance(shop.parts.units, MemoryUnits)
    events = [event for event in shop.parts.units.committed.outgoing_events.values() if "upsell" in event.type]
    told = [(event.type, msgspec.json.decode(event.data)["offerId"]) for event in events]
    assert told == [
        ("upsell.offered", "cap"),
        ("upsell.accepted", "cap"),
        ("upsell.offered", "socks"),
        ("upsell.expired", "socks"),
    ]
    assert msgspec.json.decode(events[1].data)["orderId"] == "u-1"


async def test_a_double_click_takes_one_offer(shop: Shop) -> None:
    """Without an id the first offer is meant, in how many tabs ever, and nothing is charged for the second."""
    made = await session(shop)
    books = len(shop.server.books)

    answers = await asyncio.gather(*(yes(shop, made, None) for _ in range(20)))

    assert {answer.offer.id for answer in answers} == {"cap"}
    assert len(shop.server.books) == books + 1
    with pytest.raises(NotKnown):
        await yes(shop, made, "hat")


async def test_another_than_the_current_offer_is_refused(shop: Shop) -> None:
    """The second offer can't be answered before the first."""
    made = await session(shop)

    with pytest.raises(NotCurrentOffer):
        await yes(shop, made, "socks")
    with pytest.raises(NotCurrentOffer):
        await decline(shop.parts, made.id, "socks")


async def test_a_declined_card_leaves_the_offer_open(shop: Shop) -> None:
    """The customer stays on the offer and may try again; an earlier attempt never answers for a later one."""
    made = await session(shop)
    books = len(shop.server.books)
    shop.server.twists = ["decline", "lose_reply"]

    with pytest.raises(CardDeclined):
        await yes(shop, made)
    with pytest.raises(OutcomeUnknown):  # this one is charged, and nobody hears of it
        await yes(shop, made)
    again = await yes(shop, made)

    assert again.offer.status == "accepted"
    assert len(shop.server.books) == books + 1


async def test_a_lost_reply_is_found_by_the_reconciler(shop: Shop) -> None:
    """It is accepted as soon as there is evidence, even after the session is over; it can't be declined meanwhile."""
    made = await session(shop)
    shop.server.twists = ["lose_reply"]
    with pytest.raises(OutcomeUnknown):
        await yes(shop, made)
    shop.server.reachable = False
    with pytest.raises(ProviderUnavailable):
        await decline(shop.parts, made.id, "cap")
    shop.clock.move(2 * HOUR)
    assert await expire_sessions(shop.parts) == 1
    assert (await show(shop.parts, made.id)).session.state == "expired"

    shop.server.reachable = True
    await shop.wait(HOUR)

    told = await show(shop.parts, made.id)
    assert (told.accepted_total, told.session.state) == (1500, "expired")
    assert (await payment_of(shop, made)).state == "paid"


async def test_what_may_be_charged_still_is_not_declined(shop: Shop) -> None:
    """That the provider knows nothing of it yet is no proof: a no that is confirmed must stay one."""
    made = await session(shop)
    shop.server.twists = ["drop_request"]
    with pytest.raises(OutcomeUnknown):
        await yes(shop, made)

    with pytest.raises(PaymentInProgress):
        await decline(shop.parts, made.id, "cap")
    shop.clock.move(LEASE)

    assert (await decline(shop.parts, made.id, "cap")).offer.status == "declined"


async def test_a_bank_step_is_waited_for(shop: Shop) -> None:
    """The same call tells the step again until the customer has taken it, and charges nothing more."""
    made = await session(shop)
    shop.server.twists = ["step"]

    first = await yes(shop, made)
    second = await yes(shop, made)
    payment = await payment_of(shop, made)
    shop.server.pay(payment.reference or "", payment.money)
    third = await yes(shop, made)

    assert first.action == second.action
    assert first.action is not None
    assert (first.offer.status, third.offer.status) == ("pending", "accepted")


async def test_an_expired_session_takes_no_answer(shop: Shop) -> None:
    """Also before the background has marked it."""
    made = await session(shop)
    shop.clock.move(HOUR)

    with pytest.raises(SessionExpired):
        await yes(shop, made)
    with pytest.raises(SessionExpired):
        await decline(shop.parts, made.id, "cap")


async def test_a_step_nobody_took_is_canceled_with_the_session(shop: Shop) -> None:
    """What is open at the provider can't be paid any more after the session."""
    made = await session(shop)
    shop.server.twists = ["step"]
    await yes(shop, made)
    shop.clock.move(2 * HOUR)
    await expire_sessions(shop.parts)

    await shop.wait(1)

    assert (await payment_of(shop, made)).state == "canceled"


RULES = [
    (ShowIf(min_cart_value=5000), "pending"),
    (ShowIf(min_cart_value=5001), "skipped"),
    (ShowIf(product_ids=("hat", "shirt")), "pending"),
    (ShowIf(product_ids=("hat",)), "skipped"),
    (ShowIf(exclude_product_ids=("shirt",)), "skipped"),
    (ShowIf(min_cart_value=1, product_ids=("shirt",), exclude_product_ids=("hat",)), "pending"),
    (ShowIf(min_cart_value=1, product_ids=("shirt",), exclude_product_ids=("shirt",)), "skipped"),
]


@pytest.mark.parametrize(("rules", "status"), RULES)
async def test_every_rule_of_an_offer_must_hold(shop: Shop, rules: ShowIf, status: str) -> None:
    """Rules look at the cart; an offer whose rules fail is skipped, and without any other the session is over."""
    made = await session(shop, replace(WANTED, offers=(replace(CAP, show_if=rules),), bought=("shirt",)))

    assert made.offers[0].status == status
    assert made.state == ("active" if status == "pending" else "completed")


async def test_whose_order_and_method_it_must_be(shop: Shop) -> None:
    """A paid order of the brand, its own saved method, and an order id of its own."""
    brand = await shop.brand()
    with pytest.raises(NotKnown):
        await create_session(shop.parts, brand, WANTED)
    await shop.initialize(await shop.access(), "server")
    with pytest.raises(NotPaid):
        await create_session(shop.parts, brand, WANTED)
    await shop.complete(await shop.access())
    with pytest.raises(PaymentMethodMismatch):
        await create_session(shop.parts, brand, replace(WANTED, payment_method_token="pm_other|cus_1"))
    with pytest.raises(OrderExists):
        await create_session(shop.parts, brand, replace(WANTED, order_id="o-1"))

    made, fresh = await create_session(shop.parts, brand, replace(WANTED, payment_method_token="pm_1|cus_1"))
    again, anew = await create_session(shop.parts, brand, replace(WANTED, payment_method_token="pm_1|cus_1"))

    assert (fresh, anew, made) == (True, False, again)
    with pytest.raises(OrderExists):
        await create_session(shop.parts, brand, replace(WANTED, offers=(SOCKS,)))


async def test_a_checkout_needs_an_order_id_of_its_own_too(shop: Shop) -> None:
    """What an upsell is known by is neither opened nor linked to."""
    await session(shop)
    access = await shop.access("u-1")
    raw = {"orderId": "u-1", "amount": 700, "currency": "USD", "productName": "Hat"}

    with pytest.raises(OrderExists, match="another order") as refused:
        await shop.initialize(access, "server")
    with pytest.raises(OrderExists):
        await generate(shop.parts, await shop.brand(), raw, 3600)

    assert (refused.value.details or "").startswith("orderId: ")
    async with shop.parts.units.reading() as rows:
        assert await rows.checkouts.by_order("brand_default", "u-1") is None


@pytest.mark.parametrize("first", ["checkout", "upsell"])
async def test_of_a_checkout_and_an_upsell_made_at_once_one_has_the_order_id(shop: Shop, first: str) -> None:
    """Both have found the id free; whichever is written later is refused."""
    await paid(shop)
    brand = await shop.brand()
    access = await shop.access("u-1")
    calls = [shop.initialize(access, "server"), create_session(shop.parts, brand, WANTED)]

    async with shop.parts.units():  # both wait for their turn to write
        tasks = [asyncio.ensure_future(one) for one in (calls if first == "checkout" else calls[::-1])]
        await asyncio.sleep(0.01)
    came = await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(one) for one in came if isinstance(one, Exception)] == [OrderExists]
    assert isinstance(came[1], OrderExists)
