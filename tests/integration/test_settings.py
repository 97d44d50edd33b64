"""/api/admin/settings: what a brand chooses counts at once in every process, and no secret ever comes back."""

import asyncio
import json
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from .conftest import ORDER, Client, MakeClient
from .test_contract import assert_error

pytestmark = pytest.mark.anyio


@pytest.fixture
async def client(either_client: Client) -> Client:
    """Sign in, on each kind of database: settings are people's."""
    await either_client.sign_in()
    return either_client


SECRET = "sk_test_" + "a1b2c3" * 4
KEY = "pk_" + "d4e5f6" * 4
PATH = "/api/admin/settings"


async def change(client: Client, **body: Any) -> Any:  # noqa: ANN401 - JSON
    """Change settings, and give the entry."""
    answer = await client.post(PATH, body)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


async def entries(client: Client) -> dict[str, Any]:
    """Read all entries by their plugin."""
    data = (await client.http.get(PATH)).json()["data"]
    assert data["brandId"] == "brand_default"
    return {entry["id"]: entry for entry in (*data["providers"], *data["integrations"])}


async def test_shows_every_plugin_with_its_form(client: Client) -> None:
    """Providers and integrations, with forms that say what is secret and what is needed."""
    found = await entries(client)
    assert {"stripe", "nmi", "epd", "klaviyo", "maropost", "attentive"} <= found.keys()
    stripe = found["stripe"]
    assert (stripe["enabled"], stripe["configured"], stripe["demo"], stripe["priority"]) == (True, False, True, 0)
    assert stripe["credentials"] == {"secretKey": None, "publishableKey": None, "webhookSecret": None}
    form = stripe["fields"]
    assert form["required"] == ["secretKey"]
    assert (
        form["properties"]["webhookSecret"]
        | {
            "title": "Webhook signing secret",
            "format": "password",
            "writeOnly": True,
            "default": None,
        }
        == form["properties"]["webhookSecret"]
    )
    assert "format" not in form["properties"]["publishableKey"]
    assert (found["klaviyo"]["demo"], found["klaviyo"]["options"]) == (False, {"listIds": []})


async def test_credentials_are_entered_in_parts_and_masked(client: Client) -> None:
    """What is not named stays, null clears, and only the end of a secret is shown."""
    entry = await change(client, provider="stripe", credentials={"webhookSecret": "whsec_0123456789"})
    assert (entry["configured"], entry["demo"]) == (False, True)
    assert entry["credentials"]["webhookSecret"] == "••••6789"
    entry = await change(client, provider="stripe", credentials={"secretKey": SECRET, "publishableKey": "pk_test_1"})
    assert (entry["configured"], entry["demo"]) == (True, False)
    assert entry["credentials"] == {
        "secretKey": f"••••{SECRET[-4:]}",
        "publishableKey": "pk_test_1",
        "webhookSecret": "••••6789",
    }
    entry = await change(client, provider="stripe", credentials={"secretKey": None}, priority=3)
    assert (entry["configured"], entry["credentials"]["secretKey"], entry["priority"]) == (False, None, 3)
    assert await entries(client) | {"stripe": entry} == await entries(client)


