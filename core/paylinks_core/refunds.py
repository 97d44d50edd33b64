"""Refunds, on the one road for money: take it, ask, remember; and what is done about those that have no end yet."""

from typing import Any

import structlog
from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports.errors import Conflict, PaylinksError, StorageUnavailable
from paylinks_ports.payments import NotFound, Order, Unknown
from paylinks_ports.providers import LooksUpRefunds, Refunds
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.payments import Payment
from paylinks_ports.records.refunds import Refund
from paylinks_ports.records.tenants import Brand
from paylinks_ports.refunds import Refunded, RefundFailed, RefundLookUpResult, RefundOrder, RefundResult
from paylinks_ports.services import Account
from paylinks_ports.storage import Reading

from . import audit
from .asking import order_of
from .errors import InvalidInput, NotKnown, NotPaid, RefundExceedsPayment, RefundNotSupported
from .orders import find_order
from .parts import Parts
from .providers import account_of
from .refund_outcomes import remember_refund, tell_refund
from .refund_states import UNSETTLED, move_refund
from .rounds import Lanes, account_lane, work_off
from .schedule import next_refund_check
from .stories import may_be_on_its_way
from .totals import counted, left_of

__all__ = [
    "GivenBack",
    "RefundCall",
    "check_refund",
    "look_up_refund",
    "open_refund",
    "reconcile_refunds",
    "refund",
    "refund_order",
]

_log = structlog.get_logger()
_QUICKER = 20
_HOUR = 3_600_000
_MARGIN = 600_000
"""Milliseconds before the end of the provider's memory from which on it is not relied upon."""


class RefundCall(Struct, frozen=True, kw_only=True):
    """What is to be given back.

    Args:
        amount: minor units; None: all that is left.
        payment_id: of which payment; None: of the only one there is.

    """

    amount: int | None = None
    payment_id: str | None = None
    reason: str | None = None


class GivenBack(Struct, frozen=True, kw_only=True):
    """A refund, and what its payment has given back in all, in minor units."""

    refund: Refund
    total: int


async def refund(parts: Parts, brand: Brand, order_id: str, call: RefundCall, actor: audit.Actor) -> GivenBack:
    """Give back some or all of a paid payment.

    Raises:
        NotKnown, NotPaid, InvalidInput: there is no such payment.
        RefundExceedsPayment: more than is left, counting what may be given back already.
        RefundNotSupported: the provider can't be asked to.
        ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was given back.

    """
    async with parts.units.reading() as rows:
        checkout, payment = await _choose(rows, brand, order_id, call.payment_id)
        account = await account_of(parts, rows, payment)
    if not isinstance(account.gateway, Refunds):
        raise RefundNotSupported(f"provider: {payment.provider}")
    taken = await _take(parts, account, payment, call, actor)
    try:
        result = await _ask(parts, account, checkout, payment, taken)
    except PaylinksError as error:
        await remember_refund(parts, taken, RefundFailed(message=f"{error.message}: nothing was given back"), "none")
        raise
    settled = await remember_refund(parts, taken, result, "none")
    async with parts.units.reading() as rows:
        all_of_it = await rows.refunds.of_payment(payment.id)
    return GivenBack(refund=settled, total=sum(one.amount for one in all_of_it if one.state == "succeeded"))


async def _choose(rows: Reading, brand: Brand, order_id: str, payment_id: str | None) -> tuple[Checkout, Payment]:
    checkout = await find_order(rows, brand.id, order_id)
    payments = await rows.payments.of_checkout(checkout.id)
    if payment_id is not None:
        payment = next((one for one in payments if one.id == payment_id), None)
        if payment is None:
            raise NotKnown("paymentId: the order has no such payment")
    else:
        named = order_id if order_id != checkout.id else checkout.order_id
        paid = [one for one in payments if one.state == "paid" and one.order_id == named]
        payment = next((one for one in paid if one.id == checkout.payment_id), paid[0] if len(paid) == 1 else None)
        if payment is None and paid:
            raise InvalidInput("paymentId: is required, because the order has several paid payments")
    if payment is None or payment.state != "paid":
        raise NotPaid(f"orderId: is {checkout.state}" if payment is None else f"paymentId: is {payment.state}")
    return checkout, payment


