"""One call to Klaviyo, and the meaning of every way it can end that is not an answer."""

import re
from collections.abc import Mapping
from typing import TypeVar

import httpx
import msgspec
from msgspec import Struct

from paylinks_ports import CredentialsRejected, ProviderRefused, ProviderUnavailable, TryLater

__all__ = ["Fault", "KlaviyoCalls", "read"]

A = TypeVar("A", bound=Struct)

BASE = "https://a.klaviyo.com"
REVISION = "2026-10-15"
"""The release whose wire format this speaks: required with every call, and served for two years
(developers.klaviyo.com/en/docs/api_versioning_and_deprecation_policy)."""

_JSON_API = "application/vnd.api+json"
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_OK = range(200, 300)
_BAD_REQUEST = 400
_UNAUTHORIZED = 401
_FORBIDDEN = 403
_THROTTLED = 429
_SERVER_FAILED = 500
_KEY_CODES = frozenset({"authentication_failed", "invalid_api_key", "missing_api_key", "not_authenticated"})
_WORD = re.compile(r"[\w.\-]{1,64}")
_POINTER = re.compile(r"[\w./\-\[\]]{1,200}")


class _Source(Struct, frozen=True):
    pointer: str | None = None
    parameter: str | None = None


class Fault(Struct, frozen=True):
    """One error (developers.klaviyo.com/en/docs/rate_limits_and_error_handling); its sentences may quote a customer."""

    code: str = ""
    source: _Source | None = None

    @property
    def place(self) -> str:
        """The field it is about, or nothing."""
        place = (self.source.pointer or self.source.parameter) if self.source else None
        return place if place and _POINTER.fullmatch(place) else ""


class _Faults(Struct, frozen=True):
    errors: list[Fault]


class KlaviyoCalls:
    """Sends what it is given, once, with the merchant's key."""

    def __init__(self, private_api_key: str, client: httpx.AsyncClient) -> None:
        self._client = client
        self._headers = {
            "Authorization": f"Klaviyo-API-Key {private_api_key}",
            "Accept": _JSON_API,
            "revision": REVISION,
        }

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        tolerated: frozenset[int] = frozenset(),
    ) -> httpx.Response:
        """Send one request; an answer of success, or of a status that is `tolerated`, is given back.

        Raises:
            TryLater: it is over the account's rate limit.
            ProviderUnavailable: it did not arrive, or no sensible answer came back.
            CredentialsRejected: the key is unknown, or may not do this.
            ProviderRefused: Klaviyo calls it wrong.

        """
        headers, content = self._headers, None
        if body is not None:
            headers, content = headers | {"Content-Type": _JSON_API}, _ENCODER.encode(body)
        try:
            response = await self._client.request(
                method, f"{BASE}{path}", params=query, content=content, headers=headers
            )
        except httpx.HTTPError as error:
            # Lost on the way there or on the way back: each call here may be repeated, so it is all the same.
            raise ProviderUnavailable("Klaviyo could not be reached", details=type(error).__name__) from None
        if response.status_code not in _OK and response.status_code not in tolerated:
            raise _meaning(response)
        return response


def read(response: httpx.Response, answer: type[A]) -> A:
    """Decode an answer.

    Raises:
        ProviderUnavailable: it is not in Klaviyo's form.

    """
    try:
        return msgspec.json.decode(response.content, type=answer)
    except msgspec.DecodeError:
        # Without the cause, which may quote a customer.
        raise ProviderUnavailable("Klaviyo's answer makes no sense") from None


def _meaning(response: httpx.Response) -> Exception:
    status, faults = response.status_code, _faults(response)
    if status == _THROTTLED or (status >= _SERVER_FAILED and "Retry-After" in response.headers):
        return TryLater("Klaviyo asks to wait", seconds=_seconds(response.headers.get("Retry-After")))
    if status >= _SERVER_FAILED:
        return ProviderUnavailable("Klaviyo has a failure of its own", details=f"HTTP {status}")
    if status == _FORBIDDEN and faults is None:
        # The edge before Klaviyo turned the call away (a challenge in HTML): that says nothing of the key.
        return ProviderUnavailable("Klaviyo's edge turned the call away", details="HTTP 403 without JSON")
    first = faults[0] if faults else Fault()
    code = first.code if _WORD.fullmatch(first.code) else "error"
    details = f"HTTP {status}, {code}" + (f" at {first.place}" if first.place else "")
    if status in (_UNAUTHORIZED, _FORBIDDEN) or (status == _BAD_REQUEST and code in _KEY_CODES):
        return CredentialsRejected("Klaviyo does not accept the private API key for this", details=details)
    return ProviderRefused("Klaviyo refused the call", details=details)


def _faults(response: httpx.Response) -> list[Fault] | None:
    try:
        return msgspec.json.decode(response.content, type=_Faults).errors
    except msgspec.DecodeError:
        return None


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isascii() and header.isdigit() else None
