"""Calls to a shop's Admin API with an access token; what answers mean (shopify.dev/docs/api/usage/response-codes)."""

import asyncio
import time
from collections.abc import Mapping
from typing import TypeVar

import httpx
import msgspec
from msgspec import Raw, Struct, field

from paylinks_ports import NONSENSE, CredentialsRejected, Redaction, RefusalKind, nothing_happened, reading, sending

from .credentials import ShopifyCredentials
from .documents import VERSION, Document

__all__ = ["Api", "Doubt", "redact"]

T = TypeVar("T")

redact = Redaction(r"[A-Za-z0-9_-]{24,}")
"""Makes Shopify's sentences fit to be shown: without tokens, too, whatever they begin with."""

_BUSY = frozenset({429, 430})
_KINDS: dict[RefusalKind, set[int | str | None]] = {
    "credentials": {401, 403, "ACCESS_DENIED"},
    "busy": {"THROTTLED"},
    "refused": {400, 402, 404, 423, "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED", "INVALID_VARIABLE", "MAX_COST_EXCEEDED"},
}
"""What errors of a whole call mean, by the answer's status or by their codes; others leave in doubt what happened."""

_EARLY_SECONDS = 300


class Doubt(Exception):
    """An answer that does not say what happened, with Shopify's own sentence where it has one."""


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

    async def read(self, document: Document[T], **variables: object) -> T:
        """Make a call that moves no money: every failure of it means that nothing happened.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: as they say.

        """
        with reading("Shopify"):
            try:
                return await self.ask(document, **variables)
            except Doubt as doubt:
                raise nothing_happened("Shopify", "doubt", str(doubt)) from None

    async def ask(self, document: Document[T], **variables: object) -> T:
        """Make one call; httpx's errors after which it may have arrived come through.

        Raises:
            Doubt: nobody can say what happened.
            ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing did.

        """
        response = await self._send(document.text, variables)
        if response.status_code == httpx.codes.UNAUTHORIZED and self._granted is not None:
            # A granted token can be withdrawn before its time; a call that is refused so did nothing.
            self._granted = None
            response = await self._send(document.text, variables)
        return _read(response, document)

    async def _send(self, text: str, variables: Mapping[str, object]) -> httpx.Response:
        token = await self._token()
        with sending("Shopify"):
            return await self._client.post(
                f"{self._base}/api/{VERSION}/graphql.json",
                json={"query": text, "variables": variables},
                headers={"X-Shopify-Access-Token": token, "Accept": "application/json"},
            )

    async def _token(self) -> str:
        """Give the merchant's token, or one that is granted for a day (shopify.dev, client credentials grant)."""
        if self._credentials.admin_access_token is not None:
            return self._credentials.admin_access_token
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
        with reading("Shopify"):
            response = await self._client.post(f"{self._base}/oauth/access_token", data=form)
        if response.status_code in (400, 401, 403, 404):
            raise CredentialsRejected("Shopify grants this client no access token")
        try:
            granted = msgspec.json.decode(response.content if response.is_success else b"", type=_Granted)
        except NONSENSE:
            raise nothing_happened("Shopify", "doubt", "It grants no access token") from None
        return granted.access_token, time.monotonic() + max(granted.expires_in - _EARLY_SECONDS, 0)


def _read(response: httpx.Response, document: Document[T]) -> T:
    if response.status_code in _BUSY:
        raise nothing_happened("Shopify", "busy", "Too many calls")
    try:
        answer = msgspec.json.decode(response.content, type=_Answer)
        if response.is_success and not answer.errors:
            return msgspec.json.decode(answer.data, type=document.data)[document.field]
    except (*NONSENSE, KeyError):
        raise Doubt from None
    errors = [_Error(answer.errors)] if isinstance(answer.errors, str) else answer.errors
    told = redact(" ".join(error.message for error in errors))
    # Without Shopify's own word for it, a status may be anyone's answer.
    said = {error.extensions.code if response.is_success else response.status_code for error in errors}
    kind = next((kind for kind, known in _KINDS.items() if said and said <= known), None)
    if kind is None:
        raise Doubt(told)
    raise nothing_happened("Shopify", kind, told)
