"""Signing in: with a password, by mailed links, by invitation; cookies, sessions, throttles and foreign pages."""

import re

import pytest
import time_machine
from msgspec.structs import replace

from paylinks_adapters.passwords import ArgonPasswords
from paylinks_web.config import read_config
from paylinks_web.cookies import Cookies

from .conftest import Client, MakeClient
from .people import PASSWORD, Person, developer, newcomer, newest_mail
from .test_contract import assert_error

pytestmark = pytest.mark.anyio


@pytest.fixture
def client(either_client: Client) -> Client:
    """Run all of it on each kind of database."""
    return either_client


async def test_the_seeded_owner_signs_in_and_out(client: Client) -> None:
    """Development has an owner; signing out ends the session on the server, too."""
    person = Person(client.app)
    assert (await person.get("/api/admin/auth")) == {
        "authenticated": False,
        "session": None,
        "organizations": [],
        "brands": [],
    }
    data = await person.sign_in("Admin@Example.com ", "paylinks-development")
    assert data["session"] | {"userId": "x"} == {
        "userId": "x",
        "organizationId": "org_default",
        "brandId": "brand_default",
        "email": "admin@example.com",
        "name": "Administrator",
        "role": "owner",
    }
    visit = await person.get("/api/admin/auth")
    assert visit["authenticated"]
    assert [one["id"] for one in visit["organizations"]] == ["org_default"]
    assert [one["slug"] for one in visit["brands"]] == ["default"]

    kept = person.cookie
    assert (await person.call("DELETE", "/api/admin/auth")).status_code == 200
    thief = Person(client.app)
    thief.http.cookies.set("paylinks_session", kept or "")
    assert not (await thief.get("/api/admin/auth"))["authenticated"]


async def test_cookies_have_their_flags(make_client: MakeClient) -> None:
    """HttpOnly and SameSite always, Secure under https."""
    plain = await make_client(PAYLINKS_BASE_URL="http://127.0.0.1:8000")
    secure = await make_client(PAYLINKS_BASE_URL="https://pay.example")
    for client, origin in ((plain, "http://127.0.0.1:8000"), (secure, "https://pay.example")):
        body = {"email": "admin@example.com", "password": "paylinks-development"}
        answer = await client.post("/api/admin/auth", body, origin=origin)
        set_cookies = answer.headers.get_list("set-cookie")
        assert len(set_cookies) == 2
        for cookie in set_cookies:
            assert cookie.startswith("paylinks_")
            assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
            assert "Domain" not in cookie
            assert ("Secure" in cookie) == origin.startswith("https")


async def test_a_cookie_that_the_browser_chose_is_never_taken(client: Client) -> None:
    """The secret is the server's, and a new one at each sign-in."""
    person = Person(client.app)
    person.http.cookies.set("paylinks_session", "chosen", domain="127.0.0.1")
    await person.sign_in("admin@example.com", "paylinks-development")
    secrets = [cookie.value for cookie in person.http.cookies.jar if cookie.name == "paylinks_session"]
    assert all(len(secret or "") > 40 for secret in secrets)
    first = person.cookie
    await person.sign_in("admin@example.com", "paylinks-development")
    assert person.cookie != first


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_a_foreign_page_may_not_write(client: Client, headers: dict[str, str]) -> None:
    """Neither with the session's cookie nor to get one."""
    person = await developer(client)
    for method, path, body in (
        ("POST", "/api/admin/brands", {"name": "Evil"}),
        ("POST", "/api/token/generate", {"orderId": "x", "amount": 1, "currency": "USD", "productName": "x"}),
        ("DELETE", "/api/admin/auth", None),
        ("POST", "/api/admin/auth", {"email": "admin@example.com", "password": "paylinks-development"}),
        ("POST", "/api/auth/register", {"name": "x"}),
    ):
        answer = await person.http.request(method, path, json=body, headers=headers)
        assert_error(answer, 403, "origin_not_allowed")
    assert (await person.get("/api/admin/auth"))["authenticated"]


