"""What a person decides, who is told of it, and what is found unfulfilled; on fakes."""

import pytest
from msgspec.structs import replace

from paylinks_adapters.fake_desk import RefundTwist
from paylinks_adapters.fakes import FakeMarketingAccounts, fake_integration
from paylinks_core import refunds
from paylinks_core.asking import Brought
from paylinks_core.audit import Actor
from paylinks_core.errors import InvalidInput, NotInDoubt, NotKnown, OutcomeUnknown
from paylinks_core.orders import OrderStory, tell_order
from paylinks_core.reconciler import fulfil
from paylinks_core.refund_outcomes import record_foreign
from paylinks_core.refunds import RefundCall
from paylinks_core.resolutions import Decision, resolve
from paylinks_core.settings import PluginChange, change_plugin
from paylinks_core.upsell_answers import accept
from paylinks_core.upsells import NewUpsell, create_session
from paylinks_core.verification import verify
from paylinks_ports.money import Money
from paylinks_ports.providers import Lookup
from paylinks_ports.records.audit import AuditEntry
from paylinks_ports.records.payments import Payment
from paylinks_ports.records.refunds import Refund
from paylinks_ports.records.upsells import Offer
from paylinks_ports.refunds import Refunded
from paylinks_ports.storage import Window

from .conftest import LEASE, Shop

pytestmark = pytest.mark.anyio

ACTOR = Actor(organization_id="org_default", brand_id="brand_default", id="key_1", kind="api_key", ip="192.0.2.1")


def blind(shop: Shop, provider: str = "server") -> None:
    """Have nothing that the provider says of a payment or refund prove anything."""
    providers = shop.parts.providers
    assert isinstance(providers, dict)
    providers[provider] = replace(providers[provider], lookup=Lookup())


async def decide(shop: Shop, **decision: str) -> None:
    """Decide about the order."""
    said = Decision(note="seen in the dashboard", **decision)  # type: ignore[arg-type]  # words of a test
    await resolve(shop.parts, await shop.brand(), "o-1", said, ACTOR)


async def story(shop: Shop) -> OrderStory:
    """Read the order."""
    return await tell_order(shop.parts, "brand_default", "o-1")


async def audited(shop: Shop) -> list[AuditEntry]:
    """Read what was decided."""
    async with shop.parts.units.reading() as rows:
        entries = (await rows.audit_entries.page("org_default", Window())).rows
    return [one for one in entries if one.action == "order.resolved"]


async def doubtful(shop: Shop) -> str:
    """Leave a charge in a doubt that nothing settles, and give the payment's id."""
    blind(shop)
    access = await shop.access()
    await shop.initialize(access, "server")
    shop.server.twists = ["drop_request"]
    with pytest.raises(OutcomeUnknown):
        await shop.complete(access)
    return (await shop.now())[1].id


async def told(shop: Shop) -> list[str]:
    """List the events that are written for receivers."""
    async with shop.parts.units() as work:
        return [event.type for event in await work.outgoing_events.take(shop.clock.now(), 100)]


async def market(shop: Shop) -> Shop:
    """Give the shop a marketing system that is set up."""
    parts = replace(shop.parts, integrations={"post": fake_integration("post")}, marketing=FakeMarketingAccounts())
    await change_plugin(parts, ACTOR, "brand_default", "integration", "post", PluginChange(credentials={"apiKey": "k"}))
    return replace(shop, parts=parts)


async def noticed(shop: Shop) -> list[str]:
    """List the payments that marketing systems are to be told of."""
    async with shop.parts.units.reading() as rows:
        return [one.payment_id for one in await rows.marketing_notices.of_checkout((await shop.now())[0].id)]


async def dearer(shop: Shop) -> Payment:
    """Have the order ask for more than what has been paid by an earlier link."""
    opened = await shop.initialize(await shop.access(), "browser")
    async with shop.parts.units() as work:
        current = await work.checkouts.get(opened.checkout.id)
        assert current is not None
        claims = replace(current.claims, amount=7000)
        await work.checkouts.replace(current, replace(current, claims=claims))
        await work.commit()
    shop.browser.pay(str(opened.payment.reference), Money(5000, "USD"))
    await shop.wait(600_000)
    return opened.payment


