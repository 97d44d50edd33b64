"""Rows that do not fit today's types: read without their limits, and where that can't be, never in the others' way."""

import msgspec
import pytest
from msgspec.structs import replace

from paylinks_adapters.database import Database, stored
from paylinks_adapters.database.stored import Unreadable, read_stored
from paylinks_adapters.fakes import FakeAccounts, FakeClock, FakeIds
from paylinks_adapters.tokens import JwtTokens
from paylinks_adapters.vault import SealedVault
from paylinks_core.parts import Parts
from paylinks_core.reconciler import reconcile
from paylinks_ports.payments import Customer
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.domains import Domain
from paylinks_ports.records.inbox import IncomingEvent
from paylinks_ports.records.marketing import MarketingNotice, NoticeAccount
from paylinks_ports.records.payments import Payment
from paylinks_ports.records.upsells import Offer, ShowIf, UpsellSession
from paylinks_ports.storage import OrderFilter, Units, Window

from . import test_outbox_storage as outbox
from .test_settling import EVENT, REFUND
from .test_storage import CHECKOUT, CLAIMS, PAYMENT, seed

pytestmark = pytest.mark.anyio

SESSION = UpsellSession(
    id="ups_1",
    brand_id="brand_1",
    checkout_id="chk_1",
    order_id="u-1",
    provider="stripe",
    currency="USD",
    customer_email="a@example.com",
    state="active",
    offers=(Offer(id="a", name="A", price=1, show_if=ShowIf(product_ids=("b",))), Offer(id="c", name="C", price=2)),
    fingerprint="f",
    expires_at=1,
    created_at=1,
    updated_at=1,
)
LONG = replace(
    CHECKOUT,
    id="chk_long",
    code="long",
    order_id="long",
    expires_at=1,
    claims=replace(CLAIMS, customer=Customer(first_name="N" * 101, email="a@example.com"), product_name="", tax=-1),
)


async def add(units: Units, *checkouts: Checkout) -> None:
    """Write some checkouts."""
    async with units() as work:
        for checkout in checkouts:
            await work.checkouts.add(checkout)
        await work.commit()


async def spoil(database: Database, sql: str) -> None:
    """Change rows as no program of ours does."""
    async with database._engine.transaction() as session:
        await session.fetch(sql)
        await session.commit()


async def test_what_is_too_long_is_cut(database: Database) -> None:
    """It was stored without a check, and its order can be read, listed, changed and written again."""
    await seed(database.units)
    await add(database.units, LONG)
    cut = replace(LONG, claims=replace(LONG.claims, customer=Customer(first_name="N" * 100, email="a@example.com")))

    async with database.units.reading() as rows:
        assert await rows.checkouts.get("chk_long") == cut
        found = await rows.checkouts.page("brand_1", Window(), OrderFilter())
        assert {one.id for one in found.rows} == {"chk_1", "chk_long"}
        assert (await rows.checkouts.expired(5, 10)).rows == (cut,)
    async with database.units() as work:
        await work.checkouts.replace(cut, replace(cut, state="abandoned"))
        await work.commit()


def test_everything_is_read_without_limits() -> None:
    """Whatever a record holds is as it was, and a word or a kind that is unknown is refused."""
    for record in (EVENT, CHECKOUT, PAYMENT, outbox.ENDPOINT, outbox.DELIVERY, REFUND, SESSION):
        values = msgspec.json.decode(msgspec.json.encode(record))
        assert stored._read(values, msgspec.inspect.type_info(type(record))) == record
        broken = {**values, "created_at": "soon"}
        with pytest.raises(Unreadable):
            read_stored(broken, type(record))
    event = msgspec.json.decode(msgspec.json.encode(EVENT))
    with pytest.raises(Unreadable):
        read_stored({**event, "state": "unheard-of"}, IncomingEvent)
    with pytest.raises(Unreadable):
        read_stored({name: value for name, value in event.items() if name != "body"}, IncomingEvent)


async def test_a_row_that_can_not_be_read_hides_no_other(database: Database) -> None:
    """Lists and queues go on without it, and queues name it."""
    await seed(database.units)
    await add(
        database.units,
        replace(CHECKOUT, id="chk_2", code="2", order_id="2", expires_at=1),
        replace(CHECKOUT, id="chk_3", code="3", order_id="3", expires_at=2),
    )
    await spoil(database, "UPDATE checkouts SET claims = '{}' WHERE id = 'chk_2'")

    async with database.units.reading() as rows:
        found = await rows.checkouts.page("brand_1", Window(), OrderFilter())
        expired = await rows.checkouts.expired(5, 10)
        past = await rows.checkouts.expired(5, 10, 1)
        with pytest.raises(Unreadable):
            await rows.checkouts.get("chk_2")
    assert ({one.id for one in found.rows}, found.total) == ({"chk_1", "chk_3"}, 3)
    assert ([one.id for one in expired.rows], expired.unreadable) == (["chk_3"], ("chk_2",))
    assert ([one.id for one in past.rows], past.unreadable) == (["chk_3"], ())


