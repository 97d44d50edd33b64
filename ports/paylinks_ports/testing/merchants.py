"""A merchant at a provider's simulator: a store in memory, a clock that stands still, a network that has accidents.

For a plugin's own tests: what they make happen to a call, and the orders and refunds that they begin with.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import httpx

from ..marketing import OrderPlaced
from ..money import Money
from ..payments import Address, Customer, LineItem, Order, Paid
from ..providers import DemoWord, SimulatedWorld, Simulator
from ..refunds import RefundOrder
from ..webhooks import WebhookRequest

__all__ = [
    "Accident",
    "Forward",
    "MemoryStore",
    "Merchant",
    "SimulatedNetwork",
    "make_order",
    "make_order_placed",
    "make_refund",
]

Forward: TypeAlias = Callable[[httpx.Request], Awaitable[httpx.Response]]
Accident: TypeAlias = Callable[[httpx.Request, Forward], Awaitable[httpx.Response]]
"""What happens to a request on its way; the second argument has the simulator answer it."""

Where: TypeAlias = str | Callable[[httpx.Request], bool]
"""Which requests: those whose path ends so, or those of which it is true."""


class MemoryStore:
    """A simulator's store that lets others run between any two steps."""

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


class SimulatedNetwork(httpx.AsyncBaseTransport):
    """Leads to the simulator, and remembers what was sent; `accident` may happen to a request on its way."""

    def __init__(self, simulator: Simulator[Any], world: SimulatedWorld) -> None:
        self._simulator = simulator
        self._world = world
        self.sent: list[httpx.Request] = []
        self.accident: Accident | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        await request.aread()
        self.sent.append(request)
        if self.accident is not None:
            return await self.accident(request, self.answer)
        return await self.answer(request)

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """Have the simulator answer."""
        return await self._simulator.answer(request, self._world)


class Merchant:
    """One merchant's world at one simulator; `client` is what its gateways are opened with.

    Args:
        simulator: the plugin's.

    """

    def __init__(self, simulator: Simulator[Any]) -> None:
        self.now = 1_800_000_000_000
        self.store = MemoryStore()
        self.word: DemoWord | None = None
        self.emitted: list[tuple[WebhookRequest, int]] = []
        self.world = SimulatedWorld(
            store=self.store,
            now=lambda: self.now,
            base_url="http://localhost:8000",
            emit=self._emit,
            word=lambda: self.word,
        )
        self.network = SimulatedNetwork(simulator, self.world)
        self.client = httpx.AsyncClient(transport=self.network, follow_redirects=False, trust_env=False)

    async def _emit(self, request: WebhookRequest, delay: int) -> None:
        self.emitted.append((request, delay))

    async def aclose(self) -> None:
        """Close its client."""
        await self.client.aclose()

    def answers(self, where: Where, status: int, *, times: int | None = None, **content: Any) -> None:  # noqa: ANN401 - httpx's
        """Let some calls be answered like this, without reaching the provider: so many of them, or all."""
        left = times

        async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
            nonlocal left
            if not _is_at(where, request) or left == 0:
                return await forward(request)
            left = None if left is None else left - 1
            return httpx.Response(status, **content)

        self.network.accident = accident

    def loses(self, where: Where, error: type[httpx.TransportError] = httpx.ReadTimeout, *, after: bool = True) -> None:
        """Let some calls break off, after or before the provider has acted."""

        async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
            if not _is_at(where, request):
                return await forward(request)
            if after:
                await forward(request)
            raise error("accident", request=request)

        self.network.accident = accident


def _is_at(where: Where, request: httpx.Request) -> bool:
    return request.url.path.endswith(where) if isinstance(where, str) else where(request)


def make_order(amount: int = 4999, currency: str = "USD", **changes: Any) -> Order:  # noqa: ANN401 - of any field
    """Make an order, of 49.99 dollars where nothing else is said."""
    fields: dict[str, Any] = {
        "order_id": "order-1",
        "payment_id": "pay_1",
        "attempt_id": "att_1",
        "description": "Blue shirt",
        "customer": Customer(email="ada@example.com", first_name="Ada", last_name="Lovelace", phone="+44 20 1"),
        "shipping_address": Address(line1="1 Road", city="London", state="", postal_code="N1", country="GB"),
        "return_url": "http://localhost:8000/c/abc",
    }
    return Order(money=Money(amount, currency), **(fields | changes))


def make_refund(paid: Paid, amount: int | None = None, /, **changes: Any) -> RefundOrder:  # noqa: ANN401 - of any field
    """Make a refund of a payment, of all of it where nothing else is said."""
    fields: dict[str, Any] = {
        "refund_id": "ref_1",
        "attempt_id": "ref_att_1",
        "money": paid.money if amount is None else Money(amount, paid.money.currency),
        "reference": paid.reference,
        "transaction_id": paid.transaction_id,
        "paid": paid.money,
    }
    return RefundOrder(**(fields | changes))


def make_order_placed(amount: int = 4999, currency: str = "USD", **changes: Any) -> OrderPlaced:  # noqa: ANN401 - of any field
    """Make a paid order for a marketing system, of 49.99 dollars where nothing else is said."""
    fields: dict[str, Any] = {
        "event_id": "evt_1",
        "order_id": "order-1",
        "occurred_at": 1_800_000_000_000 - 60_000,
        "customer": Customer(email="ada@example.com", first_name="Ada", last_name="Lovelace", phone="(415) 555-0132"),
        "shipping_address": Address(
            line1="1 Road", city="San Francisco", state="CA", postal_code="94103", country="US"
        ),
        "line_items": (LineItem(id="p-1", name="Blue shirt", quantity=2, unit_price=amount // 2, sku="BLUE"),),
    }
    return OrderPlaced(money=Money(amount, currency), **(fields | changes))