@pytest.mark.parametrize(
    ("body", "code", "named"),
    [
        ({}, "invalid_request", "provider: either"),
        ({"provider": "stripe", "integration": "klaviyo"}, "invalid_request", "provider: either"),
        ({"provider": "acme"}, "unknown_provider", "provider: 'acme'"),
        ({"provider": "klaviyo"}, "unknown_provider", "provider: 'klaviyo'"),
        ({"integration": "stripe"}, "unknown_integration", "integration: 'stripe'"),
        ({"provider": "stripe", "credential": {}}, "invalid_request", "credential"),
        ({"provider": "stripe", "credentials": {"secretKay": SECRET}}, "invalid_request", "credentials.secretKay"),
        ({"provider": "stripe", "credentials": {"secretKay": None}}, "invalid_request", "credentials.secretKay"),
        ({"provider": "stripe", "credentials": {"publishableKey": SECRET}}, "invalid_request", "credentials.publish"),
        ({"provider": "stripe", "credentials": {"secretKey": 5}}, "invalid_request", "credentials"),
        ({"provider": "stripe", "enabled": "no"}, "invalid_request", "enabled"),
        ({"provider": "stripe", "priority": -1}, "invalid_request", "priority"),
        ({"provider": "stripe", "options": {"x": 1}}, "invalid_request", "options.x"),
        ({"integration": "klaviyo", "options": {"listIds": "a"}}, "invalid_request", "options.listIds"),
        ({"checkout": {"defaultProvider": "acme"}}, "unknown_provider", "defaultProvider"),
        ({"checkout": {"allowedCurrencies": ["EURO"]}}, "invalid_request", "allowedCurrencies[0]"),
        ({"checkout": {"x": 1}}, "invalid_request", "x"),
        ({"checkout": {}, "enabled": False}, "invalid_request", "enabled"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_kept(
    client: Client, body: dict[str, Any], code: str, named: str
) -> None:
    """The field is named, its value never, and the settings stay as they were."""
    before = (await client.http.get(PATH)).json()
    answer = await client.post(PATH, body)
    assert_error(answer, 400, code, named)
    assert SECRET not in answer.text
    assert (await client.http.get(PATH)).json() == before


async def test_the_checkout_has_a_default_provider_and_currencies(client: Client) -> None:
    """They are kept with the brand; an order in another currency is refused where its link is made and used."""
    link = await client.link(orderId="before")
    entry = await change(client, checkout={"defaultProvider": "nmi", "allowedCurrencies": ["EUR", "KWD"]})
    assert entry == {
        "checkout": {"defaultProvider": "nmi", "routesPayments": False, "allowedCurrencies": ["EUR", "KWD"]}
    }
    assert_error(await client.post("/api/token/generate", ORDER), 400, "invalid_claims", "currency: USD")
    opened = await client.post("/api/checkout/initialize", {"token": link["token"], "provider": "stripe"})
    assert_error(opened, 400, "invalid_claims", "currency: USD")
    await client.link(orderId="euros", currency="EUR")
    await change(client, checkout={"defaultProvider": None, "allowedCurrencies": []})
    assert (await client.post("/api/checkout/initialize", {"token": link["token"], "provider": "stripe"})).is_success


async def test_unconfigured_plugins_have_nothing_to_test(client: Client) -> None:
    """There is a 409 in the plugin's own words."""
    assert_error(await client.post(f"{PATH}/test", {"provider": "stripe"}), 409, "provider_not_configured")
    answer = await client.post(f"{PATH}/test", {"integration": "klaviyo"})
    assert_error(answer, 409, "not_configured")
    assert answer.json()["error"] == "Klaviyo not configured. Please add your Private API Key."


@pytest.fixture
async def peer(tmp_path: Path) -> Any:  # noqa: ANN401 - what the other side saw
    """Play Stripe and Klaviyo on loopback: everything is asked for with a key that only one of them takes."""
    seen: list[bytes] = []
    refused = (
        b'{"error": {"type": "invalid_request_error", "message": "Invalid API Key"},'
        b'"errors": [{"code": "not_authenticated", "status": 401, "title": "No", "detail": "No"}]}'
    )

    callers: list[asyncio.StreamWriter] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        callers.append(writer)
        head = await reader.readuntil(b"\r\n\r\n")
        seen.append(head)
        good = SECRET.encode() in head or KEY.encode() in head
        body = b'{"object":"balance","livemode":false,"available":[],"pending":[],"data":[]}' if good else refused
        status = b"200 OK" if good else b"401 Unauthorized"
        head = b"HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
        writer.write(head % (status, len(body)) + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    plugins = tmp_path / "plugins.toml"
    plugins.write_text(
        f'[stripe]\napi_base = "http://127.0.0.1:{port}"\n[klaviyo]\napi_base = "http://127.0.0.1:{port}"\n'
    )
    yield seen, str(plugins)
    server.close()
    await server.wait_closed()
    for writer in callers:
        writer.transport.abort()
    await asyncio.sleep(0)  # until they are gone: the loop may be closed next


async def test_asks_whether_credentials_work(make_client: MakeClient, peer: tuple[list[bytes], str]) -> None:
    """The other side is asked: a good key works, a bad one does not, and it is said why without it."""
    _, plugins = peer
    client = await make_client(PAYLINKS_PLUGINS=plugins, reconcile=False)
    await client.sign_in()
    for kind, name, good, bad in (
        ("provider", "stripe", {"secretKey": SECRET}, {"secretKey": "sk_test_wrong"}),
        ("integration", "klaviyo", {"privateApiKey": KEY}, {"privateApiKey": "pk_wrong"}),
    ):
        await change(client, **{kind: name, "credentials": good})
        answer = (await client.post(f"{PATH}/test", {kind: name})).json()["data"]
        assert (answer["id"], answer["working"]) == (name, True)
        await change(client, **{kind: name, "credentials": bad})
        answer = (await client.post(f"{PATH}/test", {kind: name})).json()["data"]
        assert answer["working"] is False
        assert answer["reason"]


async def test_a_change_counts_at_once_in_another_process(make_client: MakeClient, postgres_url: str) -> None:
    """Two applications on one database: what one switches off, the other's very next request refuses."""
    one, other = [
        await make_client(PAYLINKS_DATABASE_URL=postgres_url, reconcile=False, PAYLINKS_RATE_LIMIT_AUTHENTICATED="0")
        for _ in range(2)
    ]
    await one.sign_in()
    await other.sign_in()
    for number in range(3):
        token = (await other.link(orderId=f"o-{number}"))["token"]
        opening = {"token": token, "provider": "stripe"}
        await change(one, provider="stripe", enabled=False)
        assert_error(await other.post("/api/checkout/initialize", opening), 409, "provider_disabled")
        await change(one, provider="stripe", enabled=True)
        assert (await other.post("/api/checkout/initialize", opening)).is_success
    await change(one, provider="stripe", credentials={"secretKey": SECRET, "publishableKey": "pk_test_1"})
    assert (await entries(other))["stripe"]["demo"] is False
    await change(other, provider="stripe", credentials={"secretKey": None})
    opened = await one.opened(orderId="demo-again")
    assert opened


async def test_no_credential_that_was_entered_is_anywhere(
    make_client: MakeClient,
    postgres_url: str,
    peer: tuple[list[bytes], str],
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Not in an answer, a log line or the database, whatever is done with it; the other side alone has seen it."""
    seen, plugins = peer
    client = await make_client(PAYLINKS_DATABASE_URL=postgres_url, PAYLINKS_PLUGINS=plugins, reconcile=False)
    await client.sign_in()
    said: list[str] = []

    async def call(path: str, body: Any) -> httpx.Response:  # noqa: ANN401 - JSON
        answer: httpx.Response = await client.post(path, body)
        said.append(answer.text)
        return answer

    assert (await call(PATH, {"provider": "stripe", "credentials": {"secretKey": SECRET}})).is_success
    assert (await call(PATH, {"integration": "klaviyo", "credentials": {"privateApiKey": KEY}})).is_success
    await call(PATH, {"provider": "stripe", "credentials": {"secretKey": SECRET, "webhookSecret": SECRET}})
    await call(PATH, {"provider": "nmi", "credentials": {"securityKey": SECRET, "unknown": SECRET}})
    await call(f"{PATH}/test", {"provider": "stripe"})
    await call(f"{PATH}/test", {"integration": "klaviyo"})
    token = (await client.link())["token"]
    await call("/api/checkout/initialize", {"token": token, "provider": "stripe"})
    await call("/api/checkout/complete", {"token": token})
    said.append((await client.http.get(PATH)).text)
    said.append((await client.http.get("/api/openapi.json")).text)

    connection = await asyncpg.connect(postgres_url)
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in tables:
        said += [str(dict(row)) for row in await connection.fetch(f"SELECT * FROM {table}")]  # noqa: S608 - its own
    audited = await connection.fetch("SELECT changes FROM audit_entries")
    await connection.close()
    said += capfd.readouterr()

    assert any(SECRET.encode() in head for head in seen)
    assert any(KEY.encode() in head for head in seen)
    assert [text for text in said if SECRET in text or KEY in text] == []
    assert {"credentials.secretKey": "entered"} in [json.loads(changes) for (changes,) in audited]