async def _take(parts: Parts, account: Account, payment: Payment, call: RefundCall, actor: audit.Actor) -> Refund:
    """Write it before the provider is asked; of several at once each sees what the others have taken."""
    for _ in range(_QUICKER):
        now = parts.clock.now()
        try:
            async with parts.units() as work:
                # Before its refunds are read: whoever adds one changes its version, and then this one starts anew.
                current = await work.payments.get(payment.id)
                if current is None:  # rows are never deleted
                    raise NotKnown("paymentId: is gone")
                others = await work.refunds.of_payment(payment.id)
                taken = Refund(
                    id=parts.ids.new("rfd"),
                    payment_id=payment.id,
                    checkout_id=payment.checkout_id,
                    brand_id=payment.brand_id,
                    order_id=payment.order_id,
                    provider=payment.provider,
                    demo=payment.demo,
                    state="in_flight",
                    amount=_allowed(current, others, call.amount),
                    currency=payment.currency,
                    refunded_before=counted(others),
                    attempt_id=parts.ids.new("att"),
                    reason=call.reason,
                    check_at=now + account.lease,
                    created_at=now,
                    updated_at=now,
                )
                await work.payments.replace(current, replace(current, updated_at=now))
                await work.refunds.add(taken)
                await tell_refund(parts, work, taken)
                told = _told(taken)
                await audit.record(parts, work, actor, "refund.requested", taken.id, told)
                await work.commit()
        except Conflict:
            continue
        else:
            return taken
    raise Conflict("This payment is changed too often at once")


def _told(taken: Refund) -> dict[str, str | int | bool | None]:
    return {"amount": taken.amount, "currency": taken.currency, "paymentId": taken.payment_id, "reason": taken.reason}


def _allowed(payment: Payment, others: tuple[Refund, ...], amount: int | None) -> int:
    left = left_of(payment, others)
    amount = left if amount is None else amount
    if amount > left or left == 0:
        raise RefundExceedsPayment(f"amount: of {payment.amount} {payment.currency} there is {left} left")
    if amount < 1:
        raise InvalidInput("amount: is less than 1")
    return amount


def refund_order(payment: Payment, refund: Refund) -> RefundOrder:
    """Tell a gateway what a refund is; the same whenever it is asked for, but for the attempt."""
    return RefundOrder(
        refund_id=refund.id,
        attempt_id=refund.attempt_id,
        money=refund.money,
        reference=payment.reference or payment.transaction_id or "",
        transaction_id=payment.transaction_id or payment.reference or "",
        paid=payment.money,
        refunded_before=refund.refunded_before,
        reason=refund.reason,
    )


async def _ask(parts: Parts, account: Account, checkout: Checkout, payment: Payment, taken: Refund) -> RefundResult:
    order: Order = order_of(parts, checkout, payment)
    gateway: Any = account.gateway  # Any: a gateway is its powers
    return await account.ask(gateway.refund(order, refund_order(payment, taken)))


async def reconcile_refunds(parts: Parts, lanes: Lanes | None = None) -> int:
    """Find out about every refund that is due, each once among all processes; say how many were begun."""

    async def check(one: Refund) -> None:
        try:
            await _reconcile_one(parts, one)
        except (Conflict, StorageUnavailable):
            raise
        except PaylinksError as error:
            _log.warning("refund.check_failed", refund_id=one.id, error=type(error).__name__)

    def lane(one: Refund) -> str:
        # Refunds of one payment are told apart by what the others came to, so they are asked about in turn.
        return account_lane(one, one.checkout_id)

    return await work_off(parts, lambda rows: rows.refunds, lane, check, lanes)


async def _reconcile_one(parts: Parts, one: Refund) -> None:
    now = parts.clock.now()
    put_off = replace(one, check_at=next_refund_check(one, now), checks=one.checks + 1, updated_at=now)
    async with parts.units() as work:
        put_off = await work.refunds.replace(one, put_off)
        await work.commit()
    settled, _ = await check_refund(parts, put_off)
    _log.info("refund.checked", refund_id=one.id, was=one.state, state=settled.state)


