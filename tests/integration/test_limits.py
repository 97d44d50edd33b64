"""Limits of calls that prove nothing: whoever is told 429 can be sure that nothing was done."""

import pytest
from litestar.handlers import HTTPRouteHandler

from paylinks_web.guards import anyone, counted, visitor

from .conftest import Client, MakeClient
from .people import PASSWORD, developer, newcomer, newest_mail
from .test_contract import assert_error

pytestmark = pytest.mark.anyio

ELSEWHERE = "10.1.2.3"
_NO_LIMIT = ("/health", "/health/ready", "/domains/allowed")
"""Monitors and the TLS proxy call from one address, as often as need be, and nothing is done for them."""


async def test_every_route_without_proof_is_counted_first(client: Client) -> None:
    """Each has the guard that counts it before anything is done."""
    handlers = [one for route in client.app.routes for one in getattr(route, "route_handlers", ())]
    public = [one for one in handlers if isinstance(one, HTTPRouteHandler) and one.opt.get("access") == "public"]

    assert len(public) > 15
    for one in public:
        guards = one.resolve_guards()
        assert one.paths <= set(_NO_LIMIT) or {anyone, counted, visitor} & set(guards), one.paths


async def test_429_means_that_nothing_was_done(make_client: MakeClient) -> None:
    """Nobody is registered, no mail is sent and no link is used up once the address's minute is."""
    client: Client = await make_client(PAYLINKS_RATE_LIMIT_UNAUTHENTICATED="4")
    await newcomer(client, "ada@example.com")
    async with client.from_address(ELSEWHERE) as elsewhere:
        asked = await elsewhere.post("/api/auth/magic-link", json={"email": "ada@example.com"})
        assert asked.headers["x-ratelimit-remaining"] == "3"
        _, token = await newest_mail(client)
        for _ in range(3):
            assert (await elsewhere.get("/api/nowhere")).status_code == 404

        body = {"name": "Eve", "email": "eve@example.com", "password": PASSWORD, "orgName": "Shop"}
        refused = await elsewhere.post("/api/auth/register", json=body)
        assert_error(refused, 429, "rate_limited")
        assert refused.headers["x-ratelimit-limit"] == "4"
        assert_error(
            await elsewhere.post("/api/auth/magic-link", json={"email": "ada@example.com"}), 429, "rate_limited"
        )
        used = await elsewhere.get(f"/api/auth/magic-link/verify?token={token}")
        assert_error(used, 429, "rate_limited")

    async with client.app.house.parts.units.reading() as rows:
        assert await rows.users.by_email("eve@example.com") is None
        assert len(await rows.mails.newest(10)) == 1
    entered = await client.http.get(f"/api/auth/magic-link/verify?token={token}")
    assert entered.headers["location"] == "/admin"


async def test_forms_that_sign_in_are_counted(make_client: MakeClient) -> None:
    """A page that is opened is not, a form that is sent is, and beyond the limit nothing of it is read."""
    client: Client = await make_client(PAYLINKS_RATE_LIMIT_UNAUTHENTICATED="2")
    async with client.from_address(ELSEWHERE) as elsewhere:
        for path in ("/login", "/register", "/invitation", "/password-reset", "/sales/login"):
            assert (await elsewhere.get(path)).status_code == 200
        for status in (400, 400, 429):
            answer = await elsewhere.post("/register", data={"email": "eve@example.com"})
            assert answer.status_code == status
            assert answer.headers["content-type"].startswith("text/html")


async def test_who_is_signed_in_is_not_counted_as_nobody(make_client: MakeClient) -> None:
    """Asking who one is and signing out count for the person; for whoever is nobody, for the address."""
    client: Client = await make_client(PAYLINKS_RATE_LIMIT_UNAUTHENTICATED="2")
    person = await developer(client)
    answers = [await person.call("GET", "/api/admin/auth") for _ in range(4)]
    assert {(answer.status_code, answer.headers["x-ratelimit-limit"]) for answer in answers} == {(200, "100")}
    assert answers[-1].headers["x-ratelimit-remaining"] == "96"
    assert (await person.call("DELETE", "/api/admin/auth")).headers["x-ratelimit-limit"] == "100"
    assert (await person.call("DELETE", "/api/admin/auth")).headers["x-ratelimit-limit"] == "2"
    assert_error(await person.call("GET", "/api/salesperson/auth"), 429, "rate_limited")
