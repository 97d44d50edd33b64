"""The promises of the storage port, on every adapter."""

import asyncio

import pytest
from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.payments import Address, Customer, LineItem
from paylinks_ports.records.audit import AuditEntry
from paylinks_ports.records.checkouts import Checkout, Claims
from paylinks_ports.records.payments import Payment, PaymentEvent
from paylinks_ports.records.settings import PluginSetting
from paylinks_ports.records.tenants import ApiKey, Brand, Organization
from paylinks_ports.storage import CREDENTIALS, SEALED, SealedPlace, SealedText, Units, Window

pytestmark = pytest.mark.anyio

ORGANIZATION = Organization(id="org_1", name="Örg", slug="org", created_at=1)
BRAND = Brand(
    id="brand_1", organization_id="org_1", name="Brand", slug="b", allowed_origins=("https://a.example",), created_at=5
)
CLAIMS = Claims(
    order_id="o-1",
    amount=10**12,
    currency="KWD",
    line_items=(LineItem(name="ß", quantity=1, unit_price=10**12),),
    customer=Customer(email="ada@example.com"),
    shipping_address=Address(line1="1 Way", city="Bonn", state="", postal_code="53111", country="DE"),
    metadata={"a": "1e5", "b": '"'},
)
CHECKOUT = Checkout(
    id="chk_1",
    brand_id="brand_1",
    order_id="o-1",
    code="code-1",
    state="open",
    claims=CLAIMS,
    issued_at=1_700_000_000,
    expires_at=1_700_000_000_000,
    created_at=1,
    updated_at=1,
)
PAYMENT = Payment(
    id="pay_1",
    checkout_id="chk_1",
    brand_id="brand_1",
    order_id="o-1",
    provider="stripe",
    demo=True,
    state="new",
    amount=10**12,
    currency="KWD",
    attempt_id="att_1",
    created_at=1,
    updated_at=1,
)


async def seed(units: Units) -> None:
    """Write one of what other rows hang on."""
    async with units() as work:
        await work.organizations.add(ORGANIZATION)
        await work.brands.add(BRAND)
        await work.checkouts.add(CHECKOUT)
        await work.payments.add(PAYMENT)
        await work.commit()


async def test_gives_back_what_was_kept(units: Units) -> None:
    """Every record comes back as it was written, whatever it holds."""
    await seed(units)
    key = ApiKey(
        id="key_1",
        brand_id="brand_1",
        name="k",
        mode="test",
        prefix="sk_test_abcd",
        key_hash="h",
        signing_secret="sealed",
        created_at=2,
    )
    setting = PluginSetting(brand_id="brand_1", plugin="stripe", enabled=False, priority=3, updated_at=1)
    event = PaymentEvent(
        id="evt_1",
        payment_id="pay_1",
        checkout_id="chk_1",
        type="paid",
        attempt_id="att_1",
        amount=5,
        currency="JPY",
        detail={"é": "x"},
        at=9,
    )
    async with units() as work:
        await work.api_keys.add(key)
        await work.plugin_settings.put(setting)
        await work.payment_events.add(event)
        await work.commit()

    async with units.reading() as rows:
        assert await rows.organizations.get("org_1") == ORGANIZATION
        assert await rows.brands.get("brand_1") == BRAND
        assert await rows.brands.first() == BRAND
        assert await rows.brands.all_origins() == ("https://a.example",)
        assert await rows.api_keys.get("key_1") == key
        assert await rows.api_keys.by_hash("h") == key
        assert await rows.plugin_settings.get("brand_1", "stripe") == setting
        assert await rows.plugin_settings.of_brand("brand_1") == (setting,)
        assert await rows.checkouts.get("chk_1") == CHECKOUT
        assert await rows.checkouts.by_order("brand_1", "o-1") == CHECKOUT
        assert await rows.checkouts.by_code("code-1") == CHECKOUT
        assert await rows.payments.get("pay_1") == PAYMENT
        assert await rows.payments.of_checkout("chk_1") == (PAYMENT,)
        assert await rows.payment_events.of_checkout("chk_1") == (event,)


async def test_what_is_not_there_is_none(units: Units) -> None:
    """A look for nothing finds nothing, without an error."""
    async with units.reading() as rows:
        assert await rows.organizations.get("x") is None
        assert await rows.brands.first() is None
        assert await rows.brands.all_origins() == ()
        assert await rows.api_keys.by_hash("x") is None
        assert await rows.plugin_settings.get("x", "y") is None
        assert await rows.checkouts.by_code("x") is None
        assert await rows.payments.of_checkout("x") == ()
        assert await rows.simulator_entries.get("s", "k") is None


