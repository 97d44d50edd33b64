"""Events and their deliveries: written with the change, sent at least once, in order, by a schedule, and signed."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from unittest.mock import patch

import pytest
from msgspec.structs import replace
from standardwebhooks import Webhook

from paylinks_adapters.fakes import FakeSender
from paylinks_core import completion, deliveries, endpoints, links
from paylinks_core.audit import Actor
from paylinks_core.completion import Payload
from paylinks_core.deliveries import KEPT, SCHEDULE, Deliverer, fan_out, forget_old
from paylinks_core.endpoints import EndpointChange, endpoint_secrets
from paylinks_core.errors import EndpointDisabled, InvalidInput, NotKnown
from paylinks_core.events import publish
from paylinks_core.parts import Parts
from paylinks_core.reconciler import abandon_expired
from paylinks_ports.records.events import Delivery, Endpoint, OutgoingEvent
from paylinks_ports.services import Reply
from paylinks_ports.storage import Window

from ..waiting import until
from .conftest import HOUR, Shop

pytestmark = pytest.mark.anyio

ACTOR = Actor(organization_id="org_default", brand_id="brand_default", id="user_1", kind="user")
URL = "https://shop.example/hook"
OWN = "https://order.example/hook"
DAY = 24 * HOUR


class Post:
    """The outbox of a shop, and who sends it."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.parts = shop.parts
        self.sender = FakeSender()
        self.told: list[Endpoint] = []
        self.deliverer = Deliverer(shop.parts, self.sender, self._tell)

    async def _tell(self, endpoint: Endpoint) -> None:
        self.told.append(endpoint)

    async def endpoint(self, *events: str, url: str = URL) -> Endpoint:
        """Make an endpoint."""
        change = EndpointChange(url=url, events=events or ("*",))
        endpoint, _ = await endpoints.create_endpoint(self.parts, ACTOR, self.sender, await self.shop.brand(), change)
        return endpoint

    async def events(self) -> list[OutgoingEvent]:
        """Read all events, in order."""
        units = self.parts.units
        return sorted(units.committed.outgoing_events.values(), key=lambda event: event.id)  # type: ignore[attr-defined]  # it is memory

    async def deliveries(self) -> list[Delivery]:
        """Read all deliveries, in the order of their events."""
        units = self.parts.units
        return sorted(units.committed.deliveries.values(), key=lambda one: one.event_id)  # type: ignore[attr-defined]  # likewise

    async def now(self, endpoint: Endpoint) -> Endpoint:
        """Read an endpoint again."""
        async with self.parts.units.reading() as rows:
            found = await rows.endpoints.get(endpoint.id)
        assert found is not None
        return found

    async def send(self, milliseconds: int = 0) -> None:
        """Let time pass, and send what is due then."""
        self.shop.clock.move(milliseconds)
        await self.deliverer.round()
        await self.deliverer.finish()

    async def order(self, order_id: str, **claims: object) -> None:
        """Make an order, which is one event."""
        raw = {"orderId": order_id, "amount": 5000, "currency": "USD", "productName": "Shirt", **claims}
        await links.generate(self.parts, await self.shop.brand(), raw, 3600)

    def sent(self, url: str = URL) -> list[str]:
        """Name the orders that were told of there."""
        return [json.loads(body)["data"]["orderId"] for to, body, _ in self.sender.posted if to == url]


@pytest.fixture
def post(shop: Shop) -> Post:
    """Give the outbox of a shop."""
    return Post(shop)


async def test_a_paid_checkout_tells_its_story(post: Post) -> None:
    """Created once however often it is opened, then three events of the payment, with the published data."""
    shop = post.shop
    access = await shop.access(
        customer={"email": "ada@example.com", "firstName": "Ada"}, metadata={"a": "1"}, webhookUrl=OWN
    )
    await shop.initialize(access, "server")
    await shop.initialize(access, "server")
    await shop.complete(access)
    await shop.complete(access)
    await completion.read_back(post.parts, access, Payload(provider="server"))

    events = await post.events()
    assert [event.type for event in events] == [
        "checkout.created",
        "checkout.completed",
        "payment.succeeded",
        "order.confirmed",
    ]
    checkout, payment = await shop.now()
    data = json.loads(events[1].data)
    assert data == {
        "checkoutId": checkout.id,
        "orderId": "o-1",
        "amount": 5000,
        "currency": "USD",
        "customer": {"email": "ada@example.com", "firstName": "Ada", "lastName": None},
        "metadata": {"a": "1"},
        "paymentId": payment.id,
        "kind": "sale",
        "provider": "server",
        "transactionId": payment.transaction_id,
        "demo": False,
    }
    await post.send()
    sent = [json.loads(body) for url, body, _ in post.sender.posted if url == OWN]
    assert [one["type"] for one in sent] == [event.type for event in events]
    assert set(sent[0]) == {"id", "type", "timestamp", "data"}
    assert sent[0]["timestamp"].endswith("Z")


