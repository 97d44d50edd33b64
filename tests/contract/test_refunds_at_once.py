"""Refunds and events that come at once, on every kind of storage: the cap holds, and each event is processed by one."""

import asyncio

import pytest
from msgspec.structs import replace

from paylinks_adapters.fakes import FakeAccounts, FakeClock, FakeGateway, FakeIds, fake_provider
from paylinks_adapters.tokens import JwtTokens
from paylinks_adapters.vault import SealedVault
from paylinks_core import inbox, refunds
from paylinks_core.audit import Actor
from paylinks_core.errors import RefundExceedsPayment
from paylinks_core.parts import Parts
from paylinks_core.refund_outcomes import record_foreign
from paylinks_core.refunds import GivenBack, RefundCall
from paylinks_core.verification import verify
from paylinks_ports.money import Money
from paylinks_ports.records.payments import PaymentEvent
from paylinks_ports.records.settings import PluginSetting
from paylinks_ports.refunds import Refunded
from paylinks_ports.storage import Units
from paylinks_ports.webhooks import PaymentNews

from .test_settling import EVENT
from .test_storage import BRAND, CHECKOUT, ORGANIZATION, PAYMENT

pytestmark = pytest.mark.anyio

ACTOR = Actor(organization_id="org_default", brand_id="brand_default", id="key_1", kind="api_key")
PAID = replace(
    PAYMENT,
    demo=False,
    state="paid",
    amount=5000,
    currency="USD",
    reference="ref_1",
    transaction_id="ch_1",
    provider="acme",
)


async def open_shop(units: Units) -> tuple[Parts, FakeGateway]:
    """Write one paid order of 50.00 USD."""
    gateway = FakeGateway()
    gateway.books["ref_1"] = Money(5000, "USD")
    parts = Parts(
        units=units,
        clock=FakeClock(),
        ids=FakeIds(),
        tokens=JwtTokens(),
        vault=SealedVault("A" * 43),
        accounts=FakeAccounts({"acme": gateway}),
        providers={"acme": fake_provider("acme", browser_pays=True)},
        token_secret="s" * 32,
        base_url="http://127.0.0.1:8000",
        demo_everywhere=True,
    )
    claims = replace(CHECKOUT.claims, amount=5000, currency="USD")
    paid = PaymentEvent(
        id="evt_1",
        payment_id="pay_1",
        checkout_id="chk_1",
        type="paid",
        attempt_id="att_1",
        amount=5000,
        currency="USD",
        at=1,
    )
    async with units() as work:
        await work.organizations.add(ORGANIZATION)
        await work.brands.add(BRAND)
        await work.checkouts.add(replace(CHECKOUT, claims=claims, state="paid", payment_id="pay_1"))
        await work.payments.add(PAID)
        await work.payment_events.add(paid)
        await work.plugin_settings.put(
            PluginSetting(brand_id="brand_1", plugin="acme", credentials="sealed", updated_at=1)
        )
        await work.commit()
    return parts, gateway


async def test_refunds_at_once_never_exceed(units: Units) -> None:
    """Of twelve refunds of 10.00 five are made, whoever reads what before whom."""
    parts, gateway = await open_shop(units)

    done = await asyncio.gather(
        *(refunds.refund(parts, BRAND, "o-1", RefundCall(amount=1000), ACTOR) for _ in range(12)),
        return_exceptions=True,
    )

    assert sum(isinstance(one, GivenBack) for one in done) == 5, done
    assert sum(isinstance(one, RefundExceedsPayment) for one in done) == 7
    assert len(gateway.given) == 5
    assert (await verify(parts)).findings == ()


async def test_a_refund_elsewhere_is_recorded_once(units: Units) -> None:
    """However many tell of it at once."""
    parts, _ = await open_shop(units)
    back = Refunded(reference="re_1", money=Money(700, "USD"))

    told = await asyncio.gather(*(record_foreign(parts, PAID, back) for _ in range(8)))

    assert len({one.id for one in told}) == 1
    assert (await verify(parts)).refunded == {"USD": 700}


async def test_an_event_is_processed_by_one(units: Units) -> None:
    """Several workers that find it due at once ask the provider once."""
    parts, gateway = await open_shop(units)
    async with units() as work:
        await work.payments.replace(PAID, replace(PAID, state="unknown"))
        kept = replace(EVENT.kept, payment=PaymentNews(reference="ref_1"), refund=None) if EVENT.kept else None
        await work.incoming_events.add(replace(EVENT, provider="acme", kept=kept))
        await work.commit()

    await asyncio.gather(*(inbox.process_due(parts) for _ in range(5)))

    assert gateway.calls == ["look_up"]
