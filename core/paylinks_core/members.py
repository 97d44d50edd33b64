"""The people of an organization, as its admins see and change them; and invitations."""

from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.records.mails import Mail
from paylinks_ports.records.people import Membership, Role, User
from paylinks_ports.storage import Found, Reading, Window, Work

from . import audit
from .accounts import join, new_user, prove_password
from .entrance import Entrance
from .errors import AddressTaken, InvalidInput, LastOwner, NotKnown
from .first_proof import prove_address
from .identification import check_name, check_password, read_email
from .mailed_links import mail_for, new_token, read_token, take_token
from .parts import Parts
from .permissions import check_grant
from .sessions import Admission, Caller, admit
from .throttles import Origin, guessing

__all__ = ["accept_invitation", "change_member", "create_member", "find_member", "list_members", "remove_member"]

_DAY = 86_400_000
INVITATION_LIFE = 7 * _DAY


async def list_members(parts: Parts, caller: Caller, window: Window) -> Found[Membership]:
    """List the people of the caller's organization."""
    async with parts.units.reading() as rows:
        return await rows.memberships.page(caller.organization_id, window)


async def find_member(parts: Parts, caller: Caller, user_id: str) -> Membership:
    """Find one of the caller's organization.

    Raises:
        NotKnown: there is none such.

    """
    async with parts.units.reading() as rows:
        return await _member(rows, caller, user_id)


async def _member(rows: Reading, caller: Caller, user_id: str) -> Membership:
    membership = await rows.memberships.get(user_id, caller.organization_id)
    if membership is None:
        raise NotKnown("there is no such user")
    return membership


async def create_member(  # noqa: PLR0913 - what is known of a new person
    entrance: Entrance,
    caller: Caller,
    *,
    email: str,
    name: str,
    role: Role,
    brand_ids: tuple[str, ...] = (),
    password: str | None = None,
) -> tuple[Membership, Mail | None]:
    """Make a person with a password belong to the organization, or invite one without; the caller sends the mail.

    Somebody who has an account elsewhere can only be invited: nobody else sets their password. An invitation that has
    not been accepted is made anew.

    Raises:
        Forbidden: the role is above the caller's own.
        AddressTaken: the person belongs to the organization, or a password is given for somebody else's account.
        InvalidInput, UnfitPassword: naming the field.

    """
    check_grant(caller.role, role)
    parts, address, name = entrance.parts, read_email(email), check_name(name, "name")
    password_hash = None
    if password is not None:
        check_password(password, address, name)
        password_hash = await entrance.passwords.hash(password)
    given = {"name": name, "role": role, "brand_ids": brand_ids}
    async with parts.units() as work:
        await _check_brands(work, caller, brand_ids)
        user = await work.users.by_email(address)
        if user is None:
            user = new_user(parts, address, name, password_hash)
            await _add_user(work, user)
        elif password is not None:
            raise AddressTaken
        membership = await work.memberships.get(user.id, caller.organization_id)
        if membership is None:
            accepted_at = parts.clock.now() if password_hash else None
            membership = await join(parts, work, user, caller.organization_id, **given, accepted_at=accepted_at)
        elif membership.accepted_at is not None:
            raise AddressTaken
        else:
            check_grant(caller.role, membership.role)
            membership = await work.memberships.replace(membership, replace(membership, **given))
        mail = None if password_hash else await _invite(entrance, work, caller, user)
        told = {"email": address, "role": role, "brandIds": ", ".join(brand_ids)}
        action = "user.created" if password_hash else "user.invited"
        await audit.record(parts, work, caller.actor, action, user.id, told)
        await work.commit()
    return membership, mail


async def _add_user(work: Work, user: User) -> None:
    try:
        await work.users.add(user)
    except Conflict:
        raise AddressTaken from None


async def _check_brands(rows: Reading, caller: Caller, brand_ids: tuple[str, ...]) -> None:
    known = {brand.id for brand in await rows.brands.of_organization(caller.organization_id)}
    for index, brand_id in enumerate(brand_ids):
        if brand_id not in known:
            raise InvalidInput(f"brandIds[{index}]: there is no such brand")


async def _invite(entrance: Entrance, work: Work, caller: Caller, user: User) -> Mail:
    organization = await work.organizations.get(caller.organization_id)
    place = {"organizationId": caller.organization_id}
    secret, token = new_token(entrance, "invitation", user.id, INVITATION_LIFE, place)
    await work.login_tokens.add(token)
    return mail_for(
        entrance,
        user.email,
        f"You are invited to {organization.name if organization else 'Paylinks'}",
        f"{caller.user.name} invites you to work on {organization.name if organization else 'Paylinks'}:",
        f"{entrance.parts.base_url}/invitation?token={secret}",
        f"The link works once, within {INVITATION_LIFE // _DAY} days.",
    )


