"""Calls to the API (apidocs.checkoutchamp.com): which of them may move money, and what their failures mean.

Everything goes in the body of a POST: in the URL, where the documents put it, passwords and cards would end in logs.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from msgspec.structs import replace

from paylinks_ports import CredentialsRejected, PaylinksError, ProviderRefused, ProviderUnavailable

from .credentials import KonnektiveCredentials
from .redaction import redact
from .sentences import kind_of
from .wire import Answer, View, read

__all__ = ["KonnektiveClient"]

_BASE = "https://api.checkoutchamp.com"
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
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
        try:
            answer = await self._post(path, parameters)
        except httpx.HTTPError as error:
            raise ProviderUnavailable("Konnektive could not be reached", details=type(error).__name__) from None
        if answer.result == "SUCCESS" or (answer.result == "ERROR" and kind_of(answer.sentence) == "nothing_found"):
            return answer
        raise self.error(answer)

    async def find(self, path: str, parameters: dict[str, str]) -> tuple[View, ...]:
        """Query; what can't be read is no answer.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: there is no answer.

        """
        answer = await self.ask(path, parameters)
        if answer.result == "SUCCESS" and not isinstance(answer.message.fields.get("data"), list):
            raise ProviderUnavailable("Konnektive's answer can't be used")
        return answer.rows

    async def submit(self, path: str, parameters: dict[str, str]) -> Answer | None:
        """Call something that moves money, once; None: its reply is lost.

        Raises:
            ProviderUnavailable, CredentialsRejected: nothing happened.

        """
        try:
            answer = await self._post(path, parameters)
        except _NEVER_SENT as error:
            raise ProviderUnavailable("Konnektive could not be reached", details=type(error).__name__) from None
        except httpx.HTTPError:
            # Not httpx's own error: it holds the request, and so a card.
            return None
        if answer.result == "ERROR" and kind_of(answer.sentence) in ("credentials", "busy"):
            raise self.error(answer)
        return answer

    def error(self, answer: Answer) -> PaylinksError:
        """Say why a call did not happen, in Konnektive's own words."""
        details = answer.sentence or None
        kind = kind_of(answer.sentence) if answer.result == "ERROR" else "doubt"
        match kind:
            case "credentials":
                return CredentialsRejected("Konnektive refused the API user", details=details)
            case "busy":
                return ProviderUnavailable("Konnektive asks to wait: too many calls", details=details)
            case "refused" | "declined" | "nothing_found":
                return ProviderRefused("Konnektive refused the call", details=details)
            case _:
                return ProviderUnavailable("Konnektive's answer can't be used", details=details)

    async def _post(self, path: str, parameters: dict[str, str]) -> Answer:
        form = parameters | {"loginId": self._credentials.login_id, "password": self._credentials.password}
        answer = read(await self._client.post(f"{_BASE}{path}", data=form))
        return replace(answer, sentence=redact(answer.sentence, *(form.get(name) for name in _SECRET)))
