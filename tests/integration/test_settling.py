"""Refunds, webhooks and orders over HTTP, on a real SQLite file, with a provider in memory that does as it is told."""

import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from paylinks_adapters.fake_desk import FakeEvent
from paylinks_adapters.fakes import FakeAccount, FakeAccounts, FakeGateway, fake_provider
from paylinks_core.inbox import process_due, receive_simulated
from paylinks_core.refunds import reconcile_refunds
from paylinks_core.tenants import create_api_key
from paylinks_core.verification import verify
from paylinks_ports.money import Money
from paylinks_ports.payments import Paid
from paylinks_ports.providers import Lookup
from paylinks_ports.records.settings import PluginSetting
from paylinks_ports.records.tenants import Brand
from paylinks_ports.refunds import Refunded
from paylinks_ports.webhooks import PaymentNews, RefundNews
from paylinks_web.commands.inbox import _replay
from paylinks_web.config import read_config
from paylinks_web.house import House, build

from .applications import started
from .conftest import ORDER, Client
from .test_commands import Shell, shell  # noqa: F401 - a fixture

pytestmark = pytest.mark.anyio

PROVIDER = "acme"


class Shop(Client):
    """The application with one more provider."""

    gateway: FakeGateway
    house: House

    async def paid(self, order_id: str = "order-1") -> str:
        """Pay an order of 49.99 and give its payment's reference."""
        token = (await self.link(orderId=order_id))["token"]
        body = {"token": token, "provider": PROVIDER}
        opened = await self.post("/api/checkout/initialize", body)
        assert opened.status_code == 200, opened.text
        answer = await self.post("/api/checkout/complete", body | {"paymentToken": "tok"})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["data"]["providerOrderId"])

    async def order(self, order_id: str = "order-1") -> dict[str, Any]:
        """Read an order's story."""
        answer = await self.http.get(f"/api/admin/orders/{order_id}")
        assert answer.status_code == 200, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data

    async def refund(self, **body: Any) -> httpx.Response:  # noqa: ANN401 - JSON
        """Ask for a refund."""
        return await self.post("/api/admin/orders/order-1/refund", body)

    async def hook(self, event: FakeEvent, query: str = "", **headers: str) -> httpx.Response:
        """Send an event as the provider does."""
        call = event.request()
        sent = {**call.headers, "content-type": "application/x-anything", **headers}
        return await self.http.post(f"/api/webhooks/{PROVIDER}{query}", content=call.body, headers=sent)


@pytest.fixture
async def shop(data: Path) -> Any:  # noqa: ANN401 - a generator of shops
    """Open the application with its default brand's account at the provider."""
    limits = {f"PAYLINKS_RATE_LIMIT_{name}": "1000" for name in ("AUTHENTICATED", "UNAUTHENTICATED")}
    config = read_config({"PAYLINKS_DATA_DIR": str(data), "PAYLINKS_RATE_LIMIT_WEBHOOK": "7", **limits})
    house = build(config)
    gateway = FakeGateway(opens=False)
    provider = fake_provider(PROVIDER, browser_pays=False, lookup=Lookup(by_attempt="authoritative"))
    mute = fake_provider("mute", browser_pays=False, gateway=object)
    parts = replace(
        house.parts, accounts=FakeAccounts({PROVIDER: gateway}), providers={PROVIDER: provider, "mute": mute}
    )
    house = replace(house, parts=parts)
    async with started(config, house, reconcile=False) as app:
        async with parts.units() as work:
            setting = PluginSetting(brand_id="brand_default", plugin=PROVIDER, credentials="sealed", updated_at=1)
            await work.plugin_settings.put(setting)
            await work.commit()
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 1), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            made = Shop(app, http)
            made.gateway, made.house = gateway, house
            yield made


def assert_error(answer: httpx.Response, status: int, code: str) -> None:
    """Hold an answer against what it should say."""
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text


