"""Refunds on fakes: every outcome, never more than was paid, and what a crash leaves is found."""

import asyncio
from unittest.mock import patch

import pytest
from msgspec.structs import replace

from paylinks_core import refunds
from paylinks_core.audit import Actor
from paylinks_core.errors import InvalidInput, NotKnown, NotPaid, RefundExceedsPayment
from paylinks_core.orders import tell_order
from paylinks_core.refund_states import REFUND_MOVES, UNSETTLED, settle_refund
from paylinks_core.refunds import GivenBack, RefundCall, reconcile_refunds
from paylinks_core.verification import verify
from paylinks_ports.errors import ProviderUnavailable
from paylinks_ports.money import Money
from paylinks_ports.payments import NotFound, Order, Unknown
from paylinks_ports.providers import Idempotency, Lookup, Proof
from paylinks_ports.records.refunds import Refund
from paylinks_ports.refunds import (
    Refunded,
    RefundFailed,
    RefundLookUpResult,
    RefundOrder,
    RefundResult,
    judge_total,
)
from paylinks_ports.storage import Window

from .conftest import LEASE, Shop

pytestmark = pytest.mark.anyio

ACTOR = Actor(organization_id="org_default", brand_id="brand_default", id="key_1", kind="api_key")
MINUTE = 60_000
HOUR = 60 * MINUTE


async def paid(shop: Shop, order_id: str = "o-1") -> None:
    """Pay an order of 50.00 USD."""
    access = await shop.access(order_id)
    await shop.initialize(access, "server")
    await shop.complete(access)


async def give_back(shop: Shop, amount: int | None = None, order_id: str = "o-1", **call: str) -> GivenBack:
    """Refund."""
    return await refunds.refund(
        shop.parts, await shop.brand(), order_id, RefundCall(amount=amount, reason="worn", **call), ACTOR
    )


async def the_refund(shop: Shop) -> Refund:
    """Read the order's only refund."""
    (refund,) = (await tell_order(shop.parts, (await shop.brand()).id, "o-1")).refunds
    return refund


async def later(shop: Shop, milliseconds: int) -> None:
    """Let time pass, and the reconciler's round for refunds run at its end."""
    shop.clock.move(milliseconds)
    await reconcile_refunds(shop.parts)


def declare(shop: Shop, lookup: Lookup | None = None, idempotency: Idempotency | None = None) -> None:
    """Change what the provider's look-ups prove, or how long it honours our ids."""
    providers = shop.parts.providers
    assert isinstance(providers, dict)
    known = providers["server"]
    lookup = lookup or Lookup(by_attempt="authoritative", by_reference="authoritative")
    providers["server"] = replace(known, lookup=lookup, idempotency=idempotency or Idempotency())


async def test_gives_back_in_parts_and_no_more(shop: Shop) -> None:
    """Each part is recorded, the rest is what is left, and one more is refused; the payment stays paid."""
    await paid(shop)

    first = await give_back(shop, 2000)
    rest = await give_back(shop)
    for amount in (1, None):
        with pytest.raises(RefundExceedsPayment):
            await give_back(shop, amount)

    assert (first.refund.state, first.refund.amount, first.total) == ("succeeded", 2000, 2000)
    assert (rest.refund.amount, rest.refund.refunded_before, rest.total) == (3000, 2000, 5000)
    story = await tell_order(shop.parts, "brand_default", "o-1")
    assert (story.refunded, story.checkout.state) == (5000, "paid")
    assert [event.type for event in story.events if event.type.startswith("refund")] == [
        *("refund.in_flight", "refund.succeeded") * 2
    ]
    async with shop.parts.units.reading() as rows:
        entries = await rows.audit_entries.page("org_default", Window())
    assert [(one.action, one.actor_id, one.changes["amount"]) for one in entries.rows] == [
        ("refund.requested", "key_1", 3000),
        ("refund.requested", "key_1", 2000),
    ]
    assert (await verify(shop.parts)).findings == ()


