"""One's own account in the console, being asked again before what is sensitive, and what else forms change."""

import re

import httpx
import pyotp
import pytest
import time_machine

from .conftest import Client
from .people import PASSWORD, Person, newcomer
from .test_console import page_of, send

pytestmark = pytest.mark.anyio

NOON = 1_795_608_000


def led(answer: httpx.Response) -> str:
    """Say where an answer leads."""
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def enabled(person: Person) -> tuple[pyotp.TOTP, list[str]]:
    """Turn the second factor on by the page, a minute and a half ago."""
    text = await page_of(person, "/admin/account/two-factor")
    secret = re.search('<code id="key">([A-Z2-7]+)</code>', text)
    assert secret
    app = pyotp.TOTP(secret[1])
    with time_machine.travel(NOON - 90, tick=False):
        wrong = await send(person, "/admin/account/two-factor", do="confirm", code="000000")
        assert wrong.status_code == 401
        assert secret[1] in wrong.text
        done = await send(person, "/admin/account/two-factor", do="confirm", code=app.at(NOON - 90))
    codes = re.findall("<li><code>([^<]+)</code></li>", done.text)
    assert len(set(codes)) == 10
    return app, codes


@time_machine.travel(NOON, tick=False)
async def test_the_second_factor_is_asked_for_at_the_door(client: Client) -> None:
    """By a code or a recovery code; where the person wanted to go is kept over the step."""
    owner = await newcomer(client, "ada@example.com")
    app, codes = await enabled(owner)
    assert "Turn it off" in await page_of(owner, "/admin/account")
    for form in ({"code": app.at(NOON)}, {"recoveryCode": codes[0]}):
        person = Person(client.app)
        proofs = {"email": "ada@example.com", "password": PASSWORD, "next": "/admin/orders"}
        step = led(await send(person, "/login", **proofs))
        assert step == "/login?step=2fa&next=/admin/orders"
        assert led(await person.http.get("/admin/orders")) == "/login?next=/admin/orders"
        assert 'autocomplete="one-time-code"' in await page_of(person, step)
        wrong = await send(person, "/login", do="code", code="000000", next="/admin/orders")
        assert wrong.status_code == 401
        assert "One more step" in wrong.text
        assert led(await send(person, "/login", do="code", next="/admin/orders", **form)) == "/admin/orders"
        assert "Orders" in await page_of(person, "/admin/orders")


async def test_what_is_sensitive_asks_again_after_an_hour(client: Client) -> None:
    """The way back is the page whose form it was; nothing was done before."""
    with time_machine.travel(NOON, tick=False):
        owner = await newcomer(client, "ada@example.com")
    with time_machine.travel(NOON + 3_700, tick=False):
        asked = led(await send(owner, "/admin/api-keys", do="create", name="k", mode="live"))
        assert asked == "/admin/prove?next=/admin/api-keys"
        assert await owner.get("/api/admin/api-keys") == []
        assert 'value="/admin/api-keys"' in await page_of(owner, asked)
        wrong = await send(owner, "/admin/prove", password="wrong password", next="/admin/api-keys")
        assert wrong.status_code == 401
        assert led(await send(owner, "/admin/prove", password=PASSWORD, next="//evil.example")) == "/admin"
        made = await send(owner, "/admin/api-keys", do="create", name="k", mode="live")
        assert "sk_live_" in made.text


async def test_changing_the_password_signs_out_elsewhere(client: Client) -> None:
    """The page itself stays open."""
    owner = await newcomer(client, "ada@example.com")
    other = Person(client.app)
    await other.sign_in("ada@example.com")
    form = {"currentPassword": PASSWORD, "newPassword": "another long password"}
    wrong = await send(owner, "/admin/account", **form | {"currentPassword": "not this one at all"})
    assert wrong.status_code == 401
    assert led(await send(owner, "/admin/account", **form)) == "/admin/account?done=saved"
    assert "Saved." in await page_of(owner, "/admin/account?done=saved")
    assert led(await other.http.get("/admin")) == "/login?next=/admin"
    assert led(await send(owner, "/logout")) == "/login"
    assert led(await owner.http.get("/admin")) == "/login?next=/admin"


async def test_people_webhooks_and_brands_are_changed_by_forms(client: Client) -> None:
    """What the API reads afterwards is what the forms said."""
    owner = await newcomer(client, "ada@example.com")
    brand = owner.session["brandId"]
    invited = {"name": "Bob", "email": "bob@example.com", "role": "member", "brandIds": brand}
    assert led(await send(owner, "/admin/users", **invited)) == "/admin/users?done=invited"
    bob = next(one for one in await owner.get("/api/admin/users") if one["name"] == "Bob")
    assert (bob["role"], bob["brandIds"], bob["pending"]) == ("member", [brand], True)
    await send(owner, f"/admin/users/{bob['id']}", do="change", name="Bobby", role="admin")
    changed = await owner.get(f"/api/admin/users/{bob['id']}")
    assert (changed["name"], changed["role"]) == ("Bobby", "admin")
    last = await send(owner, f"/admin/users/{owner.session['userId']}", do="remove")
    assert (last.status_code, "keeps at least one owner" in last.text) == (409, True)
    assert led(await send(owner, f"/admin/users/{bob['id']}", do="remove")) == "/admin/users?done=removed"

    refused = await send(owner, "/admin/webhooks", url="ftp://shop.example/hooks", events="*")
    assert refused.status_code == 400
    assert 'aria-describedby="url-hint url-error"' in refused.text
    made = await send(owner, "/admin/webhooks", url="http://127.0.0.1:9/hooks", events="order.confirmed")
    assert "whsec_" in made.text
    endpoint = (await owner.get("/api/admin/webhooks"))[0]
    assert endpoint["events"] == ["order.confirmed"]
    path = f"/admin/webhooks/{endpoint['id']}"
    assert "whsec_" not in await page_of(owner, path)
    tried = led(await send(owner, path, do="test"))
    assert "webhook.test" in await page_of(owner, tried)
    assert led(await send(owner, path, do="change", url=endpoint["url"], events="*")) == f"{path}?done=saved"
    changed = (await owner.get("/api/admin/webhooks"))[0]
    assert (changed["events"], changed["enabled"]) == (["*"], False)
    off = await send(owner, tried)
    assert (off.status_code, "switched off" in off.text) == (409, True)
    assert led(await send(owner, path, do="delete")) == "/admin/webhooks?done=removed"

    look = {"name": "New name", "slug": "new-name", "theme.accent": "#1d4ed8", "allowedOrigins": "https://shop.example"}
    assert led(await send(owner, f"/admin/brands/{brand}", **look)) == f"/admin/brands/{brand}?done=saved"
    shown = (await owner.get("/api/admin/brands"))[0]
    assert (shown["name"], shown["theme"], shown["allowedOrigins"]) == (
        "New name",
        {"accent": "#1d4ed8"},
        ["https://shop.example"],
    )
