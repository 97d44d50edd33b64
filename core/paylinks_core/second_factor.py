"""The second factor: setting up an authenticator app, its codes, each of which works once, and recovery codes."""

import base64
import secrets

from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.records.people import User
from paylinks_ports.records.sessions import Session
from paylinks_ports.storage.sealed import SECOND_FACTOR

from . import audit
from .digests import digest
from .entrance import Entrance
from .errors import AlreadyEnabled, InvalidCode, InvalidInput, SignInRequired
from .sessions import Admission, Caller, admit, find_session, renew
from .throttles import Origin, guessing

__all__ = ["Enabled", "Setup", "check_code", "confirm", "disable", "set_up", "verify"]

_RECOVERY_CODES = 10
_RECOVERY_BYTES = 15  # 120 bits: enough that a fast hash keeps it
_GROUP = 4
_TRIES = 5
_MISSES = 100  # NIST SP 800-63B-4 §3.2.2: then the app's codes count no more, only a recovery code does


class Setup(Struct, frozen=True, kw_only=True):
    """What an authenticator app is told."""

    secret: str
    url: str


class Enabled(Struct, frozen=True, kw_only=True):
    """The second factor is on; the codes are shown this once."""

    recovery_codes: tuple[str, ...]
    secret: str
    session: Session


async def set_up(entrance: Entrance, caller: Caller) -> Setup:
    """Give the secret for an authenticator app; until it is confirmed, the same one again.

    Raises:
        AlreadyEnabled: the second factor is on.

    """
    user = caller.user
    if user.second_factor_enabled:
        raise AlreadyEnabled
    if user.second_factor is not None:
        secret = _open(entrance, user)
    else:
        secret = entrance.one_time_codes.secret()
        sealed = entrance.parts.vault.seal(secret, SECOND_FACTOR.context(user.id))
        async with entrance.parts.units() as work:
            await work.users.replace(user, replace(user, second_factor=sealed, second_factor_step=0))
            await work.commit()
    return Setup(secret=secret, url=entrance.one_time_codes.url(secret, user.email))


async def confirm(entrance: Entrance, caller: Caller, code: str, origin: Origin) -> Enabled:
    """Turn the second factor on by a first code; all other sessions of the person end.

    Raises:
        AlreadyEnabled: it is on.
        InvalidInput: it has not been set up.
        InvalidCode, Throttled: wrong, too often.

    """
    user, parts = caller.user, entrance.parts
    if user.second_factor_enabled:
        raise AlreadyEnabled
    if user.second_factor is None:
        raise InvalidInput("code: set up the second factor first")
    async with guessing(entrance, user.email, origin):
        step = _fitting(entrance, user, code)
        if step is None:
            raise InvalidCode
    codes = tuple(_recovery_code() for _ in range(_RECOVERY_CODES))
    async with parts.units() as work:
        enabled = replace(user, second_factor_enabled=True, second_factor_step=step, second_factor_misses=0)
        await work.users.replace(user, enabled)
        await work.recovery_codes.put(user.id, tuple(_hash(user, one) for one in codes))
        secret, session = await renew(parts, work, caller.session, proved=True)
        await work.sessions.remove_of("user", user.id)
        await work.sessions.add(session)
        await audit.record(parts, work, caller.actor, "second_factor.enabled", user.id, {})
        await work.commit()
    return Enabled(recovery_codes=codes, secret=secret, session=session)


async def verify(
    entrance: Entrance, secret: str | None, origin: Origin, *, code: str | None = None, recovery_code: str | None = None
) -> Admission:
    """Complete a sign-in that waits for its second factor; five wrong ones end it.

    Raises:
        SignInRequired: no sign-in waits.
        InvalidCode, Throttled: wrong, too often.

    """
    parts = entrance.parts
    async with parts.units.reading() as rows:
        session = await find_session(parts, rows, secret, pending=True)
        user = await rows.users.get(session.person_id) if session else None
    if session is None or user is None:
        raise SignInRequired
    async with guessing(entrance, user.email, origin):
        await _count_try(entrance, session)
        user = await check_code(entrance, user, code=code, recovery_code=recovery_code)
    async with parts.units() as work:
        admission = await admit(parts, work, user, organization_id=session.organization_id, second_factor=True)
        if not await work.sessions.remove(session.id):
            raise SignInRequired
        await work.commit()
    return admission


async def _count_try(entrance: Entrance, session: Session) -> None:
    """Count a try before it is made, so that tries at once count, too."""
    async with entrance.parts.units() as work:
        counted = replace(session, tries=session.tries + 1)
        if counted.tries >= _TRIES:
            counted = replace(counted, expires_at=entrance.parts.clock.now())
        await work.sessions.replace(session, counted)
        await work.commit()


async def check_code(
    entrance: Entrance, user: User, *, code: str | None = None, recovery_code: str | None = None
) -> User:
    """Use up a code of the app, or a recovery code.

    Raises:
        InvalidCode: it is wrong, or has been used.

    """
    if not user.second_factor_enabled or (code is None and recovery_code is None):
        raise InvalidCode
    async with entrance.parts.units() as work:
        if recovery_code is not None:
            if not await work.recovery_codes.take(user.id, _hash(user, recovery_code)):
                raise InvalidCode
            good = replace(user, second_factor_misses=0)
        else:
            step = _fitting(entrance, user, code or "") if user.second_factor_misses < _MISSES else None
            if step is None:
                missed = replace(user, second_factor_misses=user.second_factor_misses + 1)
                await work.users.replace(user, missed)
                await work.commit()
                raise InvalidCode
            good = replace(user, second_factor_step=step, second_factor_misses=0)
        try:
            good = await work.users.replace(user, good)
        except Conflict:
            raise InvalidCode from None  # the same code was quicker elsewhere
        await work.commit()
    return good


async def disable(entrance: Entrance, caller: Caller, origin: Origin, code: str) -> tuple[str, Session]:
    """Turn the second factor off, by a code or a recovery code.

    Raises:
        InvalidCode, Throttled: wrong, too often.

    """
    parts = entrance.parts
    async with guessing(entrance, caller.user.email, origin):
        given = {"recovery_code": code} if len(_plain(code)) > len("000000") else {"code": code}
        user = await check_code(entrance, caller.user, **given)
    async with parts.units() as work:
        off = replace(user, second_factor=None, second_factor_enabled=False, second_factor_step=0)
        await work.users.replace(user, off)
        await work.recovery_codes.put(user.id, ())
        renewed = await renew(parts, work, caller.session, proved=True)
        await audit.record(parts, work, caller.actor, "second_factor.disabled", user.id, {})
        await work.commit()
    return renewed


def _open(entrance: Entrance, user: User) -> str:
    return entrance.parts.vault.open(user.second_factor or "", SECOND_FACTOR.context(user.id))


def _fitting(entrance: Entrance, user: User, code: str) -> int | None:
    """Tell the time step of a code that is right and newer than the newest that was used."""
    step = entrance.one_time_codes.step(_open(entrance, user), _plain(code), entrance.parts.clock.now())
    return step if step is not None and step > user.second_factor_step else None


def _recovery_code() -> str:
    text = base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower()
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def _plain(code: str) -> str:
    return "".join(sign for sign in code.lower() if sign.isalnum())


def _hash(user: User, code: str) -> str:
    return digest(f"{user.id}:{_plain(code)}")
