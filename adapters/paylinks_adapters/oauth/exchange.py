"""What calls to both sign-in providers have in common."""

import base64
import hashlib
from typing import TypeVar

import httpx
import msgspec

from paylinks_ports.errors import ProviderUnavailable
from paylinks_ports.sign_in import SignInUnproven

__all__ = ["ask", "challenge", "read"]

T = TypeVar("T")
_MOST_BYTES = 256 * 1024


def challenge(verifier: str) -> str:
    """Give the PKCE challenge of a verifier (S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


async def ask(client: httpx.AsyncClient, request: httpx.Request) -> bytes:
    """Call a provider and give the body of a success.

    Raises:
        ProviderUnavailable: it can't be reached.
        SignInUnproven: it says no.

    """
    try:
        answer = await client.send(request)
    except httpx.HTTPError:
        raise ProviderUnavailable("The sign-in provider could not be reached") from None
    if answer.is_server_error:
        raise ProviderUnavailable("The sign-in provider has an error of its own")
    if not answer.is_success or len(answer.content) > _MOST_BYTES:
        raise SignInUnproven("The sign-in provider refused what came back")
    return answer.content


def read(content: bytes, kind: type[T]) -> T:
    """Decode an answer.

    Raises:
        SignInUnproven: it is something else.

    """
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.DecodeError:
        raise SignInUnproven("The sign-in provider's answer can't be read") from None