async def refund_in_doubt(shop: Shop, twist: RefundTwist = "drop_request") -> Refund:
    """Leave a refund of a part in doubt."""
    access = await shop.access()
    await shop.initialize(access, "server")
    await shop.complete(access)
    shop.server.refund_twists = [twist]
    return (await refunds.refund(shop.parts, await shop.brand(), "o-1", RefundCall(amount=1000), ACTOR)).refund


async def test_a_person_says_that_it_was_charged(shop: Shop) -> None:
    """The order is paid, who said so is written down, and it is no doubt any more."""
    payment_id = await doubtful(shop)
    told = await story(shop)
    assert [(one.kind, one.id) for one in told.attention] == [("payment", payment_id)]
    assert told.payments[0].attempt_id in told.attention[0].todo
    with pytest.raises(InvalidInput, match="Invalid request"):
        await decide(shop, outcome="charged", payment_id=payment_id)

    await decide(shop, outcome="charged", payment_id=payment_id, reference="ch_9")

    after = await story(shop)
    assert (after.checkout.state, after.payments[0].transaction_id, after.attention) == ("paid", "ch_9", ())
    (entry,) = await audited(shop)
    assert (entry.target, entry.actor_id, entry.ip) == (payment_id, "key_1", "192.0.2.1")
    assert entry.changes == {
        "outcome": "charged",
        "note": "seen in the dashboard",
        "reference": "ch_9",
        "was": "unknown",
    }
    assert (await verify(shop.parts)).findings == ()
    with pytest.raises(NotInDoubt):
        await decide(shop, outcome="not_charged", payment_id=payment_id)


async def test_a_person_says_that_it_was_not_charged(shop: Shop) -> None:
    """It may be charged again then, and nobody hears of what did not happen."""
    payment_id = await doubtful(shop)
    shop.clock.move(LEASE)

    await decide(shop, outcome="not_charged", payment_id=payment_id)

    assert await told(shop) == ["checkout.created"]
    assert (await shop.complete(await shop.access())).payment.state == "paid"
    assert len(shop.server.books) == 1
    assert (await verify(shop.parts)).findings == ()


async def test_the_providers_word_comes_first(shop: Shop) -> None:
    """It is asked once more; what it can tell nobody else decides."""
    access = await shop.access()
    await shop.initialize(access, "server")
    shop.server.twists = ["lose_reply"]
    with pytest.raises(OutcomeUnknown):
        await shop.complete(access)
    payment_id = (await shop.now())[1].id

    with pytest.raises(NotInDoubt):
        await decide(shop, outcome="not_charged", payment_id=payment_id)

    assert (await shop.now())[0].state == "paid"
    assert await audited(shop) == []


@pytest.mark.parametrize(
    ("outcome", "state", "left"), [("refunded", "succeeded", 4000), ("not_refunded", "failed", 5000)]
)
async def test_a_person_settles_a_refund(shop: Shop, outcome: str, state: str, left: int) -> None:
    """Until then it counts as given back."""
    doubt = await refund_in_doubt(shop)
    shop.clock.move(LEASE)
    before = await told(shop)

    await decide(shop, outcome=outcome, refund_id=doubt.id)

    assert [one.state for one in (await story(shop)).refunds] == [state]
    assert await told(shop) == [*before, f"refund.{state}"]
    rest = await refunds.refund(shop.parts, await shop.brand(), "o-1", RefundCall(), ACTOR)
    assert rest.refund.amount == left
    assert (await verify(shop.parts)).findings == ()
    with pytest.raises(NotKnown):
        await decide(shop, outcome=outcome, refund_id="rfd_x")
    with pytest.raises(InvalidInput):
        await decide(shop, outcome=outcome)


