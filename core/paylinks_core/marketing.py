"""Telling marketing systems of paid orders that `notices` has noted, each once; no transaction is held meanwhile.

A call that failed for sure is repeated; so is one that nobody saw the end of, where the system recognizes a repeat.
"""

import asyncio
import random
from functools import partial
from typing import Any

import structlog
from msgspec.structs import replace

from paylinks_ports.errors import (
    Conflict,
    CredentialsRejected,
    PaylinksError,
    ProviderRefused,
    ProviderUnavailable,
    StorageUnavailable,
)
from paylinks_ports.marketing import EventInDoubt, MarketingIntegration, TakesOrders, TryLater
from paylinks_ports.records.marketing import (
    UNTIL_CHANGED,
    MarketingNotice,
    MarketingPause,
    NoticeAccount,
    NoticeStatus,
)
from paylinks_ports.records.payments import PaymentEvent
from paylinks_ports.records.settings import PluginSetting

from .notices import order_placed_of
from .parts import Parts
from .rounds import Lanes, put_off_unreadable
from .settings import is_configured

__all__ = ["KEPT", "SCHEDULE", "forget_told", "tell_due"]

_log = structlog.get_logger()

_SECOND = 1_000
_MINUTE = 60 * _SECOND
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR

SCHEDULE = (5 * _SECOND, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR, 10 * _HOUR, 24 * _HOUR)
"""Milliseconds from each failure to the next try; after the last one it has failed."""

KEPT = 30 * _DAY
"""Milliseconds that what has ended is kept."""

_LONGEST_WAIT = 7 * _DAY  # in all, for a system that asks to wait again and again
_JITTER = 0.1
_ACCOUNTS = 200
_BATCH = 20


async def tell_due(parts: Parts, lanes: Lanes | None = None) -> int:
    """Tell what is due, the accounts side by side and the orders of each in turn; say of how many accounts.

    Args:
        lanes: what was begun in them goes on while the caller makes its next rounds; None: all is done at the end.

    """
    async with parts.units.reading() as rows:
        accounts = await rows.marketing_notices.due_accounts(parts.clock.now(), _ACCOUNTS)
    own = lanes or Lanes()
    for account in accounts:
        own.begin(f"{account.brand_id} {account.integration} {account.demo}", partial(_tell_account, parts, account))
    if lanes is None:
        await own.finish()
    return len(accounts)


async def _tell_account(parts: Parts, account: NoticeAccount) -> None:
    """Tell an account's orders until one of them has to wait."""
    try:
        async with parts.units.reading() as rows:
            due = await rows.marketing_notices.due(account, parts.clock.now(), _BATCH)
        await put_off_unreadable(parts, lambda rows: rows.marketing_notices, due)
        for notice in due.rows:
            if not await _tell_or_put_off(parts, notice):
                return
    except (Conflict, StorageUnavailable):
        return  # another process tells this account, or the next round will say that the database is away
    except Exception as error:  # noqa: BLE001 - one account's trouble is not the others'
        _log.exception("marketing.crashed", integration=account.integration, error=type(error).__name__)


async def _tell_or_put_off(parts: Parts, notice: MarketingNotice) -> bool:
    """Tell one order; one that can't even be composed is put off, for it would stand before all others for ever."""
    try:
        return await _tell_one(parts, notice)
    except (Conflict, StorageUnavailable):
        raise
    except Exception as error:  # noqa: BLE001 - one order's trouble is not the others'
        _log.exception("row.crashed", kind="MarketingNotice", id=notice.id)
        now = parts.clock.now()
        reason = f"It could not be told ({type(error).__name__})"
        # Its status stays: a call that had begun must not be made again.
        later = replace(notice, next_at=now + _HOUR, reason=reason, updated_at=now)
        async with parts.units() as work:
            await work.marketing_notices.replace(notice, later)
            await work.commit()
        return True


async def _tell_one(parts: Parts, notice: MarketingNotice) -> bool:
    """Tell one order; say whether the account's next one may follow at once."""
    if notice.status == "sending":
        return await _end(parts, notice, "in_doubt", "Nobody saw the end of the call, and it would not be recognized")
    integration = parts.integrations.get(notice.integration)
    async with parts.units.reading() as rows:
        setting = await rows.plugin_settings.get(notice.brand_id, notice.integration)
        placed = await order_placed_of(parts, rows, notice, setting)
    if placed is None or setting is None or not setting.enabled:
        return await _end(parts, notice, "failed", "The integration was switched off")
    if integration is None or parts.marketing is None or not is_configured(parts, integration, setting):
        return await _pause(parts, notice, setting, UNTIL_CHANGED, "The credentials are missing or can't be opened")
    # A demo order meets the simulator, whatever the brand has entered, and a real one never does.
    account = await parts.marketing.open(notice.brand_id, notice.integration, None if notice.demo else setting)
    if not isinstance(account.gateway, TakesOrders):
        return await _end(parts, notice, "refused", "The integration takes no orders")
    now = parts.clock.now()
    taken = replace(
        notice,
        status="pending" if integration.repeatable else "sending",
        attempts=notice.attempts + 1,
        next_at=now + int(account.timeout * 2 * _SECOND),
        updated_at=now,
    )
    async with parts.units() as work:
        taken = await work.marketing_notices.replace(notice, taken)
        await work.commit()
    try:
        async with asyncio.timeout(account.timeout):
            await account.gateway.order_placed(placed)
    except Exception as error:  # noqa: BLE001 - each has its meaning
        return await _remember_failure(parts, integration, setting, taken, error)
    return await _end(parts, taken, "done", None)


