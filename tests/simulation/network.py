"""The way to the providers with accidents: nothing sent, nothing received, the reply lost, late, or nonsense.

What a provider has received it carries out, whatever becomes of the process that asked and of its connection. It is
done soon, which is what the platform's leases stand on: a call, the longest it may take, and a margin.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from msgspec.structs import replace

from paylinks_ports.providers import PaymentProvider, SimulatedWorld

from .life import Life

__all__ = ["TIMEOUT", "Network", "Pool", "with_network"]

TIMEOUT = 30.0  # seconds that the platform waits for a call
_LATEST = 6.0  # seconds until a provider has carried out a request: within the margin of a lease, less a clock's step

Serve = Callable[[], Awaitable[httpx.Response]]

_HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"


class Network:
    """Carries one process's requests."""

    def __init__(self, life: Life) -> None:
        self._life = life

    async def exchange(self, request: httpx.Request, serve: Serve) -> httpx.Response:
        """Send a request to whoever serves it.

        Raises:
            httpx.TransportError: as a network would have it.

        """
        life, chaos = self._life, self._life.chaos
        where = f"{request.method} {request.url.host}{request.url.path}"
        await life.step(f"sending {where}")
        trouble = chaos.random.choice(_TROUBLES) if chaos.strikes(chaos.weather.network) else None
        if trouble == "no connection":
            life.say(f"{where}: no connection")
            raise httpx.ConnectError("no connection", request=request)
        if trouble == "dropped":
            life.say(f"{where}: dropped")
            await self._silence(request)
        if trouble == "nonsense in its place":
            life.say(f"{where}: {trouble}")
            return httpx.Response(502, content=_HTML, request=request)
        late = chaos.random.uniform(0, _LATEST) if chaos.strikes(chaos.weather.slow) else 0.02
        served = asyncio.get_running_loop().create_task(_served(late, serve))
        served.add_done_callback(_seen)
        if trouble == "reset":
            # The connection ends while the provider is still at work.
            await asyncio.sleep(chaos.random.uniform(0, 2))
            life.say(f"{where}: reset")
            raise httpx.ReadError("reset", request=request)
        response = await asyncio.shield(served)
        life.say(f"{where}: {response.status_code}{f', {trouble}' if trouble else ''}")
        await life.step(f"answered {where}")
        if trouble == "reply lost":
            await self._silence(request)
        if trouble == "nonsense":
            body = chaos.random.choice((_HTML, b"", b"null", b"[]", b"{}", b"\xff\xfe", response.content[:40]))
            return httpx.Response(chaos.random.choice((200, 500, 502)), content=body, request=request)
        if chaos.strikes(chaos.weather.slow):
            await asyncio.sleep(chaos.random.uniform(0, 1.2 * TIMEOUT))
        return response

    async def _silence(self, request: httpx.Request) -> None:
        """Wait for a reply that never comes, until the client's own time is over, or the network says so earlier."""
        await asyncio.sleep(self._life.chaos.random.choice((1, 10, 2 * TIMEOUT)))
        raise httpx.ReadTimeout("no reply", request=request)


_TROUBLES = ("no connection", "dropped", "reply lost", "reset", "nonsense", "nonsense in its place")


async def _served(late: float, serve: Serve) -> httpx.Response:
    await asyncio.sleep(late)
    return await serve()


def _seen(task: asyncio.Task[httpx.Response]) -> None:
    """Take notice of a provider's failure that nobody waits for any more."""
    if not task.cancelled():
        task.exception()


class Pool(httpx.AsyncBaseTransport):
    """In the place of the connection pool of live accounts: every host is a provider's simulator."""

    def __init__(self, network: Network, serve: Callable[[httpx.Request], Awaitable[httpx.Response]]) -> None:
        self._network = network
        self._serve = serve

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        await request.aread()
        return await self._network.exchange(request, lambda: self._serve(request))


def with_network(provider: PaymentProvider[Any], network: Network) -> PaymentProvider[Any]:
    """Give a provider whose simulator, in demo mode, stands behind the network too."""
    simulator = provider.simulator

    async def answer(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
        return await network.exchange(request, lambda: simulator.answer(request, world))

    changed: dict[str, Any] = {"answer": answer}
    if (real := simulator.pay) is not None:

        async def pay(reference: str, word: str, world: SimulatedWorld) -> None:
            async def paid() -> httpx.Response:
                await real(reference, word, world)
                return httpx.Response(200, json={})

            await network.exchange(httpx.Request("POST", f"https://{provider.name}.demo/pay"), paid)

        changed["pay"] = pay
    return replace(provider, simulator=replace(simulator, **changed))
