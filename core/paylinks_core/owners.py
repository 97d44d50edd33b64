"""Owners of the default organization: the one that development is seeded with, and those made from the shell."""

from paylinks_ports.errors import Conflict
from paylinks_ports.records.people import User

from . import audit
from .accounts import join, new_user
from .entrance import Entrance
from .errors import AddressTaken, NoOrganization
from .identification import check_name, check_password, read_email

__all__ = ["create_owner", "seed_owner"]

_DEVELOPER = "admin@example.com"


async def seed_owner(entrance: Entrance, password: str) -> None:
    """Make the owner of the default organization for development, at the first start only."""
    parts = entrance.parts
    async with parts.units.reading() as rows:
        brand = await rows.brands.first()
        if brand is None or await rows.users.by_email(_DEVELOPER) is not None:
            return
    try:
        await _add_owner(entrance, brand.organization_id, _DEVELOPER, "Administrator", password)
    except AddressTaken:
        return  # another process was quicker


async def create_owner(entrance: Entrance, email: str, name: str, password: str) -> User:
    """Make an owner of the default organization, for whoever has a shell on the deployment.

    Raises:
        InvalidInput, UnfitPassword: naming the field.
        AddressTaken: there is such an account.
        NoOrganization: there is no organization yet.

    """
    address, name = read_email(email), check_name(name, "name")
    check_password(password, address, name)
    async with entrance.parts.units.reading() as rows:
        brand = await rows.brands.first()
    if brand is None:
        raise NoOrganization("run `paylinks migrate` first: it makes the default organization")
    return await _add_owner(entrance, brand.organization_id, address, name, password)


async def _add_owner(entrance: Entrance, organization_id: str, email: str, name: str, password: str) -> User:
    parts = entrance.parts
    # The operator's word is as good as a mail that was read.
    user = new_user(parts, email, name, await entrance.passwords.hash(password), email_verified=True)
    async with parts.units() as work:
        try:
            await work.users.add(user)
        except Conflict:
            raise AddressTaken from None
        await join(parts, work, user, organization_id)
        actor = audit.Actor(organization_id=organization_id, id="operator", kind="operator")
        await audit.record(parts, work, actor, "user.created", user.id, {"email": email, "role": "owner"})
        await work.commit()
    return user
