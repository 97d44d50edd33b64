"""What a process does besides answering calls: rounds that settle, send and tidy up, for as long as it runs.

Whatever else is to run in the background gets one line in `rounds_of`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import structlog
from msgspec import Struct

from paylinks_core.deliveries import Deliverer, forget_old
from paylinks_core.inbox import process_due
from paylinks_core.reconciler import abandon_expired, fulfil, reconcile
from paylinks_core.refunds import reconcile_refunds
from paylinks_core.upsells import expire_sessions
from paylinks_ports.errors import StorageUnavailable

from .house import House
from .idempotency import forget_free

__all__ = ["Round", "running"]

_log = structlog.get_logger()


class Round(Struct, frozen=True, kw_only=True):
    """Something that is done again and again, in a task of its own, so that no round delays another.

    Args:
        seconds: between two of them.

    """

    name: str
    seconds: float
    work: Callable[[], Awaitable[object]]


def rounds_of(house: House, deliverer: Deliverer) -> list[Round]:
    """List what runs in the background; each must bear being done by several processes at once."""
    parts = house.parts
    return [
        Round(name="reconciler", seconds=1, work=partial(reconcile, parts)),
        Round(name="refunds", seconds=1, work=partial(reconcile_refunds, parts)),
        Round(name="inbox", seconds=1, work=partial(process_due, parts)),
        Round(name="abandoned_checkouts", seconds=1, work=partial(abandon_expired, parts)),
        Round(name="expired_upsells", seconds=1, work=partial(expire_sessions, parts)),
        Round(name="unfulfilled_payments", seconds=60, work=partial(fulfil, parts)),
        Round(name="deliveries", seconds=0.5, work=deliverer.round),
        Round(name="forget_deliveries", seconds=60, work=partial(forget_old, parts)),
        Round(name="forget_idempotency", seconds=60, work=partial(forget_free, parts)),
    ]


@asynccontextmanager
async def running(house: House) -> AsyncIterator[None]:
    """Run all rounds until this is left; the house is open."""
    if house.database.dialect == "sqlite":
        # SQLite belongs to one server process, so whoever was asking before is gone: its leases are over.
        async with house.parts.units() as work:
            await work.payments.bring_forward(house.parts.clock.now())
            await work.refunds.bring_forward(house.parts.clock.now())
            await work.commit()
    deliverer = Deliverer(house.parts, house.sender)
    tasks = [asyncio.create_task(_for_ever(one)) for one in rounds_of(house, deliverer)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await deliverer.stop()


async def _for_ever(one: Round) -> None:
    while True:
        try:
            await one.work()
        except StorageUnavailable:
            _log.warning("background.database_away", round=one.name)
        except Exception:  # noqa: BLE001 - it goes on whatever happens: a charge may be waiting to be found
            _log.exception("background.crashed", round=one.name)
        await asyncio.sleep(one.seconds)
