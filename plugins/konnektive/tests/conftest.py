"""A merchant at the simulator, and what it is asked to charge."""

import functools
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qsl

import httpx
import msgspec
import pytest

import paylinks_ports.testing
from paylinks_konnektive import PROVIDER, KonnektiveCredentials, KonnektiveGateway, KonnektiveOptions
from paylinks_ports import Address, Card, Customer, Order

CREDENTIALS = KonnektiveCredentials(
    login_id="api_user",
    password="TopSecretPassword",
    campaign_id="7",
    webhook_secret="postback-secret-of-the-brand",
)
OPTIONS = KonnektiveOptions(products={"shirt": "33"}, default_product="99")
CARD = Card(number="4111111111111111", month=7, year=2031, cvv="987")


class Merchant(paylinks_ports.testing.Merchant):
    """One merchant's world."""

    def __init__(self) -> None:
        super().__init__(PROVIDER.simulator)
        self.gateway = self.open(CREDENTIALS)
        self.demo = KonnektiveGateway(PROVIDER.simulator.credentials, self.client)

    def open(self, credentials: KonnektiveCredentials = CREDENTIALS, **changes: Any) -> KonnektiveGateway:  # noqa: ANN401 - of any option
        """Open an account."""
        options = msgspec.structs.replace(OPTIONS, **changes)
        return KonnektiveGateway(credentials, self.client, options=options)

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


@pytest.fixture
async def merchant() -> AsyncIterator[Merchant]:
    """Make a merchant's world."""
    made = Merchant()
    yield made
    await made.aclose()


@pytest.fixture
def make_order() -> Callable[..., Order]:
    """Make orders, of 49.99 dollars where nothing else is said."""
    return functools.partial(
        paylinks_ports.testing.make_order,
        payment_id="pay_0hhf7tnbsc2qv3qd9j6g8m1k4p9",
        attempt_id="att_0hhf7tnbsc2qv3qd9j6g8m1k4p0",
        customer=Customer(email="ada@example.com", first_name="Ada", last_name="Lovelace", phone="5125550100"),
        shipping_address=Address(line1="1 Road", city="Austin", state="TX", postal_code="78701", country="US"),
        ip_address="203.0.113.7",
        return_url="https://pay.example.com/c/abc",
    )
