"""Salespeople: their accounts, a cookie apart, links that are credited to them, and what they earn."""

import pytest

from .conftest import ORDER, Client, MakeClient
from .people import PASSWORD, Person, newcomer
from .test_contract import assert_error

pytestmark = pytest.mark.anyio


@pytest.fixture
def client(either_client: Client) -> Client:
    """Run all of it on each kind of database."""
    return either_client


SAL = {"email": "Sal@example.com", "name": "Sal", "password": PASSWORD, "commissionRate": 0.1}


async def _seller(client: Client, owner: Person, **given: object) -> Person:
    """Make a salesperson and sign in."""
    made = await owner.post("/api/admin/salespeople", SAL | given, status=201)
    person = Person(client.app)
    await person.post("/api/salesperson/auth", {"email": made["email"], "password": PASSWORD})
    return person


async def test_signing_in_and_out(client: Client) -> None:
    """With a cookie of its own, which opens nothing else."""
    owner = await newcomer(client, "ada@example.com")
    made = await owner.post("/api/admin/salespeople", SAL, status=201)
    assert made == {
        "id": made["id"],
        "email": "sal@example.com",
        "name": "Sal",
        "brandId": owner.session["brandId"],
        "commissionRate": 0.1,
        "status": "active",
        "createdAt": made["createdAt"],
    }
    assert await owner.get("/api/admin/salespeople?search=SAL") == [made]
    person = Person(client.app)
    assert await person.get("/api/salesperson/auth") == {"authenticated": False, "salesperson": None}
    missing = await person.call("POST", "/api/salesperson/auth", {"email": "sal@example.com"})
    assert_error(missing, 400, "invalid_request")
    assert missing.json()["error"] == "Email and password required"
    wrong = await person.call("POST", "/api/salesperson/auth", {"email": "sal@example.com", "password": "x"})
    assert_error(wrong, 401, "invalid_credentials")
    body = {"email": "sal@example.com", "password": PASSWORD}
    assert await person.post("/api/salesperson/auth", body) == {"salesperson": made}
    assert await person.get("/api/salesperson/auth") == {"authenticated": True, "salesperson": made}
    assert_error(await person.call("GET", "/api/admin/users"), 401, "unauthorized")
    kept = person.http.cookies["paylinks_salesperson"]
    person.http.cookies.set("paylinks_session", kept)
    assert_error(await person.call("GET", "/api/admin/users"), 401, "unauthorized")
    assert (await person.call("DELETE", "/api/salesperson/auth")).status_code == 200
    thief = Person(client.app)
    thief.http.cookies.set("paylinks_salesperson", kept)
    assert not (await thief.get("/api/salesperson/auth"))["authenticated"]


async def test_inactive_means_out(client: Client) -> None:
    """At once, and not in again; so does another password."""
    owner = await newcomer(client, "ada@example.com")
    person = await _seller(client, owner)
    sal = (await person.get("/api/salesperson/auth"))["salesperson"]
    path = f"/api/admin/salespeople/{sal['id']}"
    assert (await owner.call("PUT", path, {"status": "inactive"})).json()["data"]["status"] == "inactive"
    assert not (await person.get("/api/salesperson/auth"))["authenticated"]
    body = {"email": "sal@example.com", "password": PASSWORD}
    assert_error(await person.call("POST", "/api/salesperson/auth", body), 401, "invalid_credentials")
    changes = {"status": "active", "password": "another long password", "commissionRate": 0.125}
    assert (await owner.call("PUT", path, changes)).json()["data"]["commissionRate"] == 0.125
    assert_error(await person.call("POST", "/api/salesperson/auth", body), 401, "invalid_credentials")
    await person.post("/api/salesperson/auth", body | {"password": "another long password"})
    too_much = await owner.call("PUT", path, {"commissionRate": 1.5})
    assert_error(too_much, 400, "invalid_request", "commissionRate")


async def test_the_same_address_sells_for_two_tenants(client: Client) -> None:
    """Neither learns of the other."""
    ada, eve = await newcomer(client, "ada@example.com", "One"), await newcomer(client, "eve@example.com", "Two")
    await ada.post("/api/admin/salespeople", SAL, status=201)
    await eve.post("/api/admin/salespeople", SAL | {"password": "another long password"}, status=201)
    assert_error(await ada.call("POST", "/api/admin/salespeople", SAL), 400, "email_exists")
    for owner, password in ((ada, PASSWORD), (eve, "another long password")):
        person = Person(client.app)
        data = await person.post("/api/salesperson/auth", {"email": "sal@example.com", "password": password})
        assert data["salesperson"]["brandId"] == owner.session["brandId"]


