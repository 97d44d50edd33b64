"""A merchant at the simulator: a store in memory, a clock that stands still, and a network that can have accidents."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

import httpx
import pytest

from paylinks_nmi import PROVIDER, NmiCredentials, NmiGateway
from paylinks_ports import (
    Address,
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

SECURITY_KEY = "TopSecret0TopSecret0TopSecret012"
SIGNING_KEY = "TopSecretSigningKey"
TRANSACT = "/api/transact.php"
QUERY = "/api/query.php"


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
        self._tokens = 0

        async def emit(request: WebhookRequest, delay: int) -> None:
            self.emitted.append((request, delay))

        self.world = SimulatedWorld(
            store=MemoryStore(),
            now=lambda: self.now,
            base_url="http://localhost:8000",
            emit=emit,
            word=lambda: self.word,
        )
        self.network = Network(self.world)
        self.http = httpx.AsyncClient(transport=self.network)
        self.gateway = self.open()
        self.demo = NmiGateway(PROVIDER.simulator.credentials, self.http)

    def open(self, security_key: str = SECURITY_KEY, **fields: str) -> NmiGateway:
        """Open an account."""
        credentials = NmiCredentials(security_key=security_key, webhook_signing_key=SIGNING_KEY, **fields)
        return NmiGateway(credentials, self.http)

    def token(self, card: str = "aaaabbbbcccc") -> str:
        """Make a fresh Collect.js token of a card, which is named in up to twelve characters."""
        self._tokens += 1
        return f"{self._tokens:08}-abcdef-abcdef-{card:0<12}"

    def sent(self, path: str = TRANSACT) -> list[dict[str, str]]:
        """List the forms that went to a door."""
        return [
            dict(parse_qsl(request.content.decode(), keep_blank_values=True))
            for request in self.network.sent
            if request.url.path == path
        ]

    def answers(self, path: str, status: int, **content: Any) -> None:  # noqa: ANN401 - httpx's
        """Let one door answer like this, without reaching the gateway."""

        async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
            return httpx.Response(status, **content) if request.url.path == path else await forward(request)

        self.network.accident = accident

    def loses(self, path: str, *, sent: bool) -> None:
        """Let the answers of one door get lost, after or before the gateway has done what was asked."""

        async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
            if request.url.path != path:
                return await forward(request)
            if sent:
                await forward(request)
            raise httpx.ReadTimeout("lost", request=request)

        self.network.accident = accident

    async def call(self, path: str, form: dict[str, str]) -> httpx.Response:
        """Talk to the simulator as anyone could."""
        request = httpx.Request("POST", f"https://secure.nmi.com{path}", data={"security_key": SECURITY_KEY, **form})
        return await PROVIDER.simulator.answer(request, self.world)

    async def transact(self, **form: str) -> dict[str, str]:
        """Send one transaction."""
        return dict(parse_qsl((await self.call(TRANSACT, form)).text, keep_blank_values=True))


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
        address = Address(line1="1 Road", city="London", state="", postal_code="N1", country="GB")
        fields: dict[str, Any] = {
            "order_id": "order-1",
            "payment_id": "pay_1",
            "attempt_id": "att_1",
            "description": "Blue shirt",
            "customer": Customer(email="ada@example.com", first_name="Ada", last_name="Lovelace", phone="+44 20 1"),
            "billing_address": address,
            "shipping_address": address,
            "return_url": "http://localhost:8000/c/abc",
        }
        return Order(money=Money(amount, currency), **(fields | changes))

    return make


@pytest.fixture
def make_refund() -> Callable[..., RefundOrder]:
    """Make refunds of a payment, of all of it where nothing else is said."""

    def make(paid: Paid, amount: int | None = None, **changes: Any) -> RefundOrder:  # noqa: ANN401 - of any field
        fields: dict[str, Any] = {
            "refund_id": "ref_1",
            "attempt_id": "ref_att_1",
            "money": paid.money if amount is None else Money(amount, paid.money.currency),
            "reference": paid.reference,
            "transaction_id": paid.transaction_id,
            "paid": paid.money,
        }
        return RefundOrder(**(fields | changes))

    return make