async def test_many_at_once_never_exceed(shop: Shop) -> None:
    """Twenty concurrent refunds of 10.00 of a payment of 50.00: five are made, the others are told."""
    await paid(shop)

    done = await asyncio.gather(*(give_back(shop, 1000) for _ in range(20)), return_exceptions=True)

    assert sum(isinstance(one, GivenBack) for one in done) == 5
    assert sum(isinstance(one, RefundExceedsPayment) for one in done) == 15
    assert sum(money.amount for _, money in shop.server.given.values()) == 5000


@pytest.mark.parametrize("twist", ["lose_reply", "pending", "drop_request"])
async def test_what_may_be_given_back_counts(shop: Shop, twist: str) -> None:
    """While nobody knows, or the provider works on it, that money is not given back again."""
    await paid(shop)
    shop.server.refund_twists = [twist]  # type: ignore[list-item]  # one of the words
    first = await give_back(shop, 4000)
    assert first.refund.state == ("pending" if twist == "pending" else "unknown")
    assert first.total == 0

    with pytest.raises(RefundExceedsPayment):
        await give_back(shop, 1001)
    assert (await give_back(shop, 1000)).refund.state == "succeeded"


async def test_a_clear_no_leaves_all_of_it(shop: Shop) -> None:
    """A failed refund, and one that provably was never asked for, take nothing of what is left."""
    await paid(shop)
    shop.server.refund_twists = ["fail", "unreachable"]
    failed = await give_back(shop)
    assert (failed.refund.state, failed.refund.message) == ("failed", "The card is closed")
    with pytest.raises(ProviderUnavailable):
        await give_back(shop)

    assert (await give_back(shop)).total == 5000
    states = [one.state for one in (await tell_order(shop.parts, "brand_default", "o-1")).refunds]
    assert states == ["failed", "failed", "succeeded"]


@pytest.mark.parametrize(
    ("twist", "proof", "state"),
    [
        ("lose_reply", "positive", "succeeded"),
        ("drop_request", "authoritative", "failed"),
        ("drop_request", "positive", "unknown"),
    ],
)
async def test_a_doubt_is_looked_up(shop: Shop, twist: str, proof: Proof, state: str) -> None:
    """Found, it is done; not found, that is worth what the provider declares."""
    declare(shop, Lookup(refund_by_id=proof))
    await paid(shop)
    shop.server.refund_twists = [twist]  # type: ignore[list-item]  # one of the words
    await give_back(shop)

    await later(shop, MINUTE)

    assert (await the_refund(shop)).state == state
    assert shop.server.calls.count("refund") == 1
    assert (await verify(shop.parts)).findings == ()


async def test_a_doubt_is_asked_again_where_that_is_safe(shop: Shop) -> None:
    """Under the same id, within the hours that the provider honours it; after that a person is asked."""
    declare(shop, idempotency=Idempotency(hours=24, powers=frozenset({"refund"})))
    await paid(shop)
    shop.server.refund_twists = ["drop_request", "unreachable"]
    await give_back(shop)

    await later(shop, MINUTE)  # nothing is sent: it is in doubt as before
    assert (await the_refund(shop)).state == "unknown"
    await later(shop, 10 * MINUTE)

    assert (await the_refund(shop)).state == "succeeded"
    assert len(shop.server.given) == 1
    assert (await verify(shop.parts)).findings == ()


async def test_an_id_that_is_forgotten_is_not_asked_again(shop: Shop) -> None:
    """Then only a person can tell, and what to do is said."""
    declare(shop, idempotency=Idempotency(hours=24, powers=frozenset({"refund"})))
    await paid(shop)
    shop.server.refund_twists = ["drop_request"]
    await give_back(shop)
    shop.server.reachable = False
    await later(shop, 24 * HOUR)
    shop.server.reachable = True

    for _ in range(3):
        await later(shop, 25 * HOUR)

    assert shop.server.calls.count("refund") == 1
    story = await tell_order(shop.parts, "brand_default", "o-1")
    assert [one.kind for one in story.attention] == ["refund"]
    assert "not_refunded" in story.attention[0].todo


