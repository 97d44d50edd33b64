"""From an HTTP request to an HTTP response: which door, who calls, and how the answer is written."""

from urllib.parse import urlencode

import httpx

from paylinks_ports import SimulatedWorld

from .faults import GatewayFault
from .forms import checked, read_form
from .keys import caller
from .refunds import refund, void
from .reports import failed_report, report
from .sales import sell

__all__ = ["answer"]

_NOT_FOUND = 404
_NOT_ALLOWED = 405
_HTML = "text/html; charset=UTF-8"
_FIELDS = ("response", "responsetext", "authcode", "transactionid", "avsresponse", "cvvresponse", "orderid", "type")


async def answer(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
    """Answer one request as the gateway would.

    Raises:
        httpx.ConnectError, httpx.ReadTimeout: a demo word asks for it.

    """
    doors = {"/api/transact.php": _transact, "/api/query.php": _query}
    door = doors.get(request.url.path)
    if door is None:
        return httpx.Response(_NOT_FOUND, html="<h1>Not Found</h1>", request=request)
    if request.method != "POST":
        return httpx.Response(_NOT_ALLOWED, html="<h1>Method Not Allowed</h1>", request=request)
    return await door(request, world)


async def _transact(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
    form: dict[str, str] = {}
    try:
        form = await read_form(request)
        who = caller(form.pop("security_key", None))
        match checked(form)["type"]:
            case "sale":
                fields = await sell(request, world, who, form)
            case "void":
                fields = await void(world, form)
            case _:
                fields = await refund(world, form)
    except GatewayFault as fault:
        fields = {"response": "3", "responsetext": fault.text, "response_code": fault.code}
    blank = dict.fromkeys(_FIELDS, "")
    echo = {"orderid": form.get("orderid", ""), "type": form.get("type", "")}
    text = urlencode(blank | echo | fields)
    return httpx.Response(200, content=text, headers={"Content-Type": _HTML}, request=request)


async def _query(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
    try:
        form = await read_form(request)
        caller(form.pop("security_key", None))
        xml = await report(world, form)
    except GatewayFault as fault:
        xml = failed_report(fault.text)
    headers = {"Content-Type": "text/xml; charset=UTF-8"}
    return httpx.Response(200, content=xml, headers=headers, request=request)
