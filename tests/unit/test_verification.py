"""A broken invariant is found, whichever it is; on fakes."""

import pytest
from msgspec.structs import replace

from paylinks_core import refunds
from paylinks_core.audit import Actor
from paylinks_core.refunds import RefundCall
from paylinks_core.verification import Finding, verify

from .conftest import Shop

pytestmark = pytest.mark.anyio

ACTOR = Actor(organization_id="org_default", brand_id="brand_default", id="key_1", kind="api_key", ip="192.0.2.1")


async def broken(shop: Shop, invariant: str) -> list[str]:
    """Verify and give what breaks one invariant."""
    found: tuple[Finding, ...] = (await verify(shop.parts)).findings
    assert all(one.order_id == "o-1" for one in found)
    return [one.message for one in found if one.invariant == invariant]


@pytest.mark.parametrize(
    "invariant", ["charged_once", "refunded_within", "forward_only", "paid_by_a_payment", "totals_agree"]
)
async def test_a_broken_book_is_found(shop: Shop, invariant: str) -> None:
    """Each invariant is broken once behind the platform's back."""
    access = await shop.access()
    await shop.initialize(access, "server")
    done = await shop.complete(access)
    given = (await refunds.refund(shop.parts, await shop.brand(), "o-1", RefundCall(amount=1000), ACTOR)).refund
    assert (await verify(shop.parts)).findings == ()
    async with shop.parts.units() as work:
        payment = await work.payments.get(done.payment.id)
        assert payment is not None
        match invariant:
            case "charged_once":
                await work.payments.add(replace(payment, id="pay_2", attempt_id="att_2"))
            case "refunded_within":
                await work.refunds.replace(given, replace(given, amount=5001))
            case "forward_only":
                await work.payments.replace(payment, replace(payment, state="declined"))
            case "paid_by_a_payment":
                await work.checkouts.replace(done.checkout, replace(done.checkout, payment_id=None))
            case _:
                await work.refunds.replace(given, replace(given, amount=999))
        await work.commit()

    assert len(await broken(shop, invariant)) == 1


async def test_a_log_that_goes_back_is_found(shop: Shop) -> None:
    """Also where the row itself looks well."""
    access = await shop.access()
    await shop.initialize(access, "server")
    await shop.complete(access)
    async with shop.parts.units() as work:
        events = await work.payment_events.of_checkout((await shop.now())[0].id)
        await work.payment_events.add(replace(events[-1], id="evt_x", type="declined", at=events[-1].at + 1))
        await work.payment_events.add(replace(events[-1], id="evt_y", at=events[-1].at + 2))
        await work.commit()

    assert await broken(shop, "forward_only") == [
        f"{events[-1].payment_id} went from paid to declined at {events[-1].at + 1}"
    ]
