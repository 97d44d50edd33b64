"""A shop on memory and fakes, for the core's own tests."""

import pytest
from msgspec import Struct

from paylinks_adapters.fakes import FakeAccount, FakeAccounts, FakeClock, FakeGateway, FakeIds, fake_provider
from paylinks_adapters.memory import MemoryUnits
from paylinks_adapters.tokens import JwtTokens
from paylinks_adapters.vault import SealedVault
from paylinks_core import checkouts, completion
from paylinks_core.access import Access
from paylinks_core.checkouts import Given, Initialized
from paylinks_core.claims import read_claims
from paylinks_core.completion import Completed, Payload
from paylinks_core.parts import Parts
from paylinks_core.reconciler import reconcile
from paylinks_core.tenants import seed
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.payments import Payment
from paylinks_ports.records.settings import PluginSetting
from paylinks_ports.records.tenants import Brand

HOUR = 3_600_000
LEASE = FakeAccount.lease + 1_000  # then it is certainly over
TOKEN = "tok"


class Shop(Struct, frozen=True, kw_only=True):
    """The verbs, on fakes: `browser` is paid in the browser, `server` charges tokens, `mute` can't be looked up."""

    parts: Parts
    clock: FakeClock
    browser: FakeGateway
    server: FakeGateway

    async def access(self, order_id: str = "o-1", *, issued_at: int | None = None, **claims: object) -> Access:
        """Prove a right to pay for an order, as a token would."""
        raw = {"orderId": order_id, "amount": 5000, "currency": "USD", "productName": "Shirt", **claims}
        return Access(
            brand=await self.brand(),
            claims=read_claims(raw),
            issued_at=issued_at,
            expires_at=self.clock.now() + HOUR,
        )

    async def brand(self) -> Brand:
        """Read the default brand."""
        async with self.parts.units.reading() as rows:
            brand = await rows.brands.first()
        assert brand is not None
        return brand

    async def initialize(self, access: Access, provider: str) -> Initialized:
        """Open the order's checkout."""
        return await checkouts.initialize(self.parts, access, provider, Given())

    async def complete(self, access: Access, payment_token: str | None = TOKEN) -> Completed:
        """Complete it."""
        return await completion.complete(self.parts, access, Payload(payment_token=payment_token))

    async def now(self, order_id: str = "o-1") -> tuple[Checkout, Payment]:
        """Read an order's checkout and the payment that counts."""
        async with self.parts.units.reading() as rows:
            checkout = await rows.checkouts.by_order((await self.brand()).id, order_id)
            assert checkout is not None
            assert checkout.payment_id is not None
            payment = await rows.payments.get(checkout.payment_id)
        assert payment is not None
        return checkout, payment

    async def wait(self, milliseconds: int) -> None:
        """Let time pass, and the reconciler run at its end."""
        self.clock.move(milliseconds)
        await reconcile(self.parts)


@pytest.fixture
async def shop() -> Shop:
    """Open a shop whose brand has credentials for every provider, so that nothing is in demo mode."""
    clock, browser, server = FakeClock(), FakeGateway(), FakeGateway(opens=False)
    providers = {
        "browser": fake_provider("browser", browser_pays=True),
        "server": fake_provider("server", browser_pays=False),
    }
    parts = Parts(
        units=MemoryUnits(),
        clock=clock,
        ids=FakeIds(),
        tokens=JwtTokens(),
        vault=SealedVault("A" * 43),
        accounts=FakeAccounts({"browser": browser, "server": server}),
        providers=providers,
        token_secret="s" * 32,
        base_url="http://127.0.0.1:8000",
        demo_everywhere=True,
    )
    await seed(parts)
    async with parts.units() as work:
        for name in providers:
            setting = PluginSetting(brand_id="brand_default", plugin=name, credentials="sealed", updated_at=1)
            await work.plugin_settings.put(setting)
        await work.commit()
    return Shop(parts=parts, clock=clock, browser=browser, server=server)
