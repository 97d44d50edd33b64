"""The first proof that somebody reads what is mailed to an account's address, and what goes with it."""

from msgspec.structs import replace

from paylinks_ports.records.people import User
from paylinks_ports.storage import Work

from . import audit
from .parts import Parts

__all__ = ["prove_address"]


async def prove_address(parts: Parts, work: Work, user: User, ip: str | None) -> User:
    """Note that whoever acts reads what is mailed to the account's address; the first time, every earlier key is void.

    Whoever made the account may be somebody else, who never showed to read that address: password, second factor,
    accounts at sign-in providers and sessions of theirs would open what its owner makes of the account from now on.

    Args:
        parts: time and ids.
        work: the caller commits it, with the session or the password that the proof is for.
        user: whose address; given back as it is now.
        ip: where the proof comes from.

    Raises:
        Conflict: the account has been changed meanwhile.

    """
    if user.email_verified:
        return user
    # The account first: a sign-in under way holds it until its session is there to be ended.
    proven = await work.users.replace(
        user,
        replace(
            user,
            email_verified=True,
            password_hash=None,
            second_factor=None,
            second_factor_enabled=False,
            second_factor_step=0,
            second_factor_misses=0,
            updated_at=parts.clock.now(),
        ),
    )
    await work.recovery_codes.put(user.id, ())
    await work.identities.remove_of(user.id)
    told: audit.Changes = {
        "password": "removed" if user.password_hash else None,
        "secondFactor": "removed" if user.second_factor_enabled else None,
        "sessions": await work.sessions.remove_of("user", user.id),
    }
    for membership in await work.memberships.of_user(user.id):
        actor = audit.Actor(
            organization_id=membership.organization_id, id=user.id, email=user.email, kind="user", ip=ip
        )
        await audit.record(parts, work, actor, "address.proven", user.id, told)
    return proven
