"""Being signed in: sessions are made, found, renewed and ended here. A browser never chooses the secret of one."""

from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports.records.people import Membership, Role, User
from paylinks_ports.records.sessions import Session
from paylinks_ports.records.tenants import Brand
from paylinks_ports.storage import Reading, Work

from .audit import Actor
from .digests import digest
from .errors import NoOrganization, SignInRequired
from .parts import Parts

__all__ = [
    "SESSION_LIFE",
    "Admission",
    "Caller",
    "admit",
    "end",
    "find_caller",
    "find_session",
    "is_alive",
    "note_visit",
    "renew",
    "visible_brands",
]

_MINUTE = 60_000
SESSION_LIFE = 24 * 60 * _MINUTE
_IDLE = 4 * 60 * _MINUTE
_PENDING_LIFE = 10 * _MINUTE


class Admission(Struct, frozen=True, kw_only=True):
    """A new session, with the secret that its browser is handed this once.

    Args:
        session: `pending`: good for nothing but the second factor.

    """

    secret: str
    session: Session
    user: User
    membership: Membership


class Caller(Struct, frozen=True, kw_only=True):
    """Who is signed in, and what they are where they are looking at.

    Args:
        brand_id: the one that is looked at; None: there is none that the person may see.
        ip: where the call comes from.

    """

    session: Session
    user: User
    membership: Membership
    brand_id: str | None
    ip: str | None = None

    @property
    def role(self) -> Role:
        """What the person is in the organization."""
        return self.membership.role

    @property
    def organization_id(self) -> str:
        """The organization that is looked at; everything else is as if it did not exist."""
        return self.session.organization_id

    @property
    def actor(self) -> Actor:
        """The person, for the audit log of the whole organization."""
        return Actor(
            organization_id=self.organization_id, id=self.user.id, email=self.user.email, kind="user", ip=self.ip
        )

    def sees(self, brand: Brand | None) -> bool:
        """Say whether a brand is there for the person."""
        return brand is not None and brand.organization_id == self.organization_id and _sees(self.membership, brand.id)


def _sees(membership: Membership, brand_id: str) -> bool:
    return membership.role != "member" or brand_id in membership.brand_ids


async def visible_brands(rows: Reading, membership: Membership) -> tuple[Brand, ...]:
    """List the brands of an organization that are there for a person."""
    brands = await rows.brands.of_organization(membership.organization_id)
    return tuple(brand for brand in brands if _sees(membership, brand.id))


async def admit(
    parts: Parts, work: Work, user: User, *, organization_id: str | None = None, second_factor: bool = False
) -> Admission:
    """Begin a session for a person who has proven who they are.

    Args:
        parts: time and secrets.
        work: the caller commits it.
        user: whom.
        organization_id: where to; the person's first if it is not said.
        second_factor: that has been proven, too.

    Raises:
        NoOrganization: the person belongs to none.
        SignInRequired: what the person has proven counts no more; it was changed or taken away meanwhile.

    """
    held = await work.users.hold(user.id)
    if held is None or (held.password_hash, held.email_verified) != (user.password_hash, user.email_verified):
        raise SignInRequired
    memberships = [one for one in await work.memberships.of_user(user.id) if one.accepted_at is not None]
    chosen = [one for one in memberships if organization_id in (None, one.organization_id)]
    if not chosen:
        raise NoOrganization
    membership = chosen[0]
    brands = await visible_brands(work, membership)
    now = parts.clock.now()
    pending = user.second_factor_enabled and not second_factor
    secret = parts.ids.secret("")
    session = Session(
        id=digest(secret),
        kind="user",
        person_id=user.id,
        organization_id=membership.organization_id,
        brand_id=brands[0].id if brands else None,
        pending=pending,
        proved_at=now,
        used_at=now,
        expires_at=now + (_PENDING_LIFE if pending else SESSION_LIFE),
        created_at=now,
    )
    await work.sessions.sweep(now)
    await work.sessions.add(session)
    return Admission(secret=secret, session=session, user=user, membership=membership)


async def find_session(parts: Parts, rows: Reading, secret: str | None, *, pending: bool = False) -> Session | None:
    """Find a living session of a user; one whose second factor is still to come only where that is meant."""
    session = await rows.sessions.get(digest(secret)) if secret else None
    now = parts.clock.now()
    if session is None or session.kind != "user" or session.pending != pending:
        return None
    return session if is_alive(session, now) else None


def is_alive(session: Session, now: int) -> bool:
    """Say whether a session has neither ended nor been left alone for too long."""
    return now < session.expires_at and now < session.used_at + _IDLE


async def note_visit(parts: Parts, session: Session) -> None:
    """Note that a session is used, once a minute at most."""
    now = parts.clock.now()
    if now - session.used_at > _MINUTE:
        async with parts.units() as work:
            await work.sessions.touch(session.id, now)
            await work.commit()


async def find_caller(parts: Parts, secret: str | None, ip: str | None = None) -> Caller | None:
    """Find who is signed in; None: nobody, or not any more."""
    if not secret:
        return None
    async with parts.units.reading() as rows:
        session = await find_session(parts, rows, secret)
        if session is None:
            return None
        user = await rows.users.get(session.person_id)
        membership = await rows.memberships.get(session.person_id, session.organization_id)
    if user is None or membership is None or membership.accepted_at is None:
        return None
    await note_visit(parts, session)
    brand_id = session.brand_id
    if brand_id is not None and not _sees(membership, brand_id):
        brand_id = None
    return Caller(session=session, user=user, membership=membership, brand_id=brand_id, ip=ip)


async def renew(parts: Parts, work: Work, session: Session, *, proved: bool = False) -> tuple[str, Session]:
    """Give a session another secret, so that whoever knows the old one is out.

    Args:
        parts: time and secrets.
        work: the caller commits it.
        session: the one it was.
        proved: the person has just proven who they are.

    Raises:
        SignInRequired: it has ended meanwhile.

    """
    secret, now = parts.ids.secret(""), parts.clock.now()
    await work.users.hold(session.person_id)  # whoever ends all of a person's sessions now ends the new one, too
    if not await work.sessions.remove(session.id):
        raise SignInRequired
    renewed = replace(session, id=digest(secret), used_at=now, version=1)
    if proved:
        renewed = replace(renewed, proved_at=now)
    await work.sessions.add(renewed)
    return secret, renewed


async def end(parts: Parts, secret: str | None) -> None:
    """Sign out: the session is gone, whatever the browser keeps."""
    if secret:
        async with parts.units() as work:
            await work.sessions.remove(digest(secret))
            await work.commit()
