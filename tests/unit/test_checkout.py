"""Opening and completing checkouts on fakes: every outcome, and never a second charge."""

import asyncio
from typing import Any
from unittest.mock import patch

import pytest
from msgspec.structs import replace

from paylinks_core.access import Access
from paylinks_core.errors import (
    AlreadyPaid,
    AmountMismatch,
    CardDeclined,
    NotInitialized,
    OutcomeUnknown,
    PaymentInProgress,
    PaymentNotSubmitted,
    PaymentTokenRequired,
    ProviderNotAllowed,
    Superseded,
    UnknownProvider,
)
from paylinks_core.links import generate
from paylinks_core.reconciler import abandon_expired, reconcile
from paylinks_core.verification import verify
from paylinks_ports.errors import ProviderUnavailable
from paylinks_ports.money import Money
from paylinks_ports.payments import LookUpResult, NotFound, NotSubmitted, Order, PaymentResult, Started, Unknown

from .conftest import HOUR, LEASE, Shop

pytestmark = pytest.mark.anyio

MINUTE = 60_000


async def test_a_server_charge_pays_once(shop: Shop) -> None:
    """Completed again and again it is the same answer, and one charge."""
    access = await shop.access()
    await shop.initialize(access, "server")

    first = await shop.complete(access)
    again = await shop.complete(access)

    assert first.payment.state == "paid"
    assert first.payment == again.payment
    assert list(shop.server.books.values()) == [Money(5000, "USD")]


async def test_initializing_again_is_the_same(shop: Shop) -> None:
    """The same order and provider: the same checkout, payment and reference, and what the browser needs, told again."""
    access = await shop.access()
    first = await shop.initialize(access, "browser")
    again = await shop.initialize(access, "browser")

    assert (first.checkout.id, first.payment.id) == (again.checkout.id, again.payment.id)
    assert first.payment.reference == again.payment.reference
    assert again.started.browser == {"clientSecret": "shown"}


async def test_many_openers_open_one(shop: Shop) -> None:
    """Twenty concurrent calls open one checkout with one payment."""
    access = await shop.access()

    opened = await asyncio.gather(*(shop.initialize(access, "browser") for _ in range(20)))

    assert len({(one.checkout.id, one.payment.id, one.payment.reference) for one in opened}) == 1


async def test_many_callers_charge_once(shop: Shop) -> None:
    """While one call is asking the provider, the others wait, answer `processing`, and ask nothing."""
    access = await shop.access()
    await shop.initialize(access, "server")
    shop.server.gate = asyncio.Event()
    calls = [asyncio.create_task(shop.complete(access)) for _ in range(20)]
    while sum(call.done() for call in calls) < 19:  # noqa: ASYNC110 - there is none: they give up by the fake clock
        await asyncio.sleep(0)

    done, waiting = [call for call in calls if call.done()], [call for call in calls if not call.done()]
    assert {call.result().payment.state for call in done} == {"in_flight"}
    assert len(waiting) == 1
    shop.server.gate.set()
    assert (await waiting[0]).payment.state == "paid"
    assert shop.server.calls.count("charge tok") == 1


async def test_the_browser_pays(shop: Shop) -> None:
    """Before the customer has paid it is said so; after, it is read and believed."""
    access = await shop.access()
    opened = await shop.initialize(access, "browser")
    with pytest.raises(PaymentNotSubmitted):
        await shop.complete(access, None)

    shop.browser.pay(str(opened.payment.reference), Money(5000, "USD"))
    done = await shop.complete(access, None)

    assert (done.checkout.state, done.payment.saved_method) == ("paid", "pm_1|cus_1")


async def test_a_decline_may_be_tried_again(shop: Shop) -> None:
    """A clear no is told with its code, and the next try is a new attempt."""
    access = await shop.access()
    await shop.initialize(access, "server")
    shop.server.twists = ["decline"]
    with pytest.raises(CardDeclined) as declined:
        await shop.complete(access)
    assert (declined.value.decline_code, declined.value.retryable) == ("insufficient_funds", True)
    checkout, payment = await shop.now()
    assert checkout.state == "failed"

    done = await shop.complete(access)

    assert done.payment.state == "paid"
    assert done.payment.attempt_id != payment.attempt_id


