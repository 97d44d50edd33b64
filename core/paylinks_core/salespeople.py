"""Salespeople: their accounts, their sessions, the links they make and what they earn by them."""

from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.records.salespeople import Salesperson, SalespersonStatus
from paylinks_ports.records.sessions import Session
from paylinks_ports.records.tenants import Brand
from paylinks_ports.storage import Found, Window

from . import audit
from .digests import digest, sign
from .entrance import Entrance
from .errors import AddressTaken, InvalidCredentials, InvalidInput, NotKnown
from .identification import check_name, check_password, read_email
from .parts import Parts
from .sessions import SESSION_LIFE, Caller, is_alive, note_visit, visible_brands
from .throttles import Origin, guessing

__all__ = [
    "SalespersonChanges",
    "change_salesperson",
    "create_salesperson",
    "find_seller",
    "list_salespeople",
    "sign_in",
]

_NOBODY = "nobody"


def _salt(parts: Parts, address: str) -> str:
    """Make what all hashes of an address are salted with, so that a sign-in costs one, however many brands it has.

    Any brand may have a salesperson of any address: strangers would else decide how long somebody's sign-in takes.
    """
    return sign(parts.token_secret, f"salesperson-salt:{address}")


class SalespersonChanges(Struct, frozen=True, kw_only=True):
    """What is changed of one; None: nothing is said of it. The rate is in millionths."""

    name: str | None = None
    commission_rate: int | None = None
    status: SalespersonStatus | None = None
    password: str | None = None


async def list_salespeople(parts: Parts, caller: Caller, window: Window) -> Found[Salesperson]:
    """List those of the brands that the caller sees."""
    async with parts.units.reading() as rows:
        brands = await visible_brands(rows, caller.membership)
        return await rows.salespeople.page(tuple(brand.id for brand in brands), window)


async def create_salesperson(  # noqa: PLR0913 - what is known of a new one
    entrance: Entrance,
    caller: Caller,
    *,
    email: str,
    name: str,
    password: str,
    commission_rate: int = 0,
    brand_id: str | None = None,
) -> Salesperson:
    """Make one, for the brand that is looked at if none is named.

    Raises:
        InvalidInput, UnfitPassword: naming the field.
        AddressTaken: the brand has one of that address.

    """
    parts, address, name = entrance.parts, read_email(email), check_name(name, "name")
    check_password(password, address, name)
    password_hash = await entrance.passwords.hash(password, _salt(parts, address))
    async with parts.units() as work:
        brand = await work.brands.get(brand_id or caller.brand_id or "")
        if brand is None or not caller.sees(brand):
            raise InvalidInput("brandId: there is no such brand")
        salesperson = Salesperson(
            id=parts.ids.new("sp"),
            brand_id=brand.id,
            email=address,
            name=name,
            password_hash=password_hash,
            commission_rate=commission_rate,
            created_at=parts.clock.now(),
        )
        try:
            await work.salespeople.add(salesperson)
        except Conflict:
            raise AddressTaken from None
        actor = replace(caller.actor, brand_id=brand.id)
        told: audit.Changes = {"email": address, "name": name, "commissionRate": commission_rate}
        await audit.record(parts, work, actor, "salesperson.created", salesperson.id, told)
        await work.commit()
    return salesperson


async def change_salesperson(
    entrance: Entrance, caller: Caller, salesperson_id: str, changes: SalespersonChanges
) -> Salesperson:
    """Change one; whoever is made inactive or given another password is signed out.

    Raises:
        NotKnown: there is none such.
        InvalidInput, UnfitPassword: naming the field.

    """
    parts, name = entrance.parts, changes.name
    name = check_name(name, "name") if name is not None else None
    async with parts.units.reading() as rows:
        was = await rows.salespeople.get(salesperson_id)
        if was is None or not caller.sees(await rows.brands.get(was.brand_id)):
            raise NotKnown("there is no such salesperson")
    password_hash = None
    if changes.password is not None:
        check_password(changes.password)
        password_hash = await entrance.passwords.hash(changes.password, _salt(parts, was.email))
    async with parts.units() as work:
        now = replace(
            was,
            name=name or was.name,
            commission_rate=was.commission_rate if changes.commission_rate is None else changes.commission_rate,
            status=changes.status or was.status,
            password_hash=password_hash or was.password_hash,
        )
        now = await work.salespeople.replace(was, now)
        if password_hash or now.status != "active":
            await work.sessions.remove_of("salesperson", was.id)
        told: dict[str, str | int | bool | None] = {
            "name": now.name,
            "commissionRate": now.commission_rate,
            "status": now.status,
        }
        told |= {"name.was": was.name, "commissionRate.was": was.commission_rate, "status.was": was.status}
        told |= {"password": "changed"} if password_hash else {}
        actor = replace(caller.actor, brand_id=was.brand_id)
        await audit.record(parts, work, actor, "salesperson.changed", was.id, told)
        await work.commit()
    return now


async def sign_in(entrance: Entrance, email: str, password: str, origin: Origin) -> tuple[str, Salesperson]:
    """Sign in; unknown and inactive ones take as long as others.

    Raises:
        InvalidCredentials, Throttled: wrong, too often.

    """
    parts = entrance.parts
    try:
        address = read_email(email)
    except InvalidInput:
        address = email.strip().lower()[:320]
    async with guessing(entrance, f"salesperson:{address}", origin):
        async with parts.units.reading() as rows:
            known = await rows.salespeople.by_email(address)
        # The same address may sell for several brands; each is an account of its own.
        active = [one for one in known if one.status == "active"]
        right = await entrance.passwords.fitting(password, [one.password_hash for one in active])
        fitting = [one for one in active if one.password_hash in right]
        if not fitting:
            raise InvalidCredentials
    salesperson, secret, now = fitting[0], parts.ids.secret(""), parts.clock.now()
    async with parts.units() as work:
        kept = await work.salespeople.get(salesperson.id)
        if kept is None or (kept.password_hash, kept.status) != (salesperson.password_hash, "active"):
            raise InvalidCredentials  # it was the one until just now
        brand = await work.brands.get(salesperson.brand_id)
        session = Session(
            id=digest(secret),
            kind="salesperson",
            person_id=salesperson.id,
            organization_id=brand.organization_id if brand else _NOBODY,
            brand_id=salesperson.brand_id,
            proved_at=now,
            used_at=now,
            expires_at=now + SESSION_LIFE,
            created_at=now,
        )
        await work.sessions.sweep(now)
        await work.sessions.add(session)
        await work.commit()
    return secret, salesperson


async def find_seller(parts: Parts, secret: str | None) -> tuple[Salesperson, Brand] | None:
    """Find which salesperson is signed in; None: nobody, or not any more."""
    if not secret:
        return None
    async with parts.units.reading() as rows:
        session = await rows.sessions.get(digest(secret))
        now = parts.clock.now()
        if session is None or session.kind != "salesperson" or not is_alive(session, now):
            return None
        salesperson = await rows.salespeople.get(session.person_id)
        brand = await rows.brands.get(salesperson.brand_id) if salesperson else None
    if salesperson is None or brand is None or salesperson.status != "active":
        return None
    await note_visit(parts, session)
    return salesperson, brand
