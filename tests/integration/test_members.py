"""The people of an organization: invitations, roles, the last owner, other tenants; brands, keys and the audit log."""

from typing import Any

import pytest

from .conftest import ORDER, Client
from .people import PASSWORD, Person, newcomer, newest_mail, proven
from .test_contract import assert_error

pytestmark = pytest.mark.anyio


@pytest.fixture
def client(either_client: Client) -> Client:
    """Run all of it on each kind of database."""
    return either_client


async def _added(owner: Person, client: Client, email: str, role: str, **given: Any) -> tuple[str, Person]:  # noqa: ANN401 - JSON
    """Make somebody with a password belong to the owner's organization, and sign them in."""
    body = {"email": email, "name": email, "role": role, "password": PASSWORD, **given}
    made = await owner.post("/api/admin/users", body, status=201)
    person = Person(client.app)
    await person.sign_in(email)
    return made["id"], person


async def test_an_invitation_is_mailed_and_accepted(client: Client) -> None:
    """Seven days, once; until then nothing is open."""
    owner = await newcomer(client, "ada@example.com")
    body = {"email": "Bob@example.com", "name": "Bob", "role": "member", "brandIds": [owner.session["brandId"]]}
    made = await owner.post("/api/admin/users", body, status=201)
    assert (made["email"], made["role"], made["pending"]) == ("bob@example.com", "member", True)
    text, token = await newest_mail(client)
    assert "Ada invites you" in text

    bob = Person(client.app)
    assert (await bob.http.get(f"/invitation?token={token}")).status_code == 200
    accept = {"token": token, "password": "short"}
    assert_error(await bob.call("POST", "/api/auth/invitation/accept", accept), 400, "unfit_password")
    accept["password"] = PASSWORD
    data = await bob.post("/api/auth/invitation/accept", accept | {"name": "Bobby"})
    assert (data["session"]["name"], data["session"]["role"]) == ("Bobby", "member")
    assert_error(await bob.call("POST", "/api/auth/invitation/accept", accept), 401, "invalid_token")
    listed = await owner.get("/api/admin/users?search=BOB")
    assert [(one["name"], one["pending"]) for one in listed] == [("Bobby", False)]
    assert_error(await owner.call("POST", "/api/admin/users", body), 400, "email_exists")


async def test_somebody_with_an_account_is_invited_and_proves_it(client: Client) -> None:
    """Nobody else sets their password, nor do they join by the mail alone."""
    owner = await newcomer(client, "ada@example.com", "One")
    other = await proven(client, "bob@example.com", "Two")
    body = {"email": "bob@example.com", "name": "Mr Bob", "role": "admin"}
    taken = await owner.call("POST", "/api/admin/users", body | {"password": "their new password"})
    assert_error(taken, 400, "email_exists")
    await owner.post("/api/admin/users", body, status=201)
    assert len((await other.get("/api/admin/auth"))["organizations"]) == 1
    _, token = await newest_mail(client)
    wrong = {"token": token, "password": "not the password"}
    assert_error(await other.call("POST", "/api/auth/invitation/accept", wrong), 401, "invalid_credentials")
    await other.post("/api/auth/invitation/accept", wrong | {"password": PASSWORD})
    assert len((await other.get("/api/admin/auth"))["organizations"]) == 2

    here = other.cookie
    data = await other.post("/api/admin/auth/switch-org", {"organizationId": owner.session["organizationId"]})
    assert (data["session"]["role"], data["session"]["brandId"]) == ("admin", owner.session["brandId"])
    assert other.cookie != here
    switched = await other.call("POST", "/api/admin/auth/switch-org", {"organizationId": "org_default"})
    assert_error(switched, 404, "not_found")
    switched = await other.call("POST", "/api/admin/auth/switch-brand", {"brandId": other.session["brandId"]})
    assert_error(switched, 404, "not_found")


async def test_nobody_acts_above_their_role_and_the_last_owner_stays(client: Client) -> None:
    """An admin can't make, change or remove an owner."""
    owner = await newcomer(client, "ada@example.com")
    owner_id = owner.session["userId"]
    admin_id, admin = await _added(owner, client, "bob@example.com", "admin")
    body = {"email": "eve@example.com", "name": "Eve", "role": "owner", "password": PASSWORD}
    assert_error(await admin.call("POST", "/api/admin/users", body), 403, "forbidden", "role")
    assert_error(await admin.call("PUT", f"/api/admin/users/{admin_id}", {"role": "owner"}), 403, "forbidden")
    assert_error(await admin.call("PUT", f"/api/admin/users/{owner_id}", {"role": "member"}), 403, "forbidden")
    assert_error(await admin.call("DELETE", f"/api/admin/users/{owner_id}"), 403, "forbidden")
    assert_error(await owner.call("PUT", f"/api/admin/users/{owner_id}", {"role": "admin"}), 409, "last_owner")
    assert_error(await owner.call("DELETE", f"/api/admin/users/{owner_id}"), 409, "last_owner")

    assert (await owner.call("PUT", f"/api/admin/users/{admin_id}", {"role": "owner"})).status_code == 200
    assert not (await admin.get("/api/admin/auth"))["authenticated"]  # other rights, another session
    await admin.sign_in("bob@example.com")
    assert (await admin.call("DELETE", f"/api/admin/users/{owner_id}")).status_code == 200
    assert not (await owner.get("/api/admin/auth"))["authenticated"]
    gone = await owner.call("POST", "/api/admin/auth", {"email": "ada@example.com", "password": PASSWORD})
    assert_error(gone, 403, "no_organization")


