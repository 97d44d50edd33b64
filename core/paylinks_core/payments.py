"""The one road for money: take it, ask, remember. Every charge, look-up and cancellation goes this way.

1. take: one transaction puts the payment IN_FLIGHT with a new attempt id, if it still is what it was; commit.
2. ask: the provider is called; no transaction, no connection and no lock is held.
3. remember: one transaction keeps what the answer makes of payment and checkout, with the event; commit.

A process that dies between 2 and 3 leaves a payment IN_FLIGHT whose `check_at` the reconciler finds.
"""

from contextlib import suppress
from typing import Any

from msgspec.structs import replace

from paylinks_ports.errors import Conflict, PaylinksError
from paylinks_ports.payments import LookUpResult, NotFound, NotSubmitted, Order, Started, Unknown
from paylinks_ports.providers import LooksUp
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.payments import Payment
from paylinks_ports.services import Account

from .asking import AskLookUp, AskPayment, AskStart, Brought, order_of
from .errors import OutcomeUnknown
from .outcomes import follow, is_paid_once, remember, tell
from .parts import Parts
from .schedule import next_check
from .states import UNRESOLVED, move
from .stories import may_be_on_its_way

__all__ = ["cancel", "charge", "give_up", "look_up", "start"]

_NOTHING = Brought()


async def start(  # noqa: PLR0913 - the road's own four, how to ask, and what the call brought
    parts: Parts,
    account: Account,
    checkout: Checkout,
    payment: Payment,
    ask: AskStart,
    *,
    brought: Brought = _NOTHING,
) -> Started:
    """Open a payment that is already written at the provider, or read again what is open there.

    No money can move by it, and it is repeatable under the same attempt id, so a doubt is only a failure here.

    Raises:
        ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was opened.
        OutcomeUnknown: the reply was lost.

    """
    first = payment.reference is None
    try:
        order = order_of(parts, checkout, payment, brought)
        started = await account.ask(ask(account.gateway, order, payment.reference), brought.word)
    except PaylinksError:
        if first:
            await _remember_start(parts, payment, replace(payment, check_at=None))
        raise
    if isinstance(started, Unknown):
        raise OutcomeUnknown(started.message)
    if first:
        browser_pays = parts.providers[payment.provider].browser_pays
        check_at = next_check(payment, parts.clock.now()) if browser_pays else None
        opened = replace(payment, opened=started.reference, reference=started.reference, check_at=check_at)
        await _remember_start(parts, payment, opened)
    return started


async def _remember_start(parts: Parts, was: Payment, now: Payment) -> None:
    async with parts.units() as work:
        await work.payments.replace(was, replace(now, updated_at=parts.clock.now()))
        await work.commit()


async def charge(  # noqa: PLR0913 - as for `start`
    parts: Parts,
    account: Account,
    checkout: Checkout,
    payment: Payment,
    ask: AskPayment,
    *,
    brought: Brought = _NOTHING,
) -> tuple[Checkout, Payment, LookUpResult]:
    """Charge once.

    Raises:
        Conflict: the payment is no longer what it was; nothing was asked.
        ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was charged, and it may be tried again.

    """
    checkout, taken = await _take(parts, account, checkout, payment)
    try:
        order = order_of(parts, checkout, taken, brought)
        result = await account.ask(ask(account.gateway, order, taken.reference), brought.word)
    except PaylinksError:
        await _give_back(parts, checkout, taken, payment)
        raise
    checkout, settled = await remember(parts, checkout, taken, result, "none")
    return checkout, settled, result


async def _take(parts: Parts, account: Account, checkout: Checkout, payment: Payment) -> tuple[Checkout, Payment]:
    now = parts.clock.now()
    taken = replace(
        payment,
        state=move(payment.state, "in_flight"),
        attempt_id=parts.ids.new("att"),
        # What an earlier attempt came to must never be taken for the answer of this one.
        reference=payment.opened,
        decline_code=None,
        decline_message=None,
        decline_retryable=False,
        check_at=now + account.lease,
        checks=0,
        updated_at=now,
    )
    async with parts.units() as work:
        taken = await work.payments.replace(payment, taken)
        checkout = await follow(parts, work, (checkout, payment), taken)
        await tell(parts, work, taken, "in_flight")
        await work.commit()
    return checkout, taken


async def _give_back(parts: Parts, checkout: Checkout, taken: Payment, was: Payment) -> None:
    """Undo a take after which provably nothing was asked: the payment is again what it was before."""
    back = replace(was, updated_at=parts.clock.now())
    with suppress(Conflict):  # someone brought evidence meanwhile: that stands
        async with parts.units() as work:
            back = await work.payments.replace(taken, back)
            # Nothing is told: for all who were, it has never been anything else.
            await follow(parts, work, (checkout, was), back)
            await tell(parts, work, back, "not_sent")
            await work.commit()


async def look_up(
    parts: Parts, account: Account, checkout: Checkout, payment: Payment, ask: AskLookUp | None = None
) -> tuple[Checkout, Payment, LookUpResult]:
    """Ask the provider what became of a payment, and remember it.

    Raises:
        ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was learned.

    """
    ask = ask or _own_look_up
    looked_at = parts.clock.now()
    result = await account.ask(ask(account.gateway, order_of(parts, checkout, payment), payment.reference))
    if isinstance(result, NotFound | NotSubmitted) and await _proves_nothing(parts, account, payment, looked_at):
        reference = getattr(result, "reference", None)
        result = Unknown(message="The provider has nothing of it so far, and may still be at work", reference=reference)
    lookup = parts.providers[payment.provider].lookup
    proof = lookup.by_reference if payment.reference else lookup.by_attempt
    checkout, settled = await remember(parts, checkout, payment, result, proof)
    return checkout, settled, result


async def _proves_nothing(parts: Parts, account: Account, payment: Payment, looked_at: int) -> bool:
    """Say whether it is too early to believe that nothing was charged.

    Where every attempt is made on what can be paid only once, believing it too early can't harm.
    """
    if payment.state not in UNRESOLVED or (payment.opened is not None and is_paid_once(parts, payment)):
        return False
    return await may_be_on_its_way(parts, account, payment.checkout_id, payment.attempt_id, looked_at)


async def _own_look_up(gateway: Any, order: Order, reference: str | None) -> LookUpResult:  # noqa: ANN401 - a gateway
    if not isinstance(gateway, LooksUp):
        return NotFound()
    return await gateway.look_up(order, reference)


async def cancel(
    parts: Parts, account: Account, checkout: Checkout, payment: Payment
) -> tuple[Checkout, Payment, LookUpResult]:
    """Cancel what is open at the provider, or learn what became of it instead; the gateway has the power to.

    Raises:
        ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was canceled.

    """
    order = order_of(parts, checkout, payment)
    result = await account.ask(account.gateway.cancel(order, payment.reference))
    checkout, settled = await remember(parts, checkout, payment, result, "positive")
    return checkout, settled, result


async def give_up(parts: Parts, checkout: Checkout, payment: Payment) -> tuple[Checkout, Payment]:
    """Cancel a payment of which nothing is open at the provider; no one needs to be asked.

    Raises:
        Conflict: it is no longer what it was.

    """
    canceled = replace(payment, state=move(payment.state, "canceled"), check_at=None, updated_at=parts.clock.now())
    async with parts.units() as work:
        canceled = await work.payments.replace(payment, canceled)
        checkout = await follow(parts, work, (checkout, payment), canceled)
        await tell(parts, work, canceled, "canceled")
        await work.commit()
    return checkout, canceled