async def test_leaving_without_commit_forgets(units: Units) -> None:
    """Neither a quiet leave nor an error keeps anything."""

    async def fail() -> None:
        async with units() as work:
            await work.organizations.add(ORGANIZATION)
            raise ZeroDivisionError

    async with units() as work:
        await work.organizations.add(ORGANIZATION)
    with pytest.raises(ZeroDivisionError):
        await fail()

    async with units.reading() as rows:
        assert await rows.organizations.get("org_1") is None


async def test_reading_sees_only_what_is_committed(units: Units) -> None:
    """An open transaction is invisible to others, and visible to itself."""
    async with units() as work:
        await work.organizations.add(ORGANIZATION)
        assert await work.organizations.get("org_1") == ORGANIZATION
        async with units.reading() as rows:
            assert await rows.organizations.get("org_1") is None
        await work.commit()
    async with units.reading() as rows:
        assert await rows.organizations.get("org_1") == ORGANIZATION


async def test_a_conflict_does_not_spoil_the_transaction(units: Units) -> None:
    """After a refused row, the others of the transaction are kept."""
    await seed(units)
    async with units() as work:
        for taken in (
            replace(CHECKOUT, id="chk_2", code="code-2"),
            replace(CHECKOUT, id="chk_2", order_id="o-2"),
            replace(CHECKOUT, order_id="o-2", code="code-2"),
        ):
            with pytest.raises(Conflict):
                await work.checkouts.add(taken)
        with pytest.raises(Conflict):
            await work.organizations.add(replace(ORGANIZATION, id="org_2"))
        await work.checkouts.add(replace(CHECKOUT, id="chk_2", order_id="o-2", code="code-2"))
        await work.commit()

    async with units.reading() as rows:
        assert await rows.checkouts.get("chk_2") is not None


async def test_replace_knows_who_was_quicker(units: Units) -> None:
    """A change is kept once, with a version one higher; a change of what is no longer so is refused."""
    await seed(units)
    async with units() as work:
        changed = await work.payments.replace(PAYMENT, replace(PAYMENT, state="in_flight", check_at=7))
        await work.commit()

    assert changed.version == PAYMENT.version + 1
    async with units() as work:
        with pytest.raises(Conflict):
            await work.payments.replace(PAYMENT, replace(PAYMENT, state="paid"))
    async with units.reading() as rows:
        assert await rows.payments.get("pay_1") == changed


async def test_of_fifty_at_once_one_wins(units: Units) -> None:
    """Compare-and-set holds under concurrency."""
    await seed(units)

    async def take(number: int) -> bool:
        try:
            async with units() as work:
                await work.payments.replace(PAYMENT, replace(PAYMENT, attempt_id=f"att_{number}"))
                await work.commit()
        except Conflict:
            return False
        return True

    won = await asyncio.gather(*(take(number) for number in range(50)))

    assert sum(won) == 1


async def test_of_fifty_new_checkouts_for_one_order_one_is_kept(units: Units) -> None:
    """The order id is unique in its brand, whoever comes at once."""
    await seed(units)

    async def add(number: int) -> bool:
        try:
            async with units() as work:
                await work.checkouts.add(replace(CHECKOUT, id=f"chk_x{number}", code=f"x{number}", order_id="new"))
                await work.commit()
        except Conflict:
            return False
        return True

    assert sum(await asyncio.gather(*(add(number) for number in range(50)))) == 1


async def test_lists_what_is_due_oldest_first(units: Units) -> None:
    """Payments are due by their time, and those in flight can be brought forward."""
    await seed(units)
    async with units() as work:
        for number, at in ((2, 300), (3, 100), (4, 900), (5, None)):
            await work.payments.add(
                replace(PAYMENT, id=f"pay_{number}", check_at=at, state="in_flight" if number == 4 else "unknown")
            )
        await work.commit()

    async with units.reading() as rows:
        assert [payment.id for payment in (await rows.payments.due(300, 10, 10)).rows] == ["pay_3", "pay_2"]
        assert [payment.id for payment in (await rows.payments.due(300, 1, 10)).rows] == ["pay_3"]
    async with units() as work:
        assert await work.payments.bring_forward(200) == 1
        await work.commit()
    async with units.reading() as rows:
        assert [payment.id for payment in (await rows.payments.due(300, 10, 10)).rows] == ["pay_3", "pay_4", "pay_2"]


