"""`Idempotency-Key` over HTTP: replayed, refused, freed; at once, across processes, and at no cost to those without."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Request

from paylinks_core import links
from paylinks_core.parts import Parts
from paylinks_ports.errors import StorageUnavailable
from paylinks_ports.records.tenants import Brand
from paylinks_web.app import create_app
from paylinks_web.config import read_config
from paylinks_web.idempotency import IdempotencyKeys, _is_final

from ..waiting import until
from .conftest import ORDER, Client, MakeClient
from .people import developer
from .test_contract import assert_error

pytestmark = pytest.mark.anyio

PATH = "/api/token/generate"
NO_LIMITS = {"PAYLINKS_RATE_LIMIT_AUTHENTICATED": "0", "PAYLINKS_RATE_LIMIT_UNAUTHENTICATED": "0"}


async def keyed(client: Client, body: dict[str, Any], key: str, path: str = PATH) -> Any:  # noqa: ANN401 - an answer
    """Post under a key."""
    return await client.post(path, body, **{"idempotency-key": key})


async def test_the_first_answer_is_given_again(client: Client) -> None:
    """Word for word, with its status, and nothing is done twice; without the key it is done again."""
    first = await keyed(client, ORDER, "k-1")
    again = await keyed(client, ORDER, "k-1")

    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert again.headers["content-type"] == first.headers["content-type"]
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert (await client.link())["code"] != first.json()["data"]["code"]


async def test_errors_that_are_final_are_kept(client: Client) -> None:
    """A 400 of a verb is as final as a success."""
    body = ORDER | {"brandId": "brand_other"}
    first, again = await keyed(client, body, "k"), await keyed(client, body, "k")

    assert_error(first, 400, "invalid_claims")
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"


async def test_a_key_is_for_one_call(client: Client) -> None:
    """Another body or path under it is 422; another caller's key of the same words is another key."""
    await keyed(client, ORDER, "k")
    assert_error(await keyed(client, ORDER | {"amount": 1}, "k"), 422, "idempotency_key_reused")
    assert_error(await keyed(client, ORDER, "k", PATH + "?x=1"), 422, "idempotency_key_reused")
    refund = await keyed(client, {"amount": 1}, "k", "/api/admin/orders/order-1/refund")
    assert_error(refund, 422, "idempotency_key_reused")
    token = await client.opened(orderId="another")
    body = {"token": token, "provider": "stripe"}
    answer = await keyed(client, body, "k", "/api/checkout/initialize")
    assert answer.status_code == 200
    assert "idempotent-replayed" not in answer.headers


@pytest.mark.parametrize(("key", "taken"), [("", False), ("k" * 255, True), ("k" * 256, False)])
async def test_a_key_has_its_length(client: Client, key: str, *, taken: bool) -> None:
    """1 to 255 characters, also on routes that keep nothing."""
    answer = await keyed(client, ORDER, key)
    if taken:
        assert answer.status_code == 201
    else:
        assert_error(answer, 400, "invalid_request", "Idempotency-Key")
        assert_error(await keyed(client, ORDER, key, "/api/nowhere"), 400, "invalid_request", "Idempotency-Key")


async def test_what_is_not_final_is_not_kept(client: Client) -> None:
    """A payment that waits for the customer is asked for again and then paid; 409 and 5xx are not kept either."""
    token = await client.opened(metadata={"demo": "demo_3ds"})
    body = {"token": token}
    first = await keyed(client, body, "k", "/api/checkout/complete")
    assert first.json()["data"]["status"] == "requires_action"
    second = await keyed(client, body, "k", "/api/checkout/complete")
    assert second.json()["data"]["status"] == "paid"
    assert "idempotent-replayed" not in second.headers
    third = await keyed(client, body, "k", "/api/checkout/complete")
    assert third.content == second.content
    assert third.headers["idempotent-replayed"] == "true"

    await client.opened(orderId="o-409")
    paid = await keyed(client, ORDER, "k-409")
    assert_error(paid, 409, "already_paid")
    assert "idempotent-replayed" not in (await keyed(client, ORDER, "k-409")).headers


