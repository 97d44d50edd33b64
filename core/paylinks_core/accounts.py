"""Accounts that prove themselves with a password: registering, signing in, changing it, and proving it again."""

from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.records.people import Membership, User
from paylinks_ports.records.sessions import Session
from paylinks_ports.records.tenants import Brand, Organization
from paylinks_ports.storage import Work

from . import audit
from .entrance import Entrance
from .errors import AddressTaken, InvalidCredentials, InvalidInput, RegistrationClosed, SignInRequired
from .identification import check_name, check_password, read_email
from .organizations import add_brand, add_organization
from .parts import Parts
from .second_factor import check_code
from .sessions import Admission, Caller, admit, renew
from .throttles import Origin, guessing

__all__ = [
    "Registered",
    "change_password",
    "found",
    "join",
    "new_user",
    "prove_password",
    "reauthenticate",
    "register",
    "set_password",
    "sign_in",
]


class Registered(Struct, frozen=True, kw_only=True):
    """A new account in an organization of its own."""

    admission: Admission
    organization: Organization
    brand: Brand


def new_user(parts: Parts, email: str, name: str, password_hash: str | None, *, email_verified: bool = False) -> User:
    """Describe a new person."""
    now = parts.clock.now()
    return User(
        id=parts.ids.new("user"),
        email=email,
        name=name,
        email_verified=email_verified,
        password_hash=password_hash,
        created_at=now,
        updated_at=now,
    )


async def join(parts: Parts, work: Work, user: User, organization_id: str, **given: object) -> Membership:
    """Make a person belong to an organization, as its owner at once if nothing else is given.

    Raises:
        Conflict: the person belongs to it already.

    """
    now = parts.clock.now()
    membership = Membership(
        id=parts.ids.new("mem"),
        user_id=user.id,
        organization_id=organization_id,
        email=user.email,
        name=user.name,
        role="owner",
        accepted_at=now,
        created_at=now,
    )
    membership = replace(membership, **given)
    await work.memberships.add(membership)
    return membership


async def register(  # noqa: PLR0913 - what is asked of a new account
    entrance: Entrance, *, name: str, email: str, password: str, organization_name: str, ip: str | None
) -> Registered:
    """Make an account, and an organization with one brand that it owns.

    Raises:
        RegistrationClosed: new people come by invitation only.
        InvalidInput, UnfitPassword: naming the field.
        AddressTaken: there is such an account.

    """
    if not entrance.registration_open:
        raise RegistrationClosed
    parts = entrance.parts
    address, name = read_email(email), check_name(name, "name")
    organization_name = check_name(organization_name, "orgName")
    check_password(password, address, name, organization_name)
    # Hashed before anything is looked up, so that a taken address takes as long as a free one.
    user = new_user(parts, address, name, await entrance.passwords.hash(password))
    return await found(entrance, user, organization_name, ip)


async def found(entrance: Entrance, user: User, organization_name: str, ip: str | None) -> Registered:
    """Add a new person, with an organization of their own.

    Raises:
        AddressTaken: there is such an account.

    """
    parts = entrance.parts
    async with parts.units() as work:
        try:
            await work.users.add(user)
        except Conflict:
            raise AddressTaken from None
        organization = await add_organization(parts, work, organization_name)
        brand = await add_brand(parts, work, organization.id, organization_name)
        await join(parts, work, user, organization.id)
        admission = await admit(parts, work, user)
        actor = audit.Actor(organization_id=organization.id, id=user.id, email=user.email, kind="user", ip=ip)
        await audit.record(parts, work, actor, "organization.created", organization.id, {"name": organization.name})
        await work.commit()
    return Registered(admission=admission, organization=organization, brand=brand)


async def sign_in(entrance: Entrance, email: str, password: str, origin: Origin) -> Admission:
    """Sign in with a password. Unknown addresses take as long as known ones.

    Raises:
        InvalidCredentials: they don't belong together.
        NoOrganization: the person belongs to none.
        Throttled: too many wrong ones.

    """
    parts = entrance.parts
    try:
        address = read_email(email)
    except InvalidInput:
        address = email.strip().lower()[:320]
    async with guessing(entrance, address, origin):
        async with parts.units.reading() as rows:
            user = await rows.users.by_email(address)
        user = await prove_password(entrance, user, password)
    async with parts.units() as work:
        try:
            admission = await admit(parts, work, user)
        except SignInRequired:
            raise InvalidCredentials from None  # it was the one until just now
        await work.commit()
    return admission


async def prove_password(entrance: Entrance, user: User | None, password: str) -> User:
    """Check a password, and write its hash anew where today's parameters are others.

    Raises:
        InvalidCredentials: it is not the one, or there is nobody.

    """
    known = user.password_hash if user else None
    if not await entrance.passwords.verify(password, known) or user is None or known is None:
        raise InvalidCredentials
    if not entrance.passwords.outdated(known):
        return user
    password_hash = await entrance.passwords.hash(password)
    try:
        async with entrance.parts.units() as work:
            user = await work.users.replace(user, replace(user, password_hash=password_hash))
            await work.commit()
    except Conflict:  # the account was changed meanwhile, perhaps its password
        async with entrance.parts.units.reading() as rows:
            user = await rows.users.get(user.id)
        return await prove_password(entrance, user, password)
    return user


async def set_password(entrance: Entrance, work: Work, user: User, password_hash: str) -> User:
    """Put a new password in place of the old one, and end every session and mailed token of the person."""
    now = entrance.parts.clock.now()
    changed = await work.users.replace(user, replace(user, password_hash=password_hash, updated_at=now))
    await work.sessions.remove_of("user", user.id)
    await work.login_tokens.remove_of(user.id, "password_reset")
    await work.login_tokens.remove_of(user.id, "magic_link")
    return changed


async def change_password(
    entrance: Entrance, caller: Caller, current: str, new: str, origin: Origin
) -> tuple[str, Session]:
    """Change one's own password; every other session ends, and this one gets another secret.

    Raises:
        InvalidCredentials, Throttled: the current one is wrong, too often.
        UnfitPassword: the new one can't be used.

    """
    check_password(new, caller.user.email, caller.user.name, path="newPassword")
    parts = entrance.parts
    async with guessing(entrance, caller.user.email, origin):
        user = await prove_password(entrance, caller.user, current)
    password_hash = await entrance.passwords.hash(new)
    async with parts.units() as work:
        secret, session = await renew(parts, work, caller.session, proved=True)
        await set_password(entrance, work, user, password_hash)
        await work.sessions.add(session)
        await audit.record(parts, work, caller.actor, "password.changed", user.id, {})
        await work.commit()
    return secret, session


async def reauthenticate(
    entrance: Entrance, caller: Caller, origin: Origin, *, password: str | None = None, code: str | None = None
) -> tuple[str, Session]:
    """Prove again who one is, with the password or a code; the session gets another secret.

    Raises:
        InvalidCredentials, InvalidCode, Throttled: wrong, too often.

    """
    parts = entrance.parts
    async with guessing(entrance, caller.user.email, origin):
        if code is not None:
            await check_code(entrance, caller.user, code=code)
        else:
            await prove_password(entrance, caller.user, password or "")
    async with parts.units() as work:
        renewed = await renew(parts, work, caller.session, proved=True)
        await work.commit()
    return renewed
