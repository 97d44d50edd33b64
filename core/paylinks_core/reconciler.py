"""The reconciler: finds what a crash, a lost reply or an absent customer left open, and settles it by evidence."""

import structlog
from msgspec.structs import replace

from paylinks_ports.errors import Conflict, PaylinksError, StorageUnavailable
from paylinks_ports.providers import Cancels
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.payments import Payment
from paylinks_ports.storage import Due

from . import payments
from .events import publish
from .outcomes import follow
from .parts import Parts
from .providers import account_of
from .rounds import Lanes, account_lane, one_by_one, work_off
from .schedule import next_check
from .states import CHARGEABLE
from .totals import left_of

__all__ = ["abandon_expired", "fulfil", "reconcile"]

_log = structlog.get_logger()
_BATCH = 50
_LOOK_BACK = 24 * 3_600_000


async def reconcile(parts: Parts, lanes: Lanes | None = None) -> int:
    """Ask the provider about every payment that is due, each once among all processes; say how many were begun."""

    async def check(payment: Payment) -> None:
        try:
            await _reconcile_one(parts, payment)
        except (Conflict, StorageUnavailable):
            raise
        except PaylinksError as error:
            _log.warning("payment.check_failed", payment_id=payment.id, error=type(error).__name__)

    def lane(payment: Payment) -> str:
        return account_lane(payment, payment.checkout_id)

    return await work_off(parts, lambda rows: rows.payments, lane, check, lanes)


async def _reconcile_one(parts: Parts, payment: Payment) -> None:
    """Look one payment up; it is first put off, so that no other process asks, and a failure is tried again later."""
    now = parts.clock.now()
    put_off = replace(payment, check_at=next_check(payment, now), checks=payment.checks + 1, updated_at=now)
    async with parts.units() as work:
        put_off = await work.payments.replace(payment, put_off)
        await work.commit()
    # Only now is anything else read: whatever is wrong with it, this one's turn is over.
    async with parts.units.reading() as rows:
        checkout = await rows.checkouts.get(payment.checkout_id)
        account = await account_of(parts, rows, put_off)
    if checkout is None:  # rows are never deleted
        return
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

    So is one whose customer never came back from the bank's step. Later proof of payment still makes it paid.
    """

    async def find(skip: int) -> Due[Checkout]:
        async with parts.units.reading() as rows:
            return await rows.checkouts.expired(parts.clock.now(), _BATCH, skip)

    async def abandon(checkout: Checkout) -> None:
        now = parts.clock.now()
        async with parts.units() as work:
            payment = await work.payments.get(checkout.payment_id) if checkout.payment_id else None
            waits = payment is not None and payment.state == "action_required"
            if checkout.state == "processing" and not waits:
                return  # money may be moving by now
            if payment and payment.state in CHARGEABLE and (waits or payment.reference):
                # Touched, so that a charge that begins this very moment can't be passed by.
                await work.payments.replace(payment, replace(payment, check_at=now, updated_at=now))
            left = replace(checkout, state="abandoned", updated_at=now)
            left = await work.checkouts.replace(checkout, left)
            await publish(parts, work, left, "checkout.abandoned")
            await work.commit()

    return await one_by_one(find, abandon, _BATCH)


async def fulfil(parts: Parts) -> int:
    """Find payments that are paid while their checkout is not, and have it follow; say how many there were.

    Both are written in one transaction, so there should be none; money without an order is worth a second look.
    """
    found = 0

    async def find(skip: int) -> Due[Payment]:
        async with parts.units.reading() as rows:
            return await rows.payments.unfulfilled(parts.clock.now() - _LOOK_BACK, _BATCH, skip)

    async def follow_up(payment: Payment) -> None:
        nonlocal found
        async with parts.units() as work:
            checkout = await work.checkouts.get(payment.checkout_id)
            refunds = await work.refunds.of_payment(payment.id)
            if checkout is None or checkout.state == "paid" or left_of(payment, refunds) == 0:
                return
            followed = await follow(parts, work, (checkout, payment), payment)
            await work.commit()
        found += 1
        _log.warning("checkout.unfulfilled_found", checkout_id=checkout.id, state=followed.state)

    await one_by_one(find, follow_up, _BATCH)
    return found
