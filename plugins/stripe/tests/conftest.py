"""A merchant at the simulator: a store in memory, a clock that stands still, and a network that can have accidents."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import httpx
import pytest

from paylinks_ports import Address, Customer, Money, Order, SimulatedWorld, WebhookRequest, demo_word
from paylinks_stripe import PROVIDER, StripeCredentials, StripeGateway

Forward: TypeAlias = Callable[[httpx.Request], Awaitable[httpx.Response]]
Accident: TypeAlias = Callable[[httpx.Request, Forward], Awaitable[httpx.Response]]

SECRET_KEY = "sk_test_51TopSecret"
PUBLISHABLE_KEY = "pk_test_51Public"


class MemoryStore:
    """A store that lets others run between any two steps."""

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        """Read."""
        await asyncio.sleep(0)
        return self.entries.get(key)

    async def put(self, key: str, value: str, *, was: str | None) -> bool:
        """Compare and set."""
        await asyncio.sleep(0)
        if self.entries.get(key) != was:
            return False
        self.entries[key] = value
        return True


class Network(httpx.AsyncBaseTransport):
    """Leads to the simulator, and remembers what was sent; `accident` may happen to a request on its way."""

    def __init__(self, world: SimulatedWorld) -> None:
        self.world = world
        self.sent: list[httpx.Request] = []
        self.accident: Accident | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        await request.aread()
        self.sent.append(request)
        if self.accident is not None:
            return await self.accident(request, self.forward)
        return await self.forward(request)

    async def forward(self, request: httpx.Request) -> httpx.Response:
        """Have the simulator answer."""
        return await PROVIDER.simulator.answer(request, self.world)


class Merchant:
    """One merchant's world."""

    def __init__(self) -> None:
        self.now = 1_800_000_000_000
        self.store = MemoryStore()
        self.said: str | None = None
        self.heard: list[tuple[WebhookRequest, int]] = []
        self.world = SimulatedWorld(
            store=self.store,
            now=lambda: self.now,
            base_url="http://localhost:8000",
            emit=self._hear,
            word=lambda: demo_word(self.said or ""),
        )
        self.network = Network(self.world)
        self.http = httpx.AsyncClient(transport=self.network)
        self.gateway = self.open(StripeCredentials(secret_key=SECRET_KEY, publishable_key=PUBLISHABLE_KEY))
        self.demo = self.open(PROVIDER.simulator.credentials)

    async def _hear(self, request: WebhookRequest, delay: int) -> None:
        self.heard.append((request, delay))

    def open(self, credentials: StripeCredentials) -> StripeGateway:
        """Open an account."""
        return StripeGateway(credentials, self.http)

    async def call(self, method: str, path: str, *, key: str = SECRET_KEY, **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's
        """Talk to the simulator as anyone could."""
        request = httpx.Request(method, f"https://api.stripe.com{path}", **options)
        if key:
            request.headers["Authorization"] = f"Bearer {key}"
        return await PROVIDER.simulator.answer(request, self.world)

    async def charges(self, *, key: str = SECRET_KEY, paid: bool = True) -> list[dict[str, Any]]:
        """Read the books."""
        answer = await self.call("GET", "/v1/charges?limit=100", key=key)
        return [charge for charge in answer.json()["data"] if charge["paid"] is paid]

    def answers(self, path: str, status: int, **content: Any) -> None:  # noqa: ANN401 - httpx's
        """Let the calls whose path ends so be answered like this, without reaching Stripe."""

        async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
            return httpx.Response(status, **content) if request.url.path.endswith(path) else await forward(request)

        self.network.accident = accident


@pytest.fixture
async def merchant() -> AsyncIterator[Merchant]:
    """Make a merchant's world."""
    made = Merchant()
    yield made
    await made.http.aclose()


@pytest.fixture
def make_order() -> Callable[..., Order]:
    """Make orders, of 49.99 dollars where nothing else is said."""

    def make(amount: int = 4999, currency: str = "USD", **changes: Any) -> Order:  # noqa: ANN401 - of any field
        fields: dict[str, Any] = {
            "order_id": "order-1",
            "payment_id": "pay_1",
            "attempt_id": "att_1",
            "description": "Blue shirt",
            "customer": Customer(email="ada@example.com", first_name="Ada", last_name="Lovelace", phone="+44 20 1"),
            "shipping_address": Address(line1="1 Road", city="London", state="", postal_code="N1", country="GB"),
            "metadata": {"campaign": "spring"},
            "return_url": "http://localhost:8000/c/abc",
        }
        return Order(money=Money(amount, currency), **(fields | changes))

    return make
