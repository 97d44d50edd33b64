"""A merchant at the simulator: a store in memory, a clock that stands still, and a network that can have accidents."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import httpx
import pytest

from paylinks_ports import (
    Address,
    Customer,
    DemoWord,
    Money,
    Order,
    SimulatedWorld,
    WebhookRequest,
)
from paylinks_shopify import PROVIDER, ShopifyCredentials, ShopifyGateway

Forward: TypeAlias = Callable[[httpx.Request], Awaitable[httpx.Response]]
Accident: TypeAlias = Callable[[httpx.Request, Forward], Awaitable[httpx.Response]]

SHOP = "paylinks-demo.myshopify.com"
TOKEN = "shpat_TopSecret"
SECRET = "TopSecret-client-secret"


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
        self.word: DemoWord | None = None
        self.emitted: list[tuple[WebhookRequest, int]] = []
        self.store = MemoryStore()
        self.world = SimulatedWorld(
            store=self.store,
            now=lambda: self.now,
            base_url="http://localhost:8000",
            emit=self.emit,
            word=lambda: self.word,
        )
        self.network = Network(self.world)
        self.http = httpx.AsyncClient(transport=self.network)
        self.credentials = ShopifyCredentials(shop_domain=SHOP, admin_access_token=TOKEN, webhook_secret=SECRET)
        self.gateway = self.open(self.credentials)
        self.demo = self.open(PROVIDER.simulator.credentials)

    def open(self, credentials: ShopifyCredentials) -> ShopifyGateway:
        """Open a shop."""
        return ShopifyGateway(credentials, self.http)

    async def emit(self, request: WebhookRequest, delay: int) -> None:
        """Keep what the simulator would send."""
        self.emitted.append((request, delay))

    async def pay(self, reference: str | None, word: str = "tok") -> None:
        """Play the customer at Shopify's checkout."""
        play = PROVIDER.simulator.pay
        assert play is not None
        assert reference is not None
        await play(reference, word, self.world)

    async def call(self, method: str, path: str, *, token: str = TOKEN, **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's
        """Talk to the simulator as anyone could."""
        request = httpx.Request(method, f"https://{SHOP}{path}", **options)
        request.headers["X-Shopify-Access-Token"] = token
        return await PROVIDER.simulator.answer(request, self.world)

    def drafts(self) -> list[dict[str, Any]]:
        """Read the books."""
        entries = self.store.entries.items()
        return [json.loads(value) for key, value in entries if key.startswith("gid://shopify/DraftOrder/")]

    def variables(self, name: str) -> list[dict[str, Any]]:
        """Read the variables of the calls of one document."""
        sent = [json.loads(one.content) for one in self.network.sent if one.url.path.endswith("graphql.json")]
        return [one["variables"] for one in sent if f" {name}" in one["query"].partition("{")[0]]

    def answers(self, name: str, status: int, **content: Any) -> None:  # noqa: ANN401 - httpx's
        """Let the calls of one document be answered like this, without reaching Shopify."""

        async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
            return httpx.Response(status, **content) if name.encode() in request.content else await forward(request)

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
            "attempt_id": "att_0123456789abcdefghijklmnopqrs",
            "description": "Blue shirt",
            "customer": Customer(email="ada@example.com", first_name="Ada", last_name="Lovelace", phone="+44 20 1"),
            "shipping_address": Address(line1="1 Road", city="London", state="", postal_code="N1", country="GB"),
            "metadata": {"campaign": "spring"},
            "return_url": "http://localhost:8000/c/abc",
        }
        return Order(money=Money(amount, currency), **(fields | changes))

    return make
