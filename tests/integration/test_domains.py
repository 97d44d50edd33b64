"""A brand's own domain: verified by a real DNS server, it serves that brand's pages and nothing else."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from paylinks_adapters.dns import DnsResolver
from paylinks_core.links import generate
from paylinks_web.config import read_config
from paylinks_web.house import build

from ..dns_server import DnsServer, serving
from .applications import started
from .conftest import ORDER, Client
from .test_contract import assert_error

pytestmark = pytest.mark.anyio

PATH = "/api/admin/domains"
HOST = "pay.shop.example"
RECORD = f"_paylinks.{HOST}"


@pytest.fixture(params=["sqlite", "postgres"])
async def shop(request: pytest.FixtureRequest, data: Path) -> AsyncIterator[tuple[Client, DnsServer]]:
    """Serve the application, which asks a DNS server on loopback."""
    settings = {
        "PAYLINKS_DATA_DIR": str(data),
        "PAYLINKS_RATE_LIMIT_AUTHENTICATED": "0",
        "PAYLINKS_RATE_LIMIT_UNAUTHENTICATED": "0",
    }
    if request.param == "postgres":
        settings["PAYLINKS_DATABASE_URL"] = request.getfixturevalue("postgres_url")
    async with AsyncExitStack() as stack:
        port, (server,) = await stack.enter_async_context(serving("127.0.0.1"))
        server.zone("shop.example", "127.0.0.1")
        config = read_config(settings)
        house = build(config)
        resolver = DnsResolver(("127.0.0.1",), port=port, allow_private=True)
        house = replace(house, parts=replace(house.parts, resolver=resolver))
        app = await stack.enter_async_context(started(config, house, reconcile=False))
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 1), raise_app_exceptions=False)
        http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
        client = Client(app, await stack.enter_async_context(http))
        await client.sign_in()
        yield client, server


async def verified(client: Client, server: DnsServer, **body: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Claim the domain, publish its record, and have it verified."""
    made = (await client.post(PATH, {"domain": HOST, **body})).json()["data"]
    server.text(RECORD, made["verification"]["value"])
    answer = await client.http.post(f"{PATH}/{HOST}/verify")
    assert answer.json()["data"]["verified"], answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


async def test_a_domain_is_claimed_and_verified(shop: tuple[Client, DnsServer]) -> None:
    """The answers say what to publish, why it is not verified yet, and then that it is."""
    client, server = shop
    answer = await client.post(PATH, {"domain": "Pay.Shop.Example.", "primary": True})
    assert answer.status_code == 201
    made = answer.json()["data"]
    assert (made["domain"], made["brandId"], made["verified"], made["primary"]) == (HOST, "brand_default", False, True)
    assert (made["verification"]["type"], made["verification"]["domain"]) == ("TXT", RECORD)
    value = made["verification"]["value"]
    assert any(RECORD in line and value in line for line in made["dnsInstructions"])
    assert any("CNAME" in line for line in made["dnsInstructions"])
    assert_error(await client.post(PATH, {"domain": HOST}), 409, "domain_exists")
    assert (await client.post(PATH, {"domain": HOST})).json()["error"] == "Domain already exists"

    (listed,) = (await client.http.get(PATH)).json()["data"]
    assert (listed["status"], "no TXT record" in listed["reason"]) == ("pending", True)
    server.text(RECORD, "something else")
    pending = (await client.http.post(f"{PATH}/{HOST}/verify")).json()["data"]
    assert "must be exactly" in pending["reason"]
    server.text(RECORD, "something else", value)
    data = (await client.http.post(f"{PATH}/{HOST}/verify")).json()["data"]
    assert (data["status"], data["verification"], data["dnsInstructions"], data["reason"]) == (
        "verified",
        None,
        [],
        None,
    )
    assert (await client.link())["checkoutUrl"].startswith(f"https://{HOST}/c/")

    removed = await client.http.delete(f"{PATH}/{HOST}")
    assert removed.json()["data"] == {"domain": HOST}
    assert (await client.http.get(PATH)).json()["data"] == []
    assert_error(await client.http.delete(f"{PATH}/{HOST}"), 404, "not_found")
    assert_error(await client.http.post(f"{PATH}/{HOST}/verify"), 404, "not_found")


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"domain": "127.0.0.1"}, "domain:"),
        ({"domain": "localhost"}, "domain:"),
        ({"domain": ""}, "domain"),
        ({}, "domain"),
        ({"domain": HOST, "primery": True}, "primery"),
        ({"domain": HOST, "primary": "yes"}, "primary"),
    ],
)
async def test_what_is_wrong_is_named(shop: tuple[Client, DnsServer], body: dict[str, Any], named: str) -> None:
    """Nothing is claimed."""
    client, _ = shop
    assert_error(await client.post(PATH, body), 400, "invalid_request", named)
    assert (await client.http.get(PATH)).json()["data"] == []


