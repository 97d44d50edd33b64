"""What each operation does at the simulator; 202 means that Attentive took it, and here it is done at once."""

import base64
from datetime import UTC, datetime
from typing import TypeAlias

import httpx
import msgspec
from msgspec.structs import replace

from paylinks_ports import SimulatedWorld

from .books import SegmentRecord, UserRecord, add_purchase, change, find, new_id
from .faults import AttentiveFault, invalid
from .requests import AddMembers, CreateSegment, Person, Purchase, Subscribe, Unsubscribe, WriteUser, decode

__all__ = [
    "Answer",
    "add_members",
    "add_purchase_event",
    "create_segment",
    "get_me",
    "get_segments",
    "get_subscriptions",
    "subscribe",
    "unsubscribe",
    "write_user",
]

Answer: TypeAlias = tuple[int, dict[str, object] | None]

_LARGEST_PAGE = 1000
_ACCEPTED = 202
_SEGMENTS = tuple(
    SegmentRecord(external_id=name, name=title, created=1_700_000_000_000)
    for name, title in (("newsletter", "Newsletter"), ("customers", "Customers"), ("vip", "VIP"))
)


async def get_me(request: httpx.Request, world: SimulatedWorld) -> Answer:  # noqa: ARG001 - as every endpoint
    """Name the account."""
    return 200, {"applicationName": "Paylinks demo", "companyName": "Paylinks", "companyId": "demo"}


async def get_segments(request: httpx.Request, world: SimulatedWorld) -> Answer:
    """Give one page of the segments."""
    query = request.url.params
    limit = query.get("limit", "20")
    if not limit.isdigit() or not 1 <= int(limit) <= _LARGEST_PAGE:
        raise invalid(f"limit must be between 1 and {_LARGEST_PAGE}")
    try:
        start = int(base64.urlsafe_b64decode(query.get("cursor", "MA==")))
    except ValueError:
        raise invalid("cursor is none of ours") from None
    every, end = await _segments(world), start + int(limit)
    more = end < len(every)
    cursor = base64.urlsafe_b64encode(str(end).encode()).decode() if more else None
    return 200, {"segments": [_segment(each) for each in every[start:end]], "cursor": cursor, "hasMore": more}


async def create_segment(request: httpx.Request, world: SimulatedWorld) -> Answer:
    """Make a segment."""
    given = decode(request.content, CreateSegment)
    made = SegmentRecord(external_id=given.external_id or new_id(), name=given.name, created=world.now())
    await change(world, "segments", tuple[SegmentRecord, ...], lambda was: (*(was or _SEGMENTS), made))
    return 201, _segment(made)


async def add_members(request: httpx.Request, world: SimulatedWorld) -> Answer:
    """Add members to a segment, by a job."""
    given = decode(request.content, AddMembers)
    if not any(each.external_id == given.external_id for each in await _segments(world)):
        raise AttentiveFault(404, "The specified resource was not found")
    for person in given.members:

        def edit(was: UserRecord | None) -> UserRecord:
            known = was or UserRecord()
            return replace(known, segments=tuple(dict.fromkeys((*known.segments, given.external_id))))

        await change(world, _place(person), UserRecord, edit)
    message = "Bulk segment member add job successfully submitted"
    return _ACCEPTED, {"message": message, "batchJobId": new_id()}


async def write_user(request: httpx.Request, world: SimulatedWorld) -> Answer:
    """Create or update a user."""
    given = decode(request.content, WriteUser)
    sent = msgspec.json.decode(request.content).get("attributes", {})

    def edit(was: UserRecord | None) -> UserRecord:
        known = was or UserRecord()
        return replace(known, attributes=known.attributes | sent)

    await change(world, _place(given.identifiers), UserRecord, edit)
    return _ACCEPTED, {"success": True, "message": "Accepted"}


async def get_subscriptions(request: httpx.Request, world: SimulatedWorld) -> Answer:
    """Say what a user may be sent."""
    query = request.url.params
    if len(query) != 1:
        raise invalid("phone or email is required")
    user = await find(world, f"user/{next(iter(query.values())).lower()}", UserRecord)
    if user is None:
        raise AttentiveFault(404, "The specified resource was not found")
    split = [each.split("/") for each in user.subscriptions]
    eligible = [
        {"subscription": {"type": kind, "channel": channel}, "eligibility": {"isEligible": True}}
        for kind, channel in split
    ]
    return 200, {"subscriptionEligibilities": eligible}


async def subscribe(request: httpx.Request, world: SimulatedWorld) -> Answer:
    """Subscribe a user on every channel that is named; who is subscribed already is told so."""
    given = decode(request.content, Subscribe)
    if given.sign_up_source_id == "unknown":
        raise invalid("No sign up source of that id")
    kind = given.subscription_type or "MARKETING"
    asked = [f"{kind}/EMAIL"] if given.user.email else []
    asked += [f"{kind}/TEXT"] if given.user.phone else []
    before: tuple[str, ...] = ()

    def edit(was: UserRecord | None) -> UserRecord:
        nonlocal before
        known = was or UserRecord()
        before = known.subscriptions
        again = sum(1 for each in asked if each in before)
        return replace(known, subscriptions=tuple(dict.fromkeys((*before, *asked))), told=known.told + again)

    await change(world, _place(given.user), UserRecord, edit)
    responses = [
        {
            "subscription": dict(zip(("type", "channel"), each.split("/"), strict=True)),
            "subscriptionCreationStatus": "PREVIOUSLY_CREATED" if each in before else "NEWLY_CREATED",
        }
        for each in asked
    ]
    return _ACCEPTED, {"user": msgspec.to_builtins(given.user), "subscriptionResponses": responses}


async def unsubscribe(request: httpx.Request, world: SimulatedWorld) -> Answer:
    """Take subscriptions from a user; all where none is named."""
    given = decode(request.content, Unsubscribe)
    named = {f"{each.type}/{each.channel}" for each in given.subscriptions or ()}

    def edit(was: UserRecord | None) -> UserRecord:
        known = was or UserRecord()
        left = tuple(each for each in known.subscriptions if named and each not in named)
        return replace(known, subscriptions=left)

    await change(world, _place(given.user), UserRecord, edit)
    return _ACCEPTED, {"user": msgspec.to_builtins(given.user)}


async def add_purchase_event(request: httpx.Request, world: SimulatedWorld) -> Answer:
    """Take a purchase; the answer is empty."""
    decode(request.content, Purchase)
    await add_purchase(world, request.content)
    return 200, None


async def _segments(world: SimulatedWorld) -> tuple[SegmentRecord, ...]:
    return await find(world, "segments", tuple[SegmentRecord, ...]) or _SEGMENTS


def _place(person: Person) -> str:
    return f"user/{(person.email or person.phone or person.client_user_id or '').lower()}"


def _segment(record: SegmentRecord) -> dict[str, object]:
    made = datetime.fromtimestamp(record.created / 1000, UTC).isoformat()
    return {"externalId": record.external_id, "name": record.name, "created": made, "updated": made}
