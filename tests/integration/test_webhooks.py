"""Outgoing webhooks over HTTP: endpoints, secrets, deliveries, and a receiver that checks what it gets."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from standardwebhooks import Webhook

from paylinks_adapters.fakes import FakeSender
from paylinks_core import links
from paylinks_core.audit import Actor
from paylinks_core.deliveries import Deliverer
from paylinks_core.endpoints import EndpointChange, create_endpoint
from paylinks_core.tenants import default_brand
from paylinks_ports.records.people import Membership, User
from paylinks_ports.services import Reply

from ..receivers import Receiver
from ..waiting import until
from .conftest import ORDER, Client, MakeClient
from .test_contract import assert_error

pytestmark = pytest.mark.anyio

PATH = "/api/admin/webhooks"
ACTOR = Actor(organization_id="org_default", brand_id="brand_default", id="user_1", kind="user")
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nset-cookie: a=b\r\n\r\nok"
NO = b"HTTP/1.1 500 No\r\ncontent-length: 4\r\n\r\noops"


class Shop:
    """A brand's own server: it calls, and receives."""

    def __init__(self, client: Client, receiver: Receiver, broken: Receiver) -> None:
        self.client = client
        self.receiver = receiver
        self.url = f"http://127.0.0.1:{receiver.port}/hook"
        self.broken = f"http://127.0.0.1:{broken.port}/hook"

    async def make(self, **changed: object) -> dict[str, Any]:
        """Add an endpoint."""
        answer = await self.client.post(PATH, {"url": self.url, "events": ["*"]} | changed)
        assert answer.status_code == 201, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data

    async def deliveries(self, endpoint: dict[str, Any], status: str, count: int) -> list[dict[str, Any]]:
        """Wait until an endpoint has had some deliveries come to a status, and list those."""
        while True:
            rows = (await self.client.http.get(f"{PATH}/{endpoint['id']}/deliveries")).json()["data"]
            fitting = [row for row in rows if row["status"] == status and row["responseStatus"]]
            if len(fitting) >= count:
                return fitting
            await asyncio.sleep(0.05)

    def received(self) -> list[tuple[dict[str, str], bytes]]:
        """Give headers and body of what has come."""
        parted = [request.partition(b"\r\n\r\n") for request in self.receiver.requests]
        return [
            (dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:]), body) for head, _, body in parted
        ]


@pytest.fixture
async def shop(client: Client) -> AsyncIterator[Shop]:
    """Open a receiver that is well and one that is not."""
    await client.sign_in()
    async with AsyncExitStack() as stack:
        receiver = await stack.enter_async_context(Receiver(OK).open())
        broken = await stack.enter_async_context(Receiver(NO).open())
        async with asyncio.timeout(30):
            yield Shop(client, receiver, broken)


async def test_a_paid_order_is_told_to_its_shop(shop: Shop) -> None:
    """Four events in order, signed, to the endpoint and to the checkout's own address."""
    endpoint = await shop.make()
    token = await shop.client.opened(webhookUrl=shop.url + "?own=1", customer={"email": "ada@example.com"})
    assert (await shop.client.post("/api/checkout/complete", {"token": token})).json()["data"]["status"] == "paid"
    rows = await shop.deliveries(endpoint, "delivered", 4)
    await until(lambda: len(shop.receiver.requests) == 8)

    expected = ["checkout.created", "checkout.completed", "payment.succeeded", "order.confirmed"]
    assert [row["type"] for row in reversed(rows)] == expected
    assert set(rows[0]) == {
        "id",
        "eventId",
        "type",
        "status",
        "attempts",
        "responseStatus",
        "nextAttemptAt",
        "createdAt",
    }
    assert {(row["responseStatus"], row["nextAttemptAt"]) for row in rows} == {(200, None)}
    own = [request for request in shop.receiver.requests if request.startswith(b"POST /hook?own=1 ")]
    assert [json.loads(request.partition(b"\r\n\r\n")[2])["type"] for request in own] == expected
    signed = [(headers, body) for headers, body in shop.received() if _verifies(endpoint["secret"], headers, body)]
    assert len(signed) == 4
    assert json.loads(signed[0][1])["data"]["customer"]["email"] == "ada@example.com"


def _verifies(secret: str, headers: dict[str, str], body: bytes) -> bool:
    try:
        Webhook(secret).verify(body, headers)
    except Exception:  # noqa: BLE001 - whatever it raises, it does not verify
        return False
    return True


