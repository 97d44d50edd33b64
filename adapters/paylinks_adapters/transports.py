"""What lies under a plugin's HTTP client: `api_base`, a size limit, and a count of what may have been sent."""

import zlib
from collections.abc import AsyncIterator
from contextvars import ContextVar
from typing import Any

import httpx

from paylinks_ports.providers import SimulatedWorld, Simulator

__all__ = ["MAX_RESPONSE", "SENT", "LiveTransport", "Sent", "SimulatedTransport"]

MAX_RESPONSE = 2 * 1024 * 1024
_READS = frozenset({"GET", "HEAD"})
_PLAIN = frozenset({"", "identity"})
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_EITHER_PACKING = 32 + zlib.MAX_WBITS  # zlib's word for: read from the first bytes whether it is gzip or deflate


class Sent:
    """How many requests that change something may have reached the provider during one call of a gateway."""

    def __init__(self) -> None:
        self.unsafe = 0


SENT: ContextVar[Sent | None] = ContextVar("paylinks_sent", default=None)
"""The count of the call that runs now; tasks made inside the call share it."""


async def _counted(transport: httpx.AsyncBaseTransport, request: httpx.Request) -> httpx.Response:
    """Count a request unless it provably never left."""
    sent = SENT.get()
    counts = sent is not None and request.method not in _READS
    if sent is not None and counts:
        # Before it is sent, not after: a call that is cut off in between must find it counted.
        sent.unsafe += 1
    try:
        return await transport.handle_async_request(request)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol):
        if sent is not None and counts:
            sent.unsafe -= 1
        raise


class LiveTransport(httpx.AsyncBaseTransport):
    """The network; `api_base` takes the place of scheme and host, paths stay the provider's own.

    The pool is shared by all accounts, so closing this closes nothing.
    """

    def __init__(self, pool: httpx.AsyncBaseTransport, api_base: str | None) -> None:
        self._pool = pool
        self._base = httpx.URL(api_base.rstrip("/")) if api_base else None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        response = await _counted(self._pool, self._readdressed(request))
        stream = response.stream
        if not isinstance(stream, httpx.AsyncByteStream):
            return response
        packing = response.headers.get("content-encoding", "").strip().lower()
        if packing not in _PLAIN | _PACKED:
            await stream.aclose()
            raise httpx.DecodingError("the reply is packed in a way that was not asked for")
        # What the client sees is unpacked: it would else unpack without a limit.
        headers = [(name, value) for name, value in response.headers.raw if name.lower() != b"content-encoding"]
        return httpx.Response(
            response.status_code,
            headers=headers,
            stream=_Limited(stream, packed=packing in _PACKED),
            extensions=response.extensions,
        )

    def _readdressed(self, request: httpx.Request) -> httpx.Request:
        """Write a request anew, with its own address kept: the client may send the same one again."""
        url, headers = request.url, request.headers.copy()
        headers["accept-encoding"] = "identity"
        if self._base is not None:
            url = self._base.copy_with(raw_path=self._base.raw_path.rstrip(b"/") + request.url.raw_path)
            headers["host"] = self._base.netloc.decode()
        return httpx.Request(
            request.method, url, headers=headers, stream=request.stream, extensions=dict(request.extensions)
        )


class _Limited(httpx.AsyncByteStream):
    """A reply that breaks off when it grows too large, packed or unpacked."""

    def __init__(self, stream: httpx.AsyncByteStream, *, packed: bool) -> None:
        self._stream = stream
        self._packed = packed

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MAX_RESPONSE
        unpacker = zlib.decompressobj(_EITHER_PACKING) if self._packed else None
        empty = True  # as the answer to a HEAD is, whatever its headers say
        async for chunk in self._stream:
            empty = empty and not chunk
            try:
                # One byte more than may come, so that too much is noticed, and no more is ever unpacked.
                plain = unpacker.decompress(chunk, left + 1) if unpacker else chunk
            except zlib.error:
                raise httpx.DecodingError("the reply can't be unpacked") from None
            left -= len(plain)
            if left < 0:
                raise httpx.ReadError("the reply is too large")
            yield plain
        if unpacker is not None and not (unpacker.eof or empty):
            raise httpx.DecodingError("the reply can't be unpacked")

    async def aclose(self) -> None:
        """Close it."""
        await self._stream.aclose()


class SimulatedTransport(httpx.AsyncBaseTransport):
    """The plugin's simulator in the place of the network; nothing leaves the machine."""

    def __init__(self, simulator: Simulator[Any], world: SimulatedWorld) -> None:
        self._answering = _Answering(simulator, world)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Have the simulator answer one request."""
        return await _counted(self._answering, request)


class _Answering(httpx.AsyncBaseTransport):
    def __init__(self, simulator: Simulator[Any], world: SimulatedWorld) -> None:
        self._simulator = simulator
        self._world = world

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return await self._simulator.answer(request, self._world)
