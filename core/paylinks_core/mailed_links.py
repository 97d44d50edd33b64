"""What is mailed: links for signing in and for a new password, and invitations. Each works once and for a while."""

from paylinks_ports.errors import ExpiredToken, InvalidToken
from paylinks_ports.records.mails import Mail
from paylinks_ports.records.people import User
from paylinks_ports.records.sessions import LoginToken, TokenPurpose
from paylinks_ports.storage import Reading, Work

from . import audit
from .accounts import set_password
from .digests import digest
from .entrance import Entrance
from .errors import InvalidInput, SignInRefused
from .first_proof import prove_address
from .identification import check_password, read_email
from .sessions import Admission, admit

__all__ = ["confirm_reset", "enter", "mail_for", "new_token", "read_token", "request_magic_link", "request_reset"]

_MINUTE = 60_000
_DAY = 24 * 60 * _MINUTE  # so long a token that is over is still told from one that never was
MAGIC_LINK_LIFE = 15 * _MINUTE
RESET_LIFE = 30 * _MINUTE
_MAILS = 5  # a minute to one address
_FIRST = (
    "Nobody has shown before that this address is theirs. The link does: it ends every session of the account, and"
    " takes its password and second factor away; set new ones afterwards."
)


def new_token(
    entrance: Entrance, purpose: TokenPurpose, user_id: str | None, life: int, data: dict[str, str] | None = None
) -> tuple[str, LoginToken]:
    """Make a secret that works once, and what is kept of it."""
    secret, now = entrance.parts.ids.secret(""), entrance.parts.clock.now()
    token = LoginToken(
        id=digest(secret), purpose=purpose, user_id=user_id, data=data or {}, expires_at=now + life, created_at=now
    )
    return secret, token


def mail_for(entrance: Entrance, recipient: str, subject: str, *paragraphs: str) -> Mail:
    """Write a mail."""
    parts = entrance.parts
    text = "\n\n".join(paragraphs) + "\n"
    return Mail(id=parts.ids.new("mail"), recipient=recipient, subject=subject, text=text, created_at=parts.clock.now())


async def read_token(entrance: Entrance, rows: Reading, secret: str, purpose: TokenPurpose) -> LoginToken:
    """Look at a token without using it up.

    Raises:
        InvalidToken, ExpiredToken: it is none, has been used, or its time is over.

    """
    token = await rows.login_tokens.get(digest(secret), purpose)
    if token is None:
        raise InvalidToken("Invalid token", details="token: is unknown or has been used")
    if token.expires_at <= entrance.parts.clock.now():
        raise ExpiredToken("Expired token", details="token: has expired")
    return token


async def take_token(entrance: Entrance, work: Work, secret: str, purpose: TokenPurpose) -> LoginToken:
    """Use a token up.

    Raises:
        InvalidToken, ExpiredToken: as for `read_token`.

    """
    await read_token(entrance, work, secret, purpose)
    token = await work.login_tokens.take(digest(secret), purpose)
    if token is None:
        raise InvalidToken("Invalid token", details="token: is unknown or has been used")
    return token


async def request_magic_link(entrance: Entrance, email: str) -> None:
    """Mail a link for signing in, if there is such an account; to be called when the answer has been given.

    Raises:
        InvalidInput: it is no address.

    """
    base, life = entrance.parts.base_url, MAGIC_LINK_LIFE
    found = await _renewed(entrance, email, "magic_link", life)
    if found is not None:
        user, secret = found
        link = f"{base}/magic-link?token={secret}"
        told = [f"The link works once, within {life // _MINUTE} minutes. If you did not ask for it, ignore this mail."]
        if not user.email_verified:
            told.append(_FIRST)
        mail = mail_for(entrance, user.email, "Your link to sign in", "Sign in to Paylinks:", link, *told)
        await entrance.mailer.send(mail)


async def request_reset(entrance: Entrance, email: str) -> None:
    """Mail a link for setting a new password, if there is such an account; to be called as `request_magic_link`.

    Raises:
        InvalidInput: it is no address.

    """
    base, life = entrance.parts.base_url, RESET_LIFE
    found = await _renewed(entrance, email, "password_reset", life)
    if found is not None:
        user, secret = found
        link = f"{base}/password-reset?token={secret}"
        told = f"The link works once, within {life // _MINUTE} minutes. If you did not ask for it, ignore this mail."
        mail = mail_for(entrance, user.email, "Set a new password", "Set a new password for Paylinks:", link, told)
        await entrance.mailer.send(mail)


async def _renewed(entrance: Entrance, email: str, purpose: TokenPurpose, life: int) -> tuple[User, str] | None:
    """Make a token for the account of an address, in place of earlier ones."""
    address, parts = read_email(email), entrance.parts
    limited = entrance.wrong_passwords > 0
    if limited and await entrance.throttle.take(f"mail:{digest(address)[:32]}", _MAILS) is not None:
        return None  # nobody's mailbox is to be filled by a stranger
    async with parts.units() as work:
        user = await work.users.by_email(address)
        if user is None:
            return None
        secret, token = new_token(entrance, purpose, user.id, life)
        await work.login_tokens.sweep(parts.clock.now() - _DAY)
        await work.login_tokens.remove_of(user.id, purpose)
        await work.login_tokens.add(token)
        await work.commit()
    return user, secret


async def enter(entrance: Entrance, secret: str, ip: str | None) -> Admission:
    """Sign in by a mailed link; the address is thereby proven, as `prove_address` says.

    Raises:
        InvalidToken, ExpiredToken: it is none, has been used, or its time is over.
        NoOrganization: the person belongs to none.

    """
    parts = entrance.parts
    async with parts.units() as work:
        token = await take_token(entrance, work, secret, "magic_link")
        user = await work.users.get(token.user_id or "")
        if user is None:
            raise SignInRefused("invalid_token")
        admission = await admit(parts, work, await prove_address(parts, work, user, ip))
        await work.commit()
    return admission


async def confirm_reset(entrance: Entrance, secret: str, password: str, ip: str | None) -> None:
    """Set a new password by a mailed link. Every session ends, and nobody is signed in.

    The second factor of an account whose address was proven before stays.

    Raises:
        InvalidToken, ExpiredToken: it is none, has been used, or its time is over.
        UnfitPassword: the token is not used up by that.

    """
    parts = entrance.parts
    async with parts.units.reading() as rows:
        token = await read_token(entrance, rows, secret, "password_reset")
        user = await rows.users.get(token.user_id or "")
    if user is None:
        raise InvalidInput("token: belongs to nobody")
    check_password(password, user.email, user.name)
    password_hash = await entrance.passwords.hash(password)
    async with parts.units() as work:
        await take_token(entrance, work, secret, "password_reset")
        user = await prove_address(parts, work, user, ip)
        await set_password(entrance, work, user, password_hash)
        for membership in await work.memberships.of_user(user.id):
            actor = audit.Actor(
                organization_id=membership.organization_id, id=user.id, email=user.email, kind="user", ip=ip
            )
            await audit.record(parts, work, actor, "password.reset", user.id, {})
        await work.commit()