async def test_endpoints_are_made_changed_and_deleted(shop: Shop) -> None:
    """The secret is shown once; what is left out of a change stays; deleted, it is unknown."""
    http = shop.client.http
    made = await shop.make(description="mine", events=["order.confirmed", "refund.failed"])
    assert made["secret"].startswith("whsec_")
    listed = (await http.get(PATH)).json()
    assert listed["pagination"]["total"] == 1
    assert listed["data"] == [{name: value for name, value in made.items() if name != "secret"}]

    changed = await http.put(f"{PATH}/{made['id']}", json={"enabled": False, "description": ""})
    assert changed.json()["data"] == listed["data"][0] | {"enabled": False, "description": None}
    assert_error(await http.post(f"{PATH}/{made['id']}/test"), 409, "endpoint_disabled")
    assert_error(await http.post(f"{PATH}/{made['id']}/retry", json={"since": 0}), 409, "endpoint_disabled")
    assert (await http.delete(f"{PATH}/{made['id']}")).json() == {"success": True, "data": {"id": made["id"]}}
    log = (await http.get("/api/admin/audit-log")).json()["data"]
    told = [(one["action"], one["target"]) for one in log if one["action"].startswith("webhook_endpoint")]
    actions = ("deleted", "changed", "created")
    assert told == [(f"webhook_endpoint.{action}", made["id"]) for action in actions]
    assert "whsec" not in str(log)
    for method, path in (
        ("DELETE", ""),
        ("POST", "/rotate-secret"),
        ("POST", "/test"),
        ("GET", "/deliveries"),
    ):
        assert_error(await http.request(method, f"{PATH}/{made['id']}{path}"), 404, "not_found")
    assert_error(await http.get(f"{PATH}/deliveries/dlv_1"), 404, "not_found")
    assert_error(await http.post(f"{PATH}/deliveries/dlv_1/retry"), 404, "not_found")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"url": "ftp://shop.example/"}, "url"),
        ({"url": "http://169.254.169.254/latest/meta-data"}, "url"),
        ({"url": "http://user:secret@127.0.0.1/"}, "url"),
        ({"url": "http://shop.example:99999/"}, "url"),
        ({"url": 1}, "url"),
        ({"events": []}, "events"),
        ({"events": ["order.confirmd"]}, "events[0]"),
        ({"event": ["*"]}, "event"),
        ({"enabled": "yes"}, "enabled"),
        ({"description": "d" * 501}, "description"),
    ],
)
async def test_wrong_fields_are_named(shop: Shop, changed: dict[str, object], named: str) -> None:
    """Unknown ones too, in a new endpoint and in a change."""
    made = await shop.make()
    answer = await shop.client.post(PATH, {"url": shop.url, "events": ["*"]} | changed)
    assert_error(answer, 400, "invalid_request", named)
    answer = await shop.client.http.put(f"{PATH}/{made['id']}", json=changed)
    assert_error(answer, 400, "invalid_request", named)


async def test_private_addresses_need_the_setting(make_client: MakeClient) -> None:
    """Where it is off, loopback is refused when saved."""
    client: Client = await make_client(PAYLINKS_ALLOW_PRIVATE_WEBHOOKS="0")
    await client.sign_in()
    for url in ("http://127.0.0.1:9/", "http://localhost:9/", "https://10.0.0.1/", "http://[::1]/", "http://0x7f.1/"):
        assert_error(await client.post(PATH, {"url": url, "events": ["*"]}), 400, "invalid_request", "url")
        order = ORDER | {"webhookUrl": url}
        assert_error(await client.post("/api/token/generate", order), 400, "invalid_claims", "webhookUrl")


async def test_a_test_event_says_what_came_of_it(shop: Shop) -> None:
    """With request and answer, and no secret or cookie in either."""
    made = await shop.make()
    sent = (await shop.client.http.post(f"{PATH}/{made['id']}/test")).json()["data"]
    assert (sent["type"], sent["status"], sent["responseStatus"]) == ("webhook.test", "delivered", 200)
    assert json.loads(sent["request"]["body"])["type"] == "webhook.test"
    assert set(sent["request"]["headers"]) == {"content-type", "user-agent", "webhook-id", "webhook-timestamp"}
    assert sent["response"] == {"status": 200, "headers": {"content-length": "2"}, "body": "ok", "error": None}
    ((headers, body),) = shop.received()
    assert body.decode() == sent["request"]["body"]
    assert _verifies(made["secret"], headers, body)

    broken = await shop.make(url=shop.broken)
    failed = (await shop.client.http.post(f"{PATH}/{broken['id']}/test")).json()["data"]
    assert (failed["status"], failed["response"]["status"], failed["response"]["body"]) == ("failed", 500, "oops")


