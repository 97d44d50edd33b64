"""The inbox on fakes: events late, twice, early, unreadable, while someone is asking; and never anything twice."""

import asyncio
import itertools

import pytest
from msgspec.structs import replace

from paylinks_adapters.fake_desk import FakeEvent
from paylinks_core import inbox, refunds
from paylinks_core.audit import Actor
from paylinks_core.orders import tell_order
from paylinks_core.refunds import RefundCall
from paylinks_core.verification import verify
from paylinks_ports.card_data import without_cards
from paylinks_ports.errors import InvalidSignature
from paylinks_ports.money import Money
from paylinks_ports.payments import Paid, Unknown
from paylinks_ports.providers import Lookup
from paylinks_ports.records.inbox import IncomingEvent
from paylinks_ports.refunds import Refunded, RefundFailed
from paylinks_ports.webhooks import PaymentNews, RefundNews, WebhookRequest

from .conftest import Shop

pytestmark = pytest.mark.anyio

ACTOR = Actor(organization_id="org_default", brand_id="brand_default", id="key_1", kind="api_key")
MINUTE = 60_000
HOUR = 60 * MINUTE
PRICE = Money(5000, "USD")
_count = itertools.count()


async def send(shop: Shop, request: WebhookRequest, provider: str = "browser") -> bool:
    """Have a provider's call come in; say whether it is known."""
    verified = await inbox.verify(shop.parts, None, provider, replace(request, received_at=shop.clock.now()))
    return await inbox.receive(shop.parts, verified, without_cards)


async def tell(shop: Shop, provider: str = "browser", **news: PaymentNews | RefundNews) -> IncomingEvent:
    """Send one event and process what is due; give its row."""
    event = FakeEvent(id=f"e{next(_count)}", **news)  # type: ignore[arg-type]  # payment= or refund=
    await send(shop, event.request(), provider)
    await inbox.process_due(shop.parts)
    return await the_row(shop, event.id)


async def the_row(shop: Shop, event_id: str) -> IncomingEvent:
    """Read an event's row."""
    async with shop.parts.units.reading() as rows:
        return next(one for one in await rows.incoming_events.after("", 100) if one.event_id == event_id)


def proof(reference: str, money: Money = PRICE) -> PaymentNews:
    """Tell that it is paid."""
    return PaymentNews(reference=reference, paid=Paid(reference=reference, transaction_id="ch_1", money=money))


async def opened(shop: Shop) -> str:
    """Open an order that the browser pays and give its reference."""
    return str((await shop.initialize(await shop.access(), "browser")).payment.reference)


async def test_a_proof_pays_the_order(shop: Shop) -> None:
    """Believed as it stands, once; a repeat and a late hint change nothing."""
    reference = await opened(shop)

    first = await tell(shop, payment=proof(reference))
    again = await tell(shop, payment=proof(reference))
    hint = await tell(shop, payment=PaymentNews(reference=reference))

    checkout, payment = await shop.now()
    assert (checkout.state, payment.state, payment.transaction_id) == ("paid", "paid", "ch_1")
    assert (first.state, again.state, hint.state) == ("done", "done", "done")
    assert first.checkout_id == checkout.id
    assert "look_up" not in shop.browser.calls
    assert (await verify(shop.parts)).findings == ()


async def test_an_event_is_stored_once(shop: Shop) -> None:
    """Whoever sends it again, however many at once, is told that it is known."""
    event = FakeEvent(id="same", payment=PaymentNews(reference=await opened(shop)))

    told = await asyncio.gather(*(send(shop, event.request()) for _ in range(10)))

    assert sorted(told) == [False, *[True] * 9]
    await inbox.process_due(shop.parts)
    assert await inbox.process_due(shop.parts) == 0
    assert shop.browser.calls.count("look_up") == 1


