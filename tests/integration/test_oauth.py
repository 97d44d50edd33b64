"""Signing in with Google and Facebook, against a stand-in for both: whose account it is, and every mix-up refused."""

import time
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from .conftest import Client, MakeClient
from .openid import CLIENT_ID, CLIENT_SECRET, StandIn
from .people import Person, newcomer, newest_mail
from .test_contract import assert_error

pytestmark = pytest.mark.anyio

HOUR = 3600


@pytest.fixture
def stand_in() -> StandIn:
    """Make the provider."""
    return StandIn()


@pytest.fixture(params=["sqlite", "postgres"])
async def client(
    request: pytest.FixtureRequest, make_client: MakeClient, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> Client:
    """Make an application that is a client of both, whose calls out reach the stand-in, on each kind of database."""
    database = {"PAYLINKS_DATABASE_URL": request.getfixturevalue("postgres_url")} if request.param == "postgres" else {}
    real = httpx.AsyncClient.__init__

    def reach(self: httpx.AsyncClient, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - handed on
        if kwargs.get("follow_redirects") is False and "transport" not in kwargs:
            kwargs["transport"] = httpx.MockTransport(stand_in.answer)
        real(self, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(httpx.AsyncClient, "__init__", reach)
        made: Client = await make_client(
            PAYLINKS_GOOGLE_CLIENT_ID=CLIENT_ID,
            PAYLINKS_GOOGLE_CLIENT_SECRET=CLIENT_SECRET,
            PAYLINKS_FACEBOOK_CLIENT_ID=CLIENT_ID,
            PAYLINKS_FACEBOOK_CLIENT_SECRET=CLIENT_SECRET,
            PAYLINKS_RATE_LIMIT_UNAUTHENTICATED="1000",
            **database,
        )
    return made


async def depart(person: Person, provider: str) -> str:
    """Be sent to a provider."""
    answer = await person.http.get(f"/api/auth/{provider}")
    assert answer.status_code == 302
    return str(answer.headers["location"])


async def come_back(person: Person, provider: str, brought: dict[str, str]) -> str:
    """Come back with what was brought, and say where that leads."""
    answer = await person.http.get(f"/api/auth/{provider}/callback", params=brought)
    assert answer.status_code == 302
    return str(answer.headers["location"])


async def enter(person: Person, provider: str, stand_in: StandIn) -> str:
    """Sign in with a provider, there and back."""
    return await come_back(person, provider, stand_in.log_in(await depart(person, provider)))


async def test_not_configured(make_client: MakeClient) -> None:
    """Without a client id there is no way in."""
    client: Client = await make_client()
    for provider in ("google", "facebook"):
        assert_error(await client.http.get(f"/api/auth/{provider}"), 503, "oauth_not_configured")


async def test_a_newcomer_signs_in_with_google_and_comes_again(client: Client, stand_in: StandIn) -> None:
    """The first time makes an account and an organization; the account is known by its subject ever after."""
    person = Person(client.app)
    address = urlsplit(await depart(person, "google"))
    assert f"{address.scheme}://{address.netloc}{address.path}" == "https://accounts.google.com/o/oauth2/v2/auth"
    assert await enter(person, "google", stand_in) == "/admin"
    first = (await person.get("/api/admin/auth"))["session"]
    assert (first["email"], first["role"]) == ("ada@example.com", "owner")
    stand_in.claims = {"email": "renamed@example.com"}
    again = Person(client.app)
    assert await enter(again, "google", stand_in) == "/admin"
    assert (await again.get("/api/admin/auth"))["session"]["userId"] == first["userId"]


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": int(time.time()) - HOUR},
        {"iat": int(time.time()) + HOUR},
        {"exp": None},
        {"sub": None},
        {"azp": "another"},
    ],
)
async def test_a_wrong_id_token_is_refused(client: Client, stand_in: StandIn, claims: dict[str, Any]) -> None:
    """Meant for someone else, of someone else, of another sign-in, or over."""
    stand_in.claims = claims
    person = Person(client.app)
    assert await enter(person, "google", stand_in) == "/login?error=oauth_failed"
    assert not (await person.get("/api/admin/auth"))["authenticated"]


async def test_a_forged_id_token_is_refused(client: Client, stand_in: StandIn) -> None:
    """Signed with another key under a known or unknown name, or with what is no secret."""
    stand_in.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert await enter(Person(client.app), "google", stand_in) == "/login?error=oauth_failed"
    stand_in.key_id = "unknown"
    assert await enter(Person(client.app), "google", stand_in) == "/login?error=oauth_failed"
    stand_in.key_id, stand_in.algorithm = "k1", "HS256"
    assert await enter(Person(client.app), "google", stand_in) == "/login?error=oauth_failed"
    assert stand_in.calls.count("/oauth2/v3/certs") == 1  # an unknown name has them fetched once a minute at most


async def test_the_way_back_belongs_to_one_browser_and_works_once(client: Client, stand_in: StandIn) -> None:
    """Another's state, none, another browser, the other provider, twice: all refused."""
    person, other = Person(client.app), Person(client.app)
    brought = stand_in.log_in(await depart(person, "google"))
    await depart(other, "google")
    wrong = "/login?error=invalid_state"
    assert await come_back(person, "google", brought | {"state": "x"}) == wrong
    assert await come_back(person, "google", {"code": brought["code"]}) == wrong
    brought = stand_in.log_in(await depart(person, "google"))
    assert await come_back(other, "google", brought) == wrong
    brought = stand_in.log_in(await depart(person, "google"))
    assert await come_back(person, "facebook", brought) == wrong
    brought = stand_in.log_in(await depart(person, "google"))
    assert await come_back(person, "google", brought) == "/admin"
    assert await come_back(person, "google", brought) == wrong
    denied = stand_in.log_in(await depart(person, "google"))
    assert await come_back(person, "google", {"state": denied["state"]}) == "/login?error=access_denied"
    stand_in.away = True
    assert await enter(person, "google", stand_in) == "/login?error=oauth_unavailable"


async def test_an_account_is_linked_only_where_both_sides_are_proven(client: Client, stand_in: StandIn) -> None:
    """An address that nobody has shown to read here, or that the provider does not vouch for, opens nothing."""
    ada = await newcomer(client, "ada@example.com")
    person = Person(client.app)
    assert await enter(person, "google", stand_in) == "/login?error=account_exists"
    await ada.post("/api/auth/magic-link", {"email": "ada@example.com"})
    _, token = await newest_mail(client)
    await ada.http.get(f"/api/auth/magic-link/verify?token={token}")
    stand_in.claims = {"email_verified": False}
    assert await enter(person, "google", stand_in) == "/login?error=account_exists"
    assert await enter(person, "facebook", stand_in) == "/login?error=account_exists"
    stand_in.claims = {}
    assert await enter(person, "google", stand_in) == "/admin"
    assert (await person.get("/api/admin/auth"))["session"]["userId"] == ada.session["userId"]


async def test_facebook(client: Client, stand_in: StandIn) -> None:
    """A newcomer gets an account; a token of another client or person, or no address, gets none."""
    stand_in.inspected = {"app_id": "another"}
    assert await enter(Person(client.app), "facebook", stand_in) == "/login?error=oauth_failed"
    stand_in.inspected = {"is_valid": False}
    assert await enter(Person(client.app), "facebook", stand_in) == "/login?error=oauth_failed"
    stand_in.inspected = {"user_id": "fb-2"}
    assert await enter(Person(client.app), "facebook", stand_in) == "/login?error=oauth_failed"
    stand_in.inspected, stand_in.person = {}, {"email": None}
    assert await enter(Person(client.app), "facebook", stand_in) == "/login?error=email_missing"
    stand_in.person = {}
    person = Person(client.app)
    assert await enter(person, "facebook", stand_in) == "/admin"
    assert (await person.get("/api/admin/auth"))["session"]["email"] == "ada@example.com"
    async with client.app.house.parts.units.reading() as rows:
        user = await rows.users.by_email("ada@example.com")
    assert user is not None
    assert not user.email_verified


async def test_what_hung_on_an_unproven_address_goes_with_a_magic_link(client: Client, stand_in: StandIn) -> None:
    """The provider's account that made it is linked no more; the owner's own is."""
    thief, owner = Person(client.app), Person(client.app)
    assert await enter(thief, "facebook", stand_in) == "/admin"
    await owner.post("/api/auth/magic-link", {"email": "ada@example.com"})
    _, token = await newest_mail(client)
    await owner.http.get(f"/api/auth/magic-link/verify?token={token}")
    assert (await owner.get("/api/admin/auth"))["authenticated"]
    assert not (await thief.get("/api/admin/auth"))["authenticated"]
    assert await enter(thief, "facebook", stand_in) == "/login?error=account_exists"
    assert await enter(Person(client.app), "google", stand_in) == "/admin"


async def test_what_hung_on_an_unproven_address_goes_with_a_reset(client: Client, stand_in: StandIn) -> None:
    """Whoever took the address before its owner came has no way in afterwards."""
    thief, owner = Person(client.app), Person(client.app)
    assert await enter(thief, "facebook", stand_in) == "/admin"
    await owner.post("/api/auth/password/reset", {"email": "ada@example.com"})
    _, token = await newest_mail(client)
    await owner.post("/api/auth/password/reset/confirm", {"token": token, "password": "a horse on the moon"})
    assert not (await thief.get("/api/admin/auth"))["authenticated"]
    assert await enter(thief, "facebook", stand_in) == "/login?error=account_exists"
    await owner.sign_in("ada@example.com")
