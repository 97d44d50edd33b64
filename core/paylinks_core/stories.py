"""The story of an order: each event is later than those before it; and what it says of a call that may still run."""

from msgspec.structs import replace

from paylinks_ports.records.payments import PaymentEvent
from paylinks_ports.services import Account
from paylinks_ports.storage import Work

from .parts import Parts

__all__ = ["add_event", "may_be_on_its_way"]


async def add_event(work: Work, event: PaymentEvent) -> None:
    """Add one, in the transaction of the change it tells of.

    A time server puts a clock back, and two processes never agree to the millisecond; the order of the story is what
    totals are folded by and what an auditor reads.
    """
    told = await work.payment_events.of_checkout(event.checkout_id)
    latest = max((one.at for one in told), default=0)
    await work.payment_events.add(replace(event, at=max(event.at, latest + 1)))


async def may_be_on_its_way(parts: Parts, account: Account, checkout_id: str, attempt_id: str, looked_at: int) -> bool:
    """Say whether what an attempt asked for may not have come to its end, so that its absence proves nothing.

    A lost connection or a dead process ends our part of a call, and not the provider's: that is over with the lease.

    Args:
        parts: for the story of the order.
        account: whose lease.
        checkout_id: of the order.
        attempt_id: what is looked for.
        looked_at: when the provider was asked for it, Unix milliseconds: its answer may come after the lease, and still
            tell of a moment within.

    """
    async with parts.units.reading() as rows:
        events = await rows.payment_events.of_checkout(checkout_id)
    asked = [event.at for event in events if event.attempt_id == attempt_id and event.type.endswith("in_flight")]
    return looked_at < max(asked, default=0) + account.lease
