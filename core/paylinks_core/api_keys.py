"""The API keys of a brand, as its admins make, see and revoke them."""

from typing import Literal

from msgspec.structs import replace

from paylinks_ports.records.tenants import ApiKey

from . import audit
from .errors import Forbidden, InvalidInput, NotKnown
from .parts import Parts
from .permissions import KEY_PERMISSIONS, Permission
from .sessions import Caller
from .tenants import NewApiKey, new_api_key

__all__ = ["check_scope", "create_key", "list_keys", "note_use", "revoke_key"]

_MINUTE = 60_000


async def list_keys(parts: Parts, brand_id: str) -> tuple[ApiKey, ...]:
    """List a brand's keys."""
    async with parts.units.reading() as rows:
        return await rows.api_keys.of_brand(brand_id)


async def create_key(  # noqa: PLR0913 - what is said of a new key
    parts: Parts,
    caller: Caller,
    brand_id: str,
    *,
    name: str,
    mode: Literal["live", "test"],
    scopes: tuple[str, ...] = (),
) -> NewApiKey:
    """Make one; its two secrets are shown this once.

    Raises:
        InvalidInput: a scope is unknown.

    """
    for index, scope in enumerate(scopes):
        if scope not in KEY_PERMISSIONS:
            raise InvalidInput(f"scopes[{index}]: is none of {', '.join(sorted(KEY_PERMISSIONS))}")
    made = new_api_key(parts, brand_id, name, mode, scopes)
    actor = replace(caller.actor, brand_id=brand_id)
    async with parts.units() as work:
        await work.api_keys.add(made.record)
        told = {"name": name, "mode": mode, "prefix": made.record.prefix, "scopes": ", ".join(scopes)}
        await audit.record(parts, work, actor, "api_key.created", made.record.id, told)
        await work.commit()
    return made


async def revoke_key(parts: Parts, caller: Caller, brand_id: str, key_id: str) -> None:
    """Revoke one: from now on it is nobody's, in every process, and neither are tokens signed with it.

    Raises:
        NotKnown: the brand has none such.

    """
    actor = replace(caller.actor, brand_id=brand_id)
    async with parts.units() as work:
        key = await work.api_keys.get(key_id)
        if key is None or key.brand_id != brand_id:
            raise NotKnown("there is no such API key")
        await work.api_keys.remove(key_id)
        await audit.record(parts, work, actor, "api_key.revoked", key_id, {"name": key.name, "prefix": key.prefix})
        await work.commit()


def check_scope(key: ApiKey, permission: Permission | None) -> None:
    """Refuse what a key may not do; what names no permission is open to keys that nothing narrows.

    Raises:
        Forbidden: its scopes leave it out.

    """
    narrowed = key.scopes and permission not in key.scopes
    if narrowed or (permission is not None and permission not in KEY_PERMISSIONS):
        raise Forbidden(f"this API key has not the scope {permission}")


async def note_use(parts: Parts, key: ApiKey) -> None:
    """Note that a key was used, once a minute at most."""
    now = parts.clock.now()
    if key.last_used_at is None or now - key.last_used_at > _MINUTE:
        async with parts.units() as work:
            await work.api_keys.touch(key.id, now)
            await work.commit()