async def test_lists_expired_checkouts(units: Units) -> None:
    """Only unpaid ones whose time is over."""
    await seed(units)
    states = ("failed", "paid", "processing", "abandoned")
    async with units() as work:
        for number, state in enumerate(states):
            row = replace(CHECKOUT, id=f"c{number}", order_id=f"x{number}", code=f"x{number}", expires_at=50)
            await work.checkouts.add(replace(row, state=state))
        await work.commit()

    async with units.reading() as rows:
        assert [one.id for one in (await rows.checkouts.expired(51, 10)).rows] == ["c0"]
        assert [one.id for one in (await rows.checkouts.expired(2_000_000_000_000, 10)).rows] == ["c0", "chk_1"]


async def test_lists_expired_checkouts_that_wait_for_a_customer_at_the_bank(units: Units) -> None:
    """Of those in processing only they, by the payment that counts; none where money may be moving."""
    await seed(units)
    states = ("action_required", "in_flight", "pending", "unknown", "paid")
    async with units() as work:
        for number, state in enumerate(states):
            row = replace(CHECKOUT, id=f"c{number}", order_id=f"x{number}", code=f"x{number}", expires_at=50 - number)
            await work.checkouts.add(replace(row, state="processing", payment_id=f"p{number}"))
            await work.payments.add(replace(PAYMENT, id=f"p{number}", checkout_id=f"c{number}", state=state))
            # An earlier one does not count.
            await work.payments.add(
                replace(PAYMENT, id=f"q{number}", checkout_id=f"c{number}", state="action_required")
            )
        await work.checkouts.add(replace(CHECKOUT, id="c9", order_id="x9", code="x9", expires_at=49))
        await work.commit()

    async with units.reading() as rows:
        assert [one.id for one in (await rows.checkouts.expired(51, 10)).rows] == ["c9", "c0"]
        assert [one.id for one in (await rows.checkouts.expired(51, 1)).rows] == ["c9"]
        assert [one.id for one in (await rows.checkouts.expired(50, 10)).rows] == ["c9"]


async def test_settings_are_replaced(units: Units) -> None:
    """The same brand and plugin have one row."""
    await seed(units)
    setting = PluginSetting(brand_id="brand_1", plugin="stripe", credentials="a", updated_at=1)
    for one in (setting, replace(setting, credentials=None, updated_at=2)):
        async with units() as work:
            await work.plugin_settings.put(one)
            await work.commit()

    async with units.reading() as rows:
        kept = replace(setting, credentials=None, updated_at=2, version=2)
        assert await rows.plugin_settings.of_brand("brand_1") == (kept,)


async def test_settings_change_only_from_what_they_were(units: Units) -> None:
    """Of two who start from the same row, or from none, the second is told."""
    await seed(units)
    setting = PluginSetting(
        brand_id="brand_1", plugin="klaviyo", list_ids=("ß", "b"), list_names={"ß": "News"}, updated_at=1
    )
    async with units() as work:
        assert await work.plugin_settings.replace(None, setting) == setting
        await work.commit()
    for was in (None, replace(setting, version=7)):
        with pytest.raises(Conflict):
            async with units() as work:
                await work.plugin_settings.replace(was, replace(setting, enabled=False))
    async with units() as work:
        kept = await work.plugin_settings.replace(setting, replace(setting, enabled=False))
        await work.commit()
    assert kept == replace(setting, enabled=False, version=2)
    async with units.reading() as rows:
        assert await rows.plugin_settings.get("brand_1", "klaviyo") == kept


async def test_brands_change_and_their_slugs_stay_apart(units: Units) -> None:
    """Every field is written; another brand's slug is refused."""
    await seed(units)
    changed = replace(
        BRAND, name="N", theme={"accent": "#00ff00"}, allowed_currencies=("EUR",), default_provider="stripe", test=True
    )
    other = replace(BRAND, id="brand_2", slug="c", created_at=6)
    async with units() as work:
        await work.brands.add(other)
        await work.brands.put(changed)
        await work.commit()
    async with units.reading() as rows:
        assert await rows.brands.of_organization("org_1") == (changed, other)
        assert await rows.brands.of_organization("org_2") == ()
    with pytest.raises(Conflict):
        async with units() as work:
            await work.brands.put(replace(changed, slug="c"))


