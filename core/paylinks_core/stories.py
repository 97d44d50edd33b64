"""Adding to the story of an order: each event is later than those before it, whatever the clock says."""

from msgspec.structs import replace

from paylinks_ports.records.payments import PaymentEvent
from paylinks_ports.storage import Work

__all__ = ["add_event"]


async def add_event(work: Work, event: PaymentEvent) -> None:
    """Add one, in the transaction of the change it tells of.

    A time server puts a clock back, and two processes never agree to the millisecond; the order of the story is what
    totals are folded by and what an auditor reads.
    """
    told = await work.payment_events.of_checkout(event.checkout_id)
    latest = max((one.at for one in told), default=0)
    await work.payment_events.add(replace(event, at=max(event.at, latest + 1)))
