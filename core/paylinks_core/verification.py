"""What must hold of the books, whatever has broken: each order is checked against its own log of events."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, permutations
from typing import Literal, TypeAlias

from msgspec import Struct

from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.payments import Payment, PaymentEvent
from paylinks_ports.records.refunds import Refund
from paylinks_ports.storage import Reading

from .parts import Parts
from .refund_states import REFUND_MOVES
from .resolutions import RESOLVED
from .states import MOVES
from .totals import REFUND_EVENT, counted, fold

__all__ = ["INVARIANTS", "Finding", "Invariant", "Report", "verify"]

_BATCH = 200

Invariant: TypeAlias = Literal["charged_once", "refunded_within", "forward_only", "paid_by_a_payment", "totals_agree"]

INVARIANTS: dict[Invariant, str] = {
    "charged_once": "Each order has at most one paid sale, or says that it has more and a person is asked",
    "refunded_within": "No payment gives back more than it took, or it is said and a person is asked",
    "forward_only": "No payment and no refund ever went back, along the log of events, and each is where its log ends",
    "paid_by_a_payment": "Each paid order is paid by a payment of its own amount, or a person has decided so",
    "totals_agree": "What was charged and refunded is the same in the rows and folded from the log of events",
}
"""What is checked, in the order it is told."""


class Finding(Struct, frozen=True, kw_only=True):
    """One order that breaks one invariant."""

    invariant: Invariant
    checkout_id: str
    order_id: str
    message: str


class Report(Struct, frozen=True, kw_only=True):
    """What was looked at and what was found.

    Args:
        charged: what was taken, in minor units by currency; likewise `refunded`.

    """

    checkouts: int
    payments: int
    refunds: int
    charged: dict[str, int]
    refunded: dict[str, int]
    findings: tuple[Finding, ...]


class _Books(Struct, frozen=True, kw_only=True):
    checkout: Checkout
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
    events: tuple[PaymentEvent, ...]

    @property
    def decided(self) -> bool:
        """Whether a person is asked, or has answered."""
        return self.checkout.attention is not None or any(event.type == RESOLVED for event in self.events)


async def verify(parts: Parts) -> Report:
    """Check every order there is. What is found is read again, since a live database changes between two reads."""
    counts, charged, refunded = Counter[str](), Counter[str](), Counter[str]()
    findings: list[Finding] = []
    after = ""
    while True:
        async with parts.units.reading() as rows:
            batch = await rows.checkouts.after(after, _BATCH)
            for checkout in batch:
                books = await _read(rows, checkout)
                found = set(_check(books))
                if found:
                    books = await _read(rows, await rows.checkouts.get(checkout.id) or checkout)
                    found &= set(_check(books))
                findings += sorted(found, key=lambda one: (one.invariant, one.message))
                counts.update(checkouts=1, payments=len(books.payments), refunds=len(books.refunds))
                charged.update({one.currency: 0 for one in books.payments})
                for payment in books.payments:
                    charged[payment.currency] += payment.amount if payment.state == "paid" else 0
                for refund in books.refunds:
                    refunded[refund.currency] += refund.amount if refund.state == "succeeded" else 0
        if not batch:
            break
        after = batch[-1].id
    return Report(
        checkouts=counts["checkouts"],
        payments=counts["payments"],
        refunds=counts["refunds"],
        charged={currency: total for currency, total in charged.items() if total},
        refunded={currency: total for currency, total in refunded.items() if total},
        findings=tuple(findings),
    )


async def _read(rows: Reading, checkout: Checkout) -> _Books:
    return _Books(
        checkout=checkout,
        payments=await rows.payments.of_checkout(checkout.id),
        refunds=await rows.refunds.of_checkouts([checkout.id]),
        events=await rows.payment_events.of_checkout(checkout.id),
    )


def _check(books: _Books) -> Iterator[Finding]:
    checks = {
        "charged_once": _charged_once,
        "refunded_within": _refunded_within,
        "forward_only": _forward_only,
        "paid_by_a_payment": _paid_by_a_payment,
        "totals_agree": _totals_agree,
    }
    for invariant in INVARIANTS:
        for message in checks[invariant](books):
            yield Finding(
                invariant=invariant,
                checkout_id=books.checkout.id,
                order_id=books.checkout.order_id,
                message=message,
            )


def _charged_once(books: _Books) -> Iterator[str]:
    paid = [one.id for one in books.payments if (one.state, one.kind) == ("paid", "sale")]
    if len(paid) > 1 and not books.decided:
        yield f"is paid by {' and '.join(paid)}"


def _refunded_within(books: _Books) -> Iterator[str]:
    for payment in books.payments:
        back = counted(one for one in books.refunds if one.payment_id == payment.id)
        took = payment.amount if payment.state == "paid" else 0
        if back > took and not books.decided:
            yield f"{payment.id} took {took} and gives back {back} {payment.currency}"


def _paid_by_a_payment(books: _Books) -> Iterator[str]:
    checkout = books.checkout
    if checkout.state != "paid":
        return
    payment = next((one for one in books.payments if one.id == checkout.payment_id), None)
    if payment is None or payment.state != "paid":
        yield f"is paid, and its payment is {payment.state if payment else 'missing'}"
    elif payment.money != checkout.claims.money and not books.decided:
        yield f"costs {checkout.claims.money} and was paid with {payment.money}"


def _totals_agree(books: _Books) -> Iterator[str]:
    for payment in books.payments:
        totals = fold(event for event in books.events if event.payment_id == payment.id)
        charged = payment.amount if payment.state == "paid" else 0
        refunds = [one for one in books.refunds if (one.payment_id, one.state) == (payment.id, "succeeded")]
        refunded = sum(one.amount for one in refunds)
        if (totals.charged, totals.refunded) != (charged, refunded):
            yield (
                f"{payment.id} has charged {charged} and refunded {refunded} in its rows, "
                f"{totals.charged} and {totals.refunded} in its events"
            )


_UNWRITTEN = "unwritten"
_NOT_SENT = "not_sent"
"""The event after which a payment is again what it was before it was asked for."""

_PAYMENT_STEPS: Mapping[str, frozenset[str]] = {state: frozenset(following) for state, following in MOVES.items()}
_REFUND_STEPS: Mapping[str, frozenset[str]] = {
    _UNWRITTEN: frozenset({"in_flight", "succeeded"}),
    **{state: frozenset(following) for state, following in REFUND_MOVES.items()},
}


def _forward_only(books: _Books) -> Iterator[str]:
    for payment in books.payments:
        log = [one for one in books.events if one.payment_id == payment.id]
        steps = [(one.at, one.type) for one in log if one.type in _PAYMENT_STEPS or one.type == _NOT_SENT]
        yield from _walk(payment.id, payment.state, steps, "new", _PAYMENT_STEPS)
    for refund in books.refunds:
        log = [one for one in books.events if one.detail.get("refundId") == refund.id]
        steps = [(one.at, one.type.removeprefix(REFUND_EVENT)) for one in log if one.type.startswith(REFUND_EVENT)]
        yield from _walk(refund.id, refund.state, steps, _UNWRITTEN, _REFUND_STEPS)


def _walk(
    name: str, state: str, steps: Sequence[tuple[int, str]], begin: str, moves: Mapping[str, frozenset[str]]
) -> Iterator[str]:
    """Follow the steps of a log; of those within one millisecond any order may be the true one."""
    # Where it may be, each with where it was before it was last asked for.
    places = {(begin, begin)}
    for at, group in groupby(steps, key=lambda step: step[0]):
        words = [word for _, word in group]
        orders = {tuple(words), *(set(permutations(words)) if len(words) <= _MOST_PERMUTED else ())}
        reached = {place for before in places for order in orders for place in _step(before, order, moves)}
        if not reached:
            was = " or ".join(sorted({here for here, _ in places}))
            yield f"{name} went from {was} to {' and '.join(words)} at {at}"
            return
        places = reached
    if state not in {here for here, _ in places}:
        yield f"{name} is {state}, and its log ends with {' or '.join(sorted({here for here, _ in places}))}"


_MOST_PERMUTED = 5


def _step(
    place: tuple[str, str], words: Sequence[str], moves: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, str]]:
    here, before = place
    for word in words:
        if word == _NOT_SENT and here == "in_flight":
            here = before
        elif word == here or word in moves.get(here, ()):
            before = here if word == "in_flight" else before
            here = word
        else:
            return
    yield here, before
