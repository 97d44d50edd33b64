"""A paid order is told to each marketing system once, whatever that system does, and a payment never notices."""

import asyncio
from typing import Any
from unittest.mock import patch

import pytest
from msgspec import Struct
from msgspec.structs import replace

from paylinks_adapters.fakes import FakeMarketing, FakeMarketingAccounts, fake_integration
from paylinks_core import marketing, notices
from paylinks_core.asking import Brought
from paylinks_core.audiences import list_audiences, name_audiences
from paylinks_core.audit import Actor
from paylinks_core.errors import InvalidInput, NotConfigured
from paylinks_core.marketing import KEPT, SCHEDULE, forget_told, tell_due
from paylinks_core.parts import Parts
from paylinks_core.rounds import Lanes
from paylinks_core.settings import PluginChange, change_plugin, list_entries
from paylinks_core.upsell_answers import accept
from paylinks_core.upsells import NewUpsell, create_session
from paylinks_ports.errors import CredentialsRejected, ProviderRefused, ProviderUnavailable
from paylinks_ports.marketing import EventInDoubt, TryLater
from paylinks_ports.records.marketing import MarketingNotice, NoticeAccount
from paylinks_ports.records.settings import PluginSetting
from paylinks_ports.records.upsells import Offer
from paylinks_ports.storage import Reading

from .conftest import HOUR, Shop

pytestmark = pytest.mark.anyio

ACTOR = Actor(organization_id="org_default", id="operator", kind="operator")


class Market(Struct, frozen=True, kw_only=True):
    """A shop with two marketing systems: one recognizes a repeat (`post`), the other one does not (`wire`)."""

    shop: Shop
    accounts: FakeMarketingAccounts

    @property
    def live(self) -> FakeMarketing:
        """The system, for real orders."""
        return self.accounts.live

    async def set_up(self, name: str = "post", **options: object) -> None:
        """Enter credentials."""
        change = PluginChange(credentials={"apiKey": "k"}, options=options)
        await change_plugin(self.shop.parts, ACTOR, "brand_default", "integration", name, change)

    async def switch(self, name: str, *, on: bool) -> None:
        """Switch one on or off."""
        change = PluginChange(enabled=on)
        await change_plugin(self.shop.parts, ACTOR, "brand_default", "integration", name, change)

    async def pay(self, order_id: str = "o-1", **claims: Any) -> None:  # noqa: ANN401 - JSON
        """Have an order paid."""
        access = await self.shop.access(order_id, **claims)
        await self.shop.initialize(access, "server")
        assert (await self.shop.complete(access)).payment.state == "paid"

    async def tell(self, after: float = 0) -> None:
        """Let time pass, and the round run."""
        self.shop.clock.move(int(after))
        await tell_due(self.shop.parts)

    async def notices(self, order_id: str = "o-1") -> tuple[MarketingNotice, ...]:
        """Read an order's notices."""
        checkout, _ = await self.shop.now(order_id)
        async with self.shop.parts.units.reading() as rows:
            return await rows.marketing_notices.of_checkout(checkout.id)

    async def status(self, order_id: str = "o-1") -> str:
        """Say what became of an order's only notice."""
        (notice,) = await self.notices(order_id)
        return notice.status

    async def story(self) -> list[str]:
        """List what happened to the order."""
        checkout, _ = await self.shop.now()
        async with self.shop.parts.units.reading() as rows:
            return [event.type for event in await rows.payment_events.of_checkout(checkout.id)]

    async def attention(self, name: str = "post") -> str | None:
        """Read what a person must do about a system."""
        _, entries = await list_entries(self.shop.parts, await self.shop.brand())
        return next(entry.attention for entry in entries if entry.id == name)


@pytest.fixture
def market(shop: Shop) -> Market:
    """Add the systems."""
    accounts = FakeMarketingAccounts()
    integrations = {"post": fake_integration("post"), "wire": fake_integration("wire", repeatable=False)}
    parts = replace(shop.parts, integrations=integrations, marketing=accounts)
    return Market(shop=replace(shop, parts=parts), accounts=accounts)


async def test_an_order_is_told_once(market: Market) -> None:
    """With its own id, the time it was paid, the chosen lists, and consent where it was recorded."""
    await market.set_up(listIds=["l1", "l2"])
    items = [{"name": "Shirt", "quantity": 2, "unitPrice": 2500}]
    customer = {"email": "ada@example.com"}
    paid_at = market.shop.clock.now()
    await market.pay(customer=customer, lineItems=items, metadata={"marketing_consent": "true"})
    assert market.live.calls == 0
    for _ in range(3):
        await market.tell(after=HOUR)

    (placed,) = market.live.told
    assert (placed.event_id, placed.order_id, placed.money.amount, placed.occurred_at) == ("o-1", "o-1", 5000, paid_at)
    assert (placed.customer.email, placed.line_items[0].name) == ("ada@example.com", "Shirt")
    assert (placed.consent, placed.list_ids) == (True, ("l1", "l2"))
    assert await market.status() == "done"
    assert (await market.story())[-1] == "post.done"


