"""The reconciler: finds what a crash, a lost reply or an absent customer left open, and settles it by evidence."""

import structlog
from msgspec.structs import replace

from paylinks_ports.errors import Conflict, PaylinksError
from paylinks_ports.providers import Cancels
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.payments import Payment

from . import payments
from .events import publish
from .outcomes import follow
from .parts import Parts
from .providers import account_of
from .schedule import next_check
from .states import CHARGEABLE
from .totals import left_of

__all__ = ["abandon_expired", "fulfil", "reconcile"]

_log = structlog.get_logger()
_BATCH = 50
_LOOK_BACK = 24 * 3_600_000


async def reconcile(parts: Parts) -> int:
    """Ask the provider about every payment that is due, each once among all processes; say how many there were."""
    async with parts.units.reading() as rows:
        due = await rows.payments.due(parts.clock.now(), _BATCH)
    for payment in due:
        try:
            await _reconcile_one(parts, payment)
        except Conflict:
            continue  # another process or the customer was quicker
        except PaylinksError as error:
            _log.warning("payment.check_failed", payment_id=payment.id, error=type(error).__name__)
    return len(due)


async def _reconcile_one(parts: Parts, payment: Payment) -> None:
    """Look one payment up; it is first put off, so that no other process asks, and a failure is tried again later."""
    now = parts.clock.now()
    async with parts.units() as work:
        checkout = await work.checkouts.get(payment.checkout_id)
        put_off = replace(payment, check_at=next_check(payment, now), checks=payment.checks + 1, updated_at=now)
        put_off = await work.payments.replace(payment, put_off)
        await work.commit()
    if checkout is None:  # rows are never deleted
        return
    async with parts.units.reading() as rows:
        account = await account_of(parts, rows, put_off)
    unwanted = await _is_unwanted(parts, checkout, put_off)
    if unwanted and put_off.state in CHARGEABLE and put_off.reference and isinstance(account.gateway, Cancels):
        _, settled, _ = await payments.cancel(parts, account, checkout, put_off)
    else:
        _, settled, _ = await payments.look_up(parts, account, checkout, put_off)
    _log.info("payment.checked", payment_id=payment.id, was=payment.state, state=settled.state)


async def _is_unwanted(parts: Parts, checkout: Checkout, payment: Payment) -> bool:
    """Say whether nobody waits for this payment any more, so that what is open for it is better canceled."""
    if payment.upsell_id is None:
        return checkout.state == "abandoned" or payment.id != checkout.payment_id
    async with parts.units.reading() as rows:
        session = await rows.upsell_sessions.get(payment.upsell_id)
    return session is None or session.state == "expired"


async def abandon_expired(parts: Parts) -> int:
    """Mark unpaid checkouts whose token has ended as abandoned, and have what is open for them canceled; say how many.

    Later proof of payment still makes such a checkout paid.
    """
    now = parts.clock.now()
    async with parts.units.reading() as rows:
        expired = await rows.checkouts.expired(now, _BATCH)
    for checkout in expired:
        try:
            async with parts.units() as work:
                left = replace(checkout, state="abandoned", updated_at=now)
                left = await work.checkouts.replace(checkout, left)
                await publish(parts, work, left, "checkout.abandoned")
                payment = await work.payments.get(checkout.payment_id) if checkout.payment_id else None
                if payment and payment.reference and payment.state in CHARGEABLE:
                    await work.payments.replace(payment, replace(payment, check_at=now, updated_at=now))
                await work.commit()
        except Conflict:
            continue  # the customer came back this very moment
    return len(expired)


async def fulfil(parts: Parts) -> int:
    """Find payments that are paid while their checkout is not, and have it follow; say how many there were.

    Both are written in one transaction, so there should be none; money without an order is worth a second look.
    """
    async with parts.units.reading() as rows:
        left = await rows.payments.unfulfilled(parts.clock.now() - _LOOK_BACK, _BATCH)
    found = 0
    for payment in left:
        try:
            async with parts.units() as work:
                checkout = await work.checkouts.get(payment.checkout_id)
                refunds = await work.refunds.of_payment(payment.id)
                if checkout is None or checkout.state == "paid" or left_of(payment, refunds) == 0:
                    continue
                followed = await follow(parts, work, (checkout, payment), payment)
                await work.commit()
        except Conflict:
            continue  # someone writes it right now
        found += 1
        _log.warning("checkout.unfulfilled_found", checkout_id=checkout.id, state=followed.state)
    return found