async def accept_invitation(
    entrance: Entrance, secret: str, password: str, origin: Origin, name: str | None = None
) -> Admission:
    """Accept an invitation: a person whose address is proven and who has a password proves it, any other sets one.

    Raises:
        InvalidToken, ExpiredToken: it is none, has been used, or its time is over.
        UnfitPassword, InvalidCredentials, Throttled: the password; the token is not used up by that.

    """
    parts = entrance.parts
    async with parts.units.reading() as rows:
        token = await read_token(entrance, rows, secret, "invitation")
        user = await rows.users.get(token.user_id or "")
        membership = await rows.memberships.get(token.user_id or "", token.data["organizationId"])
    if user is None or membership is None:
        raise NotKnown("token: the invitation was withdrawn")
    given: dict[str, str] = {}
    if user.email_verified and user.password_hash is not None:
        async with guessing(entrance, user.email, origin):
            user = await prove_password(entrance, user, password)
    else:
        check_password(password, user.email, user.name)
        given = {"name": check_name(name, "name") if name else user.name}
        given["password_hash"] = await entrance.passwords.hash(password)
    async with parts.units() as work:
        await take_token(entrance, work, secret, "invitation")
        user = await prove_address(parts, work, user, origin.address)
        user = await work.users.replace(user, replace(user, updated_at=parts.clock.now(), **given))
        accepted = replace(membership, accepted_at=membership.accepted_at or parts.clock.now(), name=user.name)
        await work.memberships.replace(membership, accepted)
        admission = await admit(parts, work, user, organization_id=membership.organization_id)
        actor = audit.Actor(
            organization_id=membership.organization_id,
            id=user.id,
            email=user.email,
            kind="user",
            ip=origin.address,
        )
        await audit.record(parts, work, actor, "invitation.accepted", user.id, {})
        await work.commit()
    return admission


async def change_member(  # noqa: PLR0913 - what can be changed of a person
    parts: Parts,
    caller: Caller,
    user_id: str,
    *,
    role: Role | None = None,
    brand_ids: tuple[str, ...] | None = None,
    name: str | None = None,
) -> Membership:
    """Change what a person is in the organization; with other rights, their sessions there end.

    Raises:
        NotKnown: there is none such.
        Forbidden: a role above the caller's own is given or taken.
        LastOwner: nobody would own the organization.
        InvalidInput: naming the field.

    """
    name = check_name(name, "name") if name is not None else None
    async with parts.units() as work:
        owners = await work.memberships.hold_owners(caller.organization_id)
        was = await _member(work, caller, user_id)
        check_grant(caller.role, was.role, role or was.role)
        await _check_brands(work, caller, brand_ids or ())
        now = replace(
            was,
            role=role or was.role,
            brand_ids=was.brand_ids if brand_ids is None else brand_ids,
            name=name or was.name,
        )
        if now.role != "owner":
            _keep_an_owner(owners, was)
        if (now.role, now.brand_ids) != (was.role, was.brand_ids) and user_id != caller.user.id:
            await work.sessions.remove_of("user", user_id, organization_id=caller.organization_id)
        now = await work.memberships.replace(was, now)
        told = {"role": now.role, "brandIds": ", ".join(now.brand_ids), "name": now.name}
        told |= {"role.was": was.role, "brandIds.was": ", ".join(was.brand_ids), "name.was": was.name}
        await audit.record(parts, work, caller.actor, "user.changed", user_id, told)
        await work.commit()
    return now


async def remove_member(parts: Parts, caller: Caller, user_id: str) -> None:
    """Take a person out of the organization, at once; the account itself is the person's own.

    Raises:
        NotKnown, Forbidden, LastOwner: as for `change_member`.

    """
    async with parts.units() as work:
        owners = await work.memberships.hold_owners(caller.organization_id)
        was = await _member(work, caller, user_id)
        check_grant(caller.role, was.role)
        _keep_an_owner(owners, was)
        await work.memberships.remove(was.id)
        await work.sessions.remove_of("user", user_id, organization_id=caller.organization_id)
        await audit.record(parts, work, caller.actor, "user.removed", user_id, {"email": was.email, "role": was.role})
        await work.commit()


def _keep_an_owner(owners: tuple[Membership, ...], leaving: Membership) -> None:
    if leaving.role == "owner" and not any(one.accepted_at for one in owners if one.id != leaving.id):
        raise LastOwner