async def test_what_is_due_and_can_not_be_read_is_named_and_put_off(database: Database) -> None:
    """Payments, refunds, what providers told, what marketing is told, and domains."""
    units = database.units
    await seed(units)
    notice = MarketingNotice(
        id="mkt_1",
        brand_id="brand_1",
        integration="post",
        demo=False,
        payment_id="pay_1",
        checkout_id="chk_1",
        next_at=5,
        created_at=1,
        updated_at=1,
    )
    domain = Domain(id="dom_1", brand_id="brand_1", host="a.example", nonce="n", check_at=5, created_at=1)
    async with units() as work:
        await work.payments.replace(PAYMENT, replace(PAYMENT, check_at=5))
        await work.payments.add(replace(PAYMENT, id="pay_2", check_at=6))
        await work.refunds.add(replace(REFUND, check_at=5))
        await work.incoming_events.add(replace(EVENT, process_at=5))
        await work.marketing_notices.add(notice)
        await work.domains.add(domain)
        await work.commit()
    for table in ("payments", "refunds", "incoming_events"):
        await spoil(database, f"UPDATE {table} SET state = 'unheard-of' WHERE id IN ('pay_1', 'rfd_1', 'inb_1')")  # noqa: S608 - our own

    account = NoticeAccount(brand_id="brand_1", integration="post", demo=False)
    async with units.reading() as rows:
        payments = await rows.payments.due(10, 10, 10)
        assert ([one.id for one in payments.rows], payments.unreadable) == (["pay_2"], ("pay_1",))
        assert (await rows.refunds.due(10, 10, 10)).unreadable == ("rfd_1",)
        assert (await rows.incoming_events.due(10, 10, 10)).unreadable == ("inb_1",)
    async with units() as work:
        await work.payments.put_off(("pay_1",), 99)
        await work.refunds.put_off(("rfd_1",), 99)
        await work.incoming_events.put_off(("inb_1",), 99)
        await work.marketing_notices.put_off(("mkt_1",), 99)
        await work.domains.put_off(("dom_1",), 99)
        await work.domains.put_off((), 99)
        await work.commit()
    async with units.reading() as rows:
        assert (await rows.payments.due(10, 10, 10)).unreadable == ()
        assert (await rows.payments.due(99, 10, 10)).unreadable == ("pay_1",)
        assert (await rows.refunds.due(98, 10, 10)).unreadable == ()
        assert (await rows.incoming_events.due(98, 10, 10)).unreadable == ()
        assert (await rows.marketing_notices.due(account, 98, 10)).rows == ()
        assert (await rows.domains.due(98, 10)).rows == ()
        assert [one.version for one in (await rows.domains.due(99, 10)).rows] == [2]


async def test_the_reconciler_passes_over_what_can_not_be_read(database: Database) -> None:
    """It is put off, and the next round finds nothing of it."""
    await seed(database.units)
    async with database.units() as work:
        await work.payments.replace(PAYMENT, replace(PAYMENT, check_at=5))
        await work.commit()
    await spoil(database, "UPDATE payments SET state = 'unheard-of'")
    parts = Parts(
        units=database.units,
        clock=FakeClock(),
        ids=FakeIds(),
        tokens=JwtTokens(),
        vault=SealedVault("A" * 43),
        accounts=FakeAccounts({}),
        providers={},
        token_secret="s" * 32,
        base_url="http://127.0.0.1:8000",
        demo_everywhere=True,
    )

    assert await reconcile(parts) == 0

    async with database.units.reading() as rows:
        assert (await rows.payments.due(parts.clock.now(), 10, 10)).unreadable == ()


async def test_a_delivery_that_can_not_be_read_holds_no_lane_back(database: Database) -> None:
    """It has failed, and the next one of its lane is given."""
    await outbox.seed(database.units)
    await outbox.add(database.units, outbox.DELIVERY, replace(outbox.DELIVERY, id="dlv_2", event_id="evt_2"))
    await spoil(database, "UPDATE deliveries SET response_headers = '[]' WHERE id = 'dlv_1'")

    assert await outbox.claim(database.units, 20) == []
    assert await outbox.claim(database.units, 20) == ["dlv_2"]


async def test_the_first_of_every_account_comes_before_the_second_of_any(units: Units) -> None:
    """However many one account has, the others are not kept waiting."""
    await seed(units)
    rows_of = {"stripe": 3, "nmi": 1, "sticky": 2}
    async with units() as work:
        for at, (provider, count) in enumerate(rows_of.items()):
            for number in range(count):
                row: Payment = replace(
                    PAYMENT, id=f"{provider}-{number}", provider=provider, check_at=10 * at + number + 1
                )
                await work.payments.add(row)
        await work.commit()

    async with units.reading() as rows:
        due = [one.id for one in (await rows.payments.due(100, 10, 2)).rows]
        assert due == ["stripe-0", "nmi-0", "sticky-0", "stripe-1", "sticky-1"]
        assert [one.id for one in (await rows.payments.due(100, 4, 2)).rows] == due[:4]
        assert [one.id for one in (await rows.payments.due(1, 4, 2)).rows] == ["stripe-0"]