@pytest.mark.parametrize("metadata", [{}, {"marketing_consent": "yes"}, {"consent": "true"}])
async def test_there_is_no_consent_where_none_is_recorded(market: Market, metadata: dict[str, str]) -> None:
    """The order is told all the same."""
    await market.set_up()
    await market.pay(metadata=metadata)
    await market.tell()
    assert [placed.consent for placed in market.live.told] == [False]


async def test_consent_is_not_used_late(market: Market) -> None:
    """A day later the customer may have changed their mind."""
    await market.set_up()
    await market.pay(metadata={"marketing_consent": "true"})
    await market.tell(after=24 * HOUR + 1)
    assert [placed.consent for placed in market.live.told] == [False]


async def test_what_is_off_or_not_set_up_is_not_told(market: Market) -> None:
    """Neither before nor after; switched off after the payment, it is not told either, and that is shown."""
    await market.pay("o-1")
    await market.set_up()
    await market.pay("o-2")
    await market.switch("post", on=False)
    await market.pay("o-3")
    await market.tell()
    assert (await market.notices("o-1"), await market.notices("o-3")) == ((), ())
    assert await market.status("o-2") == "failed"
    await market.switch("post", on=True)
    await market.tell(after=HOUR)
    assert market.live.calls == 0


async def test_demo_orders_and_real_credentials_never_meet(market: Market) -> None:
    """A demo order goes to the simulator; a real one waits where the credentials have been taken away."""
    await market.set_up(listIds=["l1"])
    async with market.shop.parts.units() as work:
        await work.plugin_settings.put(PluginSetting(brand_id="brand_default", plugin="server", updated_at=1))
        await work.commit()
    await market.pay("o-1")
    await market.tell()
    assert ([one.event_id for one in market.accounts.demo.told], market.live.calls) == (["o-1"], 0)
    assert market.accounts.demo.told[0].list_ids == ()

    setting = PluginSetting(brand_id="brand_default", plugin="server", credentials="sealed", updated_at=1)
    async with market.shop.parts.units() as work:
        await work.plugin_settings.put(setting)
        await work.commit()
    await market.pay("o-2")
    clear = PluginChange(credentials={"apiKey": None})
    await change_plugin(market.shop.parts, ACTOR, "brand_default", "integration", "post", clear)
    await market.tell()
    await market.tell(after=HOUR)
    assert (len(market.accounts.demo.told), market.live.calls) == (1, 0)
    assert "missing" in str(await market.attention())
    await market.set_up()
    await market.tell()
    assert [one.event_id for one in market.live.told] == ["o-2"]


async def test_an_outage_is_waited_out(market: Market) -> None:
    """Each failure waits longer, with jitter; after the last one it has failed and is shown."""
    await market.set_up()
    await market.pay()
    market.live.failures = [ProviderUnavailable("away") for _ in range(len(SCHEDULE) + 1)]
    await market.tell()
    for count, wait in enumerate(SCHEDULE, start=1):
        assert market.live.calls == count
        await market.tell(after=wait * 0.89)
        assert market.live.calls == count
        await market.tell(after=wait * 0.22)
    assert market.live.calls == len(SCHEDULE) + 1
    assert await market.status() == "failed"
    assert (await market.story())[-1] == "post.failed"
    await market.tell(after=48 * HOUR)
    assert market.live.calls == len(SCHEDULE) + 1


@pytest.mark.parametrize(("seconds", "wait"), [(0, 1_000), (90, 90_000), (100_000, HOUR)])
async def test_a_system_that_asks_to_wait_is_left_alone(market: Market, seconds: float, wait: int) -> None:
    """The whole account waits as long as it asks, at least a second and at most an hour."""
    await market.set_up()
    await market.pay("o-1")
    await market.pay("o-2")
    market.live.failures = [TryLater("slow down", seconds=seconds)]
    await market.tell()
    await market.pay("o-3")
    await market.tell(after=wait - 1)
    assert market.live.calls == 1
    assert await market.attention() == "slow down"
    await market.tell(after=1)
    assert [placed.event_id for placed in market.live.told] == ["o-1", "o-2", "o-3"]
    assert await market.attention() is None