async def open_refund(parts: Parts, one: Refund) -> tuple[Account, Checkout, Payment]:
    """Open the account of a refund's payment, with what the payment was for.

    Raises:
        ProviderNotConfigured, UnknownProvider: its credentials, or its plugin, have been taken away.

    """
    async with parts.units.reading() as rows:
        payment = await rows.payments.get(one.payment_id)
        checkout = await rows.checkouts.get(one.checkout_id)
        if payment is None or checkout is None:  # rows are never deleted
            raise Conflict("This payment is gone")
        return await account_of(parts, rows, payment), checkout, payment


async def look_up_refund(parts: Parts, one: Refund) -> tuple[Refund, RefundLookUpResult | None]:
    """Ask the provider what became of a refund, and remember it; None where it can't be asked.

    Raises:
        ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was learned.

    """
    account, checkout, payment = await open_refund(parts, one)
    if not isinstance(account.gateway, LooksUpRefunds):
        return one, None
    order, others = order_of(parts, checkout, payment), await _others(parts, one)
    asked = replace(
        refund_order(payment, one),
        refunded_before=counted(others),
        others_in_doubt=counted(other for other in others if other.state in UNSETTLED),
    )
    looked_at = parts.clock.now()
    result = await account.ask(account.gateway.look_up_refund(order, asked, one.reference))
    if isinstance(result, Refunded) and one.reference is None and len(await _others(parts, one)) > len(others):
        # Where it is a total that tells, the newcomer may be what made it grow.
        result = Unknown(message="Another refund of the payment was asked for meanwhile")
    if isinstance(result, NotFound) and await may_be_on_its_way(
        parts, account, one.checkout_id, one.attempt_id, looked_at
    ):
        result = Unknown(message="The provider has nothing of it so far, and may still be at work")
    lookup = parts.providers[one.provider].lookup
    proof = lookup.refund_by_reference if one.reference else lookup.refund_by_id
    return await remember_refund(parts, one, result, proof), result


async def _others(parts: Parts, one: Refund) -> tuple[Refund, ...]:
    async with parts.units.reading() as rows:
        return tuple(other for other in await rows.refunds.of_payment(one.payment_id) if other.id != one.id)


async def check_refund(parts: Parts, one: Refund) -> tuple[Refund, RefundLookUpResult | None]:
    """Ask the provider what became of a refund; where it can't say, ask again for the same one if that is safe.

    What neither settles stays UNKNOWN until a person decides.

    Returns:
        It as it is now, and what the provider said of it, where it could be looked up.

    Raises:
        ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing was learned.

    """
    account, checkout, payment = await open_refund(parts, one)
    one, says = await look_up_refund(parts, one)
    if one.state == "in_flight":
        one = await remember_refund(parts, one, Unknown(message="Its answer was not heard"), "none")
    if one.state == "unknown" and isinstance(account.gateway, Refunds) and _repeatable(parts, one):
        one = await _repeat(parts, account, checkout, payment, one)
    return one, says


def _repeatable(parts: Parts, one: Refund) -> bool:
    """Say whether the provider still knows the id it was first asked under, and so can't do it twice."""
    honours = parts.providers[one.provider].idempotency
    forgotten = one.created_at + honours.hours * _HOUR - _MARGIN
    return one.origin == "api" and "refund" in honours.powers and parts.clock.now() < forgotten


async def _repeat(parts: Parts, account: Account, checkout: Checkout, payment: Payment, one: Refund) -> Refund:
    now = parts.clock.now()
    taken = replace(
        one,
        state=move_refund(one.state, "in_flight"),
        attempt_id=parts.ids.new("att"),
        check_at=now + account.lease,
        updated_at=now,
    )
    async with parts.units() as work:
        taken = await work.refunds.replace(one, taken)
        await tell_refund(parts, work, taken)
        await work.commit()
    try:
        result = await _ask(parts, account, checkout, payment, taken)
    except PaylinksError as error:
        # Nothing happened this time; of the time before nobody knows.
        await remember_refund(parts, taken, Unknown(message=error.message), "none")
        raise
    return await remember_refund(parts, taken, result, "none")