@pytest.mark.parametrize("error", [StorageUnavailable("lost"), ZeroDivisionError()])
async def test_a_crash_frees_the_key(client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """After a 5xx the same call is done, not refused."""
    generate = links.generate

    async def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(links, "generate", fail)
    assert (await keyed(client, ORDER, "k")).status_code >= 500
    monkeypatch.setattr(links, "generate", generate)
    assert (await keyed(client, ORDER, "k")).status_code == 201


async def test_of_many_at_once_one_is_done(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are told that it is running, or get its answer."""
    calls, gate, generate = 0, asyncio.Event(), links.generate

    async def slow(*arguments: Any) -> links.Link:  # noqa: ANN401 - passed on
        nonlocal calls
        calls += 1
        await gate.wait()
        return await generate(*arguments)

    monkeypatch.setattr(links, "generate", slow)
    first = asyncio.create_task(keyed(client, ORDER, "k"))
    await until(lambda: calls)
    others = await asyncio.gather(*(keyed(client, ORDER, "k") for _ in range(10)))
    gate.set()

    assert (await first).status_code == 201
    for other in others:
        assert_error(other, 409, "idempotency_in_progress")
        assert other.headers["retry-after"] == "1"
    assert (await keyed(client, ORDER, "k")).content == (await first).content
    assert calls == 1


async def test_two_processes_share_keys(postgres_url: str, tmp_path: Path) -> None:
    """Two applications on one PostgreSQL, many calls at once under one key: one link is made, by one of them."""
    settings = {"PAYLINKS_DATA_DIR": str(tmp_path), "PAYLINKS_DATABASE_URL": postgres_url, **NO_LIMITS}
    apps = [create_app(read_config(settings), reconcile=False) for _ in range(2)]
    async with apps[0].lifespan(), apps[1].lifespan():
        clients = [
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app, client=("127.0.0.1", 1)), base_url="http://127.0.0.1:8000"
            )
            for app in apps
        ]
        headers = {"idempotency-key": "k"}
        answers = await asyncio.gather(
            *(clients[number % 2].post(PATH, json=ORDER, headers=headers) for number in range(20))
        )
        made = {answer.json()["data"]["code"] for answer in answers if answer.status_code == 201}
        assert len(made) == 1
        assert {answer.status_code for answer in answers} <= {201, 409}
        last = await clients[1].post(PATH, json=ORDER, headers=headers)
        assert last.json()["data"]["code"] in made
        async with apps[0].house.parts.units.reading() as rows:
            checkout = await rows.checkouts.by_order("brand_default", "order-1")
        assert checkout is not None
        assert checkout.version == 1
        for client in clients:
            await client.aclose()


async def test_a_lease_that_is_over_frees_the_key(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process died over the first call; two minutes later the key may be used."""
    started = asyncio.Event()
    generate = links.generate

    async def hang(*_: object) -> None:
        started.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(links, "generate", hang)
    first = asyncio.create_task(keyed(client, ORDER, "k"))
    await started.wait()
    monkeypatch.setattr(links, "generate", generate)
    assert_error(await keyed(client, ORDER, "k"), 409, "idempotency_in_progress")
    clock = client.app.house.parts.clock
    now = clock.now()
    monkeypatch.setattr(type(clock), "now", lambda _: now + 120_001)
    assert (await keyed(client, ORDER, "k")).status_code == 201

    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert (await keyed(client, ORDER, "k")).headers["idempotent-replayed"] == "true"  # the late one frees nothing


async def test_a_call_that_is_cut_off_frees_the_key(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, where the process lives on."""
    started, generate = asyncio.Event(), links.generate

    async def hang(*_: object) -> None:
        started.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(links, "generate", hang)
    first = asyncio.create_task(keyed(client, ORDER, "k"))
    await started.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    monkeypatch.setattr(links, "generate", generate)
    assert (await keyed(client, ORDER, "k")).status_code == 201


@pytest.mark.parametrize(
    ("status", "headers", "body", "kept"),
    [
        (200, {}, b'{"data":{"status":"paid"}}', True),
        (200, {}, b'{"data":[1]}', True),
        (200, {}, b'{"data":{"status":"pending"}}', True),
        (402, {}, b'{"status":402}', True),
        (200, {b"set-cookie": b"session=x"}, b"{}", False),
        (200, {}, b'{"data":{"status":"processing"}}', False),
        (200, {}, b"\xff", False),
        (409, {}, b"{}", False),
        (429, {}, b"{}", False),
        (504, {}, b"{}", False),
    ],
)
def test_what_is_final(status: int, headers: dict[bytes, bytes], body: bytes, *, kept: bool) -> None:
    """Whatever will not change by itself, and holds no session."""
    assert _is_final(status, headers, body) is kept


async def test_answers_with_secrets_are_never_kept(client: Client) -> None:
    """Under the same key each call is done, and no secret is in the database."""
    await client.sign_in()
    body = {"url": "http://127.0.0.1:9/", "events": ["*"]}
    first, again = [(await keyed(client, body, "k", "/api/admin/webhooks")).json()["data"] for _ in range(2)]
    assert first["secret"] != again["secret"]
    for path in (f"/api/admin/webhooks/{first['id']}/rotate-secret", "/api/admin/settings/webhook-secret"):
        made = [
            (await client.http.post(path, headers={"idempotency-key": "k"})).json()["data"]["secret"] for _ in range(2)
        ]
        assert len(set(made)) == 2
    config = client.app.house.config
    kept = b"".join(path.read_bytes() for path in config.data_dir.glob("paylinks.db*"))
    assert first["secret"].encode() not in kept


async def test_providers_events_have_ids_of_their_own(client: Client) -> None:
    """A provider's webhook claims no key."""
    scope: Any = {
        "type": "http",
        "method": "POST",
        "path": "/api/webhooks/stripe",
        "query_string": b"",
        "headers": [(b"idempotency-key", b"k")],
        "state": {},
    }
    await IdempotencyKeys(client.app.house.parts).claim(Request(scope), "webhook")

    assert "idempotency" not in scope["state"]


async def test_who_asks_without_proof_has_keys_by_address(client: Client) -> None:
    """One mail for the same call, another call is 422, and elsewhere the same words are another key."""
    path, body = "/api/auth/magic-link", {"email": "admin@example.com"}
    first, again = await keyed(client, body, "k", path), await keyed(client, body, "k", path)
    assert first.status_code == again.status_code == 200
    assert again.headers["idempotent-replayed"] == "true"
    async with client.app.house.parts.units.reading() as rows:
        assert len(await rows.mails.newest(10)) == 1
    assert_error(await keyed(client, {"email": "ada@example.com"}, "k", path), 422, "idempotency_key_reused")
    async with client.from_address("192.0.2.2") as elsewhere:
        answer = await elsewhere.post(path, json={"email": "ada@example.com"}, headers={"idempotency-key": "k"})
    assert answer.status_code == 200


async def test_a_kept_call_does_not_tell_its_password(client: Client) -> None:
    """Who has the database and knows the rest of the call can't try passwords on what is kept of it."""
    path, body = "/api/admin/auth", {"email": "admin@example.com", "password": "wrong"}
    first, again = await keyed(client, body, "k", path), await keyed(client, body, "k", path)
    assert first.status_code == again.status_code == 401
    assert again.headers["idempotent-replayed"] == "true"
    bare = hashlib.sha256(f"POST\n{path}\n".encode() + b"\n" + first.request.content).hexdigest()
    async with client.app.house.database._engine.reading() as session:
        rows = await session.fetch("SELECT fingerprint FROM idempotency_keys")
    assert [row["fingerprint"] != bare for row in rows] == [True]


async def test_kept_answers_are_sealed(client: Client) -> None:
    """They name customers and hold what a browser pays with."""
    token = str((await client.link())["token"])
    body = {"token": token, "provider": "stripe"}
    answer = await keyed(client, body, "k", "/api/checkout/initialize")
    secret = answer.json()["data"]["clientSecret"]

    again = await keyed(client, body, "k", "/api/checkout/initialize")
    assert again.json()["data"]["clientSecret"] == secret
    database = client.app.house.database
    async with database._engine.reading() as session:
        rows = await session.fetch("SELECT answer FROM idempotency_keys")
    assert len(rows) == 1
    assert secret not in rows[0]["answer"]


async def test_a_call_without_a_key_pays_nothing(make_client: MakeClient) -> None:
    """Not one statement more; with a key it is two transactions more."""
    client: Client = await make_client(reconcile=False, **NO_LIMITS)
    database = client.app.house.database
    parts: Parts = client.app.house.parts
    brand = Brand(id="brand_default", organization_id="org_default", name="", slug="", created_at=0)
    await client.link(orderId="warm")
    before = database.statements, database.commits
    await links.generate(parts, brand, ORDER | {"orderId": "x-0"}, 3600)
    bare = database.statements - before[0] + 1, database.commits - before[1]  # the route reads the default brand too
    before = database.statements, database.commits
    await client.link(orderId="x-1")
    assert (database.statements - before[0], database.commits - before[1]) == bare
    before = database.statements, database.commits
    await keyed(client, ORDER | {"orderId": "x-2"}, "k")
    assert (database.statements - before[0], database.commits - before[1]) == (bare[0] + 2, bare[1] + 2)


async def test_a_session_keeps_answers_too(client: Client) -> None:
    """Who is signed in is proven before the body is decoded, and the key is held against the body all the same."""
    await client.sign_in()
    name = {"name": "Second brand"}
    first = await keyed(client, name, "session-1", "/api/admin/brands")
    again = await keyed(client, name, "session-1", "/api/admin/brands")

    assert first.status_code == 201, first.text
    assert (again.json(), again.headers["idempotent-replayed"]) == (first.json(), "true")
    other = await keyed(client, {"name": "Third brand"}, "session-1", "/api/admin/brands")
    assert_error(other, 422, "idempotency_key_reused")


async def test_a_persons_key_is_for_one_brand(client: Client) -> None:
    """The same refund of an order with the same id is another one in another brand of theirs, and is made."""
    person = await developer(client)
    first = str(person.session["brandId"])
    second = str((await person.post("/api/admin/brands", {"name": "Second"}, 201))["id"])
    for brand in (first, second):
        await person.post("/api/admin/auth/switch-brand", {"brandId": brand})
        token = (await person.post(PATH, ORDER, 201))["token"]
        await person.post("/api/checkout/initialize", {"token": token, "provider": "stripe"})
        assert (await person.post("/api/checkout/complete", {"token": token}))["status"] == "paid"
        refund = await person.call("POST", "/api/admin/orders/order-1/refund", {}, **{"idempotency-key": "refund"})
        assert refund.status_code == 200
        assert "idempotent-replayed" not in refund.headers
        assert (await person.get("/api/admin/orders/order-1"))["refunded"] == ORDER["amount"]

    again = await person.call("POST", "/api/admin/orders/order-1/refund", {}, **{"idempotency-key": "refund"})
    assert again.headers["idempotent-replayed"] == "true"
