"""A merchant at the simulator, with accounts over its own keys and over the demo's."""

import functools
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

import paylinks_ports.testing
from paylinks_ports import Order
from paylinks_stripe import PROVIDER, StripeCredentials, StripeGateway

SECRET_KEY = "sk_test_51TopSecret"
PUBLISHABLE_KEY = "pk_test_51Public"


class Merchant(paylinks_ports.testing.Merchant):
    """One merchant's world."""

    def __init__(self) -> None:
        super().__init__(PROVIDER.simulator)
        self.gateway = self.open(StripeCredentials(secret_key=SECRET_KEY, publishable_key=PUBLISHABLE_KEY))
        self.demo = self.open(PROVIDER.simulator.credentials)

    def open(self, credentials: StripeCredentials) -> StripeGateway:
        """Open an account."""
        return StripeGateway(credentials, self.client)

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


@pytest.fixture
async def merchant() -> AsyncIterator[Merchant]:
    """Make a merchant's world."""
    made = Merchant()
    yield made
    await made.aclose()


@pytest.fixture
def make_order() -> Callable[..., Order]:
    """Make orders, of 49.99 dollars where nothing else is said."""
    return functools.partial(paylinks_ports.testing.make_order, metadata={"campaign": "spring"})
