"""From an HTTP request to an HTTP response: who calls, what for, with which parameters, and the demo's accidents."""

import asyncio
import importlib
import re
import sys
from typing import Any

import httpx

from paylinks_ports import DemoWord, SimulatedWorld, demo_word

from .books import new_id
from .call import Call
from .faults import NOT_FOUND, StripeFault, invalid
from .forms import Form, parse
from .keys import Caller, browser, server
from .replays import keep, reserve
from .routes import ROUTES, Route
from .strict import checked, shape

__all__ = ["answer"]

_OK = 200
_FORM = "application/x-www-form-urlencoded"
_ALWAYS = frozenset({"expand"})


async def answer(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
    """Answer one request as Stripe would.

    Raises:
        httpx.ConnectError, httpx.ReadTimeout: a demo word asks for it.

    """
    try:
        status, body, replayed = await _answer(request, world)
    except StripeFault as fault:
        status, body, replayed = fault.status, {"error": fault.error}, False
    headers = {"Request-Id": new_id("req_", 14)}
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    return httpx.Response(status, json=body, headers=headers, request=request)


async def _answer(request: httpx.Request, world: SimulatedWorld) -> tuple[int, dict[str, Any], bool]:
    form = await _form(request)
    route, name = _find(request)
    caller, form = _caller(request, route, form)
    if "stripe.params" not in sys.modules:
        await asyncio.to_thread(importlib.import_module, "stripe.params")  # slow; the event loop must not wait for it
    given = checked(form, shape(route.parameters))
    for unsupported in sorted(given.keys() - route.supported - _ALWAYS):
        raise invalid(f"The simulator does not support this parameter yet: {unsupported}", param=unsupported)
    call = Call(world=world, caller=caller, path=request.url.path, name=name, given=given)
    word = _word(call) if caller.demo else None
    if word == "demo_error":
        raise httpx.ConnectError("The demo's provider can't be reached", request=request)
    status, body, replayed = await _once(request, world, route, call, form)
    if word == "demo_timeout" and not replayed:
        raise httpx.ReadTimeout("The demo's provider charges, and its reply is lost", request=request)
    return status, body, replayed


def _word(call: Call) -> DemoWord | None:
    """Read what the demo is asked for: by the payment method, or beside a call that confirms a saved one."""
    presented = call.given.get("payment_method")
    return demo_word(presented) or call.world.word() if isinstance(presented, str) else None


async def _once(
    request: httpx.Request, world: SimulatedWorld, route: Route, call: Call, form: dict[str, Form]
) -> tuple[int, dict[str, Any], bool]:
    """Execute a call, or give again what its idempotency key was answered with."""
    key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
    if not key:
        return _OK, await route.endpoint(call), False
    running = await reserve(world, key, request.url.path, form)
    if running.status is not None:
        return running.status, running.body, True
    try:
        status, body = _OK, await route.endpoint(call)
    except StripeFault as fault:
        status, body = fault.status, {"error": fault.error}
    await keep(world, key, running, status, body)
    return status, body, False


async def _form(request: httpx.Request) -> dict[str, Form]:
    if request.method != "POST":
        return parse(request.url.query.decode())
    body = await request.aread()
    if body and request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != _FORM:
        raise invalid(f"Invalid request: the content type must be {_FORM}.")
    try:
        return parse(body.decode())
    except UnicodeDecodeError as error:
        raise invalid("Invalid request: the body is not UTF-8.") from error


def _find(request: httpx.Request) -> tuple[Route, str]:
    for route in ROUTES:
        match = re.fullmatch(re.escape(route.path).replace(r"\{id\}", r"(?P<id>\w+)"), request.url.path)
        if match and route.method == request.method:
            return route, match.groupdict().get("id", "")
    message = f"Unrecognized request URL ({request.method}: {request.url.path})."
    raise invalid(message, status=NOT_FOUND)


def _caller(request: httpx.Request, route: Route, form: dict[str, Form]) -> tuple[Caller, dict[str, Form]]:
    """Read who calls; a browser's proof is taken out of the form."""
    key, secret = form.get("key"), form.get("client_secret")
    if "Authorization" not in request.headers and route.browsers and isinstance(key, str) and isinstance(secret, str):
        return browser(key, secret), {
            name: value for name, value in form.items() if name not in ("key", "client_secret")
        }
    return server(request.headers.get("Authorization")), form