async def test_registering(client: Client) -> None:
    """A newcomer owns an organization with one brand, and is signed in; the rest is refused by name."""
    person = Person(client.app)
    body = {"name": " Ada ", "email": "Ada@Example.com", "password": PASSWORD, "orgName": "Ada's Shop"}
    data = await person.post("/api/auth/register", body, status=201)
    assert (data["user"]["email"], data["user"]["name"], data["user"]["role"]) == ("ada@example.com", "Ada", "owner")
    assert data["organization"]["slug"] == "ada-s-shop"
    visit = await person.get("/api/admin/auth")
    assert visit["session"]["brandId"] == data["brand"]["id"]

    missing = await person.call("POST", "/api/auth/register", {"name": "x", "email": ""})
    assert_error(missing, 400, "invalid_request", "orgName")
    assert missing.json()["error"] == "Missing required fields"
    taken = await person.call("POST", "/api/auth/register", body | {"email": "ADA@example.com"})
    assert_error(taken, 400, "email_exists")
    assert taken.json()["error"] == "Email already exists"
    assert_error(
        await person.call("POST", "/api/auth/register", body | {"email": "x"}), 400, "invalid_request", "email"
    )
    for poor in (
        "short",
        "x" * 129,
        "password1234",
        "Password2024!!",
        "aaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "0123456789012",
    ):
        answer = await person.call("POST", "/api/auth/register", body | {"email": "b@example.com", "password": poor})
        assert_error(answer, 400, "unfit_password", "password")


async def test_registration_can_be_closed(make_client: MakeClient) -> None:
    """Then newcomers are invited only."""
    client = await make_client(PAYLINKS_REGISTRATION="closed")
    body = {"name": "x", "email": "x@example.com", "password": PASSWORD, "orgName": "x"}
    answer = await client.post("/api/auth/register", body)
    assert_error(answer, 403, "registration_closed")
    assert answer.json()["error"] == "New user registration is currently disabled"


@time_machine.travel("2026-11-25T12:00:00Z", tick=False)  # one minute, however long it takes
async def test_wrong_passwords_are_throttled_and_the_user_is_not_locked_out(client: Client) -> None:
    """Ten a minute from one address; others, and the browser that was here before, get in."""
    known = await developer(client)
    stranger = Person(client.app, "192.0.2.1")
    body = {"email": "admin@example.com", "password": "wrong password wrong"}
    for _ in range(10):
        assert_error(await stranger.call("POST", "/api/admin/auth", body), 401, "invalid_credentials")
    refused = await stranger.call("POST", "/api/admin/auth", body)
    assert_error(refused, 429, "rate_limited")
    assert int(refused.headers["retry-after"]) >= 1
    right = body | {"password": "paylinks-development"}
    assert (await stranger.call("POST", "/api/admin/auth", right)).status_code == 429
    assert (await Person(client.app, "192.0.2.9").call("POST", "/api/admin/auth", right)).status_code == 200
    for address in range(2, 7):  # from everywhere
        for _ in range(10):
            await Person(client.app, f"192.0.2.{address}").call("POST", "/api/admin/auth", body)
    assert (await Person(client.app, "192.0.2.99").call("POST", "/api/admin/auth", right)).status_code == 429
    assert (await known.call("POST", "/api/admin/auth", right)).status_code == 200


async def test_right_passwords_are_not_counted(client: Client) -> None:
    """However often somebody signs in."""
    for _ in range(12):
        await developer(client)


async def test_unknown_and_known_addresses_are_answered_alike(client: Client) -> None:
    """The same answer to a wrong password, and to a request for a link."""
    answers = []
    for email in ("admin@example.com", "nobody@example.com"):
        wrong = await client.post("/api/admin/auth", {"email": email, "password": "x" * 20})
        link = await client.post("/api/auth/magic-link", {"email": email})
        reset = await client.post("/api/auth/password/reset", {"email": email})
        assert (wrong.status_code, link.status_code, reset.status_code) == (401, 200, 200)
        answers.append((wrong.json()["error"], link.json(), reset.json()))
    assert answers[0] == answers[1]
    assert answers[0][1]["data"]["message"] == "Check your email for the magic link."


