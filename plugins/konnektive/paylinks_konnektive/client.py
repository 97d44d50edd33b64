"""Calls to the API (apidocs.checkoutchamp.com): which of them may move money, and what their failures mean.

Everything goes in the body of a POST: in the URL, where the documents put it, passwords and cards would end in logs.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from paylinks_ports import ProviderUnavailable, View, reading, sending

from .answers import LOST, Answer, read
from .settings import KonnektiveCredentials

__all__ = ["KonnektiveClient"]

_BASE = "https://api.checkoutchamp.com"
_SECRET = ("cardNumber", "cardSecurityCode", "password", "loginId")


class KonnektiveClient:
    """One account."""

    def __init__(self, credentials: KonnektiveCredentials, client: httpx.AsyncClient) -> None:
        self._credentials = credentials
        self._client = client

    @asynccontextmanager
    async def before_money(self) -> AsyncIterator[None]:
        """Bound what is asked before any money moves: all is POST here, and cut off from outside it would be in doubt.

        Raises:
            ProviderUnavailable: it takes more than half of the time that a call has.

        """
        patience = self._client.timeout.read
        try:
            async with asyncio.timeout(patience and patience / 2):
                yield
        except TimeoutError:
            raise ProviderUnavailable("Konnektive did not answer in time", details="Nothing was charged") from None

    async def ask(self, path: str, parameters: dict[str, str]) -> Answer:
        """Call something that moves no money, and get a SUCCESS or an ERROR that finds nothing.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: there is no answer.

        """
        with reading("Konnektive"):
            answer = await self._post(path, parameters)
        if answer.kind in ("success", "nothing_found"):
            return answer
        raise answer.error

    async def find(self, path: str, parameters: dict[str, str]) -> tuple[View, ...]:
        """Query; what can't be read is no answer.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: there is no answer.

        """
        answer = await self.ask(path, parameters)
        if answer.kind == "success" and not isinstance(answer.message.fields.get("data"), list):
            raise ProviderUnavailable("Konnektive's answer can't be used")
        return tuple(answer.message.views("data").values())

    async def submit(self, path: str, parameters: dict[str, str]) -> Answer:
        """Call something that moves money, once.

        Raises:
            ProviderUnavailable, CredentialsRejected: nothing happened.

        """
        try:
            with sending("Konnektive"):
                answer = await self._post(path, parameters)
        except httpx.HTTPError:
            # Not httpx's own error: it holds the request, and so a card.
            return LOST
        if answer.kind in ("credentials", "busy"):
            raise answer.error
        return answer

    async def _post(self, path: str, parameters: dict[str, str]) -> Answer:
        form = parameters | {"loginId": self._credentials.login_id, "password": self._credentials.password}
        response = await self._client.post(f"{_BASE}{path}", data=form)
        return read(response, *(form.get(name) for name in _SECRET))