async def test_a_killed_process_leaves_what_is_found(shop: Shop) -> None:
    """A refund in flight is left alone while its lease lives, and settled after."""
    declare(shop, Lookup(refund_by_id="authoritative"))
    await paid(shop)
    shop.server.refund_gate = asyncio.Event()
    call = asyncio.create_task(give_back(shop))
    await asyncio.sleep(0.01)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call

    await later(shop, 30_000)
    assert (await the_refund(shop)).state == "in_flight"
    await later(shop, 15_000)
    assert (await the_refund(shop)).state == "succeeded"


async def test_a_refund_that_is_not_found_is_so_at_the_moment_it_was_looked_for(shop: Shop) -> None:
    """An answer that takes until the lease is over proves no more than one that comes at once."""
    declare(shop, Lookup(refund_by_id="authoritative"))
    await paid(shop)
    shop.server.refund_twists = ["drop_request"]
    await give_back(shop)

    async def slowly(*_: object) -> RefundLookUpResult:
        shop.clock.move(LEASE)
        return NotFound()

    with patch.object(shop.server, "look_up_refund", slowly):
        await later(shop, 30_000)
    assert (await the_refund(shop)).state == "unknown"
    await later(shop, HOUR)
    assert (await the_refund(shop)).state == "failed"


async def test_finding_nothing_is_no_proof_while_it_may_be_on_its_way(shop: Shop) -> None:
    """A process that starts anew looks at once, while the provider may be at work on what the one before it sent."""
    declare(shop, Lookup(refund_by_id="authoritative"))
    await paid(shop)
    sent = asyncio.Event()

    async def hangs(order: Order, refund: RefundOrder) -> RefundResult:
        del order, refund
        sent.set()
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    with patch.object(shop.server, "refund", hangs):
        call = asyncio.create_task(give_back(shop))
        await sent.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    async with shop.parts.units() as work:
        await work.refunds.bring_forward(shop.clock.now())
        await work.commit()

    await later(shop, 1)
    early = await the_refund(shop)
    with pytest.raises(RefundExceedsPayment):
        await give_back(shop)
    reference = (await shop.now())[1].reference or ""
    shop.server.give(early.id, reference, early.money)
    await later(shop, HOUR)

    assert early.state == "unknown"
    assert (await the_refund(shop)).state == "succeeded"


async def test_a_look_up_knows_of_all_other_refunds(shop: Shop) -> None:
    """Of those asked for later, too: where only a total tells, one of them must not be taken for this one."""
    await paid(shop)
    shop.server.refund_twists = ["drop_request"]
    lost = (await give_back(shop, 1000)).refund
    await give_back(shop, 1000)
    shop.server.refund_twists = ["drop_request"]
    await give_back(shop, 500)
    asked: dict[str, RefundOrder] = {}

    async def totals(order: Order, refund: RefundOrder, reference: str | None) -> RefundLookUpResult:
        del order, reference
        asked[refund.refund_id] = refund
        return judge_total(refund, Money(1000, "USD"))

    with patch.object(shop.server, "look_up_refund", totals):
        await later(shop, MINUTE)

    assert (asked[lost.id].refunded_before, asked[lost.id].others_in_doubt) == (1500, 500)
    states = [one.state for one in (await tell_order(shop.parts, "brand_default", "o-1")).refunds]
    assert states == ["unknown", "succeeded", "unknown"]
    assert (await verify(shop.parts)).findings == ()


async def test_a_refund_asked_for_during_a_look_up_is_not_taken_for_it(shop: Shop) -> None:
    """A total that has grown meanwhile tells nothing of the one that is looked up; the next look does."""
    await paid(shop)
    shop.server.refund_twists = ["drop_request"]
    lost = (await give_back(shop, 1000)).refund

    async def totals(order: Order, refund: RefundOrder, reference: str | None) -> RefundLookUpResult:
        del order, reference
        if not refund.refunded_before:
            await give_back(shop, 1000)
        return judge_total(refund, Money(1000, "USD"))

    with patch.object(shop.server, "look_up_refund", totals):
        await later(shop, MINUTE)
        await later(shop, HOUR)

    assert [
        one.state for one in (await tell_order(shop.parts, "brand_default", "o-1")).refunds if one.id == lost.id
    ] == ["unknown"]


