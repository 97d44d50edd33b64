"""Acme's offline double, in its wire format: demo mode and the tests talk to it."""

import httpx
import msgspec

from paylinks_ports import SimulatedWorld, Simulator, demo_word

from .credentials import AcmeCredentials

__all__ = ["SIMULATOR"]

_KEY = "key_simulated_acme"
_DECLINES = {"demo_decline": "do_not_honor", "demo_soft_decline": "no_funds"}


async def answer(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
    """Answer one request, and keep what it changed."""
    if request.headers.get("authorization") != f"Bearer {_KEY}":
        return httpx.Response(401, json={"error": "key"})
    if request.url.path == "/v1/account":
        return httpx.Response(200, json={"name": "Merchant"})
    kept = await world.store.get(request.url.path)
    word = None
    if kept is None:
        if request.method != "PUT":
            return httpx.Response(404, json={"error": "no_such_charge"})
        asked = msgspec.json.decode(request.content, type=dict[str, str | int])
        word = demo_word(str(asked["token"])) or world.word()
        if word == "demo_error":
            raise httpx.ConnectError("Acme can't be reached", request=request)
        charge = {
            "attempt": request.url.path.rpartition("/")[2],
            "status": "declined" if word in _DECLINES else "paid",
            "amount": asked["amount"],
            "currency": asked["currency"],
            "reason": _DECLINES.get(word or ""),
            "ready": world.now() + 2000 if word == "demo_processing" else 0,
        }
        kept = msgspec.json.encode(charge).decode()
        if not await world.store.put(request.url.path, kept, was=None):
            kept = await world.store.get(request.url.path) or kept  # another process was quicker
    if word == "demo_timeout":
        raise httpx.ReadTimeout("Acme's answer is lost", request=request)
    seen = msgspec.json.decode(kept)
    if seen.pop("ready") > world.now():
        seen["status"] = "processing"
    return httpx.Response(200, json=seen)


SIMULATOR = Simulator(credentials=AcmeCredentials(api_key=_KEY), answer=answer)
