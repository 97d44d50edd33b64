"""Reference Pay's simulator: payments with several charges, idempotency keys, a search that lags, signed webhooks."""

import hashlib
import hmac
from decimal import Decimal
from typing import Any, TypeVar

import httpx
import msgspec
from msgspec import Struct

from paylinks_ports import Card, SimulatedWorld, Simulator, WebhookRequest, demo_word

__all__ = ["SIGNED_HEADER", "SIMULATOR_KEY", "SIMULATOR_SECRET", "simulator"]

C = TypeVar("C", bound=Struct)
SIMULATOR_KEY = "rk_simulated_0123456789"
SIMULATOR_SECRET = "whsec_simulatedSecret42"
SIGNED_HEADER = "x-reference-signature"
LAG = 30_000
REASONS = {"demo_decline": "do_not_honor", "demo_soft_decline": "no_funds", "tok_expired": "expired"}
CARDS = {
    "demo_decline": "4000000000000002",
    "demo_soft_decline": "4000000000009995",
    "demo_3ds": "4000000000003220",
    "demo_processing": "4000000000000077",
    "demo_timeout": "4000000000000119",
    "demo_error": "4000000000000341",
}


def simulator(credentials: C) -> Simulator[C]:
    """Make it."""
    return Simulator(credentials=credentials, answer=answer, card=card)


def card(token: str) -> Card:
    """Give the test card of a word."""
    return Card(number=CARDS.get(token, "4242424242424242"), month=12, year=2040, cvv="123")