@pytest.mark.parametrize("twist", ["lose_reply", "drop_request"])
async def test_a_doubt_is_never_charged_again(shop: Shop, twist: str) -> None:
    """A lost reply is 504 once; after that it is looked up, and only evidence lets another charge begin."""
    access = await shop.access()
    await shop.initialize(access, "server")
    shop.server.twists = [twist]  # type: ignore[list-item]  # one of the words
    with pytest.raises(OutcomeUnknown):
        await shop.complete(access)
    shop.server.reachable = False
    with pytest.raises(ProviderUnavailable):
        await shop.complete(access)
    assert (await shop.now())[1].state == "unknown"
    shop.server.reachable = True
    shop.clock.move(LEASE)

    async def again() -> None:
        shop.server.twists = ["lose_reply"]
        await shop.complete(access)
        await shop.complete(access)

    if twist == "lose_reply":
        assert (await shop.complete(access)).payment.state == "paid"
    else:
        with pytest.raises(OutcomeUnknown):  # the fake's look-up is authoritative: proof that nothing was charged
            await again()
    assert len(shop.server.books) == 1


async def test_finding_nothing_is_no_proof_while_the_charge_may_be_on_its_way(shop: Shop) -> None:
    """A connection was lost while the provider is at work: it is neither charged anew nor forgotten."""
    access = await shop.access()
    await shop.initialize(access, "server")
    shop.server.twists = ["drop_request"]
    with pytest.raises(OutcomeUnknown):
        await shop.complete(access)

    early = await shop.complete(access)
    _, payment = await shop.now()
    shop.server.pay(payment.attempt_id, payment.money)  # it comes to its end only now
    await shop.wait(HOUR)

    assert early.payment.state == "unknown"
    assert (await shop.now())[1].state == "paid"


async def test_an_answer_that_comes_late_tells_of_the_moment_it_was_asked_at(shop: Shop) -> None:
    """The provider was asked within the lease, and by the time its "nothing" is here the charge may have come."""
    access = await shop.access()
    await shop.initialize(access, "server")
    shop.server.twists = ["drop_request"]
    with pytest.raises(OutcomeUnknown):
        await shop.complete(access)

    async def slowly(order: Order, reference: str | None) -> LookUpResult:
        del reference
        shop.server.pay(order.attempt_id, order.money)  # just after it was looked for
        shop.clock.move(LEASE)
        return NotFound()

    with patch.object(shop.server, "look_up", slowly):
        assert (await shop.complete(access)).payment.state == "unknown"
    assert (await shop.complete(access)).payment.state == "paid"


async def test_a_process_that_starts_anew_believes_in_nothing_found_only_when_the_charge_is_over(shop: Shop) -> None:
    """What the process before it had sent may be under way still, though the payment is looked at at once."""
    access = await shop.access()
    await shop.initialize(access, "server")
    await _crash_while_asking(shop, access)
    async with shop.parts.units() as work:
        assert await work.payments.bring_forward(shop.clock.now()) == 1
        await work.commit()

    await shop.wait(1)
    _, early = await shop.now()
    shop.server.pay(early.attempt_id, early.money)
    await shop.wait(HOUR)

    assert early.state == "unknown"
    assert (await shop.now())[1].state == "paid"


async def _crash_while_asking(shop: Shop, access: Access) -> None:
    """Send the charge, which takes its time at the provider, and end as a killed process does."""
    sent = asyncio.Event()

    async def charge(order: Order, reference: str | None, payment_token: str) -> PaymentResult:
        del order, reference, payment_token
        sent.set()
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    with patch.object(shop.server, "charge", charge):
        call = asyncio.create_task(shop.complete(access))
        await sent.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call


async def test_what_could_not_be_opened_is_not_charged(shop: Shop) -> None:
    """Where the browser pays, every charge is made on what `start` has opened, so that a reference leads to it."""
    access = await shop.access()
    shop.browser.reachable = False
    with pytest.raises(ProviderUnavailable):
        await shop.initialize(access, "browser")
    shop.browser.reachable = True

    with pytest.raises(NotInitialized):
        await shop.complete(access)
    await shop.initialize(access, "browser")

    assert (await shop.complete(access)).payment.state == "paid"


async def test_who_opened_it_and_died_keeps_nobody_out(shop: Shop) -> None:
    """When that one's time is over it is opened anew, however long the reconciler puts off its own next look."""
    access = await shop.access()
    sent = asyncio.Event()

    async def hangs(order: Order, reference: str | None) -> Started:
        del order, reference
        sent.set()
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    with patch.object(shop.browser, "start", hangs):
        call = asyncio.create_task(shop.initialize(access, "browser"))
        await sent.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    shop.browser.reachable = False
    await shop.wait(LEASE)
    shop.browser.reachable = True

    opened = await shop.initialize(access, "browser")

    assert opened.payment.reference is not None


