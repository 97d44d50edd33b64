"""Serves one plugin's simulator over HTTP, for anyone's tests: an ASGI application without a framework."""

import asyncio
from typing import Any

import httpx

from paylinks_ports.marketing import MarketingIntegration
from paylinks_ports.providers import PaymentProvider, SimulatedWorld

__all__ = ["simulator_app"]

_SILENCE_SECONDS = 600


def simulator_app(plugin: PaymentProvider[Any] | MarketingIntegration[Any], world: SimulatedWorld) -> Any:  # noqa: ANN401 - an ASGI application
    """Make the application; for a memory that lasts, give the world a `gateways.StoredEntries`.

    What the simulator raises as `httpx.ConnectError` or `httpx.ReadTimeout` closes the connection without a reply. A
    caller on the other side of a network can't tell the two apart, as in life: both leave it in doubt. ASGI has no word
    for it, so it is done on uvicorn's own connection; under another server the reply is kept back until the caller
    hangs up, for ten minutes at most.
    """

    async def application(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        if scope["type"] != "http":
            raise NotImplementedError("only HTTP is simulated")  # as ASGI asks of applications without a lifespan
        body = await _body(receive)
        if body is None:
            return
        try:
            response = await plugin.simulator.answer(_request(scope, body), world)
        except httpx.TransportError:
            await _drop(receive, send)
            return
        headers = [(name.lower(), value) for name, value in response.headers.raw]
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": await response.aread()})

    return application


async def _body(receive: Any) -> bytes | None:  # noqa: ANN401 - ASGI
    """Read a whole body; None where the caller hung up before its end, which so is no request."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _request(scope: Any, body: bytes) -> httpx.Request:  # noqa: ANN401 - ASGI
    host = next((value for name, value in scope["headers"] if name == b"host"), b"localhost").decode("latin-1")
    path = scope.get("raw_path") or scope["path"].encode()
    query = b"?" + scope["query_string"] if scope["query_string"] else b""
    url = f"http://{host}{(path + query).decode('latin-1')}"
    return httpx.Request(scope["method"], url, headers=scope["headers"], content=body)


async def _drop(receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
    connection = getattr(getattr(send, "__self__", None), "transport", None)
    if connection is not None:
        connection.abort()

    async def hung_up() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    try:
        await asyncio.wait_for(hung_up(), _SILENCE_SECONDS)
    except TimeoutError:
        return
