"""A merchant at the simulator: a store in memory, a clock that stands still, and a network that can have accidents."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

import httpx
import msgspec
import pytest

from paylinks_konnektive import PROVIDER, KonnektiveCredentials, KonnektiveGateway, KonnektiveOptions
from paylinks_ports import (
    Address,
    Card,
    Customer,
    DemoWord,
    Money,
    Order,
    Paid,
    RefundOrder,
    SimulatedWorld,
    WebhookRequest,
)

Forward: TypeAlias = Callable[[httpx.Request], Awaitable[httpx.Response]]
Accident: TypeAlias = Callable[[httpx.Request, Forward], Awaitable[httpx.Response]]

CREDENTIALS = KonnektiveCredentials(
    login_id="api_user",
    password="TopSecretPassword",
    campaign_id="7",
    webhook_secret="postback-secret-of-the-brand",
)
OPTIONS = KonnektiveOptions(products={"shirt": "33"}, default_product="99")


CARD = Card(number="4111111111111111", month=7, year=2031, cvv="987")


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
        self.world = SimulatedWorld(
            store=MemoryStore(),
            now=lambda: self.now,
            base_url="http://localhost:8000",
            emit=self.emit,
            word=lambda: self.word,
        )
        self.network = Network(self.world)
        self.http = httpx.AsyncClient(transport=self.network)
        self.gateway = self.open(CREDENTIALS)
        self.demo = KonnektiveGateway(PROVIDER.simulator.credentials, self.http)

    def open(self, credentials: KonnektiveCredentials = CREDENTIALS, **changes: Any) -> KonnektiveGateway:  # noqa: ANN401 - of any option
        """Open an account."""
        options = msgspec.structs.replace(OPTIONS, **changes)
        return KonnektiveGateway(credentials, self.http, options=options)

    async def emit(self, request: WebhookRequest, delay: int) -> None:
        """Take a postback."""
        self.emitted.append((request, delay))

    def sent(self, path: str) -> list[dict[str, str]]:
        """Read what was sent to one endpoint."""
        return [
            dict(parse_qsl(request.content.decode(), keep_blank_values=True))
            for request in self.network.sent
            if request.url.path == path
        ]

    async def call(self, path: str, **given: str) -> dict[str, Any]:
        """Talk to the simulator as anyone could."""
        form = {"loginId": CREDENTIALS.login_id, "password": CREDENTIALS.password, **given}
        request = httpx.Request("POST", f"https://api.checkoutchamp.com{path}", data=form)
        answer: dict[str, Any] = (await PROVIDER.simulator.answer(request, self.world)).json()
        return answer

    def answers(self, path: str, status: int, **content: Any) -> None:  # noqa: ANN401 - httpx's
        """Let the calls whose path ends so be answered like this, without reaching Konnektive."""

        async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
            return httpx.Response(status, **content) if request.url.path.endswith(path) else await forward(request)

        self.network.accident = accident

    def loses(self, path: str, error: type[httpx.TransportError], *, after: bool) -> None:
        """Let the calls whose path ends so break off, before or after Konnektive has acted."""

        async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
            if not request.url.path.endswith(path):
                return await forward(request)
            if after:
                await forward(request)
            raise error("accident", request=request)

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
            "payment_id": "pay_0hhf7tnbsc2qv3qd9j6g8m1k4p9",
            "attempt_id": "att_0hhf7tnbsc2qv3qd9j6g8m1k4p0",
            "description": "Blue shirt",
            "customer": Customer(email="ada@example.com", first_name="Ada", last_name="Lovelace", phone="5125550100"),
            "shipping_address": Address(line1="1 Road", city="Austin", state="TX", postal_code="78701", country="US"),
            "ip_address": "203.0.113.7",
            "return_url": "https://pay.example.com/c/abc",
        }
        return Order(money=Money(amount, currency), **(fields | changes))

    return make


@pytest.fixture
def make_refund() -> Callable[..., RefundOrder]:
    """Make a refund of a payment."""

    def make(paid: Paid, amount: int, *, before: int = 0, number: int = 1) -> RefundOrder:
        return RefundOrder(
            refund_id=f"ref_{number}",
            attempt_id=f"att_ref_{number}",
            money=Money(amount, paid.money.currency),
            reference=paid.reference,
            transaction_id=paid.transaction_id,
            paid=paid.money,
            refunded_before=before,
        )

    return make