async def test_a_refund_over_http(shop: Shop) -> None:
    """In two parts, each told; more than is left is 409, and so are other ways to ask too much."""
    assert_error(await shop.refund(), 404, "not_found")
    await shop.paid()

    first = await shop.refund(amount=999, reason="worn")
    assert first.status_code == 200
    assert first.json()["data"] == {
        "refundId": first.json()["data"]["refundId"],
        "status": "succeeded",
        "amount": 999,
        "currency": "USD",
        "refundedTotal": 999,
    }
    assert first.json()["data"]["refundId"].startswith("rfd_")
    assert_error(await shop.refund(amount=4001), 409, "refund_exceeds_payment")
    assert_error(await shop.refund(amount=0), 400, "invalid_request")
    assert_error(await shop.refund(amout=1), 400, "invalid_request")
    shop.gateway.refund_twists = ["unreachable"]
    assert_error(await shop.refund(), 502, "provider_unreachable")
    assert (await shop.refund()).json()["data"]["refundedTotal"] == 4999
    order = await shop.order()
    assert (order["status"], order["refunded"]) == ("paid", 4999)
    assert [one["status"] for one in order["refunds"]] == ["succeeded", "failed", "succeeded"]
    assert [one["type"] for one in order["events"]][:2] == ["in_flight", "paid"]
    assert (await verify(shop.house.parts)).findings == ()


async def test_what_a_person_decides_is_sent_to_receivers(shop: Shop) -> None:
    """An order that was charged as a person found out is confirmed to whoever ships it."""
    token = (await shop.link(orderId="order-1"))["token"]
    body = {"token": token, "provider": PROVIDER}
    shop.gateway.twists = ["drop_request"]
    assert (await shop.post("/api/checkout/initialize", body)).status_code == 200
    assert_error(await shop.post("/api/checkout/complete", body | {"paymentToken": "tok"}), 504, "provider_timeout")
    (payment,) = (await shop.order())["payments"]
    said = {"outcome": "charged", "paymentId": payment["paymentId"], "note": "in their books", "transactionId": "ch_9"}

    decided = await shop.post("/api/admin/orders/order-1/resolve", said)

    assert (decided.status_code, decided.json()["data"]["status"]) == (200, "paid")
    async with shop.house.parts.units() as work:
        types = [one.type for one in await work.outgoing_events.take(shop.house.parts.clock.now(), 100)]
    assert types == ["checkout.created", "checkout.completed", "payment.succeeded", "order.confirmed"]