async def test_a_decline_and_an_abandoned_checkout_are_told(post: Post) -> None:
    """A decline says why, each time; an expired checkout is abandoned."""
    shop = post.shop
    access = await shop.access()
    await shop.initialize(access, "server")
    for _ in range(2):
        shop.server.twists = ["decline"]
        with pytest.raises(Exception, match="declined"):
            await shop.complete(access)
    shop.clock.move(2 * HOUR)
    await abandon_expired(post.parts)
    await abandon_expired(post.parts)

    events = await post.events()
    assert [event.type for event in events] == [
        "checkout.created",
        "payment.failed",
        "payment.failed",
        "checkout.abandoned",
    ]
    assert json.loads(events[1].data)["declineCode"] == "insufficient_funds"
    assert json.loads(events[1].data)["retryable"] is True


async def test_what_is_rolled_back_is_not_told(post: Post) -> None:
    """An event is written with its change or not at all."""
    await post.order("o-1")
    checkout = next(iter(post.parts.units.committed.checkouts.values()))  # type: ignore[attr-defined]  # it is memory
    before = await post.events()

    async with post.parts.units() as work:
        await publish(post.parts, work, checkout, ("upsell.offered", "upsell.accepted"), {"upsellId": "u"})

    assert await post.events() == before


async def test_only_who_wants_it_gets_it(post: Post) -> None:
    """By type, enabled, and the brand's own; the same event has the same bytes and id everywhere."""
    await post.endpoint("order.confirmed", url="https://b.example/")
    off = await post.endpoint(url="https://c.example/")
    await post.endpoint("checkout.created", "refund.failed")
    await endpoints.change_endpoint(
        post.parts, ACTOR, post.sender, await post.shop.brand(), off.id, EndpointChange(enabled=False)
    )
    await post.order("o-1", webhookUrl=OWN)
    await post.send()

    assert sorted(url for url, _, _ in post.sender.posted) == [OWN, URL]
    (_, body, headers), (_, other, others) = post.sender.posted
    assert body == other
    assert headers["webhook-id"] == others["webhook-id"] == json.loads(body)["id"]
    assert await fan_out(post.parts) == 0


async def test_signatures_are_those_that_libraries_check(post: Post) -> None:
    """Both kinds verify, with either secret for a day after a change; retries keep the id, not the timestamp."""
    brand = await post.shop.brand()
    change = EndpointChange(url=URL, events=("*",))
    endpoint, secret = await endpoints.create_endpoint(post.parts, ACTOR, post.sender, brand, change)
    assert secret not in endpoint.secret
    post.shop.clock.time = 1_000 * int(time.time())  # the library looks at the real clock
    _, newer = await endpoints.rotate_secret(post.parts, ACTOR, brand, endpoint.id)
    await post.order("o-1")
    await post.send()
    _, body, headers = post.sender.posted[0]

    for one in (secret, newer):
        assert Webhook(one).verify(body, headers)["data"]["orderId"] == "o-1"
    with pytest.raises(Exception, match="signature"):
        Webhook(secret).verify(body + b" ", headers)
    assert headers["x-webhook-signature"] == hmac.new(newer.encode(), body, hashlib.sha256).hexdigest()
    assert headers["x-webhook-signature-previous"] == hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()

    await post.send(DAY + 1)
    await post.order("o-2")
    await post.send()
    assert "x-webhook-signature-previous" not in post.sender.posted[1][2]
    assert " " not in post.sender.posted[1][2]["webhook-signature"]


async def test_a_checkouts_own_address_is_signed_by_the_brand(post: Post) -> None:
    """By a secret that follows from the deployment's, by the deployment's own, by one made through the API."""
    brand = await post.shop.brand()
    chosen = "whsec_" + base64.b64encode(b"c" * 32).decode()
    with_secret = Post(replace(post.shop, parts=replace(post.parts, webhook_secret=chosen)))
    async with post.parts.units.reading() as rows:
        (derived,) = await endpoints.brand_secrets(post.parts, rows, brand.id)
        assert await endpoints.brand_secrets(with_secret.parts, rows, brand.id) == [chosen]
        assert await endpoints.brand_secrets(with_secret.parts, rows, "brand_2") != [chosen]
    made = await endpoints.rotate_brand_secret(with_secret.parts, ACTOR, brand)
    assert len({derived, chosen, made}) == 3
    await with_secret.order("o-1", webhookUrl=OWN)
    await with_secret.send()

    headers, body = with_secret.sender.posted[0][2], with_secret.sender.posted[0][1]
    assert headers["x-webhook-signature"] == hmac.new(made.encode(), body, hashlib.sha256).hexdigest()
    assert headers["x-webhook-signature-previous"] == hmac.new(chosen.encode(), body, hashlib.sha256).hexdigest()


