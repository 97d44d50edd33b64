"""People at once: what works once works once, and a crowd of guesses is a crowd of counted guesses."""

import asyncio
from collections import Counter
from collections.abc import Awaitable

import httpx
import pyotp
import pytest
import time_machine

from .conftest import Client
from .people import PASSWORD, Person, newcomer, newest_mail

pytestmark = pytest.mark.anyio

NOON = 1_795_608_000
CROWD = 12


@pytest.fixture
def client(either_client: Client) -> Client:
    """Run all of it on each kind of database."""
    return either_client


async def _statuses(calls: list[Awaitable[httpx.Response]]) -> Counter[int]:
    return Counter(answer.status_code for answer in await asyncio.gather(*calls))


async def test_one_address_is_registered_once(client: Client) -> None:
    """Whoever comes at the same time is told that it is taken."""
    body = {"name": "Ada", "email": "ada@example.com", "password": PASSWORD, "orgName": "Shop"}
    calls = [Person(client.app).call("POST", "/api/auth/register", body) for _ in range(CROWD)]
    assert await _statuses(list(calls)) == {201: 1, 400: CROWD - 1}


async def test_a_magic_link_lets_one_in(client: Client) -> None:
    """However many browsers open it at once."""
    await newcomer(client, "ada@example.com")
    await client.post("/api/auth/magic-link", {"email": "ada@example.com"})
    _, token = await newest_mail(client)
    path = f"/api/auth/magic-link/verify?token={token}"
    answers = await asyncio.gather(*(Person(client.app).call("GET", path) for _ in range(CROWD)))
    assert Counter(one.headers["location"] for one in answers) == {
        "/admin": 1,
        "/login?error=invalid_token": CROWD - 1,
    }


async def test_a_code_lets_one_in(client: Client) -> None:
    """The same code at once in several half-finished sign-ins."""
    with time_machine.travel(NOON, tick=False) as now:
        ada = await newcomer(client, "ada@example.com")
        app = pyotp.TOTP((await ada.get("/api/auth/2fa/setup"))["secret"])
        await ada.post("/api/auth/2fa/confirm", {"code": app.at(NOON)})
        now.shift(30)
        people = [Person(client.app) for _ in range(5)]
        for person in people:
            await person.sign_in("ada@example.com")
        code = {"code": app.at(NOON + 30)}
        statuses = await _statuses([person.call("POST", "/api/auth/2fa/verify", code) for person in people])
        assert statuses[200] == 1
        assert sum(statuses.values()) == 5


@time_machine.travel(NOON, tick=False)
async def test_a_crowd_of_guesses_is_counted(client: Client) -> None:
    """No more than ten passwords are looked at, though all come before the first is found wrong."""
    stranger = Person(client.app, "192.0.2.1")
    body = {"email": "admin@example.com", "password": "wrong password wrong"}
    statuses = await _statuses([stranger.call("POST", "/api/admin/auth", body) for _ in range(30)])
    assert statuses == {401: 10, 429: 20}
