"""One call to Attentive, and the meaning of every way it can end that is not an answer."""

from collections.abc import Mapping

import httpx
import msgspec

from paylinks_ports import (
    EventInDoubt,
    reading,
    sending,
    succeeded,
)

__all__ = ["AttentiveCalls"]


BASE = "https://api.attentivemobile.com"

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class AttentiveCalls:
    """Sends what it is given, once, with the merchant's key."""

    def __init__(self, api_key: str, client: httpx.AsyncClient) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {api_key}", "Accept": "application/json"}

    async def send(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: object = None
    ) -> httpx.Response:
        """Send one request that may be repeated, and give back an answer of success.

        Raises:
            TryLater: it is over the rate limit.
            ProviderUnavailable: it did not arrive, or no sensible answer came back.
            CredentialsRejected: the key is unknown, or may not do this.
            ProviderRefused: Attentive calls it wrong.

        """
        with reading("Attentive"):
            response = await self._request(method, path, query, body)
        return succeeded("Attentive", response)

    async def find(self, path: str, query: Mapping[str, str]) -> httpx.Response | None:
        """Look for one thing; None where Attentive does not have it.

        Raises:
            TryLater, ProviderUnavailable, CredentialsRejected, ProviderRefused: as `send`.

        """
        with reading("Attentive"):
            response = await self._request("GET", path, query)
        return None if response.status_code == httpx.codes.NOT_FOUND else succeeded("Attentive", response)

    async def send_once(self, path: str, body: object) -> None:
        """Send what would count twice if it were repeated, so that an end that nobody saw is a doubt.

        Raises:
            EventInDoubt: it may have been taken.
            TryLater, ProviderUnavailable, CredentialsRejected, ProviderRefused: as `send`; it was not taken.

        """
        try:
            with sending("Attentive"):
                response = await self._request("POST", path, None, body)
        except httpx.HTTPError as error:
            raise EventInDoubt("Attentive's answer to the purchase was lost", details=type(error).__name__) from None
        if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise EventInDoubt("Attentive failed over the purchase", details=f"HTTP {response.status_code}")
        succeeded("Attentive", response)

    async def _request(
        self, method: str, path: str, query: Mapping[str, str] | None, body: object = None
    ) -> httpx.Response:
        url, headers, content = f"{BASE}{path}", self._headers, None
        if body is not None:
            headers, content = headers | {"Content-Type": "application/json"}, _ENCODER.encode(body)
        return await self._client.request(method, url, params=query, content=content, headers=headers)