async def test_who_waited_for_another_opener_begins_anew(shop: Shop) -> None:
    """Meanwhile it may have been charged: what is in flight is neither opened again nor taken off the watch."""
    access = await shop.access()
    calls: list[asyncio.Task[Any]] = []
    asked = asyncio.Event()

    async def opens_never(order: Order, reference: str | None) -> Started:
        del order, reference
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    async def charges_never(order: Order, reference: str | None, payment_token: str) -> PaymentResult:
        del payment_token
        await opens_never(order, reference)
        raise AssertionError("nobody sets it")

    with patch.object(shop.server, "start", opens_never):
        calls.append(asyncio.create_task(shop.initialize(access, "server")))
        await asked.wait()
    with patch.object(shop.server, "charge", charges_never):
        waiting = asyncio.create_task(shop.initialize(access, "server"))
        calls.append(asyncio.create_task(shop.complete(access)))
        told = await waiting
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)

    _, payment = await shop.now()
    assert (told.payment.state, payment.state) == ("in_flight", "in_flight")
    assert payment.check_at is not None


async def test_what_was_opened_without_our_knowing_is_what_is_charged(shop: Shop) -> None:
    """A look-up found what `start` opened though its reply was lost: no other one is made beside it."""
    access = await shop.access()

    async def opens_silently(order: Order, reference: str | None) -> Unknown:
        del order, reference
        return Unknown(message="lost")

    async def finds(order: Order, reference: str | None) -> NotSubmitted:
        del reference
        return NotSubmitted(reference=f"ref_{order.attempt_id}")

    with patch.object(shop.browser, "start", opens_silently), patch.object(shop.browser, "look_up", finds):
        with pytest.raises(OutcomeUnknown):
            await shop.initialize(access, "browser")
        await shop.wait(MINUTE)
    opened = await shop.initialize(access, "browser")

    done = await shop.complete(access)

    assert done.payment.reference == opened.started.reference == f"ref_{opened.payment.attempt_id}"
    assert list(shop.browser.books) == [opened.started.reference]


async def test_a_story_keeps_its_order_when_the_clock_is_put_back(shop: Shop) -> None:
    """A time server corrects the clock in the middle of a payment, and its events still follow each other."""
    access = await shop.access()
    await shop.initialize(access, "server")
    shop.server.twists = ["decline"]
    with pytest.raises(CardDeclined):
        await shop.complete(access)
    shop.clock.move(-5_000)

    done = await shop.complete(access)

    async with shop.parts.units.reading() as rows:
        events = await rows.payment_events.of_checkout(done.checkout.id)
    assert [event.type for event in events] == ["in_flight", "declined", "in_flight", "paid"]
    assert (await verify(shop.parts)).findings == ()


async def test_an_unreachable_provider_charges_nothing(shop: Shop) -> None:
    """Provably nothing was sent: it is as it was before, and may be tried again."""
    access = await shop.access()
    await shop.initialize(access, "server")
    shop.server.twists = ["unreachable"]
    with pytest.raises(ProviderUnavailable):
        await shop.complete(access)
    assert (await shop.now())[1].state == "new"

    assert (await shop.complete(access)).payment.state == "paid"


async def test_the_reconciler_finds_a_lost_charge(shop: Shop) -> None:
    """Nobody calls again, and the order becomes paid all the same."""
    access = await shop.access()
    await shop.initialize(access, "server")
    shop.server.twists = ["lose_reply"]
    with pytest.raises(OutcomeUnknown):
        await shop.complete(access)

    await shop.wait(MINUTE)

    checkout, payment = await shop.now()
    assert (checkout.state, payment.state) == ("paid", "paid")


async def test_the_reconciler_leaves_who_is_asking_alone(shop: Shop) -> None:
    """A payment in flight is looked up only after its lease; then the process that asked is surely gone."""
    access = await shop.access()
    await shop.initialize(access, "server")
    shop.server.gate = asyncio.Event()
    call = asyncio.create_task(shop.complete(access))
    await asyncio.sleep(0.01)
    call.cancel()  # as a killed process: the money is taken, nothing is remembered
    with pytest.raises(asyncio.CancelledError):
        await call

    await shop.wait(30_000)
    assert (await shop.now())[1].state == "in_flight"
    await shop.wait(15_000)
    assert (await shop.now())[1].state == "paid"
    assert len(shop.server.books) == 1


