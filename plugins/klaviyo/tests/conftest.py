"""A brand at the simulator, and what its books say."""

from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest

from paylinks_klaviyo import INTEGRATION, KlaviyoCredentials, KlaviyoGateway
from paylinks_klaviyo.simulator.books import EventRecord, ProfileRecord
from paylinks_ports.testing import Merchant

KEY = "pk_TopSecretOfAda"


class Brand(Merchant):
    """One brand's world."""

    def __init__(self) -> None:
        super().__init__(INTEGRATION.simulator)
        self.gateway = self.open(KlaviyoCredentials(private_api_key=KEY, default_list_id="Cstmrs"))

    def open(self, credentials: KlaviyoCredentials) -> KlaviyoGateway:
        """Open an account."""
        return KlaviyoGateway(credentials, self.client)

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        """Talk to the simulator as anyone could; a header that is empty is left out."""
        given = {
            "Authorization": f"Klaviyo-API-Key {KEY}",
            "revision": "2026-10-15",
            "Content-Type": "application/vnd.api+json",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        request = httpx.Request(
            method,
            f"https://a.klaviyo.com{path}",
            content=msgspec.json.encode(body) if body is not None else None,
            headers={name: value for name, value in given.items() if value},
        )
        return await INTEGRATION.simulator.answer(request, self.world)

    async def unsubscribe(self, email: str) -> None:
        """Play the customer who follows the link in an e-mail."""
        withdrawn = {"email": {"marketing": {"consent": "UNSUBSCRIBED"}}}
        profile = {"type": "profile", "attributes": {"email": email, "subscriptions": withdrawn}}
        job = {"type": "profile-subscription-bulk-delete-job", "attributes": {"profiles": {"data": [profile]}}}
        answer = await self.call("POST", "/api/profile-subscription-bulk-delete-jobs", {"data": job})
        assert answer.status_code == 202

    def profile(self, email: str) -> ProfileRecord:
        """Read the profile of an address."""
        profile_id = self.store.entries[f"identifier/email/{email}"]
        return msgspec.json.decode(self.store.entries[f"profile/{profile_id}"], type=ProfileRecord)

    def events(self) -> list[EventRecord]:
        """Read all events."""
        entries = self.store.entries.items()
        return [msgspec.json.decode(raw, type=EventRecord) for key, raw in entries if key.startswith("event/")]


@pytest.fixture
async def brand() -> AsyncIterator[Brand]:
    """Make a brand's world."""
    made = Brand()
    yield made
    await made.aclose()
