"""What can happen to one request and its reply on the way between a gateway and its provider."""

from collections.abc import Awaitable, Callable
from itertools import chain
from typing import TypeAlias

import httpx
from msgspec import Struct

__all__ = ["CARD_NUMBER", "EMAIL", "FAULTS", "Fault", "Forward", "rejecting"]

Forward: TypeAlias = Callable[[httpx.Request], Awaitable[httpx.Response]]

CARD_NUMBER = "4111111111111111"
EMAIL = "ada.lovelace@customer.example"
_HTML = "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>{}</h1></body></html>"
_SHAPES = (b'{"unexpected": {"nested": [1, 2, null]}}', b'"a text"', b"[[1]]", b"null", b"17")


class Fault(Struct, frozen=True):
    """One accident.

    Args:
        name: as it is told in a failure.
        reaches: the provider has got the request and acted on it.
        act: lets it happen.
        leaves: a request that changes something counts as one that may have reached the provider.
        answers: the provider's own front answers, in a form that the plugin may or may not read as a refusal.

    """

    name: str
    reaches: bool
    act: Callable[[httpx.Request, Forward], Awaitable[httpx.Response]]
    leaves: bool = True
    answers: bool = False


async def _lost_before(request: httpx.Request, forward: Forward) -> httpx.Response:  # noqa: ARG001 - it goes nowhere
    raise httpx.ReadTimeout("The kit lets the time run out", request=request)


async def _lost_after(request: httpx.Request, forward: Forward) -> httpx.Response:
    await forward(request)
    raise httpx.ReadTimeout("The kit lets the time run out", request=request)


async def _not_connected(request: httpx.Request, forward: Forward) -> httpx.Response:  # noqa: ARG001 - it goes nowhere
    raise httpx.ConnectError("The kit refuses the connection", request=request)


async def _dropped(request: httpx.Request, forward: Forward) -> httpx.Response:
    await forward(request)
    raise httpx.RemoteProtocolError("The kit drops the connection", request=request)


async def _truncated(request: httpx.Request, forward: Forward) -> httpx.Response:
    answer = await forward(request)
    content = await answer.aread()
    headers = {"content-type": answer.headers.get("content-type", "text/plain")}
    return httpx.Response(answer.status_code, headers=headers, content=content[: len(content) // 2], request=request)


async def _echo(request: httpx.Request, forward: Forward) -> httpx.Response:  # noqa: ARG001 - it goes nowhere
    """Refuse in a sentence that quotes all that was sent, as careless providers do."""
    sent = " ".join((*request.headers.values(), str(request.url), request.content.decode(errors="replace")))
    text = f"Invalid request: {sent} {CARD_NUMBER} {EMAIL}"
    keys = ("message", "error_description", "detail", "description", "responsetext", "error_message")
    error = dict.fromkeys(keys, text) | {"error": {"message": text, "type": "invalid_request", "code": "invalid"}}
    return httpx.Response(400, json=error, request=request)


def _html(status: int, title: str, *, reaches: bool = False) -> Fault:
    async def act(request: httpx.Request, forward: Forward) -> httpx.Response:
        if reaches:
            await forward(request)
        return httpx.Response(status, html=_HTML.format(title), request=request)

    return Fault(f"{status} with HTML{' after it was done' if reaches else ''}", reaches, act)


def _content(name: str, content: bytes, kind: str) -> tuple[Fault, Fault]:
    """Answer nonsense with status 200, where the provider has done it and where something before it has answered."""

    async def after(request: httpx.Request, forward: Forward) -> httpx.Response:
        await forward(request)
        return await before(request, forward)

    async def before(request: httpx.Request, forward: Forward) -> httpx.Response:  # noqa: ARG001 - it goes nowhere
        return httpx.Response(200, headers={"content-type": kind}, content=content, request=request)

    return Fault(f"{name} after it was done", reaches=True, act=after), Fault(name, reaches=False, act=before)


def rejecting(answer: httpx.Response) -> Fault:
    """Answer as a provider answers a wrong key."""

    async def act(request: httpx.Request, forward: Forward) -> httpx.Response:  # noqa: ARG001 - it goes nowhere
        headers = {"content-type": answer.headers.get("content-type", "application/json")}
        return httpx.Response(answer.status_code, headers=headers, content=answer.content, request=request)

    return Fault("a wrong key", reaches=False, act=act)


FAULTS: tuple[Fault, ...] = (
    Fault("a timeout before it arrived", reaches=False, act=_lost_before),
    Fault("a timeout after it was done", reaches=True, act=_lost_after),
    Fault("no connection", reaches=False, act=_not_connected, leaves=False),
    Fault("a dropped connection after it was done", reaches=True, act=_dropped),
    Fault("half of the reply", reaches=True, act=_truncated),
    Fault("a refusal that quotes what was sent", reaches=False, act=_echo, answers=True),
    _html(500, "Internal Server Error"),
    _html(502, "Bad Gateway", reaches=True),
    _html(503, "Service Unavailable"),
    *_content("an empty reply", b"", "text/plain"),
    *_content("garbage", b"\x00\xff\xfe<{%&=\x80garbage", "application/octet-stream"),
    *_content("HTML with status 200", _HTML.format("Maintenance").encode(), "text/html"),
    *chain.from_iterable(
        _content(f"JSON of a wrong shape, {shape.decode()}", shape, "application/json") for shape in _SHAPES
    ),
)
"""All of them."""