async def test_a_pending_payment_ends_by_itself(shop: Shop) -> None:
    """The provider works on it; the reconciler asks until it is done."""
    access = await shop.access()
    await shop.initialize(access, "server")
    shop.server.twists = ["pending"]
    done = await shop.complete(access)
    assert done.payment.state == "pending"
    await shop.wait(MINUTE)
    assert (await shop.now())[1].state == "pending"

    shop.server.pay(done.payment.attempt_id, Money(5000, "USD"))
    await shop.wait(10 * MINUTE)

    assert (await shop.now())[0].state == "paid"


async def test_a_bank_step_is_passed_on(shop: Shop) -> None:
    """The customer is sent to the bank, and the next call reads what came of it."""
    access = await shop.access()
    opened = await shop.initialize(access, "browser")
    shop.browser.twists = ["step"]
    asked = await shop.complete(access)
    assert asked.action is not None
    assert asked.action.url == "https://bank.example"
    again = await shop.complete(access, None)
    assert (again.payment.state, again.action) == ("action_required", asked.action)

    shop.browser.pay(str(opened.payment.reference), Money(5000, "USD"))

    assert (await shop.complete(access, None)).payment.state == "paid"


async def test_a_new_amount_is_a_new_payment(shop: Shop) -> None:
    """The earlier payment is canceled at the provider before there is another one."""
    first = await shop.initialize(await shop.access(), "browser")
    changed = await shop.access(amount=7000)
    second = await shop.initialize(changed, "browser")

    assert first.payment.reference in shop.browser.canceled
    assert (second.payment.amount, second.checkout.id) == (7000, first.checkout.id)
    assert second.payment.id != first.payment.id


async def test_another_provider_waits_for_evidence(shop: Shop) -> None:
    """While an earlier provider may still take the money, no other is tried."""
    access = await shop.access()
    opened = await shop.initialize(access, "browser")
    shop.browser.reachable = False
    with pytest.raises(ProviderUnavailable):
        await shop.initialize(access, "server")
    shop.browser.reachable = True
    shop.browser.waiting[str(opened.payment.reference)] = "pending"
    await shop.complete(access, None)
    with pytest.raises(PaymentInProgress):
        await shop.initialize(access, "server")

    shop.browser.pay(str(opened.payment.reference), Money(5000, "USD"))
    with pytest.raises(AlreadyPaid):
        await shop.initialize(access, "server")
    assert (await shop.now())[0].state == "paid"


async def test_a_wrong_amount_waits_for_a_person(shop: Shop) -> None:
    """Money in another amount pays nothing by itself, and is never charged again."""
    access = await shop.access()
    opened = await shop.initialize(access, "browser")
    shop.browser.pay(str(opened.payment.reference), Money(4999, "USD"))

    for _ in range(2):
        with pytest.raises(AmountMismatch):
            await shop.complete(access, None)

    checkout, payment = await shop.now()
    assert (checkout.state, payment.state) == ("processing", "unknown")
    assert checkout.attention == "The provider took 49.99 USD where 50.00 USD was asked"


async def test_an_older_token_is_superseded(shop: Shop) -> None:
    """A token made before one that was used for the same unpaid order counts no more."""
    await shop.initialize(await shop.access(issued_at=200), "server")

    with pytest.raises(Superseded):
        await shop.initialize(await shop.access(issued_at=199), "server")
    with pytest.raises(Superseded):
        await shop.complete(await shop.access(issued_at=199))


async def test_says_what_is_missing(shop: Shop) -> None:
    """Each call that comes too early or asks for too much is told so."""
    access = await shop.access(providers=["server"])
    with pytest.raises(NotInitialized):
        await shop.complete(access)
    with pytest.raises(UnknownProvider):
        await shop.initialize(access, "nobody")
    with pytest.raises(ProviderNotAllowed):
        await shop.initialize(access, "browser")
    await shop.initialize(access, "server")
    with pytest.raises(PaymentTokenRequired):
        await shop.complete(access, None)
    assert shop.server.books == {}


async def test_a_paid_order_stays_paid(shop: Shop) -> None:
    """It is not opened again, with any provider or amount."""
    access = await shop.access()
    await shop.initialize(access, "server")
    await shop.complete(access)

    with pytest.raises(AlreadyPaid):
        await shop.initialize(access, "server")
    with pytest.raises(AlreadyPaid):
        await shop.initialize(await shop.access(amount=1), "browser")


