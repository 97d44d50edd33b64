"""A merchant at the simulator, as the kit has one, with a shop of its own and what Shopify's calls have in common."""

import functools
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

import paylinks_ports.testing
from paylinks_ports import Order
from paylinks_shopify import PROVIDER, ShopifyCredentials, ShopifyGateway

SHOP = "paylinks-demo.myshopify.com"
TOKEN = "shpat_TopSecret"
SECRET = "TopSecret-client-secret"


class Merchant(paylinks_ports.testing.Merchant):
    """One merchant's world."""

    def __init__(self) -> None:
        super().__init__(PROVIDER.simulator)
        self.credentials = ShopifyCredentials(shop_domain=SHOP, admin_access_token=TOKEN, webhook_secret=SECRET)
        self.gateway = self.open(self.credentials)
        self.demo = self.open(PROVIDER.simulator.credentials)

    def open(self, credentials: ShopifyCredentials) -> ShopifyGateway:
        """Open a shop."""
        return ShopifyGateway(credentials, self.client)

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
        return [json.loads(one.content)["variables"] for one in self.network.sent if asks(name, one)]


def asks(name: str, request: httpx.Request) -> bool:
    """Say whether a call is of the document of that name."""
    return f" Paylinks{name}".encode() in request.content


def calls(name: str) -> Callable[[httpx.Request], bool]:
    """Choose the calls of one document."""
    return functools.partial(asks, name)


@pytest.fixture
async def merchant() -> AsyncIterator[Merchant]:
    """Make a merchant's world."""
    made = Merchant()
    yield made
    await made.aclose()


@pytest.fixture
def make_order() -> Callable[..., Order]:
    """Make orders, of 49.99 dollars where nothing else is said."""
    return paylinks_ports.testing.make_order