async def test_an_invited_owner_does_not_count(client: Client) -> None:
    """An organization can't be left to somebody who never came."""
    owner = await newcomer(client, "ada@example.com")
    body = {"email": "bob@example.com", "name": "Bob", "role": "owner"}
    await owner.post("/api/admin/users", body, status=201)
    left = await owner.call("DELETE", f"/api/admin/users/{owner.session['userId']}")
    assert_error(left, 409, "last_owner")


async def test_a_member_sees_the_brands_it_is_given(client: Client) -> None:
    """Others are as if they did not exist, also those it loses while it looks at them."""
    owner = await newcomer(client, "ada@example.com")
    brand = await owner.post("/api/admin/brands", {"name": "Second", "allowedOrigins": ["https://S.example"]}, 201)
    assert brand["allowedOrigins"] == ["https://s.example"]
    member_id, member = await _added(owner, client, "bob@example.com", "member", brandIds=[brand["id"]])
    assert [one["id"] for one in await member.get("/api/admin/brands")] == [brand["id"]]
    elsewhere = {"brandId": owner.session["brandId"]}
    assert_error(await member.call("POST", "/api/admin/auth/switch-brand", elsewhere), 404, "not_found")
    assert await member.get("/api/admin/api-keys") == []
    changed = await owner.call("PUT", f"/api/admin/users/{member_id}", {"brandIds": []})
    assert changed.status_code == 200
    await member.sign_in("bob@example.com")
    assert_error(await member.call("GET", "/api/admin/api-keys"), 404, "not_found")
    foreign = await owner.call("PUT", f"/api/admin/users/{member_id}", {"brandIds": ["brand_default"]})
    assert_error(foreign, 400, "invalid_request", "brandIds[0]")


async def test_no_tenant_reaches_another(client: Client) -> None:
    """Whatever id of another organization is named, it is not there."""
    ada, eve = await newcomer(client, "ada@example.com", "One"), await newcomer(client, "eve@example.com", "Two")
    key = await ada.post("/api/admin/api-keys", {"name": "k"}, status=201)
    seller = {"email": "sal@example.com", "name": "Sal", "password": PASSWORD}
    sal = await ada.post("/api/admin/salespeople", seller, status=201)
    for method, path, body in (
        ("GET", f"/api/admin/users/{ada.session['userId']}", None),
        ("PUT", f"/api/admin/users/{ada.session['userId']}", {"role": "member"}),
        ("DELETE", f"/api/admin/users/{ada.session['userId']}", None),
        ("PUT", f"/api/admin/brands/{ada.session['brandId']}", {"name": "Mine"}),
        ("DELETE", f"/api/admin/api-keys/{key['id']}", None),
        ("PUT", f"/api/admin/salespeople/{sal['id']}", {"status": "inactive"}),
        ("POST", "/api/admin/auth/switch-brand", {"brandId": ada.session["brandId"]}),
        ("POST", "/api/admin/auth/switch-org", {"organizationId": ada.session["organizationId"]}),
    ):
        assert_error(await eve.call(method, path, body), 404, "not_found")
    named = seller | {"email": "x@example.com", "brandId": ada.session["brandId"]}
    assert_error(await eve.call("POST", "/api/admin/salespeople", named), 400, "invalid_request", "brandId")
    assert await eve.get("/api/admin/salespeople") == []
    assert [one["email"] for one in await eve.get("/api/admin/users")] == ["eve@example.com"]
    seen = str(await eve.get("/api/admin/audit-log"))
    assert ada.session["userId"] not in seen


