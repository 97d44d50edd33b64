"""Events on their way to the brand's receivers: all that has happened is told to all that want it, and nothing else."""

import asyncio
from functools import partial
from math import inf

from paylinks_core.endpoints import send_again, send_all_again
from paylinks_core.links import generate
from paylinks_ports.records.events import Endpoint

from .processes import Verb
from .receivers import ORDER, Receiver
from .subjects import Subject
from .world import HOUR, MINUTE, SECOND, World

__all__ = ["EVENTS"]

_DAY = 24 * HOUR
_FAILING = 5 * _DAY
_STEPS = 5 * SECOND  # by how much our own clock may be off, between two looks
_WANTS = (
    ("*",),
    ("*",),
    ("order.confirmed", "payment.succeeded", "refund.succeeded"),
    ("checkout.created", "payment.failed", "upsell.accepted", "refund.initiated"),
)
_PATIENCE = 2.5 * _DAY / SECOND  # seconds that all tries take, at least; who is away for longer must ask for the rest
_KINDS = ("well", "well", "flaky", "away", "gone")
_LATER = 3  # rounds of the calm after which each next one is a day later
_LONGER = 7 * HOUR  # by which each of those days is made longer where one that is dead is to fail for five days


async def _open(world: World) -> None:
    """Have one to three endpoints, and an address of some checkouts' own."""
    pick = world.chaos.random
    kinds = world.kinds or [pick.choice(_KINDS) for _ in range(pick.choice((1, 1, 2, 3)))]
    receivers = [_receiver(world, f"endpoint{number + 1}", kind) for number, kind in enumerate(kinds)]
    own = Receiver(ORDER, flaky=pick.choice((0, 0, 0.4)), down=pick.choice(((inf, inf), (60.0, 9000.0))))
    world.receivers = {one.url: one for one in (*receivers, own)}
    async with world.memory() as work:
        for one in receivers:
            assert one.endpoint_id is not None
            endpoint = Endpoint(
                id=one.endpoint_id,
                brand_id=world.brand.id,
                url=one.url,
                events=one.wants,
                secret=one.secret,
                created_at=world.now(),
            )
            await work.endpoints.add(endpoint)
        await work.commit()


def _receiver(world: World, name: str, kind: str) -> Receiver:
    pick, endpoint_id = world.chaos.random, f"whk_{name}"
    begins = pick.uniform(0, 20 * MINUTE) / SECOND
    match kind:
        case "flaky":
            one = Receiver(name, endpoint_id=endpoint_id, wants=pick.choice(_WANTS), flaky=pick.uniform(0.2, 0.7))
        case "away":
            ends = begins + pick.choice((10 * MINUTE, 5 * HOUR, 2 * _DAY, 4 * _DAY)) / SECOND
            one = Receiver(name, endpoint_id=endpoint_id, wants=pick.choice(_WANTS), down=(begins, ends))
        case "gone":
            one = Receiver(name, endpoint_id=endpoint_id, down=(pick.choice((0.0, begins)), inf))
        case _:
            one = Receiver(name, endpoint_id=endpoint_id, wants=pick.choice(_WANTS))
    return one


async def _have_sent_again(world: World) -> None:
    """Be the admin who has one delivery, or all that failed, sent once more."""
    pick = world.chaos.random
    while True:
        await asyncio.sleep(pick.uniform(30, 3000))
        deliveries = list(world.memory.committed.deliveries.values())
        if not deliveries:
            continue
        one = pick.choice(deliveries)
        if one.endpoint_id is not None and pick.random() < 0.5:
            await world.call("desk", f"sends all to {one.url} again", _retry_all(world, one.endpoint_id))
        else:
            await world.call(
                "desk", f"sends {one.id} again", partial(send_again, brand=world.brand, delivery_id=one.id)
            )


def _retry_all(world: World, endpoint_id: str) -> Verb[int]:
    return partial(send_all_again, brand=world.brand, endpoint_id=endpoint_id, since=0)


async def _recover(world: World) -> None:
    """Let receivers be well again, but for those that are gone; being told of later orders makes them switched off."""
    world.settled += 1
    receivers = world.receivers.values()
    for one in receivers:
        one.flaky = 0
    process, now = world.processes[0], asyncio.get_running_loop().time()
    for one in receivers:
        if one.endpoint_id is not None and one.down[0] + _PATIENCE < one.down[1] <= now:
            await process.do("retry", _retry_all(world, one.endpoint_id))
    if world.settled > _LATER and any(one.gone for one in receivers):
        await asyncio.sleep(_LONGER / SECOND)
        claims = {"orderId": f"later-{world.settled}", "amount": 500, "currency": "USD", "productName": "Shirt"}
        await process.do("a later order", lambda parts: generate(parts, world.brand, claims, HOUR // SECOND))


def _wrong(world: World) -> list[str]:
    """Everyone who wants it has been told of all that happened; who is gone is switched off, and nobody else."""
    rows = world.memory.committed
    wrong: list[str] = []
    for receiver in world.receivers.values():
        if receiver.gone:
            continue
        wanted = (one for one in world.facts.all if receiver.wants_of(one))
        wrong += [
            f"{receiver.name} was never told of {fact}, which is {fact.event_id}"
            for fact in wanted
            if fact.event_id not in receiver.accepted
        ]
    for delivery in rows.deliveries.values():
        if delivery.status == "pending":
            wrong.append(f"{delivery.id} is on its way for ever")
    return wrong + [trouble for one in world.receivers.values() if one.endpoint_id for trouble in _health(world, one)]


def _health(world: World, receiver: Receiver) -> list[str]:
    off = world.facts.switched_off.get(receiver.endpoint_id or "")
    if not receiver.gone:
        return [f"{receiver.name} is switched off"] if off is not None else []
    if off is None:
        return [f"{receiver.name} is gone, and not switched off"]
    failed = (off - receiver.first_failure) * SECOND
    return [f"{receiver.name} is switched off after {failed / HOUR:.1f} hours"] if failed < _FAILING - _STEPS else []


EVENTS = Subject(opened=_open, beside=_have_sent_again, settle=_recover, wrong=_wrong)
