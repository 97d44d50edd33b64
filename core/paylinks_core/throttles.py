"""Slowing down those who guess, without locking out whom they guess at.

Tries are counted for an account from one address, for an account from everywhere, and for an address. A browser that
has signed in before carries a mark of it and is counted for itself: whatever strangers try, it gets in.
"""

import hmac
import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct

from .digests import digest, sign
from .entrance import Entrance
from .errors import InvalidCode, InvalidCredentials, Throttled

__all__ = ["Origin", "guessing", "make_mark"]

_EVERYWHERE = 5  # an account may be tried at from several addresses, a user's own among them
_ADDRESS = 3  # one address may be many people's
_PREFIX = 64  # a household has as many IPv6 addresses as it likes


class Origin(Struct, frozen=True, kw_only=True):
    """Where a try comes from.

    Args:
        address: the client's.
        mark: what an earlier sign-in has left in the browser.

    """

    address: str
    mark: str | None = None


def make_mark(entrance: Entrance, account: str) -> str:
    """Make what a browser keeps of having been signed in to an account."""
    nonce = entrance.parts.ids.secret("")
    return f"{nonce}.{_signature(entrance, account, nonce)}"


def _signature(entrance: Entrance, account: str, nonce: str) -> str:
    return sign(entrance.parts.token_secret, f"mark:{account}:{nonce}")


@asynccontextmanager
async def guessing(entrance: Entrance, account: str, origin: Origin) -> AsyncIterator[None]:
    """Count what is tried inside; what does not fail as a wrong password or code was no guess and is uncounted.

    Args:
        entrance: what to count with.
        account: an address or an id, whether there is such an account or not.
        origin: where the try comes from.

    Raises:
        Throttled: too many wrong ones.

    """
    most, taken = entrance.wrong_passwords, list[str]()
    nonce, _, signature = (origin.mark or "").partition(".")
    known = bool(signature) and hmac.compare_digest(signature, _signature(entrance, account, nonce))
    whose, place = digest(account)[:32], _place(origin.address)
    limits = {f"login:{whose}:{place}": most, f"login:{whose}": most * _EVERYWHERE, f"login::{place}": most * _ADDRESS}
    if known:
        limits = {f"login:{whose}:{digest(nonce)[:32]}": most}
    if most:
        for key, limit in limits.items():
            taken.append(key)
            if (seconds := await entrance.throttle.take(key, limit)) is not None:
                raise Throttled(seconds)
    try:
        yield
    except (InvalidCredentials, InvalidCode):
        raise
    except BaseException:
        await _give_back(entrance, taken)
        raise
    await _give_back(entrance, taken)


async def _give_back(entrance: Entrance, keys: list[str]) -> None:
    for key in keys:
        await entrance.throttle.give_back(key)


def _place(address: str) -> str:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{known}/{_PREFIX}", strict=False)) if known.version == 6 else str(known)  # noqa: PLR2004 - IPv6
