"""A merchant at the simulator, and what it is asked to charge."""

import functools
from collections.abc import AsyncIterator, Callable
from urllib.parse import parse_qsl

import httpx
import pytest

import paylinks_ports.testing
from paylinks_nmi import PROVIDER, NmiCredentials, NmiGateway
from paylinks_ports import Address, Order

SECURITY_KEY = "TopSecret0TopSecret0TopSecret012"
SIGNING_KEY = "TopSecretSigningKey"
TRANSACT = "/api/transact.php"
QUERY = "/api/query.php"


class Merchant(paylinks_ports.testing.Merchant):
    """One merchant's world."""

    def __init__(self) -> None:
        super().__init__(PROVIDER.simulator)
        self._tokens = 0
        self.gateway = self.open()
        self.demo = NmiGateway(PROVIDER.simulator.credentials, self.client)

    def open(self, security_key: str = SECURITY_KEY, **fields: str) -> NmiGateway:
        """Open an account."""
        credentials = NmiCredentials(security_key=security_key, webhook_signing_key=SIGNING_KEY, **fields)
        return NmiGateway(credentials, self.client)

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
    await made.aclose()


@pytest.fixture
def make_order() -> Callable[..., Order]:
    """Make orders, of 49.99 dollars where nothing else is said."""
    address = Address(line1="1 Road", city="London", state="", postal_code="N1", country="GB")
    return functools.partial(paylinks_ports.testing.make_order, billing_address=address)