@pytest.mark.parametrize("paid", [True, False])
async def test_a_hint_is_looked_up(shop: Shop, *, paid: bool) -> None:
    """What nobody signed is never believed."""
    reference = await opened(shop)
    if paid:
        shop.browser.pay(reference, PRICE)

    await tell(shop, payment=PaymentNews(reference=reference))

    assert (await shop.now())[1].state == ("paid" if paid else "new")


async def test_nobody_is_asked_beside_a_charge(shop: Shop) -> None:
    """While a charge is being asked for a hint waits; a proof does not."""
    access = await shop.access()
    await shop.initialize(access, "server")
    shop.server.gate = asyncio.Event()
    call = asyncio.create_task(shop.complete(access))
    await asyncio.sleep(0.01)
    attempt = (await shop.now())[1].attempt_id

    hint = await tell(shop, "server", payment=PaymentNews(attempt_id=attempt))
    assert (hint.state, hint.process_at) == ("received", shop.clock.now() + 5_000)
    assert "look_up" not in shop.server.calls
    paid = replace(proof(attempt), attempt_id=attempt, reference=None)
    await tell(shop, "server", payment=paid)
    assert (await shop.now())[0].state == "paid"
    shop.server.gate.set()
    await call

    shop.clock.move(6_000)
    await inbox.process_due(shop.parts)
    assert (await the_row(shop, hint.event_id)).state == "done"
    assert len(shop.server.books) == 1


async def test_an_event_waits_for_its_order(shop: Shop) -> None:
    """For some days, with growing delays; then it is let go."""
    early = await tell(shop, payment=PaymentNews(order_id="o-1"))
    never = await tell(shop, payment=PaymentNews(order_id="o-2"))
    assert early.state == "waiting"
    reference = await opened(shop)
    shop.browser.pay(reference, PRICE)

    for _ in range(20):
        shop.clock.move(12 * HOUR)
        await inbox.process_due(shop.parts)

    assert (await shop.now())[0].state == "paid"
    assert (await the_row(shop, early.event_id)).state == "done"
    left = await the_row(shop, never.event_id)
    assert (left.state, left.process_at) == ("ignored", None)


async def test_a_failure_is_tried_again(shop: Shop) -> None:
    """The provider was away when it should be asked; the event is not lost."""
    reference = await opened(shop)
    shop.browser.pay(reference, PRICE)
    shop.browser.reachable = False
    failed = await tell(shop, payment=PaymentNews(reference=reference))
    assert failed.state == "failed"
    shop.browser.reachable = True

    await inbox.process_due(shop.parts)
    assert (await shop.now())[0].state == "open"
    shop.clock.move(MINUTE)
    await inbox.process_due(shop.parts)

    assert (await shop.now())[0].state == "paid"


async def test_an_answer_that_says_nothing_is_asked_for_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hint is spent only when the provider could tell what it is about."""
    reference = await _paid(shop)
    ours = (await refunds.refund(shop.parts, await shop.brand(), "o-1", RefundCall(amount=900), ACTOR)).refund
    access = await shop.access("o-2")
    other = str((await shop.initialize(access, "browser")).payment.reference)
    shop.browser.pay(other, PRICE)

    async def nonsense(*_: object) -> None:
        raise ZeroDivisionError

    denied = RefundNews(payment_reference=reference, refund_id=ours.id, result=RefundFailed(message="closed"))
    with monkeypatch.context() as broken:
        broken.setattr(shop.browser, "look_up", nonsense)
        broken.setattr(shop.browser, "look_up_refund", nonsense)
        told = [await tell(shop, payment=PaymentNews(reference=other)), await tell(shop, refund=denied)]
    assert [one.state for one in told] == ["failed", "failed"]

    shop.clock.move(MINUTE)
    await inbox.process_due(shop.parts)

    assert [(await the_row(shop, one.event_id)).state for one in told] == ["done", "done"]
    assert (await shop.now("o-2"))[0].state == "paid"


async def test_a_doubt_that_stays_ends_the_hint(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider can't tell, however often it is asked: what is in doubt is looked at by itself, and seen."""
    reference = await _paid(shop)
    shop.browser.refund_twists = ["drop_request"]
    await refunds.refund(shop.parts, await shop.brand(), "o-1", RefundCall(amount=900), ACTOR)

    async def can_not_tell(*_: object) -> Unknown:
        return Unknown(message="which it was can't be told")

    monkeypatch.setattr(shop.browser, "look_up_refund", can_not_tell)
    told = await tell(shop, refund=RefundNews(payment_reference=reference))
    states = [told.state]
    for minutes in (1, 5, 30):
        shop.clock.move(minutes * MINUTE)
        await inbox.process_due(shop.parts)
        states.append((await the_row(shop, told.event_id)).state)

    assert states == ["failed", "failed", "failed", "done"]
    (attention,) = (await tell_order(shop.parts, "brand_default", "o-1")).attention
    assert attention.kind == "refund"