async def test_an_order_in_doubt_says_what_to_do(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refund that nobody can settle is listed, told and decided, once it can't be under way any more."""
    await shop.paid()
    shop.gateway.refund_twists = ["drop_request"]
    asked = (await shop.refund(amount=500)).json()["data"]
    assert (asked["status"], asked["refundedTotal"]) == ("unknown", 0)
    await reconcile_refunds(shop.house.parts)

    listed = (await shop.http.get("/api/admin/orders?needsAttention=true")).json()
    assert [one["orderId"] for one in listed["data"]] == ["order-1"]
    (attention,) = (await shop.order())["needsAttention"]
    assert (attention["kind"], attention["id"]) == ("refund", asked["refundId"])
    path = "/api/admin/orders/order-1/resolve"
    said = {"outcome": "not_refunded", "refundId": asked["refundId"], "note": "not in their books"}
    assert_error(await shop.post(path, said), 409, "not_in_doubt")
    monkeypatch.setattr(FakeAccount, "lease", 0)
    decided = await shop.post(path, said)

    assert decided.status_code == 200
    assert decided.json()["data"]["needsAttention"] == []
    notes = [one["detail"]["note"] for one in decided.json()["data"]["events"] if one["type"] == "resolved"]
    assert notes == ["not in their books"]
    assert_error(await shop.post(path, said), 409, "not_in_doubt")
    assert_error(await shop.post(path, said | {"outcome": "lost"}), 400, "invalid_request")
    assert_error(await shop.post(path, {"outcome": "noted", "note": ""}), 400, "invalid_request")


async def test_lists_orders(shop: Shop) -> None:
    """Newest first, filtered, in pages, of the caller's brand alone."""
    await shop.paid("a-1")
    await shop.link(orderId="a-2")

    async def listed(query: str) -> list[str]:
        answer = await shop.http.get(f"/api/admin/orders?{query}")
        assert answer.status_code == 200, answer.text
        return [one["orderId"] for one in answer.json()["data"]]

    assert await listed("") == ["a-2", "a-1"]
    assert await listed("status=paid") == ["a-1"]
    assert await listed(f"provider={PROVIDER}") == ["a-1"]
    assert await listed("provider=stripe") == []
    assert await listed("search=A-2") == ["a-2"]
    page = (await shop.http.get("/api/admin/orders?limit=1&page=2")).json()
    assert page["pagination"] == {"page": 2, "limit": 1, "total": 2, "totalPages": 2}
    assert page["data"][0]["orderId"] == "a-1"
    assert page["data"][0] | {"checkoutId": "", "createdAt": 0} == {
        "orderId": "a-1",
        "checkoutId": "",
        "brandId": "brand_default",
        "provider": PROVIDER,
        "status": "paid",
        "amount": 4999,
        "currency": "USD",
        "customer": {},
        "refunded": 0,
        "demo": False,
        "createdAt": 0,
    }
    assert_error(await shop.http.get("/api/admin/orders?status=lost"), 400, "invalid_request")

    other = Brand(id="brand_2", organization_id="org_default", name="Two", slug="two", created_at=9**15)
    async with shop.house.parts.units() as work:
        await work.brands.add(other)
        await work.commit()
    key = (await create_api_key(shop.house.parts, "brand_2", "k", "test")).key
    mine = {"authorization": f"Bearer {key}"}
    assert (await shop.http.get("/api/admin/orders", headers=mine)).json()["data"] == []
    assert_error(await shop.http.get("/api/admin/orders/a-1", headers=mine), 404, "not_found")
    assert_error(await shop.http.post("/api/admin/orders/a-1/refund", json={}, headers=mine), 404, "not_found")
    async with shop.from_address("192.0.2.9") as stranger:
        assert_error(await stranger.get("/api/admin/orders"), 401, "unauthorized")
        assert_error(await stranger.post("/api/admin/orders/a-1/resolve", json={}), 400, "invalid_request")


async def test_a_webhook_pays_an_order(shop: Shop) -> None:
    """Any content type, raw bytes, stored once, answered, then processed; the story tells of it."""
    link = await shop.link()
    await shop.post("/api/checkout/initialize", {"token": link["token"], "provider": PROVIDER})
    attempt = (await shop.order())["payments"][0]["attemptId"]
    paid = Paid(reference="r_1", transaction_id="ch_1", money=Money(ORDER["amount"], "USD"))  # type: ignore[arg-type]
    event = FakeEvent(id="evt_1", type="card.charged", payment=PaymentNews(attempt_id=attempt, paid=paid))

    first = await shop.hook(event, "?brand=brand_default")
    assert (first.status_code, first.json()) == (
        200,
        {"success": True, "data": {"received": True, "duplicate": False}},
    )
    assert (await shop.order())["status"] == "open"
    assert (await shop.hook(event)).json()["data"]["duplicate"]
    await process_due(shop.house.parts)

    order = await shop.order()
    assert (order["status"], order["payments"][0]["transactionId"]) == ("paid", "ch_1")
    told = [one for one in order["events"] if one["type"] == "webhook.received"]
    assert [(one["detail"]["eventType"], one["detail"]["status"]) for one in told] == [("card.charged", "done")]
    inbox = (await shop.http.get("/api/admin/inbox?status=done")).json()
    assert [(one["eventId"], one["attempts"]) for one in inbox["data"]] == [("evt_1", 1)]


async def test_a_webhook_must_be_proven(shop: Shop) -> None:
    """Unknown providers, those without webhooks, wrong signatures, too much of it, too often."""
    event = FakeEvent(id="evt_1", payment=PaymentNews(order_id="order-1"))
    assert_error(await shop.http.post("/api/webhooks/nobody"), 404, "not_found")
    assert_error(await shop.http.post("/api/webhooks/mute"), 404, "not_found")
    assert_error(await shop.hook(event, **{"x-signature": "forged"}), 401, "invalid_signature")
    assert_error(await shop.hook(event, "?brand=brand_9"), 401, "invalid_signature")
    assert_error(await shop.http.get(f"/api/webhooks/{PROVIDER}"), 401, "invalid_signature")
    big = await shop.http.post(f"/api/webhooks/{PROVIDER}", content=b" " * 1_100_000)
    assert_error(big, 413, "body_too_large")

    async with shop.from_address("192.0.2.9") as stranger:
        call = event.request()
        path = f"/api/webhooks/{PROVIDER}?secret=s"
        for _ in range(6):
            answer = await stranger.post(path, content=call.body, headers=call.headers)
            assert answer.status_code == 200, answer.text
        answer = await stranger.get(path, headers=call.headers)
        assert answer.status_code == 200, answer.text
        assert answer.headers["x-ratelimit-limit"] == "7"
        assert_error(
            await stranger.post(f"/api/webhooks/{PROVIDER}", content=call.body, headers=call.headers),
            429,
            "rate_limited",
        )
    async with shop.house.parts.units.reading() as rows:
        stored = await rows.incoming_events.after("", 9)
    assert all("secret" not in one.query and "x-webhook-secret" not in one.headers for one in stored)


async def test_a_refund_at_the_desk_and_a_replay(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    """An event that could not be used in time is shown by a dry run, and run again."""
    reference = await shop.paid()
    back = Refunded(reference="re_desk", money=Money(100, "USD"))
    event = FakeEvent(id="evt_1", refund=RefundNews(payment_reference=reference, result=back))
    card = FakeEvent(id="evt_2", type="4242 4242 4242 4242", payment=PaymentNews(order_id="later"))
    await shop.hook(event)
    await shop.hook(card)
    async with shop.house.parts.units() as work:
        row = next(one for one in await work.incoming_events.after("", 9) if one.event_id == "evt_1")
        await work.incoming_events.replace(row, replace(row, state="failed", process_at=None))
        await work.commit()
    await process_due(shop.house.parts)
    assert (await shop.order())["refunds"] == []

    assert await _replay(shop.house, None, None, apply=False) == (2, 1)
    assert "was failed; 1.00 USD of pay_" in capsys.readouterr().out
    assert (await shop.order())["refunds"] == []
    assert await _replay(shop.house, PROVIDER, "failed", apply=True) == (1, 1)
    assert await _replay(shop.house, None, None, apply=True) == (2, 0)

    assert [one["origin"] for one in (await shop.order())["refunds"]] == ["provider"]
    async with shop.house.parts.units.reading() as rows:
        assert all("4242" not in one.body for one in await rows.incoming_events.after("", 9))


async def test_a_simulators_event_is_processed_later(shop: Shop) -> None:
    """It comes from inside, after its delay."""
    event = FakeEvent(id="evt_1", payment=PaymentNews(order_id="order-1"))
    await receive_simulated(shop.house.parts, "brand_default", PROVIDER, event.request(), 60_000)

    assert await process_due(shop.house.parts) == 0
    async with shop.house.parts.units.reading() as rows:
        (row,) = await rows.incoming_events.after("", 9)
    assert row.demo
    assert row.process_at == row.created_at + 60_000


def test_verify_tells_an_auditor(shell: Shell) -> None:  # noqa: F811 - the fixture
    """Sound books end with 0, broken ones name the order and end with 1."""
    shell.done("migrate")
    sound = shell.done("verify")
    assert "0 orders, 0 payments, 0 refunds" in sound
    assert sound.count("holds") == 5
    assert "0 events" in shell.done("inbox", "replay")

    with sqlite3.connect(shell.folder / "data" / "paylinks.db") as books:
        claims = '{"orderId":"o-1","amount":1,"currency":"USD","productName":"x"}'
        books.execute(
            "INSERT INTO checkouts (id, brand_id, order_id, code, state, claims, issued_at, expires_at, created_at,"
            " updated_at, version, commission_rate)"
            " VALUES ('chk_1', 'brand_default', 'o-1', 'c', 'paid', ?, 1, 1, 1, 1, 1, 0)",
            (claims,),
        )
    books.close()
    ended = shell.run("verify")
    assert ended.returncode == 1
    assert "order o-1 (chk_1): is paid, and its payment is missing" in ended.stdout