async def test_sealed_texts_are_listed_and_compared(units: Units) -> None:
    """In parts by key, without rows that have none; another text is written only over what was read."""
    await seed(units)
    async with units() as work:
        for name, text in (("a", "1"), ("b", None), ("c", "3"), ("d", "4")):
            await work.plugin_settings.put(
                PluginSetting(brand_id="brand_1", plugin=name, credentials=text, updated_at=1)
            )
        await work.commit()
    async with units() as work:
        page = await work.sealed_texts.page(CREDENTIALS, None, 2)
        assert [(one.key, one.text) for one in page] == [(("brand_1", "a"), "1"), (("brand_1", "c"), "3")]
        rest = await work.sealed_texts.page(CREDENTIALS, page[-1].key, 2)
        assert [one.key for one in rest] == [("brand_1", "d")]
        assert await work.sealed_texts.reseal(CREDENTIALS, page[0], "9")
        assert not await work.sealed_texts.reseal(CREDENTIALS, page[0], "8")
        await work.commit()
    async with units.reading() as rows:
        changed = await rows.plugin_settings.get("brand_1", "a")
    assert changed is not None
    assert (changed.credentials, changed.version) == ("9", 2)


@pytest.mark.parametrize("place", SEALED, ids=lambda place: place.table)
async def test_every_sealed_place_is_there(units: Units, place: SealedPlace) -> None:
    """Each line of the list names a table and columns that exist, and a key to seal to."""
    async with units() as work:
        assert await work.sealed_texts.page(place, place.key, 1) == ()
        assert not await work.sealed_texts.reseal(place, SealedText(key=place.key, text="x"), "y")
    assert all(f"{{{column}}}" in place.bound_to for column in place.key)


async def test_simulator_entries_compare_and_set(units: Units) -> None:
    """An entry is written only over what it was."""
    async with units() as work:
        entries = work.simulator_entries
        assert await entries.put("s", "k", "1", was=None)
        assert not await entries.put("s", "k", "2", was=None)
        assert not await entries.put("s", "k", "2", was="0")
        assert await entries.put("s", "k", "2", was="1")
        assert await entries.get("s", "k") == "2"
        assert await entries.get("other", "k") is None


async def test_belongs_to_its_task_and_its_time(units: Units) -> None:
    """Neither a task made inside nor anyone afterwards may use a unit of work."""
    async with units() as work:
        with pytest.raises(RuntimeError, match="another task"):
            await asyncio.create_task(work.organizations.add(ORGANIZATION))
    with pytest.raises(RuntimeError, match="been left"):
        await work.organizations.add(ORGANIZATION)


async def test_a_cancelled_caller_leaves_it_whole(units: Units) -> None:
    """Cancelled anywhere, nothing is kept, and the next one works at once."""
    await seed(units)

    async def change(steps: int) -> None:
        async with units() as work:
            for step in range(steps):
                await work.organizations.add(replace(ORGANIZATION, id=f"org_{step}x", slug=f"s{step}"))
            await asyncio.sleep(60)

    for round_ in range(10):
        task = asyncio.create_task(change(round_))
        await asyncio.sleep(0.001 * round_)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    async with units() as work:
        assert await work.organizations.get("org_0x") is None
        await work.organizations.add(replace(ORGANIZATION, id="org_9", slug="nine"))
        await work.commit()
    async with units.reading() as rows:
        assert await rows.organizations.get("org_9") is not None


async def test_answers_a_ping(units: Units) -> None:
    """Storage that is there and up to date says so."""
    await units.ping()


def _entry(number: int, organization_id: str = "org_1", action: str = "brand.changed") -> AuditEntry:
    return AuditEntry(
        id=f"aud_{number:03}",
        organization_id=organization_id,
        actor_id="user_1",
        actor_email="Ada@example.com",
        actor_kind="user",
        action=action,
        target=f"brand_{number}",
        changes={"name": "New", "test": True, "logo": None},
        created_at=number,
    )


async def test_a_long_list_is_read_in_parts(units: Units) -> None:
    """Newest first, within bounds, of one tenant, searched without regard to case and with no wildcards."""
    async with units() as work:
        for number in range(7):
            await work.audit_entries.add(_entry(number, action="refund.requested" if number == 3 else "brand.changed"))
        await work.audit_entries.add(_entry(9, organization_id="org_2"))
        await work.commit()

    async def page(window: Window) -> tuple[list[int], int]:
        async with units.reading() as rows:
            found = await rows.audit_entries.page("org_1", window)
        return [one.created_at for one in found.rows], found.total

    assert await page(Window(limit=3)) == ([6, 5, 4], 7)
    assert await page(Window(offset=6, limit=3)) == ([0], 7)
    assert await page(Window(offset=9)) == ([], 7)
    assert await page(Window(since=2, until=3)) == ([3, 2], 2)
    assert await page(Window(search="REFUND")) == ([3], 1)
    assert (await page(Window(search="ada@")))[1] == 7
    assert (await page(Window(search="%")))[1] == 0
    async with units.reading() as rows:
        assert (await rows.audit_entries.page("org_1", Window(limit=1))).rows == (_entry(6),)
