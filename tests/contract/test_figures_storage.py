"""The promises of the storage port that the console's first page and its list of upsell sessions stand on."""

import pytest
from msgspec.structs import replace

from paylinks_ports.records.upsells import Offer, UpsellSession
from paylinks_ports.storage import DayFigure, Units, Window

from .test_storage import BRAND, CHECKOUT, PAYMENT, seed

pytestmark = pytest.mark.anyio

DAY = 86_400_000
SESSION = UpsellSession(
    id="ups_1",
    brand_id="brand_1",
    checkout_id="chk_1",
    order_id="o-1-upsell",
    provider="stripe",
    currency="KWD",
    customer_email="ada@example.com",
    state="active",
    offers=(Offer(id="a", name="A", price=5),),
    fingerprint="f",
    expires_at=100,
    created_at=1,
    updated_at=1,
)


async def test_payments_are_summed_up_by_day_currency_state_and_demo(units: Units) -> None:
    """Only the brand's own, from a moment on; sums are whole numbers, however large."""
    await seed(units)
    begun = {"live": (DAY, False), "late": (2 * DAY - 1, False), "demo": (2 * DAY, True), "again": (2 * DAY + 5, True)}
    async with units() as work:
        await work.brands.add(replace(BRAND, id="brand_2", slug="two"))
        await work.checkouts.add(replace(CHECKOUT, id="chk_2", brand_id="brand_2", code="code-2"))
        for name, (at, demo) in begun.items():
            await work.payments.add(replace(PAYMENT, id=name, demo=demo, state="paid", created_at=at))
        await work.payments.add(replace(PAYMENT, id="no", state="declined", created_at=2 * DAY))
        await work.payments.add(replace(PAYMENT, id="usd", state="paid", currency="USD", created_at=2 * DAY))
        other = replace(PAYMENT, id="other", checkout_id="chk_2", brand_id="brand_2", state="paid", created_at=DAY)
        await work.payments.add(other)
        await work.commit()
    async with units.reading() as rows:
        found = await rows.payments.figures("brand_1", DAY)

    def figure(day: int, currency: str, state: str, count: int, *, demo: bool) -> DayFigure:
        known = {"day": day, "currency": currency, "state": state, "demo": demo, "count": count}
        return DayFigure(amount=count * 10**12, **known)  # type: ignore[arg-type]  # literals by name

    assert found == (
        figure(DAY, "KWD", "paid", 2, demo=False),
        figure(2 * DAY, "KWD", "declined", 1, demo=True),
        figure(2 * DAY, "KWD", "paid", 2, demo=True),
        figure(2 * DAY, "USD", "paid", 1, demo=True),
    )


async def test_upsell_sessions_are_listed(units: Units) -> None:
    """A brand's own, newest first, by state and by what is searched."""
    await seed(units)
    over = replace(SESSION, id="ups_2", order_id="o-2", state="expired", created_at=2)
    async with units() as work:
        await work.upsell_sessions.add(SESSION)
        await work.upsell_sessions.add(over)
        await work.commit()
    async with units.reading() as rows:
        page = rows.upsell_sessions.page
        assert (await page("brand_1", Window())).rows == (over, SESSION)
        assert (await page("brand_1", Window(limit=1))).total == 2
        assert (await page("brand_1", Window(), state="active")).rows == (SESSION,)
        assert (await page("brand_1", Window(search="O-1-UP"))).rows == (SESSION,)
        assert (await page("brand_1", Window(search="ADA@"))).total == 2
        assert (await page("brand_2", Window())).total == 0
