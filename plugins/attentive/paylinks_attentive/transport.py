"""One call to Attentive, and the meaning of every way it can end that is not an answer."""

from collections.abc import Mapping
from typing import TypeVar

import httpx
import msgspec

from paylinks_ports import (
    CredentialsRejected,
    EventInDoubt,
    PaylinksError,
    ProviderRefused,
    ProviderUnavailable,
    TryLater,
)

__all__ = ["AttentiveCalls", "read"]

A = TypeVar("A")

BASE = "https://api.attentivemobile.com"

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_OK = range(200, 300)
_UNAUTHORIZED = 401
_FORBIDDEN = 403
_TOO_MANY = 429
_SERVER_FAILED = 500
# These prove that nothing was sent.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class AttentiveCalls:
    """Sends what it is given, once, with the merchant's key."""

    def __init__(self, api_key: str, client: httpx.AsyncClient) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {api_key}", "Accept": "application/json"}

    async def send(  # noqa: PLR0913 - a request has that many parts
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        tolerated: frozenset[int] = frozenset(),
        counts: bool = False,
    ) -> httpx.Response:
        """Send one request; an answer of success, or of a status that is `tolerated`, is given back.

        Args:
            counts: a second one of the same would count twice, so an end that nobody saw is a doubt.

        Raises:
            TryLater: it is over the rate limit.
            ProviderUnavailable: it did not arrive, or no sensible answer came back.
            CredentialsRejected: the key is unknown, or may not do this.
            ProviderRefused: Attentive calls it wrong.
            EventInDoubt: it `counts`, and may have been taken.

        """
        headers, content = self._headers, None
        if body is not None:
            headers, content = headers | {"Content-Type": "application/json"}, _ENCODER.encode(body)
        try:
            response = await self._client.request(
                method, f"{BASE}{path}", params=query, content=content, headers=headers
            )
        except httpx.HTTPError as error:
            kind = type(error).__name__
            if counts and not isinstance(error, _UNSENT):
                raise EventInDoubt("Attentive's answer to the purchase was lost", details=kind) from None
            raise ProviderUnavailable("Attentive could not be reached", details=kind) from None
        if response.status_code not in _OK and response.status_code not in tolerated:
            raise _meaning(response, counts=counts)
        return response


def read(response: httpx.Response, answer: type[A]) -> A:
    """Decode an answer.

    Raises:
        ProviderUnavailable: it is not in Attentive's form.

    """
    try:
        return msgspec.json.decode(response.content, type=answer)
    except msgspec.DecodeError:
        # Without the cause, which may quote a customer.
        raise ProviderUnavailable("Attentive's answer makes no sense") from None


def _meaning(response: httpx.Response, *, counts: bool) -> PaylinksError:
    """Tell by the status alone: of the body's form nothing certain is known, and it may quote a customer."""
    status = response.status_code
    details = f"HTTP {status}"
    if status == _TOO_MANY:
        after = response.headers.get("Retry-After", "")
        return TryLater("Attentive asks to wait", seconds=float(after) if after.isascii() and after.isdigit() else None)
    if status >= _SERVER_FAILED and counts:
        return EventInDoubt("Attentive failed over the purchase", details=details)
    if status >= _SERVER_FAILED:
        return ProviderUnavailable("Attentive has a failure of its own", details=details)
    if status in (_UNAUTHORIZED, _FORBIDDEN):
        return CredentialsRejected("Attentive does not accept the API key for this", details=details)
    return ProviderRefused("Attentive refused the call", details=details)