async def test_rejected_credentials_stop_the_account_until_they_change(market: Market) -> None:
    """Nothing is sent with them again, however long; with the next ones everything is."""
    await market.set_up()
    await market.pay("o-1")
    await market.pay("o-2")
    market.live.failures = [CredentialsRejected("bad key")]
    await market.tell()
    await market.tell(after=100 * HOUR)
    assert market.live.calls == 1
    assert await market.attention() == "bad key"
    await market.set_up()
    await market.tell()
    assert [placed.event_id for placed in market.live.told] == ["o-1", "o-2"]


async def test_demo_orders_that_wait_go_on_when_the_setting_changes(market: Market) -> None:
    """The simulator's account is stopped and set free as the real one is."""
    await market.set_up()
    async with market.shop.parts.units() as work:
        await work.plugin_settings.put(PluginSetting(brand_id="brand_default", plugin="server", updated_at=1))
        await work.commit()
    await market.pay()
    clear = PluginChange(credentials={"apiKey": None})
    await change_plugin(market.shop.parts, ACTOR, "brand_default", "integration", "post", clear)
    await market.tell()
    await market.tell(after=HOUR)
    assert market.accounts.demo.calls == 0
    await market.set_up()
    await market.tell()
    assert len(market.accounts.demo.told) == 1


async def test_credentials_that_changed_meanwhile_are_not_stopped(market: Market) -> None:
    """A no to the earlier ones says nothing of the new ones."""
    await market.set_up()
    await market.pay()
    market.live.gate = asyncio.Event()
    market.live.failures = [CredentialsRejected("bad key")]
    telling = asyncio.create_task(tell_due(market.shop.parts))
    await market.live.called.wait()
    await market.set_up()
    market.live.gate.set()
    await telling
    assert await market.attention() is None
    await market.tell(after=1)
    assert len(market.live.told) == 1


async def test_a_refused_order_is_finished_and_holds_nobody_up(market: Market) -> None:
    """It is shown with the reason; the next one goes on."""
    await market.set_up()
    await market.pay("o-1")
    await market.pay("o-2")
    market.live.failures = [ProviderRefused("no e-mail address")]
    await market.tell()
    assert await market.status("o-1") == "refused"
    assert [placed.event_id for placed in market.live.told] == ["o-2"]
    (notice,) = await market.notices("o-1")
    assert notice.reason == "no e-mail address"


@pytest.mark.parametrize(
    ("name", "failure", "status", "calls"),
    [
        ("post", RuntimeError("secret"), "done", 2),
        ("post", TimeoutError(), "done", 2),
        ("wire", RuntimeError("secret"), "in_doubt", 1),
        ("wire", TimeoutError(), "in_doubt", 1),
        ("wire", EventInDoubt("lost"), "in_doubt", 1),
        ("wire", ProviderUnavailable("away"), "done", 2),
        ("wire", TryLater("wait"), "done", 2),
    ],
)
async def test_a_doubt_is_repeated_only_where_it_is_recognized(
    market: Market, name: str, failure: Exception, status: str, calls: int
) -> None:
    """An answer that was lost is asked for again at the one system, and never at the other."""
    await market.set_up(name)
    await market.pay()
    market.live.failures = [failure]
    await market.tell()
    await market.tell(after=HOUR)
    assert (await market.status(), market.live.calls) == (status, calls)
    (notice,) = await market.notices()
    assert "secret" not in str(notice)


@pytest.mark.parametrize(("name", "status", "calls"), [("post", "done", 2), ("wire", "in_doubt", 1)])
async def test_a_process_that_dies_in_a_call(market: Market, name: str, status: str, calls: int) -> None:
    """Nobody saw the end: it is repeated once the lease is over, or never."""
    await market.set_up(name)
    await market.pay()
    market.live.gate = asyncio.Event()
    telling = asyncio.create_task(tell_due(market.shop.parts))
    await market.live.called.wait()
    telling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await telling
    market.live.gate = None
    await market.tell(after=59_999)
    assert market.live.calls == 1
    await market.tell(after=1)
    assert (await market.status(), market.live.calls) == (status, calls)


async def test_two_processes_tell_it_once(market: Market) -> None:
    """Whoever takes it first tells it."""
    await market.set_up("wire")
    await market.pay()
    await asyncio.gather(*(tell_due(market.shop.parts) for _ in range(5)))
    assert market.live.calls == 1


async def test_a_broken_plugin_never_touches_a_payment(market: Market) -> None:
    """Whatever goes wrong while an order is noted, the order is paid."""
    await market.set_up()
    broken = replace(market.shop.parts.integrations["post"], credentials=None)
    shop = replace(market.shop, parts=replace(market.shop.parts, integrations={"post": broken}))
    await replace(market, shop=shop).pay()
    assert await market.notices() == ()


