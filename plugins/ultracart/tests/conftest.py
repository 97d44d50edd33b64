"""A merchant at the simulator, and the orders that it is paid for."""

import functools
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

import paylinks_ports.testing
from paylinks_ports import Order
from paylinks_ultracart import PROVIDER, UltraCartCredentials, UltraCartGateway, UltraCartOptions

API_KEY = "TopSecret-simple-key"
PASSWORD = "TopSecret-password"


class Merchant(paylinks_ports.testing.Merchant):
    """One merchant's world, with an account of its own and the demo's."""

    def __init__(self) -> None:
        super().__init__(PROVIDER.simulator)
        self.credentials = UltraCartCredentials(merchant_id="DEMO", api_key=API_KEY, webhook_secret=PASSWORD)
        self.gateway = self.open(self.credentials, UltraCartOptions(default_item="SHIRT"))
        self.demo = self.open(PROVIDER.simulator.credentials)

    def open(self, credentials: UltraCartCredentials, options: UltraCartOptions | None = None) -> UltraCartGateway:
        """Open an account."""
        return UltraCartGateway(credentials, self.client, options or UltraCartOptions())

    async def call(self, method: str, path: str, *, key: str = API_KEY, **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's
        """Talk to the simulator as anyone could."""
        request = httpx.Request(method, f"https://secure.ultracart.com/rest/v2{path}", **options)
        request.headers["X-UltraCart-Api-Version"] = "2017-03-01"
        request.headers["x-ultracart-simple-key"] = key
        return await PROVIDER.simulator.answer(request, self.world)

    def orders(self) -> list[dict[str, Any]]:
        """Read the books."""
        entries = self.store.entries.items()
        return [json.loads(value)["order"] for key, value in entries if key.startswith("order/")]

    def bodies(self, path: str) -> list[dict[str, Any]]:
        """Read what was sent to a path."""
        return [json.loads(one.content) for one in self.network.sent if one.url.path.endswith(path) and one.content]


@pytest.fixture
async def merchant() -> AsyncIterator[Merchant]:
    """Make a merchant's world."""
    made = Merchant()
    yield made
    await made.aclose()


@pytest.fixture
def make_order() -> Callable[..., Order]:
    """Make orders, of 49.99 dollars where nothing else is said, with what the hosted fields gave."""
    extra = {"cvvToken": "cvv_1", "cardExpirationMonth": "12", "cardExpirationYear": "2030"}
    return functools.partial(paylinks_ports.testing.make_order, extra=extra)
