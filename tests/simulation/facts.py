"""What has happened, read from every commit: what receivers must be told of, whatever the outbox says."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from paylinks_adapters.memory import MemoryUnits
from paylinks_adapters.memory.tables import Tables
from paylinks_ports.records.events import OutgoingEvent
from paylinks_ports.records.upsells import UpsellSession

__all__ = ["Fact", "Facts", "WatchedUnits"]

T = TypeVar("T")


class Fact(Struct, kw_only=True):
    """One thing that has happened.

    Args:
        type: of the event that tells it.
        about: what it happened to: a checkout, a payment, a refund, or an offer of a session.
        says: what its event must say, in part.
        address: the checkout's own, for its events.
        commit: the number of the commit that made it so; those of one happened at once.
        at: when, by the loop's time.
        event_id: of the event that tells it, once it is written.

    """

    type: str
    about: str
    says: Mapping[str, object]
    checkout_id: str
    address: str | None = None
    commit: int = 0
    at: float = 0
    event_id: str | None = None

    def __str__(self) -> str:
        return f"{self.type} of {self.about}"


class WatchedUnits(MemoryUnits):
    """The storage, each of whose commits somebody watches."""

    def __init__(self, watch: Callable[[Tables, Tables], None]) -> None:
        self._watch = watch
        self._tables = Tables()
        super().__init__()

    @property
    def committed(self) -> Tables:
        """What is committed."""
        return self._tables

    @committed.setter
    def committed(self, tables: Tables) -> None:
        before, self._tables = self._tables, tables
        self._watch(before, tables)


class Facts:
    """All that has happened so far, in order."""

    def __init__(self) -> None:
        self.all: list[Fact] = []
        self.told: dict[str, Fact] = {}  # by the event that tells it
        self.switched_off: dict[str, float] = {}  # endpoints, and when
        self._commits = 0

    def watch(self, was: Tables, now: Tables) -> None:
        """Take notice of a commit."""
        self._commits += 1
        at = asyncio.get_running_loop().time()
        for fact in _facts(was, now):
            fact.address = now.checkouts[fact.checkout_id].claims.webhook_url
            fact.commit, fact.at = self._commits, at
            self.all.append(fact)
        for event in islice(now.outgoing_events.values(), len(was.outgoing_events), None):
            about = _about(event)
            untold = (one for one in self.all if one.event_id is None and (one.type, one.about) == (event.type, about))
            for fact in islice(untold, 1):  # none, where it did not happen
                fact.event_id = event.id
                self.told[event.id] = fact
        for before, endpoint in _changed(was.endpoints, now.endpoints):
            if before is not None and before.enabled and not endpoint.enabled:
                self.switched_off[endpoint.id] = at


def _about(event: OutgoingEvent) -> str:
    data: dict[str, Any] = msgspec.json.decode(event.data)
    match event.type.partition(".")[0]:
        case "upsell":
            return f"{data['sessionId']} {data['offerId']}"
        case "refund":
            return str(data["refundId"])
        case "payment":
            return str(data["paymentId"])
        case _:
            return str(data["checkoutId"])


def _changed(was: Mapping[str, T], now: Mapping[str, T]) -> Iterator[tuple[T | None, T]]:
    """Give what a commit has added and changed, each with what it was."""
    for key, row in now.items():
        if row is not (before := was.get(key)):
            yield before, row


def _facts(was: Tables, now: Tables) -> Iterator[Fact]:
    yield from _of_checkouts(was, now)
    yield from _of_payments(was, now)
    yield from _of_refunds(was, now)
    for before, session in _changed(was.upsell_sessions, now.upsell_sessions):
        yield from _of_session(before, session)


def _of_checkouts(was: Tables, now: Tables) -> Iterator[Fact]:
    for before, checkout in _changed(was.checkouts, now.checkouts):
        types: tuple[str, ...] = () if before else ("checkout.created",)
        if before is None or before.state != checkout.state:
            types += {"abandoned": ("checkout.abandoned",), "paid": ("checkout.completed", "order.confirmed")}.get(
                checkout.state, ()
            )
        says = {"orderId": checkout.order_id, "amount": checkout.claims.amount, "currency": checkout.claims.currency}
        for one in types:
            yield Fact(type=one, about=checkout.id, says=says, checkout_id=checkout.id)


def _of_payments(was: Tables, now: Tables) -> Iterator[Fact]:
    story = islice(now.payment_events.values(), len(was.payment_events), None)
    # What provably was not sent is again what it was before, and that was told then.
    given_back = {one.payment_id for one in story if one.type == "not_sent"}
    for before, payment in _changed(was.payments, now.payments):
        told = {"paid": "payment.succeeded", "declined": "payment.failed"}.get(payment.state)
        if told is None or (before and before.state == payment.state) or payment.id in given_back:
            continue
        says = {
            "orderId": payment.order_id,
            "amount": payment.amount,
            "currency": payment.currency,
            "transactionId": payment.transaction_id,
            "kind": payment.kind,
        }
        yield Fact(type=told, about=payment.id, says=says, checkout_id=payment.checkout_id)


def _of_refunds(was: Tables, now: Tables) -> Iterator[Fact]:
    words = {"in_flight": "refund.initiated", "succeeded": "refund.succeeded", "failed": "refund.failed"}
    for before, refund in _changed(was.refunds, now.refunds):
        same = before is not None and (before.state, before.amount) == (refund.state, refund.amount)
        # Asking again under the same id initiates nothing new.
        if same or refund.state not in words or (before is not None and refund.state == "in_flight"):
            continue
        says = {"paymentId": refund.payment_id, "amount": refund.amount, "currency": refund.currency}
        yield Fact(type=words[refund.state], about=refund.id, says=says, checkout_id=refund.checkout_id)


def _of_session(was: UpsellSession | None, now: UpsellSession) -> Iterator[Fact]:
    before = {offer.id: offer.status for offer in was.offers} if was else {}
    answers = [
        (f"upsell.{offer.status}", offer)
        for offer in now.offers
        if offer.status in ("accepted", "declined") and before.get(offer.id) != offer.status
    ]
    if now.current is not None and now.state == "active" and (was is None or answers):
        answers.append(("upsell.offered", now.current))
    if now.current is not None and now.state == "expired" and was is not None and was.state != "expired":
        answers.append(("upsell.expired", now.current))
    for told, offer in answers:
        says = {"orderId": now.order_id, "amount": offer.price, "currency": now.currency}
        yield Fact(type=told, about=f"{now.id} {offer.id}", says=says, checkout_id=now.checkout_id)
