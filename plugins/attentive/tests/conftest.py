"""A brand at the simulator, and what its books say."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest

from paylinks_attentive import INTEGRATION, AttentiveCredentials, AttentiveGateway
from paylinks_attentive.simulator.books import UserRecord
from paylinks_ports.testing import Merchant

KEY = "TopSecretOfAda"


class Brand(Merchant):
    """One brand's world."""

    def __init__(self) -> None:
        super().__init__(INTEGRATION.simulator)
        self.gateway = self.open(AttentiveCredentials(api_key=KEY, sign_up_source_id="unit-1"))

    def open(self, credentials: AttentiveCredentials) -> AttentiveGateway:
        """Open an account."""
        return AttentiveGateway(credentials, self.client)

    async def call(
        self, method: str, path: str, body: object = None, *, key: str = KEY, media: str = "application/json"
    ) -> httpx.Response:
        """Talk to the simulator as anyone could."""
        request = httpx.Request(
            method,
            f"https://api.attentivemobile.com{path}",
            content=msgspec.json.encode(body) if body is not None else None,
            headers={"Content-Type": media, "Authorization": f"Bearer {key}"},
        )
        return await INTEGRATION.simulator.answer(request, self.world)

    def user(self, name: str) -> UserRecord:
        """Read the user of an address or a number."""
        return msgspec.json.decode(self.store.entries[f"user/{name}"], type=UserRecord)

    def purchases(self) -> list[dict[str, Any]]:
        """Read all purchases."""
        entries = self.store.entries.items()
        return [msgspec.json.decode(raw) for key, raw in entries if key.startswith("purchase/")]


@pytest.fixture
async def brand() -> AsyncIterator[Brand]:
    """Make a brand's world."""
    made = Brand()
    yield made
    await made.aclose()