async def test_a_hint_about_a_refund_that_is_done_ends_too(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another one in doubt may hide it where a provider keeps totals alone."""
    await _paid(shop)
    done = await refunds.refund(shop.parts, await shop.brand(), "o-1", RefundCall(amount=900), ACTOR)

    async def can_not_tell(*_: object) -> Unknown:
        return Unknown(message="which it was can't be told")

    monkeypatch.setattr(shop.browser, "look_up_refund", can_not_tell)
    told = await tell(shop, refund=RefundNews(refund_id=done.refund.id))
    for minutes in (1, 5, 30):
        assert (await the_row(shop, told.event_id)).state == "failed"
        shop.clock.move(minutes * MINUTE)
        await inbox.process_due(shop.parts)

    assert (await the_row(shop, told.event_id)).state == "done"


async def test_what_can_not_be_read_is_kept(shop: Shop) -> None:
    """A proven call in a form that the plugin does not know is stored, and read once it does."""
    call = replace(FakeEvent(id="x").request(), body=b"<xml/>\xff")
    assert not await send(shop, call)
    assert await send(shop, call)
    await inbox.process_due(shop.parts)
    (row,) = await _all(shop)
    assert (row.state, row.type, row.encoding) == ("failed", "unreadable", "base64")

    mended = FakeEvent(id="y", payment=PaymentNews(order_id="o-9")).request().body
    async with shop.parts.units() as work:
        await work.incoming_events.replace(row, replace(row, body=mended.decode(), encoding="text", process_at=1))
        await work.commit()
    await inbox.process_due(shop.parts)

    assert {one.event_id: one.state for one in await _all(shop)} == {row.event_id: "done", "y": "received"}


async def test_what_no_database_keeps_is_not_read(shop: Shop) -> None:
    """An id or a reference with a NUL is nobody's, and stays unreadable however often it is looked at."""
    for event in (FakeEvent(id="a\0"), FakeEvent(id="x", payment=PaymentNews(reference="a\0"))):
        await send(shop, event.request())
    await inbox.process_due(shop.parts)

    assert {(one.state, one.type) for one in await _all(shop)} == {("failed", "unreadable")}


async def _all(shop: Shop) -> tuple[IncomingEvent, ...]:
    async with shop.parts.units.reading() as rows:
        return await rows.incoming_events.after("", 100)


async def test_only_the_brands_provider_is_heard(shop: Shop) -> None:
    """Another signature, another brand, or a brand that has entered nothing to prove it by."""
    event = FakeEvent(id="x", payment=proof(await opened(shop)))
    with pytest.raises(InvalidSignature):
        await send(shop, event.request("forged"))
    with pytest.raises(InvalidSignature):
        await inbox.verify(shop.parts, "brand_x", "browser", event.request())
    async with shop.parts.units() as work:
        setting = await work.plugin_settings.get("brand_default", "browser")
        assert setting is not None
        await work.plugin_settings.put(replace(setting, credentials=None))
        await work.commit()
    with pytest.raises(InvalidSignature):
        await send(shop, event.request())
    assert await _all(shop) == ()


async def test_a_double_speaks_of_demo_orders_only(shop: Shop) -> None:
    """What a brand's simulator sends never pays a real order."""
    request = FakeEvent(id="x", payment=proof(await opened(shop))).request()

    await inbox.receive_simulated(shop.parts, "brand_default", "browser", request, 2_000)
    assert await inbox.process_due(shop.parts) == 0
    shop.clock.move(2_000)
    await inbox.process_due(shop.parts)

    (row,) = await _all(shop)
    assert (row.demo, row.state) == (True, "waiting")
    assert (await shop.now())[0].state == "open"


async def test_neither_secrets_nor_cards_are_stored(shop: Shop) -> None:
    """What proves the caller is left out, a card number is struck out, and the event is processed all the same."""
    reference = await opened(shop)
    event = FakeEvent(id="x", type="card 4242 4242 4242 4242", payment=proof(reference))
    request = replace(event.request(), query={"secret": "s", "card": "4242424242424242", "a": "b"})
    await send(shop, request)

    (row,) = await _all(shop)
    assert "x-webhook-secret" not in row.headers
    assert row.headers["x-signature"] == "signed"
    assert "4242" not in row.body.replace("e4242", "")
    assert (row.query["a"], "secret" in row.query, "4242" in row.query["card"]) == ("b", False, False)
    await inbox.process_due(shop.parts)
    assert (await shop.now())[0].state == "paid"


async def _paid(shop: Shop) -> str:
    reference = await opened(shop)
    shop.browser.pay(reference, PRICE)
    await shop.complete(await shop.access(), None)
    return reference


def back(amount: int, reference: str = "re_desk") -> Refunded:
    """Tell of money given back."""
    return Refunded(reference=reference, money=Money(amount, "USD"))


async def test_a_refund_at_the_providers_desk_is_recorded(shop: Shop) -> None:
    """Once, and it counts."""
    reference = await _paid(shop)
    news = RefundNews(payment_reference=reference, reference="re_desk", result=back(2000))

    await tell(shop, refund=news)
    await tell(shop, refund=news)

    story = await tell_order(shop.parts, "brand_default", "o-1")
    assert [(one.origin, one.state, one.amount) for one in story.refunds] == [("provider", "succeeded", 2000)]
    assert story.refunded == 2000
    assert [one.state for one in story.incoming] == ["done", "done"]
    rest = await refunds.refund(shop.parts, await shop.brand(), "o-1", RefundCall(), ACTOR)
    assert rest.refund.amount == 3000
    assert (await verify(shop.parts)).findings == ()


async def test_a_hint_of_a_refund_elsewhere_is_looked_up(shop: Shop) -> None:
    """By the provider's own name of it."""
    reference = await _paid(shop)
    shop.browser.give("desk", reference, Money(700, "USD"))

    await tell(shop, refund=RefundNews(payment_reference=reference, reference="re_desk"))

    (refund,) = (await tell_order(shop.parts, "brand_default", "o-1")).refunds
    assert (refund.origin, refund.amount, refund.reference) == ("provider", 700, "re_desk")


async def test_a_refund_whose_answer_was_lost_is_recognized(shop: Shop) -> None:
    """An event that tells of as much as we asked for, under a name not known, is ours."""
    reference = await _paid(shop)
    shop.browser.refund_twists = ["lose_reply"]
    ours = (await refunds.refund(shop.parts, await shop.brand(), "o-1", RefundCall(amount=900), ACTOR)).refund
    assert ours.state == "unknown"

    await tell(shop, refund=RefundNews(payment_reference=reference, result=back(900, f"re_{ours.id}")))

    (refund,) = (await tell_order(shop.parts, "brand_default", "o-1")).refunds
    assert (refund.id, refund.state, refund.reference) == (ours.id, "succeeded", f"re_{ours.id}")


async def test_events_of_a_refund_come_in_any_order(shop: Shop) -> None:
    """What contradicts the books is looked up: only the provider knows which is true now."""
    reference = await _paid(shop)
    ours = (await refunds.refund(shop.parts, await shop.brand(), "o-1", RefundCall(amount=900), ACTOR)).refund
    denied = RefundNews(payment_reference=reference, refund_id=ours.id, result=RefundFailed(message="closed"))

    await tell(shop, refund=denied)

    (refund,) = (await tell_order(shop.parts, "brand_default", "o-1")).refunds
    assert refund.state == "succeeded"
    assert shop.browser.calls.count("look_up_refund") == 1


async def test_a_refund_is_waited_for_while_it_is_asked_for(shop: Shop) -> None:
    """An event that comes before the answer makes no second row, whatever it knows."""
    providers = shop.parts.providers
    assert isinstance(providers, dict)
    providers["browser"] = replace(providers["browser"], lookup=Lookup(by_reference="authoritative"))
    reference = await _paid(shop)
    shop.browser.refund_gate = asyncio.Event()
    call = asyncio.create_task(refunds.refund(shop.parts, await shop.brand(), "o-1", RefundCall(amount=900), ACTOR))
    await asyncio.sleep(0.01)
    flying = (await tell_order(shop.parts, "brand_default", "o-1")).refunds[0]

    row = await tell(shop, refund=RefundNews(payment_reference=reference, result=back(900, f"re_{flying.id}")))
    assert row.state == "received"
    shop.browser.refund_gate.set()
    await call
    shop.clock.move(6_000)
    await inbox.process_due(shop.parts)

    (refund,) = (await tell_order(shop.parts, "brand_default", "o-1")).refunds
    assert (refund.id, refund.state) == (flying.id, "succeeded")


async def test_one_refund_under_two_names_counts_once(shop: Shop) -> None:
    """It was taken for one of the desk's, in another amount, before our own look-up found it to be ours."""
    providers = shop.parts.providers
    assert isinstance(providers, dict)
    providers["browser"] = replace(providers["browser"], lookup=Lookup(refund_by_id="positive"))
    reference = await _paid(shop)
    shop.browser.refund_twists = ["lose_reply"]
    ours = (await refunds.refund(shop.parts, await shop.brand(), "o-1", RefundCall(amount=900), ACTOR)).refund
    await tell(shop, refund=RefundNews(payment_reference=reference, result=back(800, f"re_{ours.id}")))
    assert (await tell_order(shop.parts, "brand_default", "o-1")).refunded == 800

    shop.clock.move(MINUTE)
    await refunds.reconcile_refunds(shop.parts)

    story = await tell_order(shop.parts, "brand_default", "o-1")
    assert {one.origin: one.state for one in story.refunds} == {"api": "succeeded", "provider": "failed"}
    assert story.refunded == 900
    assert (await verify(shop.parts)).findings == ()


async def test_what_moved_is_the_truth(shop: Shop) -> None:
    """A refund in another amount than asked is kept with that amount, and a person is told."""
    reference = await _paid(shop)
    shop.browser.refund_twists = ["pending"]
    ours = (await refunds.refund(shop.parts, await shop.brand(), "o-1", RefundCall(amount=900), ACTOR)).refund
    assert ours.state == "pending"

    await tell(shop, refund=RefundNews(payment_reference=reference, refund_id=ours.id, result=back(950)))

    story = await tell_order(shop.parts, "brand_default", "o-1")
    assert (story.refunded, story.refunds[0].state) == (950, "succeeded")
    assert story.attention[0].message == "The provider gave back 9.50 USD where 9.00 USD was asked"
    assert (await verify(shop.parts)).findings == ()


async def test_more_given_back_than_paid_is_told(shop: Shop) -> None:
    """Two at the desk and here may be too much together: that is a person's to see, and on record."""
    reference = await _paid(shop)
    await refunds.refund(shop.parts, await shop.brand(), "o-1", RefundCall(amount=4000), ACTOR)

    await tell(shop, refund=RefundNews(payment_reference=reference, result=back(2000)))

    story = await tell_order(shop.parts, "brand_default", "o-1")
    assert story.refunded == 6000
    assert "More was given back than" in story.attention[0].message
