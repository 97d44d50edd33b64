"""A brand at the simulator: a store in memory, a clock that stands still, and a network that can have accidents."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import httpx
import msgspec
import pytest

from paylinks_attentive import INTEGRATION, AttentiveCredentials, AttentiveGateway
from paylinks_attentive.simulator.books import UserRecord
from paylinks_ports import Address, Customer, LineItem, Money, OrderPlaced, SimulatedWorld

Forward: TypeAlias = Callable[[httpx.Request], Awaitable[httpx.Response]]
Accident: TypeAlias = Callable[[httpx.Request, Forward], Awaitable[httpx.Response]]
PlaceOrder: TypeAlias = Callable[..., OrderPlaced]

KEY = "TopSecretOfAda"
NOW = 1_800_000_000_000


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
        return await INTEGRATION.simulator.answer(request, self.world)


class Brand:
    """One brand's world."""

    def __init__(self) -> None:
        self.now = NOW
        self.store = MemoryStore()
        self.world = SimulatedWorld(store=self.store, now=lambda: self.now, base_url="http://localhost:8000")
        self.network = Network(self.world)
        self.http = httpx.AsyncClient(transport=self.network)
        self.gateway = self.open(AttentiveCredentials(api_key=KEY, sign_up_source_id="unit-1"))

    def open(self, credentials: AttentiveCredentials) -> AttentiveGateway:
        """Open an account."""
        return AttentiveGateway(credentials, self.http)

    async def call(
        self, method: str, path: str, body: object = None, *, key: str = KEY, media: str = "application/json"
    ) -> httpx.Response:
        """Talk to the simulator as anyone could."""
        request = httpx.Request(
            method,
            f"https://api.attentivemobile.com{path}",
            content=msgspec.json.encode(body) if body is not None else None,
            headers={"Content-Type": media, "Authorization": f"Bearer {key}"},
        )
        return await INTEGRATION.simulator.answer(request, self.world)

    def user(self, name: str) -> UserRecord:
        """Read the user of an address or a number."""
        return msgspec.json.decode(self.store.entries[f"user/{name}"], type=UserRecord)

    def purchases(self) -> list[dict[str, Any]]:
        """Read all purchases."""
        entries = self.store.entries.items()
        return [msgspec.json.decode(raw) for key, raw in entries if key.startswith("purchase/")]

    def answers(self, path: str, status: int, *, times: int = 1000, **content: Any) -> None:  # noqa: ANN401 - httpx's
        """Let so many calls whose path ends so be answered like this, without reaching Attentive."""
        left = times

        async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
            nonlocal left
            if not request.url.path.endswith(path) or left == 0:
                return await forward(request)
            left -= 1
            return httpx.Response(status, **content)

        self.network.accident = accident


@pytest.fixture
async def brand() -> AsyncIterator[Brand]:
    """Make a brand's world."""
    made = Brand()
    yield made
    await made.http.aclose()


@pytest.fixture
def place_order() -> PlaceOrder:
    """Make paid orders, of 49.99 dollars where nothing else is said."""

    def make(amount: int = 4999, currency: str = "USD", **changes: Any) -> OrderPlaced:  # noqa: ANN401 - of any field
        fields: dict[str, Any] = {
            "event_id": "evt_1",
            "order_id": "order-1",
            "occurred_at": NOW - 60_000,
            "customer": Customer(
                email="ada@example.com", first_name="Ada", last_name="Lovelace", phone="(415) 555-0132"
            ),
            "shipping_address": Address(
                line1="1 Road", city="San Francisco", state="CA", postal_code="94103", country="US"
            ),
            "line_items": (LineItem(id="p-1", name="Blue shirt", quantity=2, unit_price=amount // 2, sku="BLUE"),),
        }
        return OrderPlaced(money=Money(amount, currency), **(fields | changes))

    return make