async def test_money_by_an_earlier_link_is_accepted(shop: Shop) -> None:
    """The order asks for more now; a person takes what was paid."""
    payment = await dearer(shop)
    assert [one.kind for one in (await story(shop)).attention] == ["order"]

    await decide(shop, outcome="accepted", payment_id=payment.id)

    after = await story(shop)
    assert (after.checkout.state, after.attention) == ("paid", ())
    assert (await verify(shop.parts)).findings == ()
    with pytest.raises(NotInDoubt):
        await decide(shop, outcome="noted")


async def test_what_a_person_says_was_charged_is_told(shop: Shop) -> None:
    """As whenever an order is paid, to receivers and marketing systems."""
    shop = await market(shop)
    payment_id = await doubtful(shop)
    assert await told(shop) == ["checkout.created"]

    await decide(shop, outcome="charged", payment_id=payment_id, reference="ch_9")

    paid = ["checkout.completed", "payment.succeeded", "order.confirmed"]
    assert await told(shop) == ["checkout.created", *paid]
    assert await noticed(shop) == [payment_id]


async def test_what_a_person_accepts_is_told(shop: Shop) -> None:
    """That the payment succeeded was told before."""
    shop = await market(shop)
    payment = await dearer(shop)
    assert await told(shop) == ["checkout.created", "payment.succeeded"]
    assert await noticed(shop) == []

    await decide(shop, outcome="accepted", payment_id=payment.id)

    assert await told(shop) == ["checkout.created", "payment.succeeded", "checkout.completed", "order.confirmed"]
    assert await noticed(shop) == [payment.id]


async def test_an_upsell_that_a_person_says_was_charged_is_told(shop: Shop) -> None:
    """Its offer is accepted, and its payment told."""
    shop = await market(shop)
    access = await shop.access()
    await shop.initialize(access, "server")
    await shop.complete(access)
    wanted = NewUpsell(
        order_id="u-1",
        original_order_id="o-1",
        customer_email="ada@example.com",
        provider="server",
        currency="USD",
        offers=(Offer(id="cap", name="Cap", price=1500),),
        metadata={},
    )
    session, _ = await create_session(shop.parts, await shop.brand(), wanted)
    blind(shop)
    shop.server.twists = ["drop_request"]
    with pytest.raises(OutcomeUnknown):
        await accept(shop.parts, session.id, "cap", Brought())
    async with shop.parts.units.reading() as rows:
        payment = await rows.payments.of_offer(session.id, "cap")
    assert payment is not None
    before = await told(shop)

    await decide(shop, outcome="charged", payment_id=payment.id, reference="ch_9")

    assert await told(shop) == [*before, "upsell.accepted", "payment.succeeded"]
    assert (await noticed(shop))[1:] == [payment.id]


async def test_nobody_says_no_while_it_may_be_under_way(shop: Shop) -> None:
    """A charge that is not in the provider's records may still come; that it is there can be said at once."""
    payment_id = await doubtful(shop)
    for again in range(2):
        with pytest.raises(NotInDoubt):
            await decide(shop, outcome="not_charged", payment_id=payment_id)
        shop.clock.move(again * LEASE)

    await decide(shop, outcome="not_charged", payment_id=payment_id)

    assert (await shop.now())[1].state == "new"


async def test_nobody_says_no_while_a_refund_may_be_under_way(shop: Shop) -> None:
    """Likewise, or it were given back twice."""
    doubt = await refund_in_doubt(shop)
    with pytest.raises(NotInDoubt):
        await decide(shop, outcome="not_refunded", refund_id=doubt.id)

    await decide(shop, outcome="refunded", refund_id=doubt.id)

    assert [one.state for one in (await story(shop)).refunds] == ["succeeded"]


async def test_nobody_says_no_to_a_refund_that_the_provider_works_on(shop: Shop) -> None:
    """However long it takes; where the provider can't be asked any more, a person decides."""
    doubt = await refund_in_doubt(shop, "pending")
    shop.clock.move(LEASE)
    with pytest.raises(NotInDoubt):
        await decide(shop, outcome="not_refunded", refund_id=doubt.id)
    shop.server.reachable = False

    await decide(shop, outcome="not_refunded", refund_id=doubt.id)

    assert [one.state for one in (await story(shop)).refunds] == ["failed"]


