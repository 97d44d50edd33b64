"""What a process does besides answering calls: rounds that settle, send and tidy up, for as long as it runs.

Whatever else is to run in the background gets one line in `ROUNDS`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import structlog
from msgspec import Struct

from paylinks_core.deliveries import Deliverer, forget_old
from paylinks_core.domains import check_due_domains
from paylinks_core.endpoint_mails import tell_admins
from paylinks_core.inbox import process_due
from paylinks_core.marketing import forget_told, tell_due
from paylinks_core.parts import Parts
from paylinks_core.reconciler import abandon_expired, fulfil, reconcile
from paylinks_core.refunds import reconcile_refunds
from paylinks_core.rounds import Lanes
from paylinks_core.upsells import expire_sessions
from paylinks_ports.errors import StorageUnavailable

from .house import House
from .idempotency import forget_free

__all__ = ["ROUNDS", "Round", "running"]

_log = structlog.get_logger()


class Round(Struct, frozen=True, kw_only=True):
    """Something that is done again and again, in a task of its own, so that no round delays another.

    Args:
        seconds: between two of them.
        work: takes lanes too where what it begins may go on beside later rounds.

    """

    name: str
    seconds: float
    work: Callable[[Parts], Awaitable[object]] | Callable[[Parts, Lanes | None], Awaitable[object]]
    in_lanes: bool = False

    def bound(self, lanes: Lanes | None) -> Callable[[Parts], Awaitable[object]]:
        """Give its work, to be done in these lanes where it knows any; None: all of it is done at its end."""
        work: Callable[..., Awaitable[object]] = self.work
        return partial(work, lanes=lanes) if self.in_lanes else work


ROUNDS: tuple[Round, ...] = (
    Round(name="reconciler", seconds=1, work=reconcile, in_lanes=True),
    Round(name="refunds", seconds=1, work=reconcile_refunds, in_lanes=True),
    Round(name="inbox", seconds=1, work=process_due, in_lanes=True),
    Round(name="abandoned_checkouts", seconds=1, work=abandon_expired),
    Round(name="expired_upsells", seconds=1, work=expire_sessions),
    Round(name="unfulfilled_payments", seconds=60, work=fulfil),
    Round(name="marketing", seconds=1, work=tell_due, in_lanes=True),
    Round(name="domains", seconds=10, work=check_due_domains),
    Round(name="forget_told", seconds=60, work=forget_told),
    Round(name="forget_deliveries", seconds=60, work=forget_old),
    Round(name="forget_idempotency", seconds=60, work=forget_free),
)
"""What runs in the background besides deliveries; each must bear being done by several processes at once."""


@asynccontextmanager
async def running(house: House) -> AsyncIterator[None]:
    """Run all rounds until this is left; the house is open."""
    if house.database.dialect == "sqlite":
        # SQLite belongs to one server process, so whoever was asking before is gone: its leases are over.
        async with house.parts.units() as work:
            await work.payments.bring_forward(house.parts.clock.now())
            await work.refunds.bring_forward(house.parts.clock.now())
            await work.commit()
    deliverer = Deliverer(house.parts, house.sender, partial(tell_admins, house.entrance))

    async def deliver(_: Parts) -> None:
        await deliverer.round()

    rounds = [(one, Lanes()) for one in (*ROUNDS, Round(name="deliveries", seconds=0.5, work=deliver))]
    tasks = [asyncio.create_task(_for_ever(one, house.parts, lanes)) for one, lanes in rounds]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(lanes.stop() for _, lanes in rounds))
        await deliverer.stop()


async def _for_ever(one: Round, parts: Parts, lanes: Lanes) -> None:
    work = one.bound(lanes)
    while True:
        try:
            await work(parts)
        except StorageUnavailable:
            _log.warning("background.database_away", round=one.name)
        except Exception:  # noqa: BLE001 - it goes on whatever happens: a charge may be waiting to be found
            _log.exception("background.crashed", round=one.name)
        await asyncio.sleep(one.seconds)