async def test_what_ended_is_forgotten_after_a_month(market: Market) -> None:
    """What has not ended is kept."""
    await market.set_up()
    await market.pay("o-1")
    await market.tell()
    await market.pay("o-2")
    market.shop.clock.move(KEPT)
    assert await forget_told(market.shop.parts) == 0
    market.shop.clock.move(1)
    assert await forget_told(market.shop.parts) == 1
    assert (await market.notices("o-1"), len(await market.notices("o-2"))) == ((), 1)


async def test_lists_have_names_of_the_brands_own(market: Market) -> None:
    """A name stands in the place of the original one until it is taken back; it chooses no list."""
    parts, brand = market.shop.parts, await market.shop.brand()
    with pytest.raises(NotConfigured, match="Post not configured"):
        await list_audiences(parts, brand, "post")
    with pytest.raises(NotConfigured):
        await name_audiences(parts, ACTOR, brand, "post", {"a": "News"})
    await market.set_up()
    assert await name_audiences(parts, ACTOR, brand, "post", {"a": " News ", "b": ""}) == 1
    lists, names = await list_audiences(parts, brand, "post")
    assert [(one.list_id, one.original_name, one.display_name) for one in lists] == [
        ("a", "A", "News"),
        ("b", "B", "B"),
    ]
    assert names == {"a": "News"}
    await market.pay()
    await market.tell()
    assert market.live.told[0].list_ids == ()
    assert await name_audiences(parts, ACTOR, brand, "post", {"a": ""}) == 1
    assert (await list_audiences(parts, brand, "post"))[1] == {}
    with pytest.raises(InvalidInput, match="Invalid"):
        await name_audiences(parts, ACTOR, brand, "post", {"a": "x" * 201})


async def test_each_accepted_offer_is_an_order_of_its_own(market: Market) -> None:
    """Two of one session have two events, which no system takes for one."""
    await market.set_up()
    await market.pay()
    brand = await market.shop.brand()
    offers = (Offer(id="cap", name="Cap", price=1500), Offer(id="socks", name="Socks", price=700))
    wanted = NewUpsell(
        order_id="u-1",
        original_order_id="o-1",
        customer_email="ada@example.com",
        provider="server",
        currency="USD",
        offers=offers,
        metadata={},
    )
    session, _ = await create_session(market.shop.parts, brand, wanted)
    for offer in offers:
        await accept(market.shop.parts, session.id, offer.id, Brought())
    await market.tell()
    told = [(one.event_id, one.order_id, one.money.amount, one.line_items[0].name) for one in market.live.told[1:]]
    assert told == [("u-1", "u-1", 1500, "Cap"), ("u-1-2", "u-1", 700, "Socks")]


@pytest.mark.parametrize("name", ["post", "wire"])
async def test_an_order_that_can_not_be_composed_stops_no_other(market: Market, name: str) -> None:
    """It is put off for an hour, and is told then."""
    await market.set_up(name)
    await market.pay("o-1")
    await market.pay("o-2")
    checkout, _ = await market.shop.now("o-1")
    real = notices.order_placed_of

    async def composed(parts: Parts, rows: Reading, notice: MarketingNotice, setting: PluginSetting | None) -> Any:  # noqa: ANN401 - as it is
        if notice.checkout_id == checkout.id:
            raise ValueError("can't be read")
        return await real(parts, rows, notice, setting)

    with patch.object(marketing, "order_placed_of", composed):
        await market.tell()
        await market.tell()

    assert (await market.status("o-1"), await market.status("o-2")) == ("pending", "done")
    assert (await market.notices("o-1"))[0].next_at == market.shop.clock.now() + HOUR
    await market.tell(HOUR)
    assert await market.status("o-1") == "done"


async def test_a_system_that_hangs_delays_no_other(market: Market) -> None:
    """Accounts are told beside the rounds, each by itself."""
    await market.set_up("post")
    await market.set_up("wire")
    await market.pay()
    lanes, gate, asked = Lanes(), asyncio.Event(), list[str]()
    real = marketing._tell_account

    async def tell(parts: Parts, account: NoticeAccount) -> None:
        asked.append(account.integration)
        if account.integration == "post":
            await gate.wait()
        await real(parts, account)

    with patch.object(marketing, "_tell_account", tell):
        for _ in range(3):
            await tell_due(market.shop.parts, lanes)
            await asyncio.sleep(0.01)

    assert sorted(asked) == ["post", "wire"]
    assert {one.integration: one.status for one in await market.notices()} == {"post": "pending", "wire": "done"}
    gate.set()
    await lanes.finish()
    assert {one.status for one in await market.notices()} == {"done"}
