"""One call to Maropost, and the meaning of every way it can end that is not an answer."""

import asyncio
from collections.abc import Mapping
from typing import TypeVar

import httpx
import msgspec
from msgspec import Struct

from paylinks_ports import CredentialsRejected, ProviderRefused, ProviderUnavailable, TryLater

__all__ = ["Answer", "MaropostCalls", "read"]

A = TypeVar("A")

BASE = "https://api.maropost.com"

# Ten may run at a time for the whole account (Maropost knowledge base, "API Request Limits"); other systems of the
# merchant's, and other processes of ours, need some of them.
_AT_ONCE = 5
_OK = range(200, 300)
_UNAUTHORIZED = 401
_FORBIDDEN = 403
_TOO_MANY = 429
_SERVER_FAILED = 500


class _Told(Struct, frozen=True):
    """What a body says of the call's success: Maropost also answers 200 with ``{"message": …, "status": 404}``."""

    status: int | str | None = None
    message: str | None = None


class Answer(Struct, frozen=True):
    """An answer; its status is the body's where that says one."""

    status: int
    content: bytes

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return self.status in _OK


class MaropostCalls:
    """Sends what it is given, once, with the merchant's token; a few at a time."""

    def __init__(self, account_id: str, api_key: str, client: httpx.AsyncClient) -> None:
        self._client = client
        self._base = f"{BASE}/accounts/{account_id}"
        self._token = api_key
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        tolerated: frozenset[int] = frozenset(),
    ) -> Answer:
        """Send one request; an answer of success, or of a status that is `tolerated`, is given back.

        Raises:
            TryLater: too many calls run at a time.
            ProviderUnavailable: it did not arrive, or no sensible answer came back.
            CredentialsRejected: the token is unknown, or may not do this.
            ProviderRefused: Maropost calls it wrong.

        """
        # The suffix, too, decides whether Maropost speaks JSON or XML; this is for its errors.
        headers = {"Accept": "application/json"}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = msgspec.json.encode(body)
        # The token goes into the address of every call, so nothing that quotes an address may leave this function.
        params = {**(query or {}), "auth_token": self._token}
        try:
            async with self._turns:
                response = await self._client.request(
                    method, f"{self._base}{path}", params=params, content=content, headers=headers
                )
        except httpx.HTTPError as error:
            # Lost on the way there or on the way back: each call here may be repeated, so it is all the same.
            raise ProviderUnavailable("Maropost could not be reached", details=type(error).__name__) from None
        answer = Answer(_status(response), response.content)
        if not answer.ok and answer.status not in tolerated:
            raise _meaning(answer.status, response.headers.get("Retry-After"))
        return answer


def read(answer: Answer, kind: type[A]) -> A:
    """Decode an answer.

    Raises:
        ProviderUnavailable: it is not in Maropost's form.

    """
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except msgspec.DecodeError:
        # Without the cause, which may quote a customer.
        raise ProviderUnavailable("Maropost's answer makes no sense") from None


def _status(response: httpx.Response) -> int:
    try:
        told = msgspec.json.decode(response.content, type=_Told)
    except msgspec.DecodeError:
        return response.status_code
    if response.status_code in _OK and told.message is not None and str(told.status or "").isdigit():
        return int(told.status or 0)
    return response.status_code


def _meaning(status: int, retry_after: str | None) -> Exception:
    details = f"HTTP {status}"
    if status == _TOO_MANY:
        seconds = float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else None
        return TryLater("Maropost asks to wait", seconds=seconds)
    if status >= _SERVER_FAILED:
        return ProviderUnavailable("Maropost has a failure of its own", details=details)
    if status in (_UNAUTHORIZED, _FORBIDDEN):
        return CredentialsRejected("Maropost does not accept the API key for this account", details=details)
    return ProviderRefused("Maropost refused the call", details=details)