@pytest.mark.parametrize("twist", ["pending", "another_amount"])
async def test_nobody_says_no_where_the_provider_has_it(shop: Shop, twist: str) -> None:
    """Neither where it is still at work, nor where it took another amount than was asked."""
    access = await shop.access()
    await shop.initialize(access, "server")
    shop.server.twists = ["drop_request"]
    with pytest.raises(OutcomeUnknown):
        await shop.complete(access)
    payment = (await shop.now())[1]
    if twist == "pending":
        shop.server.waiting[payment.attempt_id] = "pending"
    else:
        shop.server.pay(payment.attempt_id, Money(1000, "USD"))
    shop.clock.move(LEASE)

    with pytest.raises(NotInDoubt):
        await decide(shop, outcome="not_charged", payment_id=payment.id)

    assert (await shop.now())[1].state in ("unknown", "pending")


async def test_what_can_still_be_paid_in_the_browser_is_watched(shop: Shop) -> None:
    """The customer may have the provider's page open, whatever was found in its records."""
    blind(shop, "browser")
    access = await shop.access()
    opened = await shop.initialize(access, "browser")
    async with shop.parts.units() as work:
        payment = await work.payments.get(opened.payment.id)
        assert payment is not None
        await work.payments.replace(payment, replace(payment, state="unknown"))
        await work.commit()
    shop.browser.reachable = False

    await decide(shop, outcome="not_charged", payment_id=opened.payment.id)

    shop.browser.reachable = True
    shop.browser.pay(str(opened.payment.reference), Money(5000, "USD"))
    await shop.wait(600_000)
    assert (await shop.now())[0].state == "paid"


async def test_a_refund_that_a_person_names_is_counted_once(shop: Shop) -> None:
    """It was taken for one made at the provider's own desk before."""
    doubt = await refund_in_doubt(shop)
    async with shop.parts.units.reading() as rows:
        payment = await rows.payments.get(doubt.payment_id)
    assert payment is not None
    await record_foreign(shop.parts, payment, Refunded(reference="re_9", money=doubt.money))

    await decide(shop, outcome="refunded", refund_id=doubt.id, reference="re_9")

    assert sorted((one.origin, one.state) for one in (await story(shop)).refunds) == [
        ("api", "succeeded"),
        ("provider", "failed"),
    ]


async def test_a_second_payment_of_a_paid_order_is_told(shop: Shop) -> None:
    """Money that came twice is a person's to give back."""
    first = await shop.initialize(await shop.access(), "browser")
    await shop.initialize(await shop.access(), "server")
    await shop.complete(await shop.access())
    async with shop.parts.units.reading() as rows:
        canceled = await rows.payments.get(first.payment.id)
        assert canceled is not None
    shop.browser.canceled.clear()
    shop.browser.pay(str(canceled.reference), Money(5000, "USD"))
    async with shop.parts.units() as work:
        await work.payments.replace(canceled, replace(canceled, check_at=1))
        await work.commit()
    await shop.wait(1)

    told = await story(shop)
    assert "paid twice" in told.attention[0].message
    assert (told.checkout.payment_id, told.checkout.state) == (told.payments[1].id, "paid")
    assert (await verify(shop.parts)).findings == ()
    await decide(shop, outcome="noted")
    assert (await story(shop)).attention == ()


async def test_a_paid_payment_of_an_unpaid_checkout_is_found(shop: Shop) -> None:
    """Whatever made it so, the order follows its money, and everyone hears of it."""
    access = await shop.access()
    await shop.initialize(access, "server")
    done = await shop.complete(access)
    async with shop.parts.units() as work:
        await work.checkouts.replace(done.checkout, replace(done.checkout, state="open"))
        await work.commit()
    shop = await market(shop)
    before = await told(shop)

    assert await fulfil(shop.parts) == 1
    assert await fulfil(shop.parts) == 0
    assert (await shop.now())[0].state == "paid"
    assert await told(shop) == [*before, "checkout.completed", "order.confirmed"]
    assert await noticed(shop) == [done.payment.id]