async def test_deliveries_are_tried_again_on_request(shop: Shop) -> None:
    """One by its id, all that failed since a time; a new address counts for those, too."""
    made = await shop.make(url=shop.broken)
    await shop.client.link()
    (row,) = await shop.deliveries(made, "pending", 1)
    assert row["responseStatus"] == 500
    assert row["nextAttemptAt"] > row["createdAt"]
    shown = (await shop.client.http.get(f"{PATH}/deliveries/{row['id']}")).json()["data"]
    assert shown["response"]["body"] == "oops"

    await shop.client.http.put(f"{PATH}/{made['id']}", json={"url": shop.url})
    assert (await shop.client.http.post(f"{PATH}/deliveries/{row['id']}/retry")).status_code == 200
    (again,) = await shop.deliveries(made, "delivered", 1)
    assert (again["id"], again["attempts"]) == (row["id"], 2)

    await shop.client.http.put(f"{PATH}/{made['id']}", json={"url": shop.broken})
    await shop.client.link(orderId="o-2")
    await shop.deliveries(made, "pending", 1)
    await shop.client.http.put(f"{PATH}/{made['id']}", json={"enabled": False})
    await shop.client.http.put(f"{PATH}/{made['id']}", json={"enabled": True, "url": shop.url})
    retried = await shop.client.post(f"{PATH}/{made['id']}/retry", {"since": row["createdAt"]})
    assert retried.json()["data"] == {"retried": 1}
    assert len(await shop.deliveries(made, "delivered", 2)) == 2


async def test_secrets_are_changed_with_a_day_of_both(shop: Shop) -> None:
    """After a change both sign; the brand's own is another."""
    made = await shop.make()
    rotated = (await shop.client.http.post(f"{PATH}/{made['id']}/rotate-secret")).json()["data"]
    assert rotated["previousValidUntil"] > made["createdAt"]
    await shop.client.http.post(f"{PATH}/{made['id']}/test")
    ((headers, body),) = shop.received()
    assert _verifies(made["secret"], headers, body)
    assert _verifies(rotated["secret"], headers, body)

    brand = (await shop.client.http.post("/api/admin/settings/webhook-secret")).json()["data"]
    assert set(brand) == {"secret"}
    await shop.client.link(webhookUrl=shop.url + "?own=1")
    await until(lambda: any(_verifies(brand["secret"], *one) for one in shop.received()))
    own = next(one for one in shop.received() if _verifies(brand["secret"], *one))
    assert not _verifies(rotated["secret"], *own)


async def test_admins_are_mailed_when_an_endpoint_is_switched_off(shop: Shop) -> None:
    """Once, with the address and where to switch it on again; a member is not, nor who has not accepted."""
    parts = shop.client.app.house.parts
    people = [("ada@example.com", "admin", 1), ("eve@example.com", "member", 1), ("bob@example.com", "admin", None)]
    made = await shop.make(url=shop.broken)
    async with parts.units() as work:
        for email, role, accepted_at in people:
            await work.users.add(User(id=f"user_{email}", email=email, name="", created_at=1, updated_at=1))
            one = {"id": email, "user_id": f"user_{email}", "email": email, "role": role, "accepted_at": accepted_at}
            person = msgspec.convert(one | {"organization_id": "org_default", "name": "", "created_at": 1}, Membership)
            await work.memberships.add(person)
        endpoint = await work.endpoints.get(made["id"])
        assert endpoint is not None
        await work.endpoints.replace(endpoint, replace(endpoint, failing_since=parts.clock.now() - 6 * 86_400_000))
        await work.commit()
    await shop.client.link()

    while True:
        async with parts.units.reading() as rows:
            mails = await rows.mails.newest(10)
        if len(mails) >= 2:
            break
        await asyncio.sleep(0.05)
    assert {mail.recipient for mail in mails} == {"admin@example.com", "ada@example.com"}
    assert shop.broken in mails[0].text
    assert "/admin/webhooks" in mails[0].text


async def test_several_workers_share_the_work(postgres_url: str, make_client: MakeClient) -> None:
    """Four on one PostgreSQL: each endpoint gets every event once and in order, never two at a time."""
    clients = [await make_client(reconcile=False, PAYLINKS_DATABASE_URL=postgres_url) for _ in range(4)]
    urls = [f"https://{name}.example/" for name in ("a", "b", "c")]
    sender = _Counting()
    parts = clients[0].app.house.parts
    brand = await default_brand(parts)
    for url in urls:
        await create_endpoint(parts, ACTOR, sender, brand, EndpointChange(url=url, events=("*",)))
    for number in range(40):
        await links.generate(parts, brand, ORDER | {"orderId": f"o-{number:02}"}, 3600)

    workers = [Deliverer(client.app.house.parts, sender) for client in clients]
    while len(sender.posted) < 120:
        await asyncio.gather(*(worker.round() for worker in workers))
        await asyncio.sleep(0.01)
    for worker in workers:
        await worker.finish()

    for url in urls:
        sent = [json.loads(body)["data"]["orderId"] for to, body, _ in sender.posted if to == url]
        assert sent == [f"o-{number:02}" for number in range(40)]
    assert sender.most == dict.fromkeys(urls, 1)


class _Counting(FakeSender):
    """Counts how many posts to an address there are at the same time."""

    def __init__(self) -> None:
        super().__init__()
        self.now: dict[str, int] = {}
        self.most: dict[str, int] = {}

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Take a moment."""
        self.now[url] = self.now.get(url, 0) + 1
        self.most[url] = max(self.most.get(url, 0), self.now[url])
        await asyncio.sleep(0.001)
        reply = await super().post(url, body, headers)
        self.now[url] -= 1
        return reply
