"""A brand at the simulator, and what its books say."""

from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest

from paylinks_maropost import INTEGRATION, MaropostCredentials, MaropostGateway
from paylinks_maropost.simulator.books import ContactRecord, OrderRecord
from paylinks_ports.testing import Merchant

KEY = "TopSecretOfAda"
ACCOUNT = "77"


class Brand(Merchant):
    """One brand's world."""

    def __init__(self) -> None:
        super().__init__(INTEGRATION.simulator)
        self.gateway = self.open(MaropostCredentials(account_id=ACCOUNT, api_key=KEY, default_list_id="2"))

    def open(self, credentials: MaropostCredentials) -> MaropostGateway:
        """Open an account."""
        return MaropostGateway(credentials, self.client)

    async def call(
        self, method: str, path: str, body: object = None, *, token: str = KEY, media: str = "application/json"
    ) -> httpx.Response:
        """Talk to the simulator as anyone could."""
        request = httpx.Request(
            method,
            f"https://api.maropost.com/accounts/{ACCOUNT}{path}",
            content=msgspec.json.encode(body) if body is not None else None,
            headers={"Content-Type": media},
        )
        if token:
            request.url = request.url.copy_add_param("auth_token", token)
        return await INTEGRATION.simulator.answer(request, self.world)

    def contact(self, email: str) -> ContactRecord:
        """Read the contact of an address."""
        return msgspec.json.decode(self.store.entries[f"contact/{email}"], type=ContactRecord)

    def subscribed(self, email: str) -> list[int]:
        """Name the lists that a contact gets."""
        return [list_id for list_id, each in self.contact(email).lists.items() if each.status == "Subscribed"]

    def orders(self) -> list[OrderRecord]:
        """Read all orders."""
        raw = [raw for key, raw in self.store.entries.items() if key.startswith("order/")]
        return [order for each in raw for order in msgspec.json.decode(each, type=list[OrderRecord])]


@pytest.fixture
async def brand() -> AsyncIterator[Brand]:
    """Make a brand's world."""
    made = Brand()
    yield made
    await made.aclose()