async def test_strangers_make_no_sign_in_slower(client: Client) -> None:
    """However many brands have a salesperson of an address, a sign-in is one hash; each password opens its own."""
    eve, ada = await newcomer(client, "eve@example.com", "Evil"), await newcomer(client, "ada@example.com")
    strangers: dict[str, str] = {}
    for password in ("a stranger's password", "a stranger's second", "a stranger's third"):
        brand = await eve.post("/api/admin/brands", {"name": password}, status=201)
        await eve.post("/api/admin/salespeople", SAL | {"password": password, "brandId": brand["id"]}, status=201)
        strangers[password] = brand["id"]
    made = await ada.post("/api/admin/salespeople", SAL | {"password": "not the last one"}, status=201)
    changed = await ada.call("PUT", f"/api/admin/salespeople/{made['id']}", {"password": PASSWORD})
    assert changed.status_code == 200
    async with client.app.house.parts.units.reading() as rows:
        hashes = [one.password_hash for one in await rows.salespeople.by_email("sal@example.com")]
    assert len({one.rpartition("$")[0] for one in hashes}) == 1
    assert len(set(hashes)) == 4
    person = Person(client.app)
    for password, brand_id in {PASSWORD: ada.session["brandId"], **strangers}.items():
        data = await person.post("/api/salesperson/auth", {"email": "sal@example.com", "password": password})
        assert data["salesperson"]["brandId"] == brand_id


async def test_a_link_names_no_private_address(make_client: MakeClient) -> None:
    """Where nothing is sent to those, a salesperson's webhook address is refused as a server's is."""
    client: Client = await make_client(PAYLINKS_ALLOW_PRIVATE_WEBHOOKS="0")
    person = await _seller(client, await newcomer(client, "ada@example.com"))
    for url in ("http://127.0.0.1:9999/hook", "http://localhost:9/", "http://169.254.169.254/latest"):
        answer = await person.call("POST", "/api/salesperson/links", ORDER | {"webhookUrl": url})
        assert_error(answer, 400, "invalid_claims", "webhookUrl")
    assert await person.get("/api/salesperson/links") == []


async def test_links_are_credited_and_pay_when_paid(client: Client) -> None:
    """By the rate at the time of the link; another's order can't be taken over."""
    owner = await newcomer(client, "ada@example.com")
    person = await _seller(client, owner)
    link = await person.post("/api/salesperson/links", ORDER | {"amount": 4995}, status=201)
    await person.post("/api/salesperson/links", ORDER | {"orderId": "o-2"}, status=201)
    assert await person.get("/api/salesperson/commissions") == []
    initialized = {"token": link["token"], "provider": "stripe"}
    assert (await client.post("/api/checkout/initialize", initialized)).status_code == 200
    assert (await client.post("/api/checkout/complete", {"token": link["token"]})).json()["data"]["status"] == "paid"
    links = await person.get("/api/salesperson/links")
    assert [(one["orderId"], one["status"], one["commission"]) for one in links] == [
        ("o-2", "open", 500),
        ("order-1", "paid", 500),
    ]
    assert await person.get("/api/salesperson/commissions") == [
        {"currency": "USD", "earned": 500, "reversed": 0, "orders": 1}
    ]
    refund = await owner.post("/api/admin/orders/order-1/refund", {"amount": 1995})
    assert refund["status"] == "succeeded"
    assert await person.get("/api/salesperson/commissions") == [
        {"currency": "USD", "earned": 500, "reversed": 200, "orders": 1}
    ]
    await owner.post("/api/token/generate", ORDER | {"orderId": "o-3"}, status=201)
    theirs = await person.call("POST", "/api/salesperson/links", ORDER | {"orderId": "o-3"})
    assert_error(theirs, 404, "not_found")
    other = await _seller(client, owner, email="pat@example.com")
    assert await other.get("/api/salesperson/links") == []
    named = await other.call("POST", "/api/salesperson/links", ORDER | {"orderId": "o-2", "amount": 1})
    assert_error(named, 404, "not_found")
    foreign = await person.http.post(
        "/api/salesperson/links", json=ORDER | {"orderId": "o-9"}, headers={"origin": "https://evil.example"}
    )
    assert_error(foreign, 403, "origin_not_allowed")