async def test_an_expired_checkout_is_abandoned_and_its_payment_canceled(shop: Shop) -> None:
    """When its token ends, what is open at the provider is closed."""
    opened = await shop.initialize(await shop.access(), "browser")
    shop.clock.move(HOUR + 1)

    assert await abandon_expired(shop.parts) == 1
    await reconcile(shop.parts)

    checkout, payment = await shop.now()
    assert (checkout.state, payment.state) == ("abandoned", "canceled")
    assert opened.payment.reference in shop.browser.canceled


async def test_proof_of_payment_revives_an_abandoned_checkout(shop: Shop) -> None:
    """The customer paid in the browser at the last moment and never came back."""
    opened = await shop.initialize(await shop.access(), "browser")
    shop.browser.pay(str(opened.payment.reference), Money(5000, "USD"))
    shop.clock.move(HOUR + 1)

    await abandon_expired(shop.parts)
    await reconcile(shop.parts)

    checkout, payment = await shop.now()
    assert (checkout.state, payment.state) == ("paid", "paid")


async def test_a_checkout_left_at_the_banks_step_is_abandoned_and_its_payment_canceled(shop: Shop) -> None:
    """The customer never came back from the bank: nothing waits for ever, and it is told once."""
    access = await shop.access()
    opened = await shop.initialize(access, "browser")
    shop.browser.twists = ["step"]
    await shop.complete(access)
    assert await abandon_expired(shop.parts) == 0
    shop.clock.move(HOUR + 1)

    assert [await abandon_expired(shop.parts) for _ in range(2)] == [1, 0]
    between = await shop.now()
    await reconcile(shop.parts)

    checkout, payment = await shop.now()
    assert (between[0].state, between[1].state) == ("abandoned", "action_required")
    assert (checkout.state, payment.state) == ("abandoned", "canceled")
    assert opened.payment.reference in shop.browser.canceled


@pytest.mark.parametrize("seen", ["by the reconciler", "by the customer"])
async def test_a_step_that_was_taken_at_the_last_moment_pays(shop: Shop, seen: str) -> None:
    """Proof of payment makes an abandoned checkout paid; a look that proves nothing leaves it as it is."""
    access = await shop.access()
    opened = await shop.initialize(access, "browser")
    shop.browser.twists = ["step"]
    await shop.complete(access)
    shop.clock.move(HOUR + 1)
    await abandon_expired(shop.parts)
    looked = await shop.complete(access, None)
    assert (looked.checkout.state, looked.payment.state) == ("abandoned", "action_required")
    shop.browser.pay(str(opened.payment.reference), Money(5000, "USD"))

    if seen == "by the reconciler":
        await reconcile(shop.parts)
    else:
        await shop.complete(access, None)

    checkout, payment = await shop.now()
    assert (checkout.state, payment.state) == ("paid", "paid")


async def test_a_new_link_takes_a_checkout_up_again_that_was_left_at_the_banks_step(shop: Shop) -> None:
    """Its payment is not canceled under the customer's hands, and can be paid."""
    access = await shop.access()
    opened = await shop.initialize(access, "browser")
    shop.browser.twists = ["step"]
    await shop.complete(access)
    shop.clock.move(HOUR + 1)
    await abandon_expired(shop.parts)
    raw = {"orderId": "o-1", "amount": 5000, "currency": "USD", "productName": "Shirt"}
    await generate(shop.parts, await shop.brand(), raw, 3600)
    linked, _ = await shop.now()

    again = await shop.initialize(await shop.access(), "browser")
    await reconcile(shop.parts)
    shop.browser.pay(str(opened.payment.reference), Money(5000, "USD"))

    assert (linked.state, again.checkout.state) == ("open", "open")
    assert (await shop.complete(await shop.access(), None)).checkout.state == "paid"


async def test_who_charges_while_a_checkout_is_abandoned_is_not_passed_by(shop: Shop) -> None:
    """Between the look for expired ones and the write a charge has begun: money is moving, so it is not abandoned."""
    access = await shop.access()
    await shop.initialize(access, "browser")
    shop.browser.twists = ["step"]
    await shop.complete(access)
    shop.clock.move(HOUR + 1)
    _, payment = await shop.now()

    async with shop.parts.units() as work:  # the other one waits for its turn to write
        call = asyncio.create_task(abandon_expired(shop.parts))
        await asyncio.sleep(0.01)
        await work.payments.replace(payment, replace(payment, state="in_flight"))
        await work.commit()
    assert await call == 1

    checkout, payment = await shop.now()
    assert (checkout.state, payment.state) == ("processing", "in_flight")