async def test_a_key_works_until_it_is_revoked(client: Client) -> None:
    """At once, as a bearer and for tokens; scopes narrow it; its use is noted."""
    ada = await newcomer(client, "ada@example.com")
    made = await ada.post("/api/admin/api-keys", {"name": "shop", "mode": "test", "scopes": ["checkouts.create"]}, 201)
    assert made["key"].startswith(made["prefix"])
    assert made["key"].startswith("sk_test_")
    assert made["signingSecret"]
    bearer = {"authorization": f"Bearer {made['key']}"}
    assert (await client.post("/api/token/generate", ORDER, **bearer)).status_code == 201
    charge = await client.post("/api/providers/stripe/create-intent", ORDER, **bearer)
    assert_error(charge, 403, "forbidden", "payments.charge")
    listed = await ada.get("/api/admin/api-keys")
    assert [(one["id"], one["scopes"]) for one in listed] == [(made["id"], ["checkouts.create"])]
    assert listed[0]["lastUsedAt"] > 0
    assert "key" not in listed[0]
    unknown = await ada.call("POST", "/api/admin/api-keys", {"name": "x", "scopes": ["users.write"]})
    assert_error(unknown, 400, "invalid_request", "scopes[0]")
    assert (await ada.call("DELETE", f"/api/admin/api-keys/{made['id']}")).status_code == 200
    assert_error(await client.post("/api/token/generate", ORDER, **bearer), 401, "invalid_api_key")


async def test_a_session_makes_links_for_the_brand_it_looks_at(client: Client) -> None:
    """An admin's session stands in for a key."""
    ada = await newcomer(client, "ada@example.com")
    link = await ada.post("/api/token/generate", ORDER, status=201)
    async with client.app.house.parts.units.reading() as rows:
        checkout = await rows.checkouts.by_code(link["code"])
    assert checkout is not None
    assert checkout.brand_id == ada.session["brandId"]


async def test_unknown_fields_are_named(client: Client) -> None:
    """A misspelt field of an admin's is never silently lost."""
    ada = await newcomer(client, "ada@example.com")
    answer = await ada.call("POST", "/api/admin/brands", {"name": "x", "allowedOrigin": []})
    assert_error(answer, 400, "invalid_request", "allowedOrigin")
    origin = await ada.call("POST", "/api/admin/brands", {"name": "x", "allowedOrigins": ["https://a.example/shop"]})
    assert_error(origin, 400, "invalid_request", "allowedOrigins[0]")


async def test_changes_are_in_the_audit_log(client: Client) -> None:
    """Who, what, from where, before and after; for admins, in parts, searched; no secrets."""
    ada = await newcomer(client, "ada@example.com")
    brand_id = ada.session["brandId"]
    await ada.call("PUT", f"/api/admin/brands/{brand_id}", {"name": "Newer"})
    key = await ada.post("/api/admin/api-keys", {"name": "k"}, status=201)
    answer = await ada.call("GET", "/api/admin/audit-log?search=brand.changed")
    (entry,) = answer.json()["data"]
    assert (entry["target"], entry["ip"], entry["actor"]["email"]) == (brand_id, "127.0.0.1", "ada@example.com")
    assert entry["changes"] == {"name": "Newer", "name.was": "Shop"}
    assert answer.json()["pagination"] == {"page": 1, "limit": 50, "total": 1, "totalPages": 1}
    everything = (await ada.call("GET", "/api/admin/audit-log")).text
    assert key["key"] not in everything
    assert key["signingSecret"] not in everything
    _, member = await _added(ada, client, "bob@example.com", "member", brandIds=[brand_id])
    assert_error(await member.call("GET", "/api/admin/audit-log"), 403, "forbidden")


async def test_another_organization_is_made_and_owned(client: Client) -> None:
    """With a brand of its own; a taken slug is refused when it is asked for."""
    ada = await newcomer(client, "ada@example.com")
    made = await ada.post("/api/admin/organizations", {"name": "Second", "slug": "second"}, status=201)
    data = await ada.post("/api/admin/auth/switch-org", {"organizationId": made["id"]})
    assert data["session"]["role"] == "owner"
    assert data["session"]["brandId"]
    again = await ada.call("POST", "/api/admin/organizations", {"name": "x", "slug": "second"})
    assert_error(again, 409, "slug_exists")
    assert {one["name"] for one in await ada.get("/api/admin/organizations")} == {"Shop", "Second"}


async def test_short_lists_are_read_in_parts_too(client: Client) -> None:
    """With the same bounds as long ones."""
    ada = await newcomer(client, "ada@example.com")
    for name in ("Blue", "Green"):
        await ada.post("/api/admin/brands", {"name": name}, status=201)
    answer = await ada.call("GET", "/api/admin/brands?limit=1&page=2")
    assert [one["name"] for one in answer.json()["data"]] == ["Blue"]
    assert answer.json()["pagination"] == {"page": 2, "limit": 1, "total": 3, "totalPages": 3}
    assert [one["name"] for one in await ada.get("/api/admin/brands?search=GREEN")] == ["Green"]
    assert_error(await ada.call("GET", "/api/admin/api-keys?limit=0"), 400, "invalid_request", "limit")
