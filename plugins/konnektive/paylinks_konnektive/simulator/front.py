"""From an HTTP request to an HTTP response: who calls, which endpoint, with which parameters."""

import re
from typing import Any
from urllib.parse import parse_qsl

import httpx

from paylinks_ports import SimulatedWorld

from ..settings import DEMO
from .call import Call, Endpoint
from .endpoints import ENDPOINTS
from .faults import KonnektiveFault, required

__all__ = ["answer"]

_FORM = "application/x-www-form-urlencoded"
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,2})?")
_NUMBERED = re.compile(r"product([1-9]\d?)_(id|qty|price|shipPrice)")
_LONGEST = 30


async def answer(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
    """Answer one request as Konnektive would.

    Raises:
        httpx.ConnectError, httpx.ReadTimeout: a demo word asks for it.

    """
    endpoint = ENDPOINTS.get(request.url.path)
    if request.method != "POST" or endpoint is None:
        return httpx.Response(404, html="<h1>Not Found</h1>", request=request)
    try:
        result, message = await _answer(request, world, endpoint)
    except KonnektiveFault as fault:
        result, message = "ERROR", fault.message
    return httpx.Response(200, json={"result": result, "message": message}, request=request)


async def _answer(request: httpx.Request, world: SimulatedWorld, endpoint: Endpoint) -> tuple[str, Any]:
    if request.url.query:
        raise KonnektiveFault("The simulator takes parameters in the body only, not in the URL")
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != _FORM:
        raise KonnektiveFault("The body must be a form")
    given = dict(parse_qsl((await request.aread()).decode(errors="replace"), keep_blank_values=True))
    login, password = given.pop("loginId", ""), given.pop("password", "")
    # Any API user is good, but the demo's own has one password.
    if not login or not password or (login == DEMO.login_id) > (password == DEMO.password):
        raise KonnektiveFault("Invalid login credentials")
    _check(given, endpoint)
    return await endpoint.answer(Call(world=world, request=request, given=given, demo=login == DEMO.login_id))


def _check(given: dict[str, str], endpoint: Endpoint) -> None:
    for name in sorted(endpoint.required):
        if not given.get(name):
            raise required(name)
    for name, value in given.items():
        numbered = endpoint.numbered and _NUMBERED.fullmatch(name)
        if name not in endpoint.required | endpoint.optional and not numbered:
            raise KonnektiveFault({name: "is not a valid field"})
        if name.startswith("custom") and len(value) > _LONGEST:
            raise KonnektiveFault({name: f"must be {_LONGEST} characters or less"})
        if name.endswith(("rice", "Amount", "Tax")) and not _AMOUNT.fullmatch(value):
            raise KonnektiveFault({name: "must be a decimal amount"})
