"""How a round of the background works on rows: no row stops another one, and who hangs delays nobody else.

A lane is worked on in turn, and the lanes side by side. What a provider is asked is put into a few lanes of each
account, so that an account at which every call takes its longest holds only those.
"""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

import structlog

from paylinks_ports.errors import Conflict, StorageUnavailable
from paylinks_ports.storage import Due, Reading

from .parts import Parts

__all__ = ["UNREADABLE", "Lanes", "account_lane", "one_by_one", "put_off_unreadable", "work_off"]

_log = structlog.get_logger()

UNREADABLE = 3_600_000
"""Milliseconds that what can't be read is put off; a newer version of the program may be able to."""

_PLACES = 100
_BATCH = 200
_LANES = 4
_EACH = 20  # rows of one account that are taken up at once


class _Row(Protocol):
    @property
    def id(self) -> str: ...


class _AccountRow(_Row, Protocol):
    @property
    def brand_id(self) -> str: ...
    @property
    def provider(self) -> str: ...
    @property
    def demo(self) -> bool: ...


T = TypeVar("T", bound=_Row)


class _Postponed(Protocol):
    async def put_off(self, ids: Sequence[str], until: int) -> None: ...


class _Queue(_Postponed, Protocol[T]):
    async def due(self, now: int, limit: int, each: int) -> Due[T]: ...


class Lanes:
    """What is under way, by lane: of each one thing at a time, and of all together no more than there are places."""

    def __init__(self, places: int = _PLACES) -> None:
        self._places = places
        self._running: dict[str, asyncio.Task[None]] = {}

    def begin(self, lane: str, work: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        """Begin something, and say so; not in a lane in which something is under way, nor where no place is free."""
        if lane in self._running or len(self._running) >= self._places:
            return False
        task = asyncio.create_task(work())
        self._running[lane] = task
        task.add_done_callback(lambda _: self._running.pop(lane))
        return True

    async def finish(self) -> None:
        """Wait until nothing is under way."""
        while self._running:
            await asyncio.wait(list(self._running.values()))

    async def stop(self) -> None:
        """End what is under way; whatever was taken is found again when its lease is over."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def account_lane(row: _AccountRow, key: str) -> str:
    """Choose one of the lanes of the account that a row is asked of; rows with the same key are in the same one."""
    return f"{row.brand_id} {row.provider} {row.demo} {zlib.crc32(key.encode()) % _LANES}"


async def work_off(
    parts: Parts,
    queue: Callable[[Reading], _Queue[T]],
    lane: Callable[[T], str],
    work: Callable[[T], Awaitable[object]],
    lanes: Lanes | None,
) -> int:
    """Work on the rows of a queue that are due, and say on how many; `work` puts off what it takes, first of all.

    Args:
        lanes: what was begun in them goes on while the caller makes its next rounds; None: all is done at the end.

    """
    by_lane: dict[str, list[T]] = {}
    for row in await _due(parts, queue, _BATCH if lanes is None else _EACH):
        by_lane.setdefault(lane(row), []).append(row)
    own, begun = Lanes(_BATCH) if lanes is None else lanes, 0
    for name, rows in by_lane.items():
        if own.begin(name, partial(_in_turn, rows, work)):
            begun += len(rows)
    if lanes is None:
        await own.finish()
    return begun


async def _due(parts: Parts, queue: Callable[[Reading], _Queue[T]], each: int) -> tuple[T, ...]:
    now = parts.clock.now()
    async with parts.units.reading() as rows:
        due = await queue(rows).due(now, _BATCH, each)
    await put_off_unreadable(parts, queue, due)
    return due.rows


async def put_off_unreadable(parts: Parts, queue: Callable[[Reading], _Postponed], due: Due[Any]) -> None:
    """Put off what can't be read, so that it never stands before what can."""
    if due.unreadable:
        async with parts.units() as work:
            await queue(work).put_off(due.unreadable, parts.clock.now() + UNREADABLE)
            await work.commit()


async def _in_turn(rows: Sequence[T], work: Callable[[T], Awaitable[object]]) -> None:
    for row in rows:
        try:
            await work(row)
        except Conflict:
            continue  # another process, or the customer, was quicker
        except StorageUnavailable:
            _log.warning("background.database_away")
            return
        except Exception:  # noqa: BLE001 - one row's trouble is not the others'
            _log.exception("row.crashed", kind=type(row).__name__, id=row.id)


async def one_by_one(
    find: Callable[[int], Awaitable[Due[T]]], work: Callable[[T], Awaitable[object]], most: int
) -> int:
    """Work on rows that no provider is asked about, one after the other; say on how many.

    Args:
        find: reads at most `most` of them without the first so many: those that failed or can't be read stay where
            they are, and are looked past.
        work: of one, in a transaction of its own.
        most: see `find`.

    Raises:
        StorageUnavailable: the database is away.

    """
    count = skipped = 0
    while True:
        due = await find(skipped)
        failed = len(due.unreadable)
        for row in due.rows:
            try:
                await work(row)
            except Conflict:
                continue  # someone else writes it this very moment
            except StorageUnavailable:
                raise
            except Exception:  # noqa: BLE001 - one row's trouble is not the others'
                _log.exception("row.crashed", kind=type(row).__name__, id=row.id)
                failed += 1
        count += len(due.rows)
        skipped += failed
        if not failed or len(due.rows) + len(due.unreadable) < most:
            return count
