"""Calls to UltraCart's REST API, one at a time for each account; what its answers are (ultracart.com/api/errors.html).

UltraCart refuses a call that comes while another of the same application or address runs (rate_limiting.html), so the
calls of all gateways of one account in this process wait for each other.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import TypeVar
from weakref import WeakKeyDictionary

import httpx
import msgspec
from httpx import codes
from msgspec import Struct

from paylinks_ports import NONSENSE, nothing_happened, reading, sending

from .credentials import UltraCartCredentials
from .wire import Done

__all__ = ["Api"]

T = TypeVar("T", bound=Struct)

_TITLE = "UltraCart"
_BASE = "https://secure.ultracart.com/rest/v2"
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_IN_FORM = frozenset({400, 401, 403, 404, 410})
_LOCKS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[UltraCartCredentials, asyncio.Lock]] = WeakKeyDictionary()


class Api:
    """One account at UltraCart."""

    def __init__(self, credentials: UltraCartCredentials, client: httpx.AsyncClient) -> None:
        self._client = client
        self._account = credentials
        self._headers = {
            "X-UltraCart-Api-Version": "2017-03-01",
            "x-ultracart-simple-key": credentials.api_key,
            "Accept": "application/json",
        }

    async def read(
        self, method: str, path: str, to: type[T], *, query: Mapping[str, str] | None = None, body: object = None
    ) -> T:
        """Make a call that moves no money: every failure of it means that nothing happened.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: as they say.

        """
        with reading(_TITLE):
            answer = await self.ask(method, path, to, query=query, body=body)
        if answer is None:
            raise nothing_happened(_TITLE, "doubt")
        return answer

    async def ask(
        self, method: str, path: str, to: type[T], *, query: Mapping[str, str] | None = None, body: object = None
    ) -> T | None:
        """Make one call, when those before it are over; errors after which it may have arrived come through.

        Returns:
            The answer; None where there is one that does not say what happened.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing happened.

        """
        headers, content = self._headers, None
        if body is not None:
            headers, content = headers | {"Content-Type": "application/json"}, _ENCODER.encode(body)
        locks = _LOCKS.setdefault(asyncio.get_running_loop(), {})
        async with locks.setdefault(self._account, asyncio.Lock()):
            with sending(_TITLE):
                url = f"{_BASE}{path}"
                response = await self._client.request(method, url, params=query, content=content, headers=headers)
        return _read(response, to)


def _read(response: httpx.Response, to: type[T]) -> T | None:
    status = response.status_code
    if status == codes.TOO_MANY_REQUESTS:
        raise nothing_happened(_TITLE, "busy", "Too many calls, or two at once")
    if response.is_success:
        with suppress(*NONSENSE):
            answer = msgspec.json.decode(response.content, type=to)
            if isinstance(answer, Done) and (answer.success is False or answer.error is not None):
                raise nothing_happened(_TITLE, "refused", answer.told)
            return answer
    elif status not in _IN_FORM:
        return None
    # It is nothing but an error; out of UltraCart's form it may be anyone's, and proves nothing.
    with suppress(*NONSENSE):
        done = msgspec.json.decode(response.content, type=Done)
        if done.error is not None:
            refused = status not in (codes.UNAUTHORIZED, codes.FORBIDDEN)
            raise nothing_happened(_TITLE, "refused" if refused else "credentials", done.told)
    return None
