"""What each operation does at the simulator; 202 means that Klaviyo took it, and here it is done at once."""

import base64
from datetime import UTC, datetime
from typing import TypeAlias

import httpx
import msgspec
from msgspec.structs import replace

from paylinks_ports import SimulatedWorld

from .books import EventRecord, ListRecord, ProfileRecord, add_event, change, find, new_id, own
from .faults import conflict, invalid
from .requests import CreateEvent, CreateList, Subscribe, Unsubscribe, UpsertProfile, decode

__all__ = [
    "Answer",
    "accounts",
    "create_event",
    "create_list",
    "get_lists",
    "import_profile",
    "subscribe",
    "unsubscribe",
]

Answer: TypeAlias = tuple[int, dict[str, object] | None]

_DEFAULT_PAGE = 10
_LARGEST_PAGE = 10
_ACCEPTED = 202
_LISTS = tuple(
    ListRecord(id=name, name=title, created=1_700_000_000_000, opt_in_process=process)
    for name, title, process in (
        ("Wsletr", "Newsletter", "single_opt_in"),
        ("Cstmrs", "Customers", "single_opt_in"),
        ("DblOpt", "Preview club", "double_opt_in"),
    )
)


async def accounts(request: httpx.Request, world: SimulatedWorld) -> Answer:  # noqa: ARG001 - as every endpoint
    """Name the account."""
    account = {"type": "account", "id": "AbC123", "attributes": {"test_account": True, "preferred_currency": "USD"}}
    return 200, {"data": [account], "links": {"self": str(request.url)}}


async def get_lists(request: httpx.Request, world: SimulatedWorld) -> Answer:
    """Give one page of the lists."""
    query = request.url.params
    size = query.get("page[size]", str(_DEFAULT_PAGE))
    if not size.isdigit() or not 1 <= int(size) <= _LARGEST_PAGE:
        raise invalid(f"Page size must be an integer between 1 and {_LARGEST_PAGE}.", None)
    every = await _lists(world)
    try:
        start = int(base64.urlsafe_b64decode(query.get("page[cursor]", "MA==")))
    except ValueError:
        raise invalid("Invalid page cursor.", None) from None
    end = start + int(size)
    later = base64.urlsafe_b64encode(str(end).encode()).decode()
    following = str(request.url.copy_merge_params({"page[cursor]": later})) if end < len(every) else None
    data = [_list(each) for each in every[start:end]]
    return 200, {"data": data, "links": {"self": str(request.url), "next": following, "prev": None}}


async def create_list(request: httpx.Request, world: SimulatedWorld) -> Answer:
    """Make a list; its process is a double opt-in where nothing is said."""
    given = decode(request.content, CreateList).data.attributes
    made = ListRecord(id=new_id(6), name=given.name, created=world.now(), opt_in_process=given.opt_in_process)
    await change(world, "lists", tuple[ListRecord, ...], lambda was: (*(was or _LISTS), made))
    return 201, {"data": _list(made)}


async def import_profile(request: httpx.Request, world: SimulatedWorld) -> Answer:
    """Create or update a profile; identifiers of two profiles are a conflict."""
    sent = decode(request.content, UpsertProfile).data
    given = msgspec.json.decode(request.content)["data"]["attributes"]
    record, created = await _upsert(world, sent.attributes.email, sent.attributes.phone_number, given)
    shown: dict[str, object] = dict(record.attributes)
    if request.url.params.get("additional-fields[profile]") == "subscriptions":
        shown["subscriptions"] = {"email": {"marketing": _marketing(record)}}
    return 201 if created else 200, {"data": {"type": "profile", "id": record.id, "attributes": shown}}


