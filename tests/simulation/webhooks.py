"""Webhooks on their way: late, twice, out of order, or lost; those that arrive are taken until the shop says so."""

import asyncio
from functools import partial

from paylinks_core.inbox import receive, receive_simulated, verify
from paylinks_core.parts import Parts
from paylinks_core.tenants import DEFAULT_BRAND
from paylinks_ports.webhooks import WebhookRequest

from .subjects import Subject
from .world import World

__all__ = ["WEBHOOKS"]

_LATE = 200  # seconds: a signature is older than it may be after five minutes, and would be made anew


async def _deliver(world: World) -> None:
    while True:
        await asyncio.sleep(world.chaos.random.uniform(0.1, 30))
        await _deliver_due(world)


async def _deliver_due(world: World) -> None:
    pick = world.chaos.random
    due = [one for one in world.mail if one[0] <= world.providers_now()]
    world.mail = [one for one in world.mail if one not in due]
    pick.shuffle(due)
    for _, provider, request in due:
        if pick.random() < 0.2:
            world.chaos.say(provider, "its webhook is lost")
            continue
        for _ in range(pick.choice((1, 1, 2))):
            if pick.random() < 0.3:
                await asyncio.sleep(pick.uniform(0, _LATE / 2))
            await world.call(provider, "a webhook", partial(_take, world, provider, request))


async def _take(world: World, provider: str, request: WebhookRequest, parts: Parts) -> bool:
    if world.demo:
        await receive_simulated(parts, DEFAULT_BRAND, provider, request, 0)
        return False
    verified = await verify(parts, DEFAULT_BRAND, provider, request)
    return await receive(parts, verified, lambda text: text)


def _wrong(world: World) -> list[str]:
    """What has been taken is processed in the end, whatever it was worth."""
    return [
        f"webhook {one.id} is {one.state} for ever: {one.error}"
        for one in world.memory.committed.incoming_events.values()
        if one.state in ("received", "failed")
    ]


WEBHOOKS = Subject(beside=_deliver, settle=_deliver_due, wrong=_wrong)
