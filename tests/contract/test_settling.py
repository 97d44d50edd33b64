"""What storage promises of refunds, of the inbox, and of how payments and orders are found; on every adapter."""

import asyncio

import pytest
from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.money import Money
from paylinks_ports.payments import Paid, SavedMethod
from paylinks_ports.records.inbox import IncomingEvent, KeptNews
from paylinks_ports.records.payments import PaymentEvent
from paylinks_ports.records.refunds import Refund
from paylinks_ports.refunds import Refunded
from paylinks_ports.storage import OrderFilter, Units, Window
from paylinks_ports.webhooks import PaymentNews, RefundNews

from .test_storage import CHECKOUT, PAYMENT, seed

pytestmark = pytest.mark.anyio

REFUND = Refund(
    id="rfd_1",
    payment_id="pay_1",
    checkout_id="chk_1",
    brand_id="brand_1",
    order_id="o-1",
    provider="stripe",
    demo=True,
    state="in_flight",
    amount=10**12,
    currency="KWD",
    refunded_before=7,
    attempt_id="att_9",
    reason="müde",
    check_at=100,
    created_at=5,
    updated_at=5,
)
EVENT = IncomingEvent(
    id="inb_1",
    brand_id="brand_1",
    provider="stripe",
    event_id="evt_x",
    type="charge.refunded",
    demo=False,
    body='{"a": "é"}',
    headers={"stripe-signature": "t=1"},
    query={"a": "b"},
    kept=KeptNews(
        payment=PaymentNews(
            reference="r",
            paid=Paid(reference="r", transaction_id="t", money=Money(1, "USD"), saved_method=SavedMethod("pm", "cus")),
        ),
        refund=RefundNews(reference="re_1", result=Refunded(reference="re_1", money=Money(2, "USD"))),
    ),
    process_at=50,
    created_at=1,
    updated_at=1,
)


async def test_gives_back_what_was_kept(units: Units) -> None:
    """A refund and an event come back as they were written, and are found by whatever names them."""
    await seed(units)
    later = replace(REFUND, id="rfd_2", reference="re_1", created_at=9, check_at=None, state="succeeded")
    async with units() as work:
        await work.refunds.add(REFUND)
        await work.refunds.add(replace(later, id="rfd_0", created_at=8))
        await work.refunds.add(later)
        await work.incoming_events.add(EVENT)
        await work.commit()

    async with units.reading() as rows:
        assert await rows.refunds.get("rfd_1") == REFUND
        assert await rows.refunds.by_reference("brand_1", "stripe", "re_1") == later
        assert await rows.refunds.by_reference("brand_2", "stripe", "re_1") is None
        assert [one.id for one in await rows.refunds.of_payment("pay_1")] == ["rfd_1", "rfd_0", "rfd_2"]
        assert [one.id for one in await rows.refunds.of_checkouts(("x", "chk_1"))] == ["rfd_1", "rfd_0", "rfd_2"]
        assert await rows.refunds.of_checkouts(()) == ()
        assert await rows.incoming_events.get("inb_1") == EVENT
        assert await rows.incoming_events.get("inb_2") is None


async def test_an_event_is_stored_once(units: Units) -> None:
    """The same event of the same provider of the same brand is refused, and the transaction goes on."""
    await seed(units)
    async with units() as work:
        await work.incoming_events.add(EVENT)
        with pytest.raises(Conflict):
            await work.incoming_events.add(replace(EVENT, id="inb_2"))
        await work.incoming_events.add(replace(EVENT, id="inb_3", provider="nmi"))
        await work.commit()

    async def again(number: int) -> bool:
        try:
            async with units() as work:
                await work.incoming_events.add(replace(EVENT, id=f"inb_x{number}", event_id="evt_y"))
                await work.commit()
        except Conflict:
            return False
        return True

    assert sum(await asyncio.gather(*(again(number) for number in range(20)))) == 1
    async with units.reading() as rows:
        assert (await rows.incoming_events.page("brand_1", Window())).total == 3


