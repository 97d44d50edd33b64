"""Bugs in telling of events, to be planted."""

from msgspec.structs import replace

from paylinks_adapters.memory import events as memory
from paylinks_core import deliveries, events, outcomes, refund_outcomes
from paylinks_core.deliveries import Deliverer

from .chaos import Weather
from .planted import Bug, Change
from .runs import Leaning

__all__ = ["IN_EVENTS"]

_PLAIN = frozenset({"plain"})
_ONLY_THEM = Leaning(providers=_PLAIN, weather=Weather(slow=0.3))
"""To where only receivers fail, so that exactly what is promised must be seen."""
_CRASHES = Leaning(providers=_PLAIN, habits=("pay",), weather=Weather(kill=0.01, storage=0.05))

IN_EVENTS = [
    Bug(
        name="an event is written in a transaction of its own",
        changes=(
            Change(outcomes.follow, (("await publish_payment(parts, work, was, (followed, payment))", "pass"),)),
            Change(
                outcomes.remember,
                (
                    (
                        "            return followed, settled\n",
                        """            async with parts.units() as work:
                await publish_payment(parts, work, (checkout, payment), (followed, settled))
                await work.commit()
            return followed, settled
""",
                    ),
                ),
            ),
        ),
        finds="was never told of .*which is None",
        leaning=_CRASHES,
    ),
    Bug(
        name="a refund that was not heard of at once is not told",
        changes=(
            Change(
                refund_outcomes.tell_refund,
                (('(refund.state == "in_flight" and refund.version > 1)', "refund.version > 2"),),
            ),
        ),
        finds="was never told of refund.succeeded",
        leaning=Leaning(providers=_PLAIN, habits=("pay",), weather=Weather(network=0.4)),
    ),
    Bug(
        name="an order is confirmed before it is paid",
        changes=(
            Change(
                events.publish_payment,
                (
                    (
                        'if "checkout.completed" in types:',
                        'if after[1].state in ("paid", "pending") and after[1].state != before[1].state:',
                    ),
                ),
            ),
        ),
        finds="which did not happen",
        leaning=_ONLY_THEM,
    ),
    Bug(
        name="an upsell is told with the amount of the order",
        changes=(Change(events.about, (('"amount": payment.amount,', ""),)),),
        finds="tells .* of payment.succeeded",
        leaning=replace(_ONLY_THEM, habits=("pay",)),
    ),
    Bug(
        name="an event counts as fanned out before its deliveries are made",
        changes=(
            Change(
                deliveries.fan_out,
                (("        endpoints = await", "        await work.commit()\n        endpoints = await"),),
            ),
        ),
        finds="was never told of .* which is evt",
        leaning=_CRASHES,
    ),
    Bug(
        name="a delivery is done before its answer",
        changes=(
            Change(
                (Deliverer, "_send"),
                (
                    (
                        "        reply = await self._sender.post(",
                        """        await self._remember(delivery, sent, endpoint, Reply(status=200), final=False)
        reply = await self._sender.post(""",
                    ),
                ),
            ),
        ),
        finds="was never told",
        leaning=_ONLY_THEM,
    ),
    Bug(
        name="what a dead worker has taken is nobody's any more",
        changes=(Change((Deliverer, "_claim"), (("now + _LEASE", "now + 10**12"),)),),
        finds="was never told",
        leaning=_CRASHES,
    ),
    Bug(
        name="what another worker has taken is taken too",
        changes=(Change((Deliverer, "_claim"), (("now + _LEASE", "now"),)),),
        finds="two at once",
        leaning=_ONLY_THEM,
    ),
    Bug(
        name="one that has failed once is passed by the next",
        changes=(Change(memory._first, (("key=lambda one: one.event_id", "key=lambda one: one.next_at"),)),),
        finds="before",
        leaning=_ONLY_THEM,
    ),
    Bug(
        name="a delivery is given up after three tries",
        changes=(
            Change(
                deliveries._settled,
                (("sent.attempts > len(SCHEDULE) and now - sent.created_at >= _SHORTEST", "sent.attempts >= 3"),),
            ),
        ),
        finds="was never told",
        leaning=replace(_ONLY_THEM, receivers=("flaky", "away")),
    ),
    Bug(
        name="the deaths of workers use up all tries",
        changes=(Change(deliveries._settled, ((" and now - sent.created_at >= _SHORTEST", ""),)),),
        finds="was never told",
        leaning=Leaning(providers=_PLAIN, receivers=("away", "away", "flaky"), weather=Weather(kill=0.05)),
    ),
    Bug(
        name="all endpoints are one lane",
        changes=(
            Change(deliveries._deliveries_of, (("endpoint.url, endpoint.id)", "endpoint.url, event.brand_id)"),)),
        ),
        finds="was told of .* after",
        leaning=replace(_ONLY_THEM, receivers=("gone", "well")),
    ),
    Bug(
        name="events of a checkout have many lanes to its own address",
        changes=(Change(deliveries._deliveries_of, (('(event.checkout_id or "")', "event.id"),)),),
        finds="order is told of .* before|order is sent two at once",
        leaning=_ONLY_THEM,
    ),
    Bug(
        name="an endpoint's deliveries are signed with the brand's secret",
        changes=(
            Change(
                (Deliverer, "_send"),
                (("endpoint_secrets(parts, endpoint)", "await brand_secrets(parts, rows, delivery.brand_id)"),),
            ),
        ),
        finds="is not signed",
        leaning=_ONLY_THEM,
    ),
    Bug(
        name="each try has an id of its own",
        changes=(
            Change(
                (Deliverer, "_send"),
                (
                    (
                        "body, headers = body_of(event)",
                        'event = replace(event, id=f"{event.id}.{sent.attempts}"); body, headers = body_of(event)',
                    ),
                ),
            ),
        ),
        finds="did not happen",
        leaning=_ONLY_THEM,
    ),
    Bug(
        name="the time of a try is in the body",
        changes=(
            Change(
                (Deliverer, "_send"),
                (("body_of(event)", "body_of(replace(event, created_at=sent.attempted_at))"),),
            ),
        ),
        finds="is not what it was before",
        leaning=_ONLY_THEM,
    ),
    Bug(
        name="an endpoint that fails for a day is switched off",
        changes=(Change(deliveries._health, (("< _FAILING", "< _DAY"),)),),
        finds="is switched off",
        leaning=_ONLY_THEM,
    ),
    Bug(
        name="an endpoint that is dead is never switched off",
        changes=(Change(deliveries._health, (("< _FAILING", "< 30 * _DAY"),)),),
        finds="not switched off",
        leaning=replace(_ONLY_THEM, receivers=("gone",)),
    ),
]