async def test_the_schedule_is_the_published_one(post: Post) -> None:
    """Ten tries at the published distances, give or take a tenth; then it has failed."""
    await post.endpoint()
    post.sender.down.add(URL)
    await post.order("o-1")
    await post.send()
    waits = []
    for _ in SCHEDULE:
        (delivery,) = await post.deliveries()
        assert delivery.status == "pending"
        waits.append(delivery.next_at - post.shop.clock.now())
        await post.send(waits[-1] - 1)
        tried = len(post.sender.posted)
        await post.send(1)
        assert len(post.sender.posted) == tried + 1

    assert all(0.9 <= wait / published <= 1.1 for wait, published in zip(waits, SCHEDULE, strict=True))
    assert waits != list(SCHEDULE)
    (delivery,) = await post.deliveries()
    assert (delivery.status, delivery.attempts, delivery.error) == ("failed", 10, "The connection failed")
    assert {headers["webhook-id"] for _, _, headers in post.sender.posted} == {delivery.event_id}
    assert len({headers["webhook-timestamp"] for _, _, headers in post.sender.posted}) == 10


@pytest.mark.parametrize("status", [199, 301, 404, 410, 500])
async def test_anything_but_2xx_is_tried_again(post: Post, status: int) -> None:
    """And what was answered is kept."""
    await post.endpoint()
    post.sender.replies[URL] = [Reply(status=status, body="no", headers={"a": "b"}, retry_after=HOUR)]
    await post.order("o-1")
    await post.send()

    (delivery,) = await post.deliveries()
    assert (delivery.status, delivery.response_status, delivery.response_body) == ("pending", status, "no")
    assert delivery.next_at == post.shop.clock.now() + HOUR  # as the receiver asked
    await post.send(HOUR)
    (delivery,) = await post.deliveries()
    assert (delivery.status, delivery.response_status, delivery.attempts) == ("delivered", 200, 2)


async def test_order_is_kept_and_no_endpoint_waits_for_another(post: Post) -> None:
    """A hanging endpoint gets one at a time; the healthy one has everything meanwhile, in order."""
    hanging = "https://hanging.example/"
    await post.endpoint(url=hanging)
    await post.endpoint()
    post.sender.gate, post.sender.slow = asyncio.Event(), {hanging}
    for number in range(5):
        await post.order(f"o-{number}")
    await post.deliverer.round()
    await until(lambda: len(post.sent()) == 5)
    await post.deliverer.round()

    assert post.sent() == [f"o-{number}" for number in range(5)]
    assert post.sent(hanging) == ["o-0"]
    post.sender.gate.set()
    await post.deliverer.finish()
    assert post.sent(hanging) == [f"o-{number}" for number in range(5)]


async def test_a_failure_holds_the_next_ones_back_only_so_long(post: Post) -> None:
    """The next waits for the first to be received, or to fail twice; then both go their way."""
    await post.endpoint()
    post.sender.replies[URL] = [Reply(status=500), Reply(status=500)]
    await post.order("o-1")
    await post.order("o-2")
    await post.send()
    assert post.sent() == ["o-1"]
    await post.send(6_000)
    assert post.sent() == ["o-1", "o-1"]
    await post.send()
    assert post.sent() == ["o-1", "o-1", "o-2"]
    await post.send(6 * 60_000)
    assert post.sent() == ["o-1", "o-1", "o-2", "o-1"]


async def test_a_worker_that_dies_leaves_its_deliveries_to_others(post: Post) -> None:
    """Whatever was taken is sent by the next one when the lease is over, and not before."""
    await post.endpoint()
    post.sender.gate, post.sender.slow = asyncio.Event(), {URL}
    await post.order("o-1")
    await post.deliverer.round()
    await until(lambda: post.sender.posted)
    await post.deliverer.stop(patience=0)

    post.sender.gate = None
    other = Deliverer(post.parts, post.sender)
    await other.round()
    assert len(post.sender.posted) == 1
    post.shop.clock.move(60_000)
    await other.round()
    await other.finish()
    (delivery,) = await post.deliveries()
    assert (delivery.status, delivery.attempts, len(post.sender.posted)) == ("delivered", 2, 2)


