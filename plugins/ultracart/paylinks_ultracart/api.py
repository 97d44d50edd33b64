"""Calls to UltraCart's REST API, one at a time for each account; what its answers are (ultracart.com/api/errors.html).

UltraCart refuses a call that comes while another of the same application or address runs (rate_limiting.html), so the
calls of all gateways of one account in this process wait for each other.
"""

import asyncio
from collections.abc import Mapping
from typing import Literal, TypeVar
from weakref import WeakKeyDictionary

import httpx
import msgspec
from msgspec import Struct

from paylinks_ports import CredentialsRejected, PaylinksError, ProviderRefused, ProviderUnavailable

from .credentials import UltraCartCredentials
from .redaction import redact
from .wire import Done, Fault

__all__ = ["Api", "Refusal", "as_error"]

T = TypeVar("T", bound=Struct)

_BASE = "https://secure.ultracart.com/rest/v2"
_VERSION = "2017-03-01"
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_IN_FORM = frozenset({400, 401, 403, 404, 410})
_TOO_MANY = 429
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_LOCKS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[UltraCartCredentials, asyncio.Lock]] = WeakKeyDictionary()


class Refusal(Struct, frozen=True, kw_only=True):
    """Whatever is no answer to the question.

    Args:
        kind: `doubt` is an answer that does not say what happened; after the others nothing did.

    """

    kind: Literal["credentials", "busy", "refused", "doubt"]
    message: str = ""


class Api:
    """One account at UltraCart."""

    def __init__(self, credentials: UltraCartCredentials, client: httpx.AsyncClient) -> None:
        self._client = client
        self._account = credentials
        self._headers = {
            "X-UltraCart-Api-Version": _VERSION,
            "x-ultracart-simple-key": credentials.api_key,
            "Accept": "application/json",
        }

    async def read(
        self,
        method: str,
        path: str,
        to: type[T],
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
    ) -> T:
        """Make a call that moves no money: every failure of it means that nothing happened.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: as they say.

        """
        try:
            answer = await self.ask(method, path, to, query=query, body=body)
        except httpx.HTTPError as error:
            raise ProviderUnavailable("UltraCart could not be reached", details=type(error).__name__) from None
        if isinstance(answer, Refusal):
            raise as_error(answer)
        return answer

    async def ask(
        self,
        method: str,
        path: str,
        to: type[T],
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
    ) -> T | Refusal:
        """Make one call, when those before it are over; errors after which it may have arrived come through.

        Raises:
            ProviderUnavailable: it never left.

        """
        headers, content = self._headers, None
        if body is not None:
            headers, content = headers | {"Content-Type": "application/json"}, _ENCODER.encode(body)
        locks = _LOCKS.setdefault(asyncio.get_running_loop(), {})
        async with locks.setdefault(self._account, asyncio.Lock()):
            try:
                response = await self._client.request(
                    method, f"{_BASE}{path}", params=dict(query or {}), content=content, headers=headers
                )
            except _NEVER_LEFT as error:
                # Said here, for the platform only knows that something was sent before: the cart.
                raise ProviderUnavailable("UltraCart could not be reached", details=type(error).__name__) from None
        return _read(response, to)


def _read(response: httpx.Response, to: type[T]) -> T | Refusal:
    if response.status_code == _TOO_MANY:
        return Refusal(kind="busy")
    if response.is_success:
        try:
            answer = msgspec.json.decode(response.content, type=to)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return _faulted(response)
        if isinstance(answer, Done) and (answer.success is False or answer.error is not None):
            return Refusal(kind="refused", message=_sentence(answer.error))
        return answer
    if response.status_code not in _IN_FORM:
        return Refusal(kind="doubt")
    return _faulted(response)


def _faulted(response: httpx.Response) -> Refusal:
    """Read an answer that is nothing but an error; out of UltraCart's form it may be anyone's, and proves nothing."""
    try:
        done = msgspec.json.decode(response.content, type=Done)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Refusal(kind="doubt")
    if done.error is None:
        return Refusal(kind="doubt")
    kind: Literal["credentials", "refused"] = "credentials" if response.status_code in (401, 403) else "refused"
    return Refusal(kind=kind, message=_sentence(done.error))


def _sentence(fault: Fault | None) -> str:
    told = (fault.user_message or fault.developer_message or fault.error_code or "") if fault else ""
    return redact(told)


def as_error(refusal: Refusal) -> PaylinksError:
    """Say what a refusal means where nothing can have happened."""
    match refusal.kind:
        case "credentials":
            return CredentialsRejected("UltraCart refuses this key", details=refusal.message or None)
        case "refused":
            return ProviderRefused("UltraCart refuses this call", details=refusal.message or None)
        case "busy":
            return ProviderUnavailable("UltraCart asks to wait", details="Too many calls, or two at once")
        case "doubt":
            return ProviderUnavailable("UltraCart's answer can't be used")
