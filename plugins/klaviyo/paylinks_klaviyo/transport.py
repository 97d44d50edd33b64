"""One call to Klaviyo, and the meaning of every way it can end that is not an answer."""

import re
from collections.abc import Mapping

import httpx
import msgspec
from msgspec import Struct

from paylinks_ports import PaylinksError, RefusalKind, TryLater, nothing_happened, read_json, reading, retry_after

__all__ = ["KlaviyoCalls"]


BASE = "https://a.klaviyo.com"
REVISION = "2026-10-15"
"""The release whose wire format this speaks: required with every call, and served for two years
(developers.klaviyo.com/en/docs/api_versioning_and_deprecation_policy)."""

_JSON_API = "application/vnd.api+json"
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_KEY_CODES = frozenset({"authentication_failed", "invalid_api_key", "missing_api_key", "not_authenticated"})
_WORD = re.compile(r"[\w.\-]{1,64}")
_POINTER = re.compile(r"[\w./\-\[\]]{1,200}")


class _Source(Struct, frozen=True):
    pointer: str | None = None
    parameter: str | None = None


class _Fault(Struct, frozen=True):
    """One error (developers.klaviyo.com/en/docs/rate_limits_and_error_handling); its sentences may quote a customer."""

    code: str = ""
    source: _Source | None = None

    @property
    def told(self) -> str:
        """Its code and the field it is about, where they are no more than that."""
        place = (self.source.pointer or self.source.parameter or "") if self.source else ""
        code = self.code if _WORD.fullmatch(self.code) else "error"
        return f"{code} at {place}" if _POINTER.fullmatch(place) else code


class _Faults(Struct, frozen=True):
    errors: list[_Fault]


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
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: object = None
    ) -> httpx.Response:
        """Send one request, and give back an answer of success.

        Raises:
            TryLater: it is over the account's rate limit.
            ProviderUnavailable: it did not arrive, or no sensible answer came back.
            CredentialsRejected: the key is unknown, or may not do this.
            ProviderRefused: Klaviyo calls it wrong.

        """
        url, headers, content = f"{BASE}{path}", self._headers, None
        if body is not None:
            headers, content = headers | {"Content-Type": _JSON_API}, _ENCODER.encode(body)
        # Lost on the way there or on the way back: each call here may be repeated, so it is all the same.
        with reading("Klaviyo"):
            response = await self._client.request(method, url, params=query, content=content, headers=headers)
        if not response.is_success:
            raise _failure(response)
        return response


def _failure(response: httpx.Response) -> PaylinksError:
    status = response.status_code
    failed = status >= httpx.codes.INTERNAL_SERVER_ERROR
    if status == httpx.codes.TOO_MANY_REQUESTS or (failed and "Retry-After" in response.headers):
        return TryLater("Klaviyo asks to wait", seconds=retry_after(response))
    if failed:
        return nothing_happened("Klaviyo", "doubt", f"HTTP {status}")
    faults = read_json(response.content, _Faults)
    if status == httpx.codes.FORBIDDEN and faults is None:
        # The edge before Klaviyo turned the call away (a challenge in HTML): that says nothing of the key.
        return nothing_happened("Klaviyo", "doubt", "HTTP 403 without JSON")
    first = faults.errors[0] if faults and faults.errors else _Fault()
    of_the_key = status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN) or (
        status == httpx.codes.BAD_REQUEST and first.code in _KEY_CODES
    )
    kind: RefusalKind = "credentials" if of_the_key else "refused"
    return nothing_happened("Klaviyo", kind, f"HTTP {status}, {first.told}")