async def test_the_deaths_of_workers_use_up_no_tries(post: Post) -> None:
    """However many have died over it, one failure more is no end; that comes when all tries would have been made."""
    await post.endpoint()
    await post.order("o-1")
    await fan_out(post.parts)
    began = post.shop.clock.now()
    for _ in range(12):
        now = post.shop.clock.now()
        async with post.parts.units() as work:
            assert await work.deliveries.claim(now, now + 60_000, 1)
            await work.commit()
        post.shop.clock.move(60_000)
    post.sender.down.add(URL)
    await post.send()

    assert [one.status for one in await post.deliveries()] == ["pending"]
    while (delivery := (await post.deliveries())[0]).status == "pending":
        await post.send(delivery.next_at - post.shop.clock.now())
    assert delivery.status == "failed"
    assert 0.9 * sum(SCHEDULE) <= post.shop.clock.now() - began <= sum(SCHEDULE) + 1.1 * DAY


async def test_an_endpoint_that_fails_for_five_days_is_switched_off(post: Post) -> None:
    """Its admins are told once, what was on its way has failed, and switched on again it starts afresh."""
    endpoint = await post.endpoint()
    other = await post.endpoint(url="https://other.example/")
    brand = await post.shop.brand()
    post.sender.down.add(URL)
    for number in range(12):
        await post.order(f"o-{number}")
        await post.send()
        await post.send(DAY // 2 if number < 11 else 0)

    off = await post.now(endpoint)
    assert not off.enabled
    assert "five days" in (off.disabled_reason or "")
    assert [told.id for told in post.told] == [endpoint.id]
    assert (await post.now(other)).enabled
    assert {one.status for one in await post.deliveries() if one.endpoint_id == endpoint.id} == {"failed"}
    for refused in (
        endpoints.send_all_again(post.parts, brand, endpoint.id, 0),
        endpoints.add_test(post.parts, brand, endpoint.id),
        endpoints.send_again(post.parts, brand, (await post.deliveries())[0].id),
    ):
        with pytest.raises(EndpointDisabled):
            await refused

    post.sender.down.clear()
    on = await endpoints.change_endpoint(
        post.parts, ACTOR, post.sender, brand, endpoint.id, EndpointChange(enabled=True)
    )
    assert (on.enabled, on.disabled_reason, on.failing_since) == (True, None, None)
    posted = len(post.sent())
    assert await endpoints.send_all_again(post.parts, brand, endpoint.id, 0) >= 10
    for _ in range(20):
        await post.send()
    assert len(post.sent()) >= posted + 10


async def test_one_success_ends_the_five_days(post: Post) -> None:
    """Failing counts from the first failure after the last success."""
    endpoint = await post.endpoint()
    post.sender.replies[URL] = [Reply(status=500)]
    await post.order("o-1")
    await post.send()
    assert (await post.now(endpoint)).failing_since == post.shop.clock.now()
    await post.send(6 * DAY)
    assert (await post.now(endpoint)).failing_since is None
    post.sender.down.add(URL)
    await post.order("o-2")
    await post.send()
    assert (await post.now(endpoint)).enabled


async def test_a_delivery_is_sent_again_on_request(post: Post) -> None:
    """Whether it was received or has failed; a deleted endpoint's is not."""
    endpoint = await post.endpoint()
    brand = await post.shop.brand()
    await post.order("o-1")
    await post.send()
    (delivery,) = await post.deliveries()
    await endpoints.send_again(post.parts, brand, delivery.id)
    await post.send()
    assert post.sent() == ["o-1", "o-1"]

    await post.order("o-2")
    await fan_out(post.parts)
    await endpoints.delete_endpoint(post.parts, ACTOR, brand, endpoint.id)
    await post.send()
    assert post.sent() == ["o-1", "o-1"]
    with pytest.raises(EndpointDisabled):
        await endpoints.send_again(post.parts, brand, delivery.id)
    with pytest.raises(NotKnown):
        await endpoints.page_deliveries(post.parts, brand, endpoint.id, Window())


async def test_a_test_event_is_sent_at_once_and_once(post: Post) -> None:
    """It waits for nothing, is not tried again, and says nothing of the endpoint's health."""
    endpoint = await post.endpoint("order.confirmed")
    brand = await post.shop.brand()
    post.sender.down.add(URL)
    taken = await endpoints.add_test(post.parts, brand, endpoint.id)
    await post.send()
    assert post.sender.posted == []
    await post.deliverer.send_taken(taken)

    (delivery,) = await post.deliveries()
    assert (delivery.status, delivery.attempts) == ("failed", 1)
    assert json.loads(post.sender.posted[0][1])["type"] == "webhook.test"
    assert (await post.now(endpoint)).failing_since is None


async def test_nothing_crosses_brands(post: Post) -> None:
    """Another brand's endpoint and delivery are unknown."""
    endpoint = await post.endpoint()
    await post.order("o-1")
    await post.send()
    (delivery,) = await post.deliveries()
    stranger = replace(await post.shop.brand(), id="brand_2")
    change = EndpointChange(enabled=False)
    for refused in (
        endpoints.change_endpoint(post.parts, ACTOR, post.sender, stranger, endpoint.id, change),
        endpoints.delete_endpoint(post.parts, ACTOR, stranger, endpoint.id),
        endpoints.rotate_secret(post.parts, ACTOR, stranger, endpoint.id),
        endpoints.add_test(post.parts, stranger, endpoint.id),
        endpoints.send_again(post.parts, stranger, delivery.id),
        endpoints.send_all_again(post.parts, stranger, endpoint.id, 0),
    ):
        with pytest.raises(NotKnown):
            await refused


async def test_private_addresses_are_refused_when_saved(post: Post) -> None:
    """Made or changed to one, it is a wrong field."""
    with pytest.raises(InvalidInput, match="Invalid") as refused:
        await post.endpoint(url="https://db.internal/")
    assert "url: " in str(refused.value.details)
    endpoint = await post.endpoint()
    change = EndpointChange(url="https://db.internal/")
    with pytest.raises(InvalidInput):
        await endpoints.change_endpoint(post.parts, ACTOR, post.sender, await post.shop.brand(), endpoint.id, change)


async def test_what_was_received_stays_received(post: Post) -> None:
    """An admin changes the delivery while it is being sent: that it arrived is kept."""
    endpoint = await post.endpoint()
    post.sender.gate, post.sender.slow = asyncio.Event(), {URL}
    await post.order("o-1")
    await post.deliverer.round()
    await until(lambda: post.sender.posted)
    change = EndpointChange(enabled=False)
    await endpoints.change_endpoint(post.parts, ACTOR, post.sender, await post.shop.brand(), endpoint.id, change)
    post.sender.gate.set()
    await post.deliverer.finish()

    (delivery,) = await post.deliveries()
    assert delivery.status == "delivered"


async def test_the_old_is_forgotten(post: Post) -> None:
    """After thirty days."""
    await post.endpoint()
    await post.order("o-1")
    await post.send()
    post.shop.clock.move(KEPT)
    assert await forget_old(post.parts) == 0
    post.shop.clock.move(1)
    assert await forget_old(post.parts) == 2
    assert await post.deliveries() == []


async def test_a_delivery_that_can_not_be_sent_is_put_off(post: Post) -> None:
    """A bug over one is a failure as any other: its lane goes on once it has failed twice, and others at once."""
    broken, good = await post.endpoint(), await post.endpoint(url="https://other.example/hook")
    await post.order("o-1")
    real = endpoint_secrets

    def secrets_of(parts: Parts, endpoint: Endpoint) -> list[str]:
        if endpoint.id == broken.id:
            raise RuntimeError("a bug")
        return real(parts, endpoint)

    with patch.object(deliveries, "endpoint_secrets", secrets_of):
        await post.send()

    (failed,) = [one for one in await post.deliveries() if one.endpoint_id == broken.id]
    assert (failed.status, failed.attempts, failed.locked_until) == ("pending", 1, None)
    assert failed.error == "It could not be sent (RuntimeError)"
    assert failed.next_at > post.shop.clock.now()
    assert {one.status for one in await post.deliveries() if one.endpoint_id == good.id} == {"delivered"}


async def test_an_event_that_can_not_be_fanned_out_stops_no_other(post: Post) -> None:
    """It is logged, and the others have their deliveries."""
    await post.endpoint()
    await post.order("o-1")
    await post.order("o-2")
    first = (await post.events())[0]
    real = deliveries._deliveries_of

    def made(parts: Parts, event: OutgoingEvent, found: tuple[Endpoint, ...]) -> list[Delivery]:
        if event.id == first.id:
            raise ValueError("a bug")
        return real(parts, event, found)

    with patch.object(deliveries, "_deliveries_of", made):
        await post.send()

    assert {one.event_id for one in await post.deliveries()} == {one.id for one in await post.events()} - {first.id}