async def test_it_serves_its_brands_pages_and_only_those(shop: tuple[Client, DnsServer]) -> None:
    """The pages, what they load and what they call; no other brand's, no admin, no API of servers."""
    client, server = shop
    own = await client.link()
    parts = client.app.house.parts
    async with parts.units() as work:
        first = await work.brands.first()
        assert first is not None
        other = replace(first, id="brand_other", slug="other", created_at=first.created_at + 1)
        await work.brands.add(other)
        await work.commit()
    theirs = await generate(parts, other, ORDER | {"orderId": "theirs"}, 3600)
    domain = httpx.AsyncClient(transport=client.http._transport, base_url=f"http://{HOST}")
    assert (await domain.get("/health")).is_success
    await verified(client, server)

    for path in (f"/c/{own['code']}", f"/checkout/{own['token']}", "/success", "/health"):
        assert (await domain.get(path)).status_code == 200, path
    opened = await domain.post(
        "/api/checkout/initialize",
        json={"token": own["token"], "provider": "stripe"},
        headers={"origin": f"http://{HOST}"},
    )
    assert opened.status_code == 200, opened.text

    for path in (
        f"/c/{theirs.checkout.code}",
        f"/c/{theirs.checkout.code}/back",
        f"/checkout/{theirs.token}",
        "/",
        "/docs",
        "/api/openapi.json",
        "/api/admin/settings",
        "/api/admin/domains",
        "/domains/allowed?domain=127.0.0.1",
        "/api/admin",
    ):
        assert_error(await domain.get(path), 404, "not_found")
    calls = {
        "/api/token/generate": ORDER,
        "/api/providers/stripe/create-intent": ORDER,
        "/api/upsell/create-session": {},
        "/api/admin/settings": {"provider": "stripe", "enabled": False},
        "/api/checkout/initialize": {"token": theirs.token, "provider": "stripe"},
        "/api/checkout/complete": {"token": theirs.token},
    }
    for path, body in calls.items():
        assert_error(await domain.post(path, json=body), 404, "not_found")
    for host in (HOST.upper(), f"{HOST}.", f"{HOST}:8443"):
        answer = await domain.get("/api/admin/settings", headers={"host": host})
        assert answer.status_code == 404, host

    await client.http.delete(f"{PATH}/{HOST}")
    assert (await domain.get(f"/c/{theirs.checkout.code}")).status_code == 200
    await domain.aclose()


async def test_pages_on_a_brands_domain_may_call_for_it(shop: tuple[Client, DnsServer]) -> None:
    """As an origin it is as good as one that the brand lists; a claim alone is not."""
    client, server = shop
    token = (await client.link())["token"]
    body, origin = {"token": token, "provider": "stripe"}, {"origin": f"https://{HOST}"}
    preflight = {**origin, "access-control-request-method": "POST"}
    made = (await client.post(PATH, {"domain": HOST})).json()["data"]
    assert (await client.post("/api/checkout/initialize", body, **origin)).status_code == 403
    assert (await client.http.options("/api/checkout/initialize", headers=preflight)).status_code == 403
    server.text(RECORD, made["verification"]["value"])
    await client.http.post(f"{PATH}/{HOST}/verify")
    answer = await client.post("/api/checkout/initialize", body, **origin)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, f"https://{HOST}")
    assert (await client.http.options("/api/checkout/initialize", headers=preflight)).status_code == 204


async def test_a_tls_proxy_is_told_what_is_served(shop: tuple[Client, DnsServer]) -> None:
    """Our own name and verified domains; not claims, not anything else."""
    client, server = shop

    async def allowed(domain: str) -> int:
        return (await client.http.get("/domains/allowed", params={"domain": domain})).status_code

    await client.post(PATH, {"domain": HOST})
    assert [await allowed(name) for name in (HOST, "x.example", "", "127.0.0.1")] == [404, 404, 404, 200]
    await client.http.delete(f"{PATH}/{HOST}")
    await verified(client, server)
    assert await allowed(HOST.upper()) == 200
    assert (await client.http.get("/domains/allowed")).status_code == 404


async def test_one_domain_becomes_primary(shop: tuple[Client, DnsServer]) -> None:
    """In the place of the one that was."""
    client, server = shop
    await verified(client, server, primary=True)
    await client.post(PATH, {"domain": "b.shop.example"})
    answer = await client.http.put(f"{PATH}/b.shop.example", json={"primary": True})
    assert answer.json()["data"]["primary"] is True
    rows = {one["domain"]: one["primary"] for one in (await client.http.get(PATH)).json()["data"]}
    assert rows == {HOST: False, "b.shop.example": True}
    assert_error(await client.http.put(f"{PATH}/{HOST}", json={"primary": False}), 400, "invalid_request", "primary")


async def test_the_console_leads_through_it(shop: tuple[Client, DnsServer]) -> None:
    """Its page says what to publish, asks the DNS, makes a domain primary, and gives it up."""
    client, server = shop
    own = {"origin": "http://127.0.0.1:8000"}

    async def send(path: str, **form: str) -> httpx.Response:
        return await client.http.post(path, data=form, headers=own)

    assert (await send("/admin/domains", domain="pay.shop.example")).headers["location"] == "/admin/domains?done=added"
    wrong = await send("/admin/domains", domain="no domain")
    assert (wrong.status_code, 'aria-invalid="true"' in wrong.text) == (400, True)
    (made,) = (await client.http.get(PATH)).json()["data"]
    value = made["verification"]["value"]
    text = (await client.http.get("/admin/domains")).text
    assert RECORD in text
    assert value in text
    server.text(RECORD, value)
    for act in ("verify", "prefer"):
        assert (await send("/admin/domains/change", domain=HOST, do=act)).status_code == 303
    text = (await client.http.get("/admin/domains")).text
    assert value not in text
    (one,) = (await client.http.get(PATH)).json()["data"]
    assert (one["verified"], one["primary"]) == (True, True)
    assert (await send("/admin/domains/change", domain=HOST, do="remove")).status_code == 303
    assert "No domain yet" in (await client.http.get("/admin/domains")).text
