"""A brand at the simulator: a store in memory, a clock that stands still, and a network that can have accidents."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import httpx
import msgspec
import pytest

from paylinks_maropost import INTEGRATION, MaropostCredentials, MaropostGateway
from paylinks_maropost.simulator.books import ContactRecord, OrderRecord
from paylinks_ports import Address, Customer, LineItem, Money, OrderPlaced, SimulatedWorld

Forward: TypeAlias = Callable[[httpx.Request], Awaitable[httpx.Response]]
Accident: TypeAlias = Callable[[httpx.Request, Forward], Awaitable[httpx.Response]]
PlaceOrder: TypeAlias = Callable[..., OrderPlaced]

KEY = "TopSecretOfAda"
ACCOUNT = "77"
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
        self.gateway = self.open(MaropostCredentials(account_id=ACCOUNT, api_key=KEY, default_list_id="2"))

    def open(self, credentials: MaropostCredentials) -> MaropostGateway:
        """Open an account."""
        return MaropostGateway(credentials, self.http)

    async def call(
        self, method: str, path: str, body: object = None, *, token: str = KEY, media: str = "application/json"
    ) -> httpx.Response:
        """Talk to the simulator as anyone could."""
        request = httpx.Request(
            method,
            f"https://api.maropost.com/accounts/{ACCOUNT}{path}",
            content=msgspec.json.encode(body) if body is not None else None,
            headers={"Content-Type": media},
        )
        if token:
            request.url = request.url.copy_add_param("auth_token", token)
        return await INTEGRATION.simulator.answer(request, self.world)

    def contact(self, email: str) -> ContactRecord:
        """Read the contact of an address."""
        return msgspec.json.decode(self.store.entries[f"contact/{email}"], type=ContactRecord)

    def subscribed(self, email: str) -> list[int]:
        """Name the lists that a contact gets."""
        return [list_id for list_id, each in self.contact(email).lists.items() if each.status == "Subscribed"]

    def orders(self) -> list[OrderRecord]:
        """Read all orders."""
        raw = [raw for key, raw in self.store.entries.items() if key.startswith("order/")]
        return [order for each in raw for order in msgspec.json.decode(each, type=list[OrderRecord])]

    def answers(self, path: str, status: int, *, times: int = 1000, **content: Any) -> None:  # noqa: ANN401 - httpx's
        """Let so many calls whose path ends so be answered like this, without reaching Maropost."""
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
