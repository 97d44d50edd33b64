"""One call to Maropost, and the meaning of every way it can end that is not an answer."""

import asyncio
from collections.abc import Mapping

import httpx
import msgspec

from paylinks_ports import (
    View,
    read_object,
    reading,
    succeeded,
)

__all__ = ["MaropostCalls"]


BASE = "https://api.maropost.com"

# Ten may run at a time for the whole account (Maropost knowledge base, "API Request Limits"); other systems of the
# merchant's, and other processes of ours, need some of them.
_AT_ONCE = 5


class MaropostCalls:
    """Sends what it is given, once, with the merchant's token; a few at a time."""

    def __init__(self, account_id: str, api_key: str, client: httpx.AsyncClient) -> None:
        self._client = client
        self._base = f"{BASE}/accounts/{account_id}"
        self._token = api_key
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def send(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: object = None
    ) -> httpx.Response:
        """Send one request, and give back an answer of success.

        Raises:
            TryLater: too many calls run at a time.
            ProviderUnavailable: it did not arrive, or no sensible answer came back.
            CredentialsRejected: the token is unknown, or may not do this.
            ProviderRefused: Maropost calls it wrong.

        """
        return succeeded("Maropost", await self._request(method, path, query, body))

    async def find(self, path: str, query: Mapping[str, str] | None = None) -> httpx.Response | None:
        """Look for one thing; None where Maropost does not have it.

        Raises:
            TryLater, ProviderUnavailable, CredentialsRejected, ProviderRefused: as `send`.

        """
        response = await self._request("GET", path, query)
        return None if response.status_code == httpx.codes.NOT_FOUND else succeeded("Maropost", response)

    async def _request(
        self, method: str, path: str, query: Mapping[str, str] | None, body: object = None
    ) -> httpx.Response:
        # The suffix, too, decides whether Maropost speaks JSON or XML; this is for its errors.
        url, headers, content = f"{self._base}{path}", {"Accept": "application/json"}, None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = msgspec.json.encode(body)
        # The token goes into the address of every call, so nothing that quotes an address may leave this function.
        params = {**(query or {}), "auth_token": self._token}
        # Lost on the way there or on the way back: each call here may be repeated, so it is all the same.
        with reading("Maropost"):
            async with self._turns:
                response = await self._client.request(method, url, params=params, content=content, headers=headers)
        if response.is_success:
            # Maropost also answers 200 with {"message": …, "status": 404}: then that is the status.
            told = View(read_object(response.content))
            if told.fields.get("message") is not None and told.number("status"):
                response.status_code = int(told.number("status"))
        return response
