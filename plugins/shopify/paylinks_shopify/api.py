"""Calls to a shop's Admin API with an access token; what answers mean (shopify.dev/docs/api/usage/response-codes)."""

import asyncio
import time
from collections.abc import Mapping
from typing import Literal, TypeVar

import httpx
import msgspec
from msgspec import Raw, Struct, field

from paylinks_ports import CredentialsRejected, PaylinksError, ProviderRefused, ProviderUnavailable

from .credentials import ShopifyCredentials
from .documents import VERSION
from .redaction import redact

__all__ = ["Api", "Refusal", "as_error"]

T = TypeVar("T", bound=Struct)

_UNAUTHORIZED, _FORBIDDEN = 401, 403
_KINDS = {401: "credentials", 403: "credentials", 400: "refused", 402: "refused", 404: "refused", 423: "refused"}
_BUSY = frozenset({429, 430})
_CODES = {
    "THROTTLED": "busy",
    "ACCESS_DENIED": "credentials",
    "MAX_COST_EXCEEDED": "refused",
    "INVALID_VARIABLE": "refused",
    "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED": "refused",
}
"""What an error of a whole call means; every other code leaves in doubt what happened."""

_EARLY_SECONDS = 300
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Refusal(Struct, frozen=True, kw_only=True):
    """Whatever is no answer to the question; `doubt` does not say what happened, after the others nothing did."""

    kind: Literal["credentials", "busy", "refused", "doubt"]
    message: str = ""


class _Extensions(Struct, frozen=True):
    code: str | None = None


class _Error(Struct, frozen=True):
    message: str = ""
    extensions: _Extensions = _Extensions()


class _Answer(Struct, frozen=True):
    data: Raw = Raw(b"null")
    errors: list[_Error] | str = field(default_factory=list)


class _Granted(Struct, frozen=True):
    access_token: str
    expires_in: float


class Api:
    """One shop at Shopify."""

    def __init__(self, credentials: ShopifyCredentials, client: httpx.AsyncClient) -> None:
        self._credentials = credentials
        self._client = client
        self._base = f"https://{credentials.shop_domain}/admin"
        self._granted: tuple[str, float] | None = None
        self._granting = asyncio.Lock()

    async def read(self, document: str, variables: Mapping[str, object], to: type[T]) -> T:
        """Make a call that moves no money: every failure of it means that nothing happened.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: as they say.

        """
        try:
            answer = await self.ask(document, variables, to)
        except httpx.HTTPError as error:
            raise ProviderUnavailable("Shopify could not be reached", details=type(error).__name__) from None
        if isinstance(answer, Refusal):
            raise as_error(answer)
        return answer

    async def ask(self, document: str, variables: Mapping[str, object], to: type[T]) -> T | Refusal:
        """Make one call; errors after which it may have arrived come through.

        Raises:
            ProviderUnavailable, CredentialsRejected: it never left, or there is no access token to make it with.

        """
        token = await self._token()
        response = await self._send(document, variables, token)
        if response.status_code == _UNAUTHORIZED and self._granted is not None:
            # A granted token can be withdrawn before its time; a call that is refused so did nothing.
            self._granted = None
            response = await self._send(document, variables, await self._token())
        return _read(response, to)

    async def _send(self, document: str, variables: Mapping[str, object], token: str) -> httpx.Response:
        try:
            return await self._client.post(
                f"{self._base}/api/{VERSION}/graphql.json",
                json={"query": document, "variables": dict(variables)},
                headers={"X-Shopify-Access-Token": token, "Accept": "application/json"},
            )
        except _NEVER_LEFT as error:
            # Said here, for the platform only knows that something was sent before: what was read goes by POST, too.
            raise ProviderUnavailable("Shopify could not be reached", details=type(error).__name__) from None

    async def _token(self) -> str:
        """Give the merchant's token, or one that is granted for a day (shopify.dev, client credentials grant)."""
        known = self._credentials
        if known.admin_access_token is not None:
            return known.admin_access_token
        async with self._granting:
            if self._granted is None or self._granted[1] <= time.monotonic():
                self._granted = await self._grant()
            return self._granted[0]

    async def _grant(self) -> tuple[str, float]:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.client_id,
            "client_secret": self._credentials.client_secret,
        }
        try:
            response = await self._client.post(f"{self._base}/oauth/access_token", data=form)
        except httpx.HTTPError as error:
            raise ProviderUnavailable("Shopify could not be reached", details=type(error).__name__) from None
        if response.status_code in (400, _UNAUTHORIZED, _FORBIDDEN, 404):
            raise CredentialsRejected("Shopify grants this client no access token")
        try:
            granted = msgspec.json.decode(response.content, type=_Granted) if response.is_success else None
        except (msgspec.DecodeError, UnicodeDecodeError):
            granted = None
        if granted is None:
            raise ProviderUnavailable("Shopify's answer can't be used", details="It grants no access token")
        return granted.access_token, time.monotonic() + max(granted.expires_in - _EARLY_SECONDS, 0)


def _read(response: httpx.Response, to: type[T]) -> T | Refusal:
    if response.status_code in _BUSY:
        return Refusal(kind="busy")
    try:
        answer = msgspec.json.decode(response.content, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Refusal(kind="doubt")
    errors = [_Error(message=answer.errors)] if isinstance(answer.errors, str) else answer.errors
    told = redact(" ".join(error.message for error in errors if error.message))
    if not response.is_success:
        # Without Shopify's own word for it, it may be anyone's answer.
        kind = _KINDS.get(response.status_code, "doubt") if errors else "doubt"
        return Refusal(kind=kind, message=told)  # type: ignore[arg-type]  # the tables hold these words only
    if errors:
        kinds = {_CODES.get(error.extensions.code or "", "doubt") for error in errors}
        return Refusal(kind=kinds.pop() if len(kinds) == 1 else "doubt", message=told)  # type: ignore[arg-type]  # likewise
    try:
        return msgspec.json.decode(answer.data, type=to)
    except msgspec.DecodeError:
        return Refusal(kind="doubt")


def as_error(refusal: Refusal) -> PaylinksError:
    """Say what a refusal means where nothing can have happened."""
    match refusal.kind:
        case "credentials":
            return CredentialsRejected("Shopify refuses this access", details=refusal.message or None)
        case "refused":
            return ProviderRefused("Shopify refuses this call", details=refusal.message or None)
        case "busy":
            return ProviderUnavailable("Shopify asks to wait", details="Too many calls")
        case "doubt":
            return ProviderUnavailable("Shopify's answer can't be used", details=refusal.message or None)
