"""What it means when a call to a provider fails: certainly nothing happened, or nobody can say."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, TypeAlias, TypeVar

import httpx

from .errors import CredentialsRejected, PaylinksError, ProviderRefused, ProviderUnavailable
from .marketing import TryLater
from .views import read_json

__all__ = [
    "NEVER_SENT",
    "RefusalKind",
    "nothing_happened",
    "read_answer",
    "reading",
    "retry_after",
    "sending",
    "succeeded",
]

T = TypeVar("T")

NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
"""httpx's errors after which a request has certainly not left."""

RefusalKind: TypeAlias = Literal["credentials", "busy", "refused", "doubt"]
"""What an answer is that is not what was asked for. After the first three nothing happened: the credentials were
refused, the provider asks to wait, it calls the request wrong. ``doubt`` does not say what happened."""


@contextmanager
def sending(title: str) -> Iterator[None]:
    """Make one call that may move money; what may have arrived comes through as httpx's own error.

    For gateways that have sent other requests before it: to the platform all that are no GET look alike.

    Raises:
        ProviderUnavailable: it never left.

    """
    try:
        yield
    except NEVER_SENT as error:
        raise ProviderUnavailable(f"{title} could not be reached", details=type(error).__name__) from None


@contextmanager
def reading(title: str) -> Iterator[None]:
    """Make one call that moves no money, so that every failure of it means that nothing happened.

    Raises:
        ProviderUnavailable: it never left, or its answer is lost.

    """
    try:
        yield
    except httpx.HTTPError as error:
        # Without the cause: it holds the request, and so credentials.
        raise ProviderUnavailable(f"{title} could not be reached", details=type(error).__name__) from None


def retry_after(response: httpx.Response) -> float | None:
    """Read how many seconds an answer asks to wait; None where it says none, or a date."""
    header = response.headers.get("Retry-After", "")
    return float(header) if header.isascii() and header.isdigit() else None


def nothing_happened(title: str, kind: RefusalKind, details: str | None = None) -> PaylinksError:
    """Give the error for a call that did nothing, or one that moves no money.

    Args:
        title: the provider's name.
        kind: what its answer was.
        details: its own sentence, fit to be shown; an empty one is none.

    """
    match kind:
        case "credentials":
            return CredentialsRejected(f"{title} does not accept these credentials", details=details or None)
        case "busy":
            return ProviderUnavailable(f"{title} asks to wait", details=details or None)
        case "refused":
            return ProviderRefused(f"{title} refused the call", details=details or None)
        case "doubt":
            return ProviderUnavailable(f"{title}'s answer can't be used", details=details or None)


def succeeded(title: str, response: httpx.Response) -> httpx.Response:
    """Give back an answer of success, told by its status alone; for calls that may be repeated.

    Raises:
        TryLater: there were too many.
        CredentialsRejected, ProviderRefused, ProviderUnavailable: as the status says; a failure of the provider's own
            is the last one.

    """
    status = response.status_code
    if response.is_success:
        return response
    if status == httpx.codes.TOO_MANY_REQUESTS:
        raise TryLater(f"{title} asks to wait", seconds=retry_after(response))
    kind: RefusalKind = "doubt" if response.is_server_error else "refused"
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        kind = "credentials"
    raise nothing_happened(title, kind, f"HTTP {status}")


def read_answer(title: str, response: httpx.Response, kind: type[T]) -> T:
    """Read the body of an answer to a call that moves no money.

    Raises:
        ProviderUnavailable: it is not in the provider's form.

    """
    found = read_json(response.content, kind)
    if found is None:
        raise nothing_happened(title, "doubt", "It is not in the form of an answer")
    return found
