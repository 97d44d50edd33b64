"""Posting to addresses that anyone may have chosen: each is resolved, checked and called as it was checked.

Every post has a connection of its own. A kept one would be reused by address, for a host whose certificate was never
looked at; and what was checked a while ago need not be what the name means now.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus

import httpx

from paylinks_ports.services import Reply

from .logs import redact
from .public_addresses import is_callable

__all__ = ["HttpSender", "Resolve"]

_SECONDS = 30.0  # until an answer begins
_READ_SECONDS = 5.0  # for what of it is kept; whether it was received is known before
_CONNECT_SECONDS = 10.0
_RESOLVE_SECONDS = 5.0
_MOST_BYTES = 64 * 1024  # of an answer
_KEPT_CHARACTERS = 2_000
_KEPT_HEADERS = 20
_RESOLVERS = 32
_HIDDEN = frozenset({"set-cookie", "set-cookie2"})
_LAST_PORT = 65_535
_PORTS = {"http": 80, "https": 443}

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Gives all addresses of a name, in the order of preference; raises `OSError` where it has none."""


class _Refused(Exception):
    """Nothing is sent there."""


class HttpSender:
    """The sender port over HTTP.

    Args:
        allow_private: send to loopback and private networks too.
        resolve: in place of the system's resolver.
        verify: which certificates are trusted, in place of the usual ones.
        seconds: what one post may take in all.

    """

    def __init__(
        self,
        *,
        allow_private: bool,
        resolve: Resolve | None = None,
        verify: ssl.SSLContext | None = None,
        seconds: float = _SECONDS,
    ) -> None:
        self._allow_private = allow_private
        # Threads of their own, as a name server that is dead must not keep anything else from being done.
        self._threads = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="paylinks-resolver")
        self._resolve = resolve or self._ask_system
        self._verify = verify
        self._seconds = seconds

    async def refusal(self, url: str) -> str | None:
        """Say why nothing is ever sent there; a name that has no address now may have one later."""
        try:
            await self._addresses(httpx.URL(url))
        except _Refused as refused:
            return str(refused)
        except (httpx.InvalidURL, UnicodeError):
            return "is no URL that can be called"
        except (OSError, TimeoutError):
            return None
        return None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send once, to an address that was checked for this very connection; never raises."""
        try:
            async with asyncio.timeout(self._seconds) as limit:
                target = httpx.URL(url)
                addresses = await self._addresses(target)
                return await self._post(target, addresses, body, headers, limit)
        except _Refused as refused:
            return Reply(error=f"The address {refused}")
        except (TimeoutError, httpx.TimeoutException):
            return Reply(error=f"No answer within {self._seconds:g} seconds")
        except socket.gaierror:
            return Reply(error="The name has no address")
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            return Reply(error=f"The connection failed ({type(error).__name__})")
        except Exception as error:  # noqa: BLE001 - what anybody's server may do has no end, and nothing of it is ours
            return Reply(error=f"The delivery failed ({type(error).__name__})")

    async def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _addresses(self, url: httpx.URL) -> list[str]:
        """Resolve a URL's host and check every address of it."""
        if url.scheme not in _PORTS or not url.host or not 0 < (url.port or 1) <= _LAST_PORT:
            raise _Refused("is no http or https URL")
        if url.userinfo:
            raise _Refused("holds a user or a password")
        async with asyncio.timeout(_RESOLVE_SECONDS):
            addresses = await self._resolve(url.raw_host.decode("ascii").strip("[]"), url.port or _PORTS[url.scheme])
        if not addresses:
            raise socket.gaierror("no address")
        if not all(is_callable(address, private=self._allow_private) for address in addresses):
            raise _Refused("leads into a private or reserved network")
        return addresses

    async def _ask_system(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return list(dict.fromkeys(str(one[4][0]) for one in found))

    async def _post(
        self, url: httpx.URL, addresses: list[str], body: bytes, headers: Mapping[str, str], limit: asyncio.Timeout
    ) -> Reply:
        if self._verify is None:
            self._verify = httpx.create_ssl_context(trust_env=False)
        host = url.raw_host.decode("ascii").strip("[]")
        own = {"host": url.netloc.decode("ascii"), "accept-encoding": "identity", "connection": "close"}
        timeout = httpx.Timeout(self._seconds, connect=_CONNECT_SECONDS)
        for last, address in ((number == len(addresses), address) for number, address in enumerate(addresses, 1)):
            request = httpx.Request(
                "POST",
                url.copy_with(host=address.partition("%")[0], fragment=None),
                headers={**headers, **own},
                content=body,
                extensions={"sni_hostname": host, "timeout": timeout.as_dict()},
            )
            async with httpx.AsyncHTTPTransport(verify=self._verify, trust_env=False) as connection:
                try:
                    response = await connection.handle_async_request(request)
                except (httpx.ConnectError, httpx.ConnectTimeout):
                    if last:
                        raise
                    continue  # nothing was sent; a name may have an address that is not served
                limit.reschedule(None)
                return await _read(response, min(_READ_SECONDS, self._seconds))
        raise AssertionError("there is at least one address")


async def _read(response: httpx.Response, seconds: float) -> Reply:
    """Read no more of an answer than is worth keeping; what it is was told by its status."""
    text = bytearray()
    with suppress(httpx.HTTPError, TimeoutError):
        async with asyncio.timeout(seconds):
            async for chunk in response.aiter_raw():
                text += chunk
                if len(text) > _MOST_BYTES:
                    break
    with suppress(httpx.HTTPError):
        await response.aclose()
    shown = redact(None, "", {"body": text[:_MOST_BYTES].decode(errors="replace")[:_KEPT_CHARACTERS]})
    names = [name for name in response.headers if name not in _HIDDEN][:_KEPT_HEADERS]
    kept = redact(None, "", {name: response.headers[name][:200] for name in names})
    return Reply(
        status=response.status_code,
        headers={name: str(value) for name, value in kept.items()},
        body=str(shown["body"]),
        error="It redirects, which is not followed" if response.has_redirect_location else None,
        retry_after=_wish(response),
    )


def _wish(response: httpx.Response) -> int:
    """Read how long a receiver that is too busy asks to be left alone, in milliseconds."""
    text = response.headers.get("retry-after", "")
    busy = response.status_code in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
    return int(text[:6]) * 1000 if busy and text.isascii() and text.isdigit() else 0