async def answer(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
    """Answer one request."""
    if request.headers.get("authorization") != f"Bearer {SIMULATOR_KEY}":
        return httpx.Response(401, json={"refused": "key"})
    books = Books(world)
    await books.open()
    body = msgspec.json.decode(request.content) if request.content else {}
    key = request.headers.get("idempotency-key")
    if key and (kept := books.kept.get(key + request.url.path)):
        return httpx.Response(kept[0], json=kept[1])
    status, told, after = books.answer(request, body)
    if after == "demo_error":
        raise httpx.ConnectError("demo", request=request)
    if key:
        books.kept[key + request.url.path] = [status, told]
    await books.close()
    if after == "demo_processing":
        await world.emit(books.webhook(told), 2000)
    if after == "demo_timeout":
        raise httpx.ReadTimeout("demo", request=request)
    return httpx.Response(status, json=told)


class Books:
    """All that the simulator remembers, in one entry."""

    def __init__(self, world: SimulatedWorld) -> None:
        self.world = world

    async def open(self) -> None:
        """Read it."""
        self.was = await self.world.store.get("books")
        whole = (
            msgspec.json.decode(self.was) if self.was else {"payments": {}, "charges": [], "refunds": {}, "kept": {}}
        )
        self.whole: dict[str, Any] = whole
        self.payments, self.charges, self.refunds, self.kept = (
            whole[name] for name in ("payments", "charges", "refunds", "kept")
        )

    async def close(self) -> None:
        """Write it."""
        assert await self.world.store.put("books", msgspec.json.encode(self.whole).decode(), was=self.was)

    def answer(  # noqa: C901, PLR0911 - one for each route
        self, request: httpx.Request, body: dict[str, str]
    ) -> tuple[int, Any, str | None]:
        """Find what is asked, and do it; give status, JSON, and the demo word to end with."""
        match request.method, request.url.path.strip("/").split("/"):
            case "GET", ["account"]:
                return 200, {"name": "Merchant"}, None
            case "POST", ["payments"]:
                return 200, self.new(body), None
            case "GET", ["payments", name] if name in self.payments:
                return 200, self.seen(self.payments[name]), None
            case "GET", ["history", name]:
                return 200, [self.seen(one) for one in self.charges if one["id"] == name], None
            case "POST", ["payments", name, "charge"] if name in self.payments:
                return self.charge(self.payments[name], body)
            case "POST", ["payments", name, "cancel"] if name in self.payments:
                payment = self.payments[name]
                if self.seen(payment)["status"] != "paid":
                    payment["status"] = "canceled"
                return 200, self.seen(payment), None
            case "POST", ["charges"]:
                return self.charge(self.new(body), body)
            case "GET", ["charges"]:
                attempt, now = request.url.params.get("attempt"), self.world.now()
                found = [one for one in self.charges if one["attempt"] == attempt and one["at"] + LAG <= now]
                return 200, [self.seen(one) for one in found], None
            case "POST", ["refunds"]:
                return self.refund(body)
            case "GET", ["refunds", name]:
                known = [one for one in self.refunds.values() if name in (one["id"], one["refund"])]
                return (200, known[0], None) if known else (404, {"refused": "no_such"}, None)
            case _:
                return 404, {"refused": "no_such"}, None

    def new(self, body: dict[str, str]) -> dict[str, Any]:
        """Open a payment."""
        name = f"p_{len(self.payments) + 1}"
        fields = ("order", "attempt", "amount", "currency")
        self.payments[name] = {"id": name, "status": "open", "at": 0} | {field: body[field] for field in fields}
        payment: dict[str, Any] = self.payments[name]
        return payment

    def charge(self, payment: dict[str, Any], body: dict[str, str]) -> tuple[int, Any, str | None]:
        """Charge a payment."""
        if payment["status"] in ("paid", "canceled", "working"):
            return 200, self.seen(payment), None
        word = self.word(body)
        if word == "demo_error":
            return 0, None, word
        payment["attempt"], payment["at"] = body["attempt"], self.world.now()
        payment["transaction"] = f"t_{len(self.charges) + 1}"
        payment["method"] = body.get("saved") or f"m_{payment['id']}"
        if word in REASONS:
            payment["status"], payment["reason"] = "declined", REASONS[word]
        elif word == "demo_3ds" and not any(one["order"] == payment["order"] for one in self.charges):
            payment["status"] = "action"
        elif word == "demo_processing":
            payment["status"], payment["ready"] = "working", self.world.now() + 2000
        else:
            payment["status"] = "paid"
        self.charges.append(dict(payment))
        return 200, self.seen(payment), word

    def word(self, body: dict[str, str]) -> str | None:
        """Read the word of a token, a card, or the world."""
        if number := body.get("card"):
            return next((word for word, known in CARDS.items() if known == number), None)
        token = body.get("token", "")
        return demo_word(token) or (token if token in REASONS else None) or self.world.word()

    def seen(self, payment: dict[str, Any]) -> dict[str, Any]:
        """Tell of a payment as it is by now."""
        told = {name: value for name, value in payment.items() if name not in ("at", "ready")}
        if payment["status"] == "working" and payment["ready"] <= self.world.now():
            told["status"] = "paid"
        return told

    def refund(self, body: dict[str, str]) -> tuple[int, Any, str | None]:
        """Give back."""
        sold = next(one for one in self.charges if one["transaction"] == body["transaction"])
        before = sum(Decimal(one["amount"]) for one in self.refunds.values() if one["of"] == body["transaction"])
        if before + Decimal(body["amount"]) > Decimal(sold["amount"]):
            return 409, {"refused": "more_than_paid"}, None
        name = f"r_{len(self.refunds) + 1}"
        made = {"id": name, "amount": body["amount"], "currency": sold["currency"]}
        self.refunds[name] = made | {"of": body["transaction"], "refund": body.get("refund", "")}
        return 200, made, None

    def webhook(self, charge: dict[str, Any]) -> WebhookRequest:
        """Write the webhook of a charge that is done two seconds from now."""
        event = {"event": f"e_{charge['transaction']}", "type": "charge.paid", "charge": charge | {"status": "paid"}}
        body = msgspec.json.encode(event)
        stamp = str(self.world.now() + 2000)
        signature = hmac.new(SIMULATOR_SECRET.encode(), stamp.encode() + body, hashlib.sha256).hexdigest()
        headers = {SIGNED_HEADER: f"{stamp}.{signature}", "content-type": "application/json"}
        return WebhookRequest(headers=headers, body=body, received_at=self.world.now())
