"""A provider without any kindness: no idempotency, nothing to open or cancel, every request is a new charge.

In two kinds, which differ in what finding nothing is worth: FRAIL's books lag behind when it is asked by our own id,
PLAIN's are up to date. Amounts
that end on 1, 2 or 3 are declined, stepped up or late when a saved method is charged, as are tokens that say so.
"""

from collections.abc import Awaitable, Callable, Mapping
from random import Random
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
from paylinks_ports.refunds import Refunded, RefundLookUpResult, RefundOrder, RefundResult

from .books import Browser, Charge

__all__ = ["FRAIL", "PLAIN", "FrailGateway", "FrailLedger"]

_KEY = "charges"
_LATER = 60_000  # milliseconds until a late one is through
_LAG = 180_000  # milliseconds until a charge is found by the attempt's id
_OK, _NOT_FOUND = 200, 404
_SAVED = "saved"
_WORDS = {"decline": "declined", "3ds": "step", "processing": "late"}
_ENDS: dict[int, Literal["declined", "step", "late"]] = {1: "declined", 2: "step", 3: "late"}


class _Credentials(Struct, frozen=True):
    key: str = "demo"


class _Asked(Struct, frozen=True, kw_only=True):
    attempt: str
    order: str
    amount: int
    currency: str
    token: str


class _Refund(Struct, frozen=True, kw_only=True):
    id: str
    refund: str
    amount: int
    made_at: int


class _Record(Struct, frozen=True, kw_only=True):
    id: str
    attempt: str
    order: str
    amount: int
    currency: str
    state: Literal["paid", "declined", "step", "late"]
    made_at: int
    paid_at: int | None = None
    refunds: tuple[_Refund, ...] = ()

    def at(self, now: int) -> "_Record":
        """Give it as it is at a time."""
        through = self.state == "late" and self.paid_at is not None and self.paid_at <= now
        return replace(self, state="paid") if through else self


def _read(text: str | None) -> list[_Record]:
    return msgspec.json.decode(text or "[]", type=list[_Record])


def _simulated(lag: int) -> Callable[[httpx.Request, SimulatedWorld], Awaitable[httpx.Response]]:
    async def answer(request: httpx.Request, world: SimulatedWorld) -> httpx.Response:
        kind, name, *action = (*request.url.path.strip("/").split("/"), "", "")
        while True:
            was = await world.store.get(_KEY)
            records, now = _read(was), world.now()
            told: Struct | None
            if request.method == "POST":
                records, told = _changed(records, name, action[0], request.content, now)
                if not await world.store.put(_KEY, msgspec.json.encode(records).decode(), was=was):
                    continue
            elif kind == "refunds":
                refunds = (one for record in records for one in record.refunds if one.made_at + lag <= now)
                told = next((one for one in refunds if name in (one.id, one.refund)), None)
            else:
                seen = (one.at(now) for one in records if one.id == name or one.made_at + lag <= now)
                told = next((one for one in seen if name in (one.id, one.attempt)), None)
            if told is None:
                return httpx.Response(_NOT_FOUND, json={"error": "not found"})
            return httpx.Response(_OK, content=msgspec.json.encode(told))

    return answer


def _changed(
    records: list[_Record], name: str, action: str, body: bytes, now: int
) -> tuple[list[_Record], _Record | _Refund | None]:
    """Take one more charge, or the step that a bank has asked for, or give back, however much that comes to."""
    if not action:
        return _charged(records, body, now)
    place = next((place for place, one in enumerate(records) if one.id == name), None)
    if place is None:
        return records, None
    told: _Record | _Refund
    if action == "step":
        told = record = records[place]
        if record.state == "step":
            told = record = replace(record, state="paid", paid_at=now)
    else:
        told = replace(
            msgspec.json.decode(body, type=_Refund), id=f"re{len(records[place].refunds)}{name}", made_at=now
        )
        record = replace(records[place], refunds=(*records[place].refunds, told))
    return [*records[:place], record, *records[place + 1 :]], told


def _charged(records: list[_Record], body: bytes, now: int) -> tuple[list[_Record], _Record]:
    asked = msgspec.json.decode(body, type=_Asked)
    word = asked.token.removeprefix("demo_").removeprefix("soft_")
    state: Any = _WORDS.get(word, "paid")
    if asked.token == _SAVED:
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
    """Charges tokens and saved methods, gives back, and looks up by its own ids or by ours."""

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

    async def refund(self, order: Order, refund: RefundOrder) -> RefundResult:
        """Give back."""
        asked = _Refund(id="", refund=refund.refund_id, amount=refund.money.amount, made_at=0)
        url = f"https://frail.example/charges/{refund.reference}/refunds"
        reply = await self._client.post(url, content=msgspec.json.encode(asked))
        return _given_back(reply, order.money.currency)

    async def look_up_refund(self, order: Order, refund: RefundOrder, reference: str | None) -> RefundLookUpResult:
        """Read a refund."""
        reply = await self._client.get(f"https://frail.example/refunds/{reference or refund.refund_id}")
        return NotFound() if reply.status_code == _NOT_FOUND else _given_back(reply, order.money.currency)


def _given_back(reply: httpx.Response, currency: str) -> RefundResult:
    try:
        made = msgspec.json.decode(reply.content, type=_Refund)
    except msgspec.DecodeError:
        return Unknown(message="The reply can't be read")
    return Refunded(reference=made.id, money=Money(made.amount, currency))


def _outcome(reply: httpx.Response) -> PaymentResult | None:
    try:
        record = msgspec.json.decode(reply.content, type=_Record)
    except msgspec.DecodeError:
        return None
    money = Money(record.amount, record.currency)
    match record.state:
        case "paid":
            saved = SavedMethod(_SAVED)
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
        lookup=Lookup(by_reference="authoritative", by_attempt=proof, refund_by_reference=proof, refund_by_id=proof),
    )


FRAIL = _provider("frail", "positive", _LAG)
PLAIN = _provider("plain", "authoritative", 0)


class FrailLedger:
    """Reads the one document with all charges; its customers only ever visit their bank."""

    credentials: Mapping[str, str] = {"key": "live"}

    def token(self, source: Random) -> str:
        """Pay, be declined, be stepped up, or be late."""
        return source.choice(("visa", "visa", "decline", "3ds", "processing"))

    def charges(self, entries: Mapping[str, str], now: int) -> list[Charge]:
        """Read every charge that is through."""
        return [
            Charge(
                transaction_id=one.id,
                order_id=one.order,
                money=Money(one.amount, one.currency),
                refunded=sum(refund.amount for refund in one.refunds),
            )
            for one in _read(entries.get(_KEY))
            if one.at(now).state == "paid"
        ]

    def waiting(self, entries: Mapping[str, str], now: int) -> set[str]:
        """Name the orders with a charge that is late or waits for its step."""
        return {one.order for one in _read(entries.get(_KEY)) if one.at(now).state in ("step", "late")}

    async def pay(self, provider: PaymentProvider[Any], browser: Browser) -> None:
        """Take the step."""
        if browser.reference is not None:
            url = f"https://frail.example/charges/{browser.reference}/step"
            await provider.simulator.answer(httpx.Request("POST", url), browser.world)