async def create_event(request: httpx.Request, world: SimulatedWorld) -> Answer:
    """Take an event, for a profile that need not be there yet."""
    sent = decode(request.content, CreateEvent).data.attributes
    who = sent.profile.data.attributes
    record, _ = await _upsert(world, who.email, who.phone_number, {})
    given = msgspec.json.decode(request.content)["data"]["attributes"]
    kept = EventRecord(profile_id=record.id, metric=sent.metric.data.attributes.name, attributes=given)
    # Without an id two events of one second are one.
    await add_event(world, kept, sent.unique_id or str(world.now() // 1000))
    return _ACCEPTED, None


async def subscribe(request: httpx.Request, world: SimulatedWorld) -> Answer:
    """Record consent and lift what stood against it; a list with a double opt-in waits for the customer's answer."""
    job = decode(request.content, Subscribe).data
    named = job.relationships.list.data.id if job.relationships else None
    found = next((each for each in await _lists(world) if each.id == named), None)
    if named is not None and found is None:
        raise invalid(f"List {named} does not exist.", "/data/relationships/list/data/id", status=404)
    for each in job.attributes.profiles.data:
        consent = each.attributes.subscriptions.email
        if consent and consent.marketing.consented_at and not job.attributes.historical_import:
            raise invalid("consented_at is only allowed for historical imports.")
        record, _ = await _upsert(world, each.attributes.email, each.attributes.phone_number, {})
        if consent is None:
            continue

        def edit(was: ProfileRecord | None, known: ProfileRecord = record) -> ProfileRecord:
            now = was or known
            if found and found.opt_in_process == "double_opt_in" and not job.attributes.historical_import:
                return replace(now, unconfirmed=tuple(dict.fromkeys((*now.unconfirmed, found.id))))
            lists = (*now.lists, found.id) if found else now.lists
            return replace(now, lists=tuple(dict.fromkeys(lists)), consent="SUBSCRIBED", consent_at=world.now())

        await change(world, f"profile/{record.id}", ProfileRecord, edit)
    return _ACCEPTED, None


async def unsubscribe(request: httpx.Request, world: SimulatedWorld) -> Answer:
    """Withdraw consent: for every list, where the profile is not in the one that is named."""
    job = decode(request.content, Unsubscribe).data
    named = job.relationships.list.data.id if job.relationships else None
    for each in job.attributes.profiles.data:
        record, _ = await _upsert(world, each.attributes.email, each.attributes.phone_number, {})

        def edit(was: ProfileRecord | None, known: ProfileRecord = record) -> ProfileRecord:
            now = was or known
            if named in now.lists:
                return replace(now, lists=tuple(name for name in now.lists if name != named))
            return replace(now, lists=(), consent="UNSUBSCRIBED", consent_at=world.now())

        await change(world, f"profile/{record.id}", ProfileRecord, edit)
    return _ACCEPTED, None


async def _lists(world: SimulatedWorld) -> tuple[ListRecord, ...]:
    return await find(world, "lists", tuple[ListRecord, ...]) or _LISTS


async def _upsert(
    world: SimulatedWorld, email: str | None, phone: str | None, given: dict[str, object]
) -> tuple[ProfileRecord, bool]:
    identifiers = [f"email/{email.lower()}"] if email else []
    identifiers += [f"phone_number/{phone}"] if phone else []
    if not identifiers:
        raise invalid("One of email or phone_number is required.", "/data/attributes")
    known = [await world.store.get(f"identifier/{each}") for each in identifiers]
    owners = list(dict.fromkeys(owner for owner in known if owner))
    if len(owners) > 1:
        raise conflict(owners[0])
    profile_id = owners[0] if owners else await own(world, identifiers[0], new_id())
    for each in identifiers:
        await own(world, each, profile_id)
    created = False

    def edit(was: ProfileRecord | None) -> ProfileRecord:
        nonlocal created
        created = was is None
        base = was or ProfileRecord(id=profile_id, attributes={})
        # A null clears; what is not sent stays.
        named = {name: value for name, value in (("email", email), ("phone_number", phone)) if value}
        merged = {name: value for name, value in (base.attributes | named | given).items() if value is not None}
        return replace(base, attributes=merged)

    record = await change(world, f"profile/{profile_id}", ProfileRecord, edit)
    return record, created


def _list(record: ListRecord) -> dict[str, object]:
    attributes = {"name": record.name, "created": _time(record.created), "opt_in_process": record.opt_in_process}
    return {"type": "list", "id": record.id, "attributes": attributes}


def _marketing(record: ProfileRecord) -> dict[str, object]:
    at = _time(record.consent_at) if record.consent_at else None
    suppression = [{"reason": "UNSUBSCRIBE", "timestamp": at}] if record.consent == "UNSUBSCRIBED" else []
    return {
        "can_receive_email_marketing": not suppression,
        "consent": record.consent,
        "consent_timestamp": at,
        "last_updated": at,
        "suppression": suppression,
        "list_suppressions": [],
    }


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()