async def test_a_magic_link_works_once(client: Client) -> None:
    """The mailed page does not use it up, its button does; a newer one voids the older."""
    person = Person(client.app)
    await person.post("/api/auth/magic-link", {"email": "admin@example.com"})
    _, older = await newest_mail(client)
    await person.post("/api/auth/magic-link", {"email": "admin@example.com"})
    text, token = await newest_mail(client)
    link = re.search(r"http://127\.0\.0\.1:8000(/\S+)", text)
    assert link is not None
    for _ in range(2):
        shown = await person.http.get(link[1])
        assert shown.status_code == 200
        assert "/api/auth/magic-link/verify" in shown.text
        assert shown.headers["referrer-policy"] == "no-referrer"
    outbox = await person.http.get("/dev/outbox")
    assert f"token={token}" in outbox.text

    async def verify(one: str) -> str:
        answer = await person.http.get("/api/auth/magic-link/verify", params={"token": one})
        assert answer.status_code == 302
        return str(answer.headers["location"])

    assert await verify(older) == "/login?error=invalid_token"
    assert await verify(token) == "/admin"
    assert (await person.get("/api/admin/auth"))["authenticated"]
    assert await verify(token) == "/login?error=invalid_token"
    assert await verify("") == "/login?error=invalid_token"


async def test_a_password_is_changed_and_everyone_else_is_out(client: Client) -> None:
    """The browser that changed it goes on with another secret."""
    here, there = await newcomer(client, "ada@example.com"), Person(client.app)
    await there.sign_in("ada@example.com")
    old = here.cookie
    body = {"currentPassword": "wrong password wrong", "newPassword": "another long password"}
    assert_error(await here.call("POST", "/api/auth/password", body), 401, "invalid_credentials")
    await here.post("/api/auth/password", body | {"currentPassword": PASSWORD})
    assert here.cookie != old
    assert (await here.get("/api/admin/auth"))["authenticated"]
    assert not (await there.get("/api/admin/auth"))["authenticated"]
    assert_error(
        await there.call("POST", "/api/admin/auth", {"email": "ada@example.com", "password": PASSWORD}),
        401,
        "invalid_credentials",
    )
    await there.sign_in("ada@example.com", "another long password")


async def test_a_forgotten_password_is_set_anew(client: Client) -> None:
    """By what was mailed, once; nobody is signed in by it, and whoever was is out."""
    person = await newcomer(client, "ada@example.com")
    await person.post("/api/auth/password/reset", {"email": "ada@example.com"})
    _, token = await newest_mail(client)
    confirm = "/api/auth/password/reset/confirm"
    poor = await person.call("POST", confirm, {"token": token, "password": "short"})
    assert_error(poor, 400, "unfit_password")
    await person.post(confirm, {"token": token, "password": "another long password"})
    assert not (await person.get("/api/admin/auth"))["authenticated"]
    again = await person.call("POST", confirm, {"token": token, "password": "a third long password"})
    assert_error(again, 401, "invalid_token")
    await person.sign_in("ada@example.com", "another long password")