async def _remember_failure(  # noqa: PLR0911 - one for each meaning
    parts: Parts,
    integration: MarketingIntegration[Any],
    setting: PluginSetting,
    taken: MarketingNotice,
    error: Exception,
) -> bool:
    """Keep what a call that did not return makes of its notice."""
    match error:
        case TryLater():
            wait = max(int((error.seconds or 0) * _SECOND), _SECOND)
            if error.seconds is None:
                wait = _jittered(SCHEDULE[min(taken.attempts - 1, len(SCHEDULE) - 1)])
            if parts.clock.now() - taken.created_at > _LONGEST_WAIT:
                return await _end(parts, taken, "failed", error.message)
            return await _pause(parts, taken, setting, parts.clock.now() + min(wait, _HOUR), error.message)
        case CredentialsRejected():
            return await _pause(parts, taken, setting, UNTIL_CHANGED, error.message)
        case ProviderRefused():
            return await _end(parts, taken, "refused", _sentence(error))
        case EventInDoubt():
            return await _end(parts, taken, "in_doubt", _sentence(error))
        case ProviderUnavailable():
            return await _put_off(parts, taken, _sentence(error))
    # Neither its words nor its traceback: both may hold what was sent.
    _log.warning("marketing.call_failed", integration=integration.name, error=type(error).__name__)
    if not integration.repeatable:
        return await _end(parts, taken, "in_doubt", f"The answer was lost ({type(error).__name__})")
    return await _put_off(parts, taken, f"The answer was lost ({type(error).__name__})")


def _sentence(error: PaylinksError) -> str:
    return f"{error.message}: {error.details}" if error.details else error.message


def _jittered(wait: int) -> int:
    return int(wait * random.uniform(1 - _JITTER, 1 + _JITTER))  # noqa: S311 - no secret depends on it


async def _put_off(parts: Parts, taken: MarketingNotice, reason: str) -> bool:
    if taken.failures >= len(SCHEDULE):
        return await _end(parts, taken, "failed", reason)
    now = parts.clock.now()
    later = replace(
        taken,
        status="pending",
        failures=taken.failures + 1,
        next_at=now + _jittered(SCHEDULE[taken.failures]),
        reason=reason[:500],
        updated_at=now,
    )
    async with parts.units() as work:
        await work.marketing_notices.replace(taken, later)
        await work.commit()
    return False


async def _pause(parts: Parts, notice: MarketingNotice, setting: PluginSetting | None, until: int, reason: str) -> bool:
    """Let a notice and all others of its account wait; not where the brand has changed its setting meanwhile."""
    now = parts.clock.now()
    pause = MarketingPause(
        brand_id=notice.brand_id,
        integration=notice.integration,
        demo=notice.demo,
        until=until,
        reason=reason[:500],
        created_at=now,
    )
    waiting = replace(notice, status="pending", next_at=now, reason=reason[:500], updated_at=now)
    async with parts.units() as work:
        await work.marketing_notices.replace(notice, waiting)
        present = await work.plugin_settings.get(notice.brand_id, notice.integration)
        if (present.version if present else None) == (setting.version if setting else None):
            await work.marketing_notices.pause(pause)
        await work.commit()
    return False


async def _end(parts: Parts, notice: MarketingNotice, status: NoticeStatus, reason: str | None) -> bool:
    """End a notice, and tell it in the story of its order."""
    now = parts.clock.now()
    ended = replace(notice, status=status, reason=reason[:500] if reason else None, updated_at=now)
    async with parts.units() as work:
        await work.marketing_notices.replace(notice, ended)
        payment = await work.payments.get(notice.payment_id)
        if payment is not None:  # rows are never deleted
            await work.payment_events.add(
                PaymentEvent(
                    id=parts.ids.new("evt"),
                    payment_id=payment.id,
                    checkout_id=payment.checkout_id,
                    type=f"{notice.integration}.{status}",
                    attempt_id=payment.attempt_id,
                    amount=payment.amount,
                    currency=payment.currency,
                    detail={"message": reason[:500]} if reason else {},
                    at=now,
                )
            )
        await work.commit()
    _log.info("marketing.told", integration=notice.integration, payment_id=notice.payment_id, status=status)
    return True


async def forget_told(parts: Parts) -> int:
    """Delete some of what ended long ago, and say how much."""
    async with parts.units() as work:
        count = await work.marketing_notices.forget(parts.clock.now() - KEPT, 500)
        await work.commit()
    return count
