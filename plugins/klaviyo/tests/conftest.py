"""A brand at the simulator: a store in memory, a clock that stands still, and a network that can have accidents."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import httpx
import msgspec
import pytest

from paylinks_klaviyo import INTEGRATION, KlaviyoCredentials, KlaviyoGateway
from paylinks_klaviyo.simulator.books import EventRecord, ProfileRecord
from paylinks_ports import Address, Customer, LineItem, Money, OrderPlaced, SimulatedWorld

Forward: TypeAlias = Callable[[httpx.Request], Awaitable[httpx.Response]]
Accident: TypeAlias = Callable[[httpx.Request, Forward], Awaitable[httpx.Response]]
PlaceOrder: TypeAlias = Callable[..., OrderPlaced]

KEY = "pk_TopSecretOfAda"
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
        self.gateway = self.open(KlaviyoCredentials(private_api_key=KEY, default_list_id="Cstmrs"))

    def open(self, credentials: KlaviyoCredentials) -> KlaviyoGateway:
        """Open an account."""
        return KlaviyoGateway(credentials, self.http)

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        """Talk to the simulator as anyone could; a header that is empty is left out."""
        given = {
            "Authorization": f"Klaviyo-API-Key {KEY}",
            "revision": "2026-10-15",
            "Content-Type": "application/vnd.api+json",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        request = httpx.Request(
            method,
            f"https://a.klaviyo.com{path}",
            content=msgspec.json.encode(body) if body is not None else None,
            headers={name: value for name, value in given.items() if value},
        )
        return await INTEGRATION.simulator.answer(request, self.world)

    async def unsubscribe(self, email: str) -> None:
        """Play the customer who follows the link in an e-mail."""
        withdrawn = {"email": {"marketing": {"consent": "UNSUBSCRIBED"}}}
        profile = {"type": "profile", "attributes": {"email": email, "subscriptions": withdrawn}}
        job = {"type": "profile-subscription-bulk-delete-job", "attributes": {"profiles": {"data": [profile]}}}
        answer = await self.call("POST", "/api/profile-subscription-bulk-delete-jobs", {"data": job})
        assert answer.status_code == 202

    def profile(self, email: str) -> ProfileRecord:
        """Read the profile of an address."""
        profile_id = self.store.entries[f"identifier/email/{email}"]
        return msgspec.json.decode(self.store.entries[f"profile/{profile_id}"], type=ProfileRecord)

    def events(self) -> list[EventRecord]:
        """Read all events."""
        entries = self.store.entries.items()
        return [msgspec.json.decode(raw, type=EventRecord) for key, raw in entries if key.startswith("event/")]

    def answers(self, path: str, status: int, *, times: int = 1000, **content: Any) -> None:  # noqa: ANN401 - httpx's
        """Let so many calls whose path ends so be answered like this, without reaching Klaviyo."""
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
