"""What each operation does at the simulator."""

from datetime import UTC, datetime, timedelta, timezone
from typing import TypeAlias

import httpx
import msgspec
from msgspec import Struct
from msgspec.structs import replace

from paylinks_ports import SimulatedWorld

from .books import ContactRecord, ListRecord, OrderRecord, Subscription, change, contact_key, find, number
from .faults import MaropostFault, absent, invalid
from .requests import ContactFields, CreateList, CreateOrder, Unsubscribe, UpsertContact, decode

__all__ = [
    "Answer",
    "Call",
    "add_order",
    "create_list",
    "do_not_mail",
    "find_contact",
    "find_do_not_mail",
    "find_order",
    "get_lists",
    "subscribe",
    "unsubscribe_all",
    "upsert",
]

Answer: TypeAlias = tuple[int, object]

_A_PAGE = 200
_EASTERN = timezone(timedelta(hours=-5))
_LISTS = (ListRecord(id=1, name="Newsletter"), ListRecord(id=2, name="Customers"), ListRecord(id=3, name="VIP"))


class Call(Struct, frozen=True, kw_only=True):
    """One call; `name` is the id in its path."""

    world: SimulatedWorld
    query: httpx.QueryParams
    content: bytes
    name: str


async def get_lists(call: Call) -> Answer:
    """Give one page of the lists: an array without an envelope, whose items say how many pages there are."""
    page = call.query.get("page", "1")
    if not page.isdigit() or page == "0":
        raise MaropostFault(400, {"error": "page must be a positive number"})
    every = await _lists(call.world)
    pages = -(-len(every) // _A_PAGE)
    start = (int(page) - 1) * _A_PAGE
    return 200, [{"id": each.id, "name": each.name, "total_pages": pages} for each in every[start : start + _A_PAGE]]


async def create_list(call: Call) -> Answer:
    """Make a list."""
    given = decode(call.content, CreateList).list

    def edit(was: tuple[ListRecord, ...] | None) -> tuple[ListRecord, ...]:
        known = was or _LISTS
        return (*known, ListRecord(id=len(known) + 1, name=given.name))

    made = (await change(call.world, "lists", tuple[ListRecord, ...], edit))[-1]
    return 201, {"id": made.id, "name": made.name}


async def upsert(call: Call) -> Answer:
    """Create or update a contact, in the lists of the address if it names some."""
    ids = [int(each) for each in call.query.get("list_ids", "").split(",") if each.isdigit()]
    return await _write(call.world, decode(call.content, UpsertContact).contact, tuple(ids))


async def subscribe(call: Call) -> Answer:
    """Create or update a contact in one list."""
    given = decode(call.content, UpsertContact).contact
    if not any(each.id == int(call.name) for each in await _lists(call.world)):
        raise MaropostFault(404, {"error": "Record not found"})
    return await _write(call.world, given, (int(call.name),) if given.subscribe else ())


async def find_contact(call: Call) -> Answer:
    """Find a contact by its address, with its subscriptions."""
    record = await find(call.world, contact_key(call.query.get("contact[email]", "")), ContactRecord)
    if record is None:
        raise absent("Contact not present.")
    subscriptions = [
        {"list_id": list_id, "status": each.status, "updated_at": _time(each.updated_at)}
        for list_id, each in record.lists.items()
    ]
    return 200, _shown(record) | {"list_subscriptions": subscriptions, "workflows": [], "tags": [], "orders": []}


async def unsubscribe_all(call: Call) -> Answer:
    """Take a contact out of every list."""

    def edit(was: ContactRecord | None) -> ContactRecord:
        if was is None:
            raise absent("Contact not present.")
        gone = Subscription(status="Unsubscribed", updated_at=call.world.now())
        return replace(was, lists=dict.fromkeys(was.lists, gone))

    return 200, _shown(await change(call.world, contact_key(call.query["contact[email]"]), ContactRecord, edit))


async def do_not_mail(call: Call) -> Answer:
    """Put an address on the do-not-mail list."""
    email = decode(call.content, Unsubscribe).global_unsubscribe.email

    def edit(was: ContactRecord | None) -> ContactRecord:
        known = was or ContactRecord(id=number(email), email=email, fields={})
        return replace(known, do_not_mail=call.world.now())

    record = await change(call.world, contact_key(email), ContactRecord, edit)
    return 201, {"id": record.id, "email": email}


async def find_do_not_mail(call: Call) -> Answer:
    """Say whether an address is on the do-not-mail list."""
    record = await find(call.world, contact_key(call.query.get("contact[email]", "")), ContactRecord)
    if record is None or record.do_not_mail is None:
        raise absent("Contact not present.")
    return 200, {"id": record.id, "email": record.email, "created_at": _time(record.do_not_mail)}


async def add_order(call: Call) -> Answer:
    """Add an order; only ``unique=true`` keeps a contact from having it twice."""
    given = decode(call.content, CreateOrder).order
    unique = call.query.get("unique") == "true"
    await _write(call.world, ContactFields(email=given.contact.email, remove_from_dnm=False), ())
    made = OrderRecord(
        id=number(f"{given.contact.email}/{given.original_order_id}"),
        email=given.contact.email,
        original_order_id=given.original_order_id,
        # A time without an offset is Eastern.
        order_date=given.order_date if given.order_date.tzinfo else given.order_date.replace(tzinfo=_EASTERN),
        grand_total=given.grand_total,
        items=[_present(msgspec.to_builtins(item)) for item in given.order_items],
    )

    def edit(was: tuple[OrderRecord, ...] | None) -> tuple[OrderRecord, ...]:
        if unique and any(each.email == made.email for each in was or ()):
            raise invalid("Original order has already been taken")
        return (*(was or ()), made)

    await change(call.world, f"order/{made.original_order_id}", tuple[OrderRecord, ...], edit)
    return 201, _order(made)


async def find_order(call: Call) -> Answer:
    """Find an order by its original id."""
    found = await find(call.world, f"order/{call.name}", tuple[OrderRecord, ...])
    if not found:
        raise absent("Order not present.")
    return 200, _order(found[0])


async def _lists(world: SimulatedWorld) -> tuple[ListRecord, ...]:
    return await find(world, "lists", tuple[ListRecord, ...]) or _LISTS


async def _write(world: SimulatedWorld, given: ContactFields, list_ids: tuple[int, ...]) -> Answer:
    sent = {name: getattr(given, name) for name in ("first_name", "last_name", "phone", "fax", "uid")}
    joined = Subscription(status="Subscribed", updated_at=world.now())

    def edit(was: ContactRecord | None) -> ContactRecord:
        known = was or ContactRecord(id=number(given.email), email=given.email, fields={})
        return replace(
            known,
            fields=known.fields | _present(sent),
            lists=known.lists | dict.fromkeys(list_ids, joined),
            do_not_mail=None if given.remove_from_dnm else known.do_not_mail,
        )

    return 201, _shown(await change(world, contact_key(given.email), ContactRecord, edit))


def _present(fields: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value is not None}


def _shown(record: ContactRecord) -> dict[str, object]:
    return {"id": record.id, "email": record.email, **record.fields}


def _order(record: OrderRecord) -> dict[str, object]:
    shown = {"id": record.id, "original_order_id": record.original_order_id, "grand_total": record.grand_total}
    return shown | {"order_date": record.order_date.isoformat(), "order_items": record.items}


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone(_EASTERN).isoformat(timespec="milliseconds")