async def test_lists_what_is_due(units: Units) -> None:
    """Refunds and events are due by their time; refunds in flight can be brought forward."""
    await seed(units)
    async with units() as work:
        for number, at in ((1, 300), (2, 100), (3, None)):
            state = "in_flight" if number == 1 else "unknown"
            await work.refunds.add(replace(REFUND, id=f"rfd_{number}", check_at=at, state=state))
            await work.incoming_events.add(
                replace(
                    EVENT,
                    id=f"inb_{number}",
                    event_id=f"e{number}",
                    process_at=at,
                    checkout_id="chk_1" if number > 1 else None,
                    state="failed" if number == 2 else "received",
                    created_at=number,
                )
            )
        await work.commit()

    async with units.reading() as rows:
        assert [one.id for one in (await rows.refunds.due(300, 9, 9)).rows] == ["rfd_2", "rfd_1"]
        assert [one.id for one in (await rows.refunds.due(299, 9, 9)).rows] == ["rfd_2"]
        assert [one.id for one in (await rows.incoming_events.due(300, 1, 9)).rows] == ["inb_2"]
        assert [one.id for one in await rows.incoming_events.of_checkout("chk_1")] == ["inb_2", "inb_3"]
        assert [one.id for one in await rows.incoming_events.after("inb_1", 1)] == ["inb_2"]
        found = await rows.incoming_events.page("brand_1", Window(search="REFUND"), state="failed")
        assert [one.id for one in found.rows] == ["inb_2"]
    async with units() as work:
        assert await work.refunds.bring_forward(50) == 1
        event = await work.incoming_events.get("inb_1")
        assert event is not None
        assert (await work.incoming_events.replace(event, replace(event, state="done"))).version == 2
        with pytest.raises(Conflict):
            await work.incoming_events.replace(event, replace(event, state="ignored"))
        await work.commit()
    async with units.reading() as rows:
        assert [one.id for one in (await rows.refunds.due(60, 9, 9)).rows] == ["rfd_1"]


async def test_finds_payments_by_what_providers_know_of_them(units: Units) -> None:
    """By reference within the brand and the provider, by order, and by an attempt long past."""
    await seed(units)
    other = replace(PAYMENT, id="pay_2", order_id="o-up", kind="upsell", reference="ref", attempt_id="att_2")
    event = PaymentEvent(
        id="evt_1",
        payment_id="pay_2",
        checkout_id="chk_1",
        type="in_flight",
        attempt_id="att_old",
        amount=1,
        currency="USD",
        at=1,
    )
    async with units() as work:
        await work.payments.add(other)
        await work.payment_events.add(event)
        await work.commit()

    async with units.reading() as rows:
        assert await rows.payments.by_reference("brand_1", "stripe", "ref") == other
        assert await rows.payments.by_reference("brand_1", "nmi", "ref") is None
        assert await rows.payments.by_attempt("att_old") == other
        assert await rows.payments.by_attempt("att_1") == PAYMENT
        assert await rows.payments.by_attempt("att_x") is None
        assert await rows.payments.of_order("brand_1", "o-up") == (other,)


async def test_finds_paid_sales_without_a_paid_checkout(units: Units) -> None:
    """Neither those of paid checkouts, nor those a person is asked about, nor upsells, nor old ones."""
    await seed(units)
    cases = {"left": ("open", None), "paid": ("paid", None), "asked": ("processing", "Look")}
    async with units() as work:
        for name, (state, attention) in cases.items():
            row = replace(CHECKOUT, id=name, order_id=name, code=name, attention=attention)
            await work.checkouts.add(replace(row, state=state))
            await work.payments.add(replace(PAYMENT, id=f"p-{name}", checkout_id=name, state="paid", updated_at=10))
        await work.payments.add(replace(PAYMENT, id="u", checkout_id="left", kind="upsell", state="paid"))
        await work.commit()

    async with units.reading() as rows:
        assert [one.id for one in (await rows.payments.unfulfilled(0, 9)).rows] == ["p-left"]
        assert (await rows.payments.unfulfilled(11, 9)).rows == ()


async def test_lists_a_brands_orders(units: Units) -> None:
    """By state, provider, doubt and text; all of them in turn by id."""
    await seed(units)
    async with units() as work:
        for number in range(4):
            row = replace(CHECKOUT, id=f"c{number}", order_id=f"x{number}", code=f"x{number}", created_at=10 + number)
            await work.checkouts.add(replace(row, payment_id=f"p{number}", attention="?" if number == 3 else None))
            await work.payments.add(
                replace(
                    PAYMENT,
                    id=f"p{number}",
                    checkout_id=row.id,
                    provider="nmi" if number else "stripe",
                    state="unknown" if number == 2 else "paid",
                )
            )
        await work.refunds.add(replace(REFUND, payment_id="p1", checkout_id="c1", state="unknown"))
        await work.commit()

    async def listed(only: OrderFilter, **window: str | int) -> list[str]:
        async with units.reading() as rows:
            found = await rows.checkouts.page("brand_1", Window(**window), only)  # type: ignore[arg-type]  # of a test
        return [one.id for one in found.rows]

    assert await listed(OrderFilter()) == ["c3", "c2", "c1", "c0", "chk_1"]
    assert await listed(OrderFilter(provider="nmi"), limit=2) == ["c3", "c2"]
    assert await listed(OrderFilter(state="paid")) == []
    assert await listed(OrderFilter(in_doubt=True)) == ["c3", "c2", "c1"]
    assert await listed(OrderFilter(), search="X2") == ["c2"]
    assert await listed(OrderFilter(), search="ADA@example", since=12) == ["c3", "c2"]
    async with units.reading() as rows:
        assert [one.id for one in await rows.checkouts.after("c1", 2)] == ["c2", "c3"]
