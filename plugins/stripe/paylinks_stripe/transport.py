"""The platform's HTTP client, in the place of the SDK's own. Importing this imports the SDK."""

from collections.abc import Mapping
from typing import Any

import httpx
import stripe

__all__ = ["PlatformTransport"]


class PlatformTransport(stripe.HTTPClient):
    """Sends what the SDK has written, once.

    The SDK's own client would wrap every httpx error in an `APIConnectionError`; here they come through as they are,
    because "could not connect" and "the reply is lost" are different facts about a customer's money.
    """

    name = "httpx"

    def __init__(self, client: httpx.AsyncClient) -> None:
        super().__init__()
        self._client = client

    async def request_async(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        post_data: Any = None,  # noqa: ANN401 - the SDK's signature; it is text here
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Send one request."""
        # The SDK describes the machine it runs on, and which program started it, in these two.
        sent = {name: value for name, value in headers.items() if name != "X-Stripe-Client-User-Agent"}
        sent["User-Agent"] = sent["User-Agent"].partition(" AIAgent/")[0]
        response = await self._client.request(method, url, headers=sent, content=post_data)
        # The SDK would raise Stripe's notices (of keys soon to expire) as Python warnings.
        received = {name.lower(): value for name, value in response.headers.items() if name.lower() != "stripe-notice"}
        return response.content, response.status_code, received