@pytest.mark.parametrize(
    ("given", "result"),
    [(0, NotFound), (3000, NotFound), (3001, Unknown), (4999, Unknown), (5000, Refunded), (5001, Refunded)],
)
def test_a_total_tells(given: int, result: type) -> None:
    """What is surely the others' is none of it; what all of them come to is it, too."""
    refund = RefundOrder(
        refund_id="rfd_1",
        attempt_id="att_1",
        money=Money(1000, "USD"),
        reference="ref_1",
        transaction_id="ch_1",
        paid=Money(9000, "USD"),
        refunded_before=4000,
        others_in_doubt=1000,
    )
    assert isinstance(judge_total(refund, Money(given, "USD")), result)


async def test_pending_ends_by_itself(shop: Shop) -> None:
    """The provider works on it, and is asked until it is done."""
    await paid(shop)
    shop.server.refund_twists = ["pending"]
    refund = (await give_back(shop)).refund
    await later(shop, 10 * MINUTE)
    assert (await the_refund(shop)).state == "pending"

    shop.server.give(refund.id, *shop.server.working[refund.id])
    await later(shop, 2 * HOUR)

    assert (await the_refund(shop)).state == "succeeded"


async def test_says_what_is_missing(shop: Shop) -> None:
    """Orders and payments that are not there, not paid or not another brand's."""
    with pytest.raises(NotKnown):
        await give_back(shop)
    await shop.initialize(await shop.access(), "server")
    with pytest.raises(NotPaid):
        await give_back(shop)
    await shop.complete(await shop.access())
    with pytest.raises(NotKnown):
        await give_back(shop, payment_id="pay_x")
    with pytest.raises(InvalidInput):
        await give_back(shop, 0)
    other = replace(await shop.brand(), id="brand_2")
    with pytest.raises(NotKnown):
        await refunds.refund(shop.parts, other, "o-1", RefundCall(), ACTOR)


def test_only_evidence_ends_a_refund() -> None:
    """A doubt never becomes a no; what has ended is not undone by a doubt."""
    doubt = Unknown(message="?")
    for state in REFUND_MOVES:
        kept = "unknown" if state == "in_flight" else state
        assert settle_refund(state, doubt, "authoritative") == kept
        assert settle_refund(state, NotFound(), "positive") == kept
        assert settle_refund(state, NotFound(), "authoritative") == ("failed" if state in UNSETTLED else state)
        assert settle_refund(state, Refunded(reference="r", money=Money(1, "USD")), "none") == "succeeded"
        assert settle_refund(state, RefundFailed(message="no"), "none") == "failed"


async def test_an_upsell_is_given_back_under_its_own_order(shop: Shop) -> None:
    """By its order id, or by its payment's; where there are several, it must be named."""
    await paid(shop)
    sale = (await shop.now())[1]
    async with shop.parts.units() as work:
        for number in (1, 2):
            upsell = replace(
                sale, id=f"pay_u{number}", kind="upsell", order_id="u-1", reference=f"ref_u{number}", amount=700
            )
            await work.payments.add(upsell)
            shop.server.books[f"ref_u{number}"] = Money(700, "USD")
        await work.commit()

    assert (await give_back(shop, 100)).refund.payment_id == sale.id
    with pytest.raises(InvalidInput, match="Invalid request"):
        await give_back(shop, order_id="u-1")
    given = await give_back(shop, order_id="u-1", payment_id="pay_u2")

    assert (given.refund.order_id, given.refund.amount) == ("u-1", 700)
    assert (await tell_order(shop.parts, "brand_default", "u-1")).refunded == 800
