"""A walk over every route with every role, without a sign-in and from another tenant, held against the one table."""

import re
from collections.abc import Iterator

import pytest
from litestar.handlers import HTTPRouteHandler

from paylinks_core.permissions import KEY_PERMISSIONS, ROLES, allows
from paylinks_ports.records.people import Role

from .conftest import ORDER, Client, MakeClient
from .people import PASSWORD, Person, newcomer

pytestmark = pytest.mark.anyio

CLASSES = {"public", "token", "server", "capability", "session", "salesperson", "signature", "page"}


def routes(client: Client) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """List every method and path that the application serves, with ids that lead nowhere."""
    for route in client.app.routes:
        for handler in getattr(route, "route_handlers", ()):
            for method in handler.http_methods:
                if method != "OPTIONS":
                    yield method, re.sub(r"\{(\w+)(?::\w+)?\}", "none", route.path), handler


async def test_every_route_declares_what_it_needs(client: Client) -> None:
    """A class of access, and for people and keys a permission that is in the table."""
    known = {permission for permissions in ROLES.values() for permission in permissions}
    for method, path, handler in routes(client):
        if path.startswith("/api/openapi"):
            continue
        access = handler.opt.get("access")
        assert access in CLASSES, f"{method} {path}"
        if access in {"session", "server"}:
            assert handler.opt["permission"] in known, f"{method} {path}"
        if access == "server":
            assert handler.opt["permission"] in KEY_PERMISSIONS, f"{method} {path}"


async def test_a_stronger_role_may_do_what_a_weaker_one_may() -> None:
    """The table has no hole."""
    assert ROLES["member"] < ROLES["admin"] <= ROLES["owner"]


@pytest.mark.parametrize("role", ["nobody", "salesperson", "member", "admin", "owner"])
async def test_the_doors_agree_with_the_table(make_client: MakeClient, role: str) -> None:
    """Whoever is not allowed is refused before anything of the call is read; whoever is, is not."""
    limits = {f"PAYLINKS_RATE_LIMIT_{name}": "0" for name in ("AUTHENTICATED", "UNAUTHENTICATED", "LOGIN")}
    client: Client = await make_client(reconcile=False, **limits)
    owner = await newcomer(client, "owner@example.com")
    person = Person(client.app, "192.0.2.1")
    account = {"email": "p@example.com", "name": "P", "password": PASSWORD}
    if role == "salesperson":
        await owner.post("/api/admin/salespeople", account, status=201)
        await person.post("/api/salesperson/auth", {"email": "p@example.com", "password": PASSWORD})
    elif role != "nobody":
        brands = [owner.session["brandId"]]
        await owner.post("/api/admin/users", account | {"role": role, "brandIds": brands}, status=201)
        await person.sign_in("p@example.com")
    walked = refused_servers = 0
    for method, path, handler in routes(client):
        access = handler.opt.get("access")
        if access not in {"session", "salesperson", "server"}:
            continue
        secret = person.cookie
        body = ORDER if access == "server" else {"nonsense": 1}
        answer = await person.call(method, path, None if method in {"GET", "DELETE"} else body)
        expected = _expected(role, access, handler)
        what = f"{role}: {method} {path} answered {answer.status_code}, {answer.text[:200]}"
        if expected is None:
            assert answer.status_code not in {401, 403, 500}, what
        elif access == "server":  # it takes a checkout token as well, so what can't be read is refused before
            assert answer.status_code in {400, expected}, what
            refused_servers += answer.status_code == expected
        else:
            assert answer.status_code == expected, what
        assert person.cookie == secret, what
        walked += 1
    assert walked > 20
    assert refused_servers > 0 or role in {"admin", "owner"}


def _expected(role: str, access: str, handler: HTTPRouteHandler) -> int | None:
    if access == "salesperson":
        return None if role == "salesperson" else 401
    if role in {"nobody", "salesperson"}:
        return 401
    named: Role = role  # type: ignore[assignment]  # the others are handled above
    return None if allows(named, handler.opt["permission"]) else 403


async def test_a_foreign_owner_finds_nothing(make_client: MakeClient) -> None:
    """Whatever is named by its id is not there, and no list tells of it."""
    limits = {f"PAYLINKS_RATE_LIMIT_{name}": "0" for name in ("AUTHENTICATED", "UNAUTHENTICATED", "LOGIN")}
    client: Client = await make_client(reconcile=False, **limits)
    ada, eve = await newcomer(client, "ada@example.com", "One"), await newcomer(client, "eve@example.com", "Two")
    account = {"email": "p@example.com", "name": "P", "password": PASSWORD}
    ids = {
        "user_id": ada.session["userId"],
        "brand_id": ada.session["brandId"],
        "key_id": (await ada.post("/api/admin/api-keys", {"name": "k"}, status=201))["id"],
        "salesperson_id": (await ada.post("/api/admin/salespeople", account, status=201))["id"],
        "order_id": (await ada.post("/api/token/generate", ORDER, status=201))["orderId"],
    }
    secrets = {*ids.values(), ada.session["organizationId"]} - {ORDER["orderId"]}
    for route in client.app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if handler.opt.get("access") != "session":
                continue
            path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: ids.get(found[1], "none"), route.path)
            named = path != route.path
            for method in handler.http_methods - {"OPTIONS"}:
                answer = await eve.call(method, path, None if method in {"GET", "DELETE"} else {})
                what = f"{method} {path} answered {answer.status_code}, {answer.text[:200]}"
                assert not named or answer.status_code in {400, 404}, what
                assert not any(secret in answer.text for secret in secrets), what
    assert {one["email"] for one in await ada.get("/api/admin/users")} == {"ada@example.com"}
    assert [one["id"] for one in await ada.get("/api/admin/api-keys")] == [ids["key_id"]]
