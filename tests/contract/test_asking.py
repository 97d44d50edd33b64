"""The conformance kit gives an accident the meaning that the platform gives it; they can't share the code."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from msgspec import Struct

from paylinks_adapters.accounts import Double, MerchantAccount
from paylinks_adapters.transports import SimulatedTransport
from paylinks_ports import CredentialsRejected, ProviderRefused, ProviderUnavailable, SimulatedWorld, Simulator
from paylinks_ports.testing import MemoryStore, ask
from paylinks_ports.testing.shops import Network

Raise = Callable[[httpx.Request], Exception]

ACCIDENTS: dict[str, Raise] = {
    "no connection": lambda request: httpx.ConnectError("no", request=request),
    "no connection in time": lambda request: httpx.ConnectTimeout("no", request=request),
    "no free connection": lambda request: httpx.PoolTimeout("no", request=request),
    "another protocol": lambda request: httpx.UnsupportedProtocol("no", request=request),
    "a timeout": lambda request: httpx.ReadTimeout("no", request=request),
    "half a request": lambda request: httpx.WriteError("no", request=request),
    "a dropped connection": lambda request: httpx.RemoteProtocolError("no", request=request),
    "credentials": lambda _: CredentialsRejected("no"),
    "a refusal": lambda _: ProviderRefused("no"),
    "unavailable": lambda _: ProviderUnavailable("no"),
    "a bug": lambda _: KeyError("no"),
}


class NoCredentials(Struct, frozen=True):
    """None."""


class Caller:
    """A gateway that sends one request after another, of which the last one has an accident."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def call(self, *methods: str) -> str:
        """Send them."""
        for method in methods:
            await self.client.request(method, "https://api.example/x")
        return "done"


async def _meaning(asked: Awaitable[object]) -> object:
    try:
        return await asked
    except (CredentialsRejected, ProviderRefused, ProviderUnavailable) as error:
        return type(error), error.message, error.details


@pytest.mark.parametrize("accident", ACCIDENTS)
@pytest.mark.parametrize(
    "methods", [("GET",), ("HEAD",), ("POST",), ("GET", "POST"), ("POST", "GET"), ("PUT", "DELETE")]
)
@pytest.mark.parametrize("task", [False, True])
async def test_the_kit_asks_as_the_platform_does(accident: str, methods: tuple[str, ...], *, task: bool) -> None:
    """Whatever is sent, and whatever then happens, both come to the same."""
    told = []
    for asking in (_by_platform, _by_kit):
        left = list(methods)

        async def answer(request: httpx.Request, world: SimulatedWorld, left: list[str] = left) -> httpx.Response:  # noqa: ARG001 - the port's
            left.pop(0)
            if left:
                return httpx.Response(200)
            raise ACCIDENTS[accident](request)

        world = SimulatedWorld(store=MemoryStore(), now=lambda: 0, base_url="http://localhost")
        told.append(await asking(Simulator(credentials=NoCredentials(), answer=answer), world, methods, task))
    assert told[0] == told[1]


async def _by_platform(
    simulator: Simulator[NoCredentials],
    world: SimulatedWorld,
    methods: tuple[str, ...],
    task: bool,  # noqa: FBT001 - of a table
) -> object:
    double = Double(simulator=simulator, world=world)
    async with httpx.AsyncClient(transport=SimulatedTransport(simulator, world)) as client:
        account = MerchantAccount("example", Caller(client), client, double=double, timeout=30)
        return await _meaning(account.ask(_call(Caller(client), methods, task)))


async def _by_kit(
    simulator: Simulator[NoCredentials],
    world: SimulatedWorld,
    methods: tuple[str, ...],
    task: bool,  # noqa: FBT001 - of a table
) -> object:
    network = Network(simulator, world, lambda _: False)
    async with httpx.AsyncClient(transport=network) as client:
        return await _meaning(ask(network, _call(Caller(client), methods, task)))


class _Later:
    """An awaitable that is no coroutine."""

    def __init__(self, call: Awaitable[str]) -> None:
        self.call = call

    def __await__(self) -> object:
        """Await the call."""
        return self.call.__await__()


def _call(caller: Caller, methods: tuple[str, ...], task: bool) -> Awaitable[str]:  # noqa: FBT001 - of a table
    return _Later(caller.call(*methods)) if task else caller.call(*methods)  # type: ignore[return-value]  # its iterator
