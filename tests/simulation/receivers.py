"""Receivers of events, as whoever integrates runs them: well, flaky, away for a while, or gone; and the way to them."""

import asyncio
import base64
import hashlib
import hmac
import math
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from paylinks_ports.services import Reply

from .facts import Fact
from .life import Life

if TYPE_CHECKING:
    from .world import World

__all__ = ["ORDER", "ORDER_SECRET", "ORDER_URL", "Postman", "Receiver"]

_LONGEST = 30.0  # seconds that a post may take
_SLOW = 3.0  # seconds that one who is well may take
_SOON = 240.0  # seconds: two rounds of the slowest worker, a clock that is put back between them, and many posts
_TWICE = 2  # what has failed so often holds the later ones of its lane back no more
_TROUBLES = ("no connection", "no answer", "late", "error", "busy")


def _url(name: str) -> str:
    return f"https://{name}.test/hook"


def _secret(name: str) -> str:
    return "whsec_" + base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()


ORDER = "order"
"""The receiver at some checkouts' own address."""

ORDER_URL, ORDER_SECRET = _url(ORDER), _secret(ORDER)


class Receiver:
    """One address, what it is sent, and how well it is.

    Args:
        endpoint_id: None: it is the own address of some checkouts.
        wants: the types of events; ``*`` is all.
        flaky: how often it is in trouble.
        down: from when till when it is away, by the loop's time.

    """

    def __init__(
        self,
        name: str,
        *,
        endpoint_id: str | None = None,
        wants: tuple[str, ...] = ("*",),
        flaky: float = 0.0,
        down: tuple[float, float] = (math.inf, math.inf),
    ) -> None:
        self.name = name
        self.url, self.secret = _url(name), _secret(name)
        self.endpoint_id = endpoint_id
        self.wants = wants
        self.flaky = flaky
        self.down = down
        self.well = not flaky and down[0] == math.inf
        self.gone = down[1] == math.inf and not self.well and not flaky
        self.accepted: set[str] = set()  # events that it has answered with a 2xx
        self.heard: set[str] = set()  # those of which the platform has heard that
        self.failures: Counter[str] = Counter()
        self.first_failure = math.inf
        self.bodies: dict[str, bytes] = {}
        self.busy: dict[str, Life] = {}  # lanes in which something is being sent, and by whom

    def wants_of(self, fact: Fact) -> bool:
        """Say whether it is to be told."""
        if self.endpoint_id is None:
            return fact.address == self.url
        return not {"*", fact.type}.isdisjoint(self.wants)

    def is_away(self, now: float) -> bool:
        """Say whether nobody answers there."""
        return self.down[0] <= now < self.down[1]

    def signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Check both signatures, as the documents tell integrators to."""
        content = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        standard = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
        own = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
        return headers["webhook-signature"] == f"v1,{standard}" and headers["x-webhook-signature"] == own


class Postman:
    """The sender port of one process."""

    def __init__(self, world: "World", life: Life) -> None:
        self._world = world
        self._life = life

    async def refusal(self, url: str) -> str | None:
        """Say nothing against any address."""
        del url
        return None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send once."""
        life, receiver = self._life, self._world.receivers[url]
        event = headers["webhook-id"]
        what = f"{event} to {receiver.name}"
        await life.step(f"sending {what}")
        lane = self._judged(receiver, body, headers)
        receiver.busy[lane] = life
        try:
            reply = await self._sent(receiver, event)
        finally:
            receiver.busy.pop(lane, None)
        life.say(f"sent {what}: {reply.status or reply.error}")
        await life.step(f"answered {what}")
        if reply.received:
            receiver.heard.add(event)
        else:
            receiver.failures[event] += 1
            receiver.first_failure = min(receiver.first_failure, asyncio.get_running_loop().time())
        return reply

    async def _sent(self, receiver: Receiver, event: str) -> Reply:
        chaos, pick = self._life.chaos, self._life.chaos.random
        trouble = pick.choice(_TROUBLES) if chaos.strikes(receiver.flaky) else None
        if receiver.is_away(asyncio.get_running_loop().time()):
            trouble = pick.choice(("no connection", "dropped"))
        await asyncio.sleep(0.02)
        if trouble == "no connection":
            return Reply(error=trouble)
        if trouble == "error":
            return Reply(status=pick.choice((302, 400, 410, 500, 503)))
        if trouble == "busy":
            return Reply(status=429, retry_after=pick.choice((1_000, 60_000, 3_600_000)))
        if trouble != "dropped":
            self._accepted(receiver, event)
        takes = math.inf if trouble else pick.uniform(0, _SLOW) if chaos.strikes(chaos.weather.slow) else 0
        if trouble == "late":
            takes = pick.uniform(0, 1.2 * _LONGEST)
        await asyncio.sleep(min(takes, _LONGEST))
        return Reply(error="no answer") if takes > _LONGEST else Reply(status=pick.choice((200, 202, 204)))

    def _accepted(self, receiver: Receiver, event: str) -> None:
        """Take one; where nothing keeps the workers from their work, it comes soon, whoever else is dead."""
        chaos, now = self._life.chaos, asyncio.get_running_loop().time()
        fact = self._world.facts.told.get(event)
        if fact and event not in receiver.accepted and receiver.well and chaos.spares_us and now - fact.at > _SOON:
            self._world.amiss(f"{receiver.name} was told of {fact} after {now - fact.at:.0f} seconds")
        receiver.accepted.add(event)

    def _judged(self, receiver: Receiver, body: bytes, headers: Mapping[str, str]) -> str:
        """Look at what is sent, and say in which lane it is."""
        world, event = self._world, headers["webhook-id"]
        told = msgspec.json.decode(body)
        lane = receiver.name if receiver.endpoint_id else told["data"]["checkoutId"]
        if (other := receiver.busy.get(lane)) is not None and other.alive:
            world.amiss(f"{receiver.name} is sent two at once")
        if not receiver.signed(body, headers):
            world.amiss(f"{event} to {receiver.name} is not signed")
        if receiver.bodies.setdefault(event, body) != body or told["id"] != event:
            world.amiss(f"{event} to {receiver.name} is not what it was before")
        fact = world.facts.told.get(event)
        if fact is None:
            world.amiss(f"{event} tells of {told['type']}, which did not happen: {told['data']}")
            return lane
        if told["type"] != fact.type or not told["data"].items() >= fact.says.items():
            world.amiss(f"{event} tells {told} of {fact}, {fact.says}")
        for earlier in world.facts.all:
            if earlier.commit >= fact.commit:
                break
            same = receiver.wants_of(earlier) and lane in (receiver.name, earlier.checkout_id)
            if same and earlier.event_id and not self._may_be_passed(receiver, earlier.event_id):
                world.amiss(f"{receiver.name} is told of {fact} before {earlier}")
        return lane

    def _may_be_passed(self, receiver: Receiver, event: str) -> bool:
        """Say whether a lane may go on: it was received, or has failed twice, which a worker's death counts for."""
        if event in receiver.heard or receiver.failures[event] >= _TWICE:
            return True
        if self._life.chaos.spares_us:
            return False
        rows = self._world.memory.committed.deliveries.values()
        tries = [one.attempts for one in rows if (one.event_id, one.endpoint_id) == (event, receiver.endpoint_id)]
        return max(tries, default=0) >= _TWICE
