"""A provider without any kindness: no idempotency, nothing to open or cancel, every request is a new charge.

In two kinds, which differ in what finding nothing is worth: FRAIL's books lag behind when it is asked by our own id,
PLAIN's are up to date. Amounts
that end on 1, 2 or 3 are declined, stepped up or late when a saved method is charged, as are tokens that say so.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

import httpx
import msgspec
from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports.money import Money
from paylinks_ports.payments import (
    Declined,
    LookUpResult,
    NextAction,
    NotFound,
    Order,
    Paid,
    PaymentResult,
    Pending,
    RequiresAction,
    SavedMethod,
    Unknown,
)
from paylinks_ports.providers import Idempotency, Lookup, PaymentProvider, Proof, SimulatedWorld, Simulator

from .books import Browser, Charge

__all__ = ["FRAIL", "PLAIN", "FrailGateway", "FrailLedger"]

_KEY = "charges"
_LATER = 60_000  # milliseconds until a late one is through
_LAG = 180_000  # milliseconds until a charge is found by the attempt's id
_OK, _NOT_FOUND = 200, 404
_ENDS: dict[int, Literal["declined", "step", "late"]] = {1: "declined", 2: "step", 3: "late"}


class _Credentials(Struct, frozen=True):
    key: str = "demo"


class _Asked(Struct, frozen=True, kw_only=True):
    attempt: str
    order: str
    amount: int
    currency: str
    token: str


class _Record(Struct, frozen=True, kw_only=True):
    id: str
    attempt: str
    order: str
    amount: int
    currency: str
    state: Literal["paid", "declined", "step", "late"]
    made_at: int
    paid_at: int | None = None

    def at(self, now: int) -> "_Record":
        """Give it as it is at a time."""
        through = self.state == "late" and self.paid_at is not None and self.paid_at <= now
        return replace(self, state="paid") if through else self


def _read(text: str | None) -> list[_Record]:
    return msgspec.json.decode(text or "[]", type=list[_Record])


def _simulated(lag: int) -> Callable[[httpx.Request, SimulatedWorld], Awaitable[httpx.Response]]:
    async def answer(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
        path = request.url.path.strip("/").split("/")
        while True:
            was = await world.store.get(_KEY)
            records, now = _read(was), world.now()
            if request.method == "POST":
                records, told = _changed(records, path, request.content, now)
                if not await world.store.put(_KEY, msgspec.json.encode(records).decode(), was=was):
                    continue
            else:
                seen = (one for one in records if one.id == path[1] or one.made_at + lag <= now)
                told = next((one for one in seen if path[1] in (one.id, one.attempt)), None)
            if told is None:
                return httpx.Response(_NOT_FOUND, json={"error": "not found"})
            return httpx.Response(_OK, content=msgspec.json.encode(told.at(now)))

    return answer


def _changed(records: list[_Record], path: list[str], body: bytes, now: int) -> tuple[list[_Record], _Record | None]:
    """Take one more charge, or the step that a bank has asked for."""
    if path[-1] == "step":
        stepped = [
            replace(one, state="paid", paid_at=now) if one.id == path[1] and one.state == "step" else one
            for one in records
        ]
        return stepped, next((one for one in stepped if one.id == path[1]), None)
    asked = msgspec.json.decode(body, type=_Asked)
    word = asked.token.removeprefix("demo_").removeprefix("soft_")
    words = {"decline": "declined", "3ds": "step", "processing": "late"}
    state: Any = words.get(word, "paid")
    if asked.token == "saved":
        state = _ENDS.get(asked.amount % 10, "paid")
    record = _Record(
        id=f"ch{len(records):04}",
        attempt=asked.attempt,
        order=asked.order,
        amount=asked.amount,
        currency=asked.currency,
        state=state,
        made_at=now,
        paid_at={"paid": now, "late": now + _LATER}.get(state),
    )
    return [*records, record], record


class FrailGateway:
    """Charges tokens and saved methods, and looks up by its own id or by the attempt's."""

    def __init__(self, credentials: _Credentials, client: httpx.AsyncClient) -> None:
        del credentials
        self._client = client

    async def charge(self, order: Order, reference: str | None, payment_token: str) -> PaymentResult:
        """Charge a token."""
        del reference
        asked = _Asked(
            attempt=order.attempt_id,
            order=order.order_id,
            amount=order.money.amount,
            currency=order.money.currency,
            token=payment_token,
        )
        reply = await self._client.post("https://frail.example/charges", content=msgspec.json.encode(asked))
        return _outcome(reply) or Unknown(message="The reply can't be read")

    async def charge_saved(self, order: Order, saved: SavedMethod) -> PaymentResult:
        """Charge what was saved."""
        return await self.charge(order, None, saved.method)

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        """Read a charge."""
        reply = await self._client.get(f"https://frail.example/charges/{reference or order.attempt_id}")
        if reply.status_code == _NOT_FOUND:
            return NotFound()
        return _outcome(reply) or Unknown(message="The reply can't be read")


def _outcome(reply: httpx.Response) -> PaymentResult | None:
    try:
        record = msgspec.json.decode(reply.content, type=_Record)
    except msgspec.DecodeError:
        return None
    money = Money(record.amount, record.currency)
    match record.state:
        case "paid":
            saved = SavedMethod("saved")
            return Paid(reference=record.id, transaction_id=record.id, money=money, saved_method=saved)
        case "declined":
            return Declined(code="card_declined", message="no", retryable=True, reference=record.id)
        case "step":
            return RequiresAction(reference=record.id, action=NextAction(type="redirect", url="https://bank.example"))
        case "late":
            return Pending(reference=record.id)


def _provider(name: str, proof: Proof, lag: int) -> PaymentProvider[_Credentials]:
    return PaymentProvider(
        name=name,
        title=name.title(),
        credentials=_Credentials,
        gateway=FrailGateway,
        simulator=Simulator(credentials=_Credentials(), answer=_simulated(lag)),
        idempotency=Idempotency(),
        lookup=Lookup(by_reference="authoritative", by_attempt=proof),
    )


FRAIL = _provider("frail", "positive", _LAG)
PLAIN = _provider("plain", "authoritative", 0)


class FrailLedger:
    """Reads the one document with all charges; its customers only ever visit their bank."""

    credentials: Mapping[str, str] = {"key": "live"}
    tokens: tuple[str, ...] = ("visa", "visa", "decline", "3ds", "processing")

    def charges(self, entries: Mapping[str, str], now: int) -> list[Charge]:
        """Read every charge that is through."""
        return [
            Charge(transaction_id=one.id, order_id=one.order, money=Money(one.amount, one.currency))
            for one in _read(entries.get(_KEY))
            if one.at(now).state == "paid"
        ]

    async def pay(self, provider: PaymentProvider[object], browser: Browser) -> None:
        """Take the step."""
        if browser.reference is not None:
            url = f"https://frail.example/charges/{browser.reference}/step"
            await provider.simulator.answer(httpx.Request("POST", url), browser.world)