async def test_no_secret_is_logged(client: Client, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither password, nor cookie, nor mailed token."""
    person = await newcomer(client, "ada@example.com")
    await person.post("/api/auth/magic-link", {"email": "ada@example.com"})
    _, token = await newest_mail(client)
    await person.http.get(f"/api/auth/magic-link/verify?token={token}")
    logged = "".join(capfd.readouterr())
    for secret in (PASSWORD, token, person.cookie or "x" * 99, "ada@example.com"):
        assert secret not in logged


async def test_an_old_secret_is_out(client: Client) -> None:
    """After another sign-in in the same browser, a proof of who one is, and a change of organization."""
    ada = await newcomer(client, "ada@example.com")
    made = await ada.post("/api/admin/organizations", {"name": "Second"}, status=201)
    for change in (
        ("/api/admin/auth", {"email": "ada@example.com", "password": PASSWORD}),
        ("/api/auth/reauthenticate", {"password": PASSWORD}),
        ("/api/admin/auth/switch-org", {"organizationId": made["id"]}),
    ):
        thief = Person(client.app)
        thief.http.cookies.set("paylinks_session", ada.cookie or "")
        assert (await thief.get("/api/admin/auth"))["authenticated"]
        await ada.post(*change)
        assert not (await thief.get("/api/admin/auth"))["authenticated"]
        assert (await ada.get("/api/admin/auth"))["authenticated"]


async def test_nobody_fills_anothers_mailbox(client: Client) -> None:
    """Five mails a minute to one address, whoever asks; the answer stays the same."""
    with time_machine.travel("2026-11-25T12:00:00Z", tick=False):
        for _ in range(7):
            assert (await client.post("/api/auth/magic-link", {"email": "admin@example.com"})).status_code == 200
    async with client.app.house.parts.units.reading() as rows:
        assert len(await rows.mails.newest(10)) == 5


def test_production_cookies() -> None:
    """Bound to the host, and to https."""
    config = read_config(
        {
            "PAYLINKS_ENV": "production",
            "PAYLINKS_BASE_URL": "https://pay.example",
            "PAYLINKS_DATABASE_URL": "postgresql://db.example/paylinks",
            "PAYLINKS_SMTP_URL": "smtps://mail.example",
            "PAYLINKS_SECRET_KEYS": "A" * 43,
            "CHECKOUT_TOKEN_SECRET": "s" * 32,
        }
    )
    for name in ("session", "salesperson", "known", "sign_in"):
        cookie = Cookies(config).put(name, "x").to_header(header="")
        assert cookie.startswith(f"__Host-paylinks_{name}=x;")
        assert {"HttpOnly", "SameSite=lax", "Path=/", "Secure"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


async def test_a_magic_link_that_leads_nowhere_says_why(client: Client) -> None:
    """Too late, or to somebody who has not accepted an invitation yet."""
    with time_machine.travel("2026-11-25T12:00:00Z", tick=False) as now:
        person = await newcomer(client, "ada@example.com")
        await person.post("/api/auth/magic-link", {"email": "ada@example.com"})
        _, token = await newest_mail(client)
        now.shift(15 * 60 + 1)
        late = await person.http.get(f"/api/auth/magic-link/verify?token={token}")
        assert late.headers["location"] == "/login?error=expired_token"
        body = {"email": "bob@example.com", "name": "Bob", "role": "member"}
        await person.post("/api/admin/users", body, status=201)
        now.shift(1)
        await person.post("/api/auth/magic-link", {"email": "bob@example.com"})
        _, token = await newest_mail(client)
        answer = await Person(client.app).http.get(f"/api/auth/magic-link/verify?token={token}")
        assert answer.headers["location"] == "/login?error=no_org"


async def test_a_hash_of_other_parameters_is_written_anew(client: Client) -> None:
    """At the next sign-in, which is the one moment that the password is known."""
    ada, units = await newcomer(client, "ada@example.com"), client.app.house.parts.units
    cheap = ArgonPasswords(memory_kib=8 * 1024)
    old = await cheap.hash(PASSWORD)
    cheap.close()
    async with units() as work:
        user = await work.users.get(ada.session["userId"])
        assert user is not None
        await work.users.replace(user, replace(user, password_hash=old))
        await work.commit()
    await ada.sign_in("ada@example.com")
    async with units.reading() as rows:
        user = await rows.users.get(ada.session["userId"])
    assert user is not None
    assert user.password_hash is not None
    assert user.password_hash != old
    assert not client.app.house.passwords.outdated(user.password_hash)
