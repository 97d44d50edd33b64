"""A merchant at the simulator, and what it is asked to charge."""

import functools
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import msgspec
import pytest

import paylinks_ports.testing
from paylinks_ports import Address, Order
from paylinks_sticky import PROVIDER, StickyCredentials, StickyGateway, StickyOptions

CREDENTIALS = StickyCredentials(
    app_key="acme",
    username="api_user",
    password="TopSecretPassword",
    campaign_id="7",
    webhook_secret="postback-secret-of-the-brand",
)
OPTIONS = msgspec.convert(
    {
        "products": {"shirt": {"offerId": "3", "productId": "33", "billingModelId": "2"}},
        "defaultProduct": {"offerId": "9", "productId": "99"},
        "shippingId": "5",
    },
    StickyOptions,
)


class Merchant(paylinks_ports.testing.Merchant):
    """One merchant's world."""

    def __init__(self) -> None:
        super().__init__(PROVIDER.simulator)
        self.gateway = self.open(CREDENTIALS)
        self.demo = StickyGateway(PROVIDER.simulator.credentials, self.client)

    def open(self, credentials: StickyCredentials = CREDENTIALS, **changes: Any) -> StickyGateway:  # noqa: ANN401 - of any option
        """Open an account."""
        options = msgspec.structs.replace(OPTIONS, **changes)
        return StickyGateway(credentials, self.client, options=options)

    def sent(self, method: str) -> list[dict[str, Any]]:
        """Read what was sent to one method."""
        return [
            msgspec.json.decode(request.content)
            for request in self.network.sent
            if request.url.path == f"/api/v1/{method}"
        ]

    async def call(self, method: str, **given: Any) -> dict[str, Any]:  # noqa: ANN401 - of any parameter
        """Talk to the simulator as anyone could."""
        user = httpx.BasicAuth(CREDENTIALS.username, CREDENTIALS.password)
        request = next(user.auth_flow(httpx.Request("POST", f"https://acme.sticky.io/api/v1/{method}", json=given)))
        answer: dict[str, Any] = (await PROVIDER.simulator.answer(request, self.world)).json()
        return answer


@pytest.fixture
async def merchant() -> AsyncIterator[Merchant]:
    """Make a merchant's world."""
    made = Merchant()
    yield made
    await made.aclose()


@pytest.fixture
def make_order() -> Callable[..., Order]:
    """Make orders of a customer of whom all is known that Sticky.io asks for."""
    address = Address(line1="1 Road", city="Austin", state="TX", postal_code="78701", country="US")
    return functools.partial(paylinks_ports.testing.make_order, shipping_address=address, ip_address="203.0.113.7")
