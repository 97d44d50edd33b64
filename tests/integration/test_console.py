"""The console as a browser without scripts uses it: who sees which page and controls, forms, and other tenants."""

import re

import httpx
import pytest
from msgspec.structs import replace

from .conftest import ORDER, Client
from .people import PASSWORD, Person, developer, newcomer, newest_mail

pytestmark = pytest.mark.anyio

OWN = {"origin": "http://127.0.0.1:8000"}
LISTS = (
    "/admin",
    "/admin/orders",
    "/admin/links",
    "/admin/upsells",
    "/admin/webhooks",
    "/admin/inbox",
    "/admin/api-keys",
    "/admin/brands",
    "/admin/account",
    "/admin/account/two-factor",
    "/admin/prove",
)
FOR_ADMINS = ("/admin/salespeople", "/admin/users", "/admin/audit-log")


async def send(person: Person, path: str, **form: str) -> httpx.Response:
    """Send a form from a page of ours."""
    return await person.http.post(path, data=form, headers=OWN)


async def page_of(person: Person, path: str, status: int = 200) -> str:
    """Open a page."""
    answer = await person.http.get(path)
    assert answer.status_code == status, f"{path} answered {answer.status_code}"
    return answer.text


async def paid_order(owner: Person, order_id: str = "order-1") -> str:
    """Have an order paid in demo mode, and give its checkout's id."""
    link = await owner.post("/api/token/generate", ORDER | {"orderId": order_id}, status=201)
    await owner.post("/api/checkout/initialize", {"token": link["token"], "provider": "stripe"})
    paid = {"token": link["token"], "provider": "stripe", "paymentToken": "demo"}
    await owner.post("/api/checkout/complete", paid)
    return str((await owner.get(f"/api/admin/orders/{order_id}"))["checkoutId"])


async def test_who_is_not_signed_in_is_led_to_the_door_and_back(client: Client) -> None:
    """The address to come back to is one of ours, whatever the form says."""
    nobody = Person(client.app)
    answer = await nobody.http.get("/admin/orders?status=paid")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/admin/orders%3Fstatus%3Dpaid")
    proofs = {"email": "admin@example.com", "password": "paylinks-development"}
    for wanted, led in (
        ("/admin/orders?status=paid", "/admin/orders?status=paid"),
        ("https://evil.example/admin", "/admin"),
        ("//evil.example", "/admin"),
        ("/admin//evil.example", "/admin"),
        ("/api/admin/auth", "/admin"),
    ):
        answer = await send(Person(client.app), "/login", next=wanted, **proofs)
        assert (answer.status_code, answer.headers["location"]) == (303, led), wanted
    wrong = await send(nobody, "/login", email="admin@example.com", password="wrong password")
    assert wrong.status_code == 401
    assert "Invalid credentials" in wrong.text
    assert 'value="admin@example.com"' in wrong.text
    assert "wrong password" not in wrong.text
    empty = await send(nobody, "/login", email="", password="")
    assert (empty.status_code, empty.text.count('aria-invalid="true"')) == (400, 2)


async def test_pages_show_what_the_role_may(client: Client) -> None:
    """An owner gets the controls; a member reads, and is told no where the role ends."""
    owner = await newcomer(client, "ada@example.com")
    checkout = await paid_order(owner)
    body = {"email": "m@example.com", "name": "M", "role": "member", "password": PASSWORD}
    await owner.post("/api/admin/users", body | {"brandIds": [owner.session["brandId"]]}, status=201)
    member = Person(client.app)
    await member.sign_in("m@example.com")
    for path in (*LISTS, f"/admin/orders/{checkout}"):
        for person in (owner, member):
            text = await page_of(person, path)
            assert "<h1" in text, path
            assert "style=" not in text, path
    for path in FOR_ADMINS:
        await page_of(owner, path)
        assert "You may not do that" in await page_of(member, path, 403)
    assert "Give the money back" in await page_of(owner, f"/admin/orders/{checkout}")
    assert "Give the money back" not in await page_of(member, f"/admin/orders/{checkout}")
    assert "Make a key" not in await page_of(member, "/admin/api-keys")
    assert 'href="/admin/users"' not in await page_of(member, "/admin")
    assert (await send(member, "/admin/api-keys", do="create", name="k")).status_code == 403
    assert (await send(member, f"/admin/orders/{checkout}", do="refund", amount="1")).status_code == 403


async def test_forms_of_foreign_pages_are_refused(client: Client) -> None:
    """Whatever cookies come with them: nothing is changed, nobody is signed in or out."""
    owner = await newcomer(client, "ada@example.com")
    foreign = {"origin": "https://evil.example"}
    forms = {
        "/admin/brands": {"name": "Evil"},
        "/admin/links": {"amount": "1", "currency": "USD", "orderId": "o", "expiresIn": "3600"},
        "/admin/switch": {"brandId": owner.session["brandId"]},
        "/login": {"email": "ada@example.com", "password": PASSWORD},
        "/logout": {},
        "/register": {"name": "E", "email": "e@example.com", "password": PASSWORD, "orgName": "E"},
        "/password-reset": {"email": "ada@example.com"},
        "/sales/login": {"email": "ada@example.com", "password": PASSWORD},
    }
    for path, form in forms.items():
        for headers in (foreign, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
            answer = await owner.http.post(path, data=form, headers=headers)
            assert answer.status_code == 403, path
    assert [one["name"] for one in await owner.get("/api/admin/brands")] == ["Shop"]
    assert await owner.get("/api/admin/orders") == []


async def test_a_foreign_owner_sees_nothing(client: Client) -> None:
    """Every page with an id in its address is a 404, and no list tells of it."""
    ada, eve = await newcomer(client, "ada@example.com", "One"), await newcomer(client, "eve@example.com", "Two")
    checkout = await paid_order(ada, "order-of-ada")
    link = await ada.post("/api/token/generate", ORDER | {"orderId": "open-of-ada"}, status=201)
    account = {"email": "p@example.com", "name": "Sal of Ada", "password": PASSWORD}
    salesperson = (await ada.post("/api/admin/salespeople", account, status=201))["id"]
    for path in (
        f"/admin/orders/{checkout}",
        "/admin/orders/order-of-ada",
        f"/admin/links/{link['code']}",
        f"/admin/users/{ada.session['userId']}",
        f"/admin/brands/{ada.session['brandId']}",
        f"/admin/salespeople/{salesperson}",
    ):
        assert "of-ada" in path or "<h1" in await page_of(ada, path)
        text = await page_of(eve, path, 404)
        assert "order-of-ada" not in text
        assert (await send(eve, path, do="change", name="E", email="e@example.com")).status_code == 404, path
    for path in (*LISTS, *FOR_ADMINS):
        text = await page_of(eve, path)
        assert not re.search("of-ada|of Ada|ada@example", text), path
    assert (await send(eve, "/admin/switch", brandId=ada.session["brandId"])).status_code == 404


async def test_money_is_given_back_once(client: Client) -> None:
    """The second click of a double one is refused; what is wrong with an amount is told beside it."""
    owner = await newcomer(client, "ada@example.com")
    path = f"/admin/orders/{await paid_order(owner)}"
    text = await page_of(owner, path)
    payment = re.search('name="paymentId" value="([^"]+)"', text)
    left = re.search('name="left" value="([0-9]+)"', text)
    assert payment
    assert left
    form = {"do": "refund", "paymentId": payment[1], "left": left[1], "amount": "10.00", "reason": "Wrong size"}
    wrong = await send(owner, path, **form | {"amount": "10,00"})
    assert wrong.status_code == 400
    assert "is no amount" in wrong.text
    done = await send(owner, path, **form)
    assert (done.status_code, done.headers["location"]) == (303, f"{path}?done=refund-succeeded")
    assert "The money is given back." in await page_of(owner, done.headers["location"])
    again = await send(owner, path, **form)
    assert again.status_code == 400
    assert "has changed meanwhile" in again.text
    assert (await owner.get("/api/admin/orders/order-1"))["refunded"] == 1000


async def test_a_link_is_made_shown_and_mailed(client: Client) -> None:
    """The amount is written as people write it; the mail is kept, and noted in the audit log."""
    owner = await newcomer(client, "ada@example.com")
    form = {"amount": "49.999", "currency": "usd", "orderId": "o-1", "productName": "Shirt", "expiresIn": "3600"}
    wrong = await send(owner, "/admin/links", **form)
    assert wrong.status_code == 400
    assert 'aria-describedby="amount-hint amount-error"' in wrong.text
    made = await send(owner, "/admin/links", **form | {"amount": "49.90"})
    assert made.status_code == 303
    path = made.headers["location"]
    text = await page_of(owner, path)
    assert "/c/" in text
    assert "data:image/svg" in text
    assert (await owner.get("/api/admin/orders/o-1"))["amount"] == 4990
    assert (await send(owner, path, email="nobody")).status_code == 400
    mailed = await send(owner, path, email="Customer@example.com")
    assert mailed.headers["location"] == f"{path}?done=mailed"
    outbox = await page_of(owner, "/dev/outbox")
    assert "customer@example.com" in outbox
    assert f"http://127.0.0.1:8000/c/{path.rpartition('/')[2]}" in outbox
    assert "link.mailed" in {one["action"] for one in await owner.get("/api/admin/audit-log")}


async def test_secrets_are_shown_once(client: Client) -> None:
    """A key is in the answer to its form, and on no page after."""
    owner = await newcomer(client, "ada@example.com")
    made = await send(owner, "/admin/api-keys", do="create", name="Server", mode="live")
    key = re.search("sk_live_[A-Za-z0-9_-]+", made.text)
    assert key
    assert made.headers["cache-control"] == "no-store"
    text = await page_of(owner, "/admin/api-keys")
    assert key[0] not in text
    assert "Server" in text
    key_id = (await owner.get("/api/admin/api-keys"))[0]["id"]
    assert (await send(owner, "/admin/api-keys", do="revoke", keyId=key_id)).status_code == 303
    assert await owner.get("/api/admin/api-keys") == []


async def test_signing_in_by_mail_and_setting_a_password(client: Client) -> None:
    """The answer is the same for whom nobody knows; a used link is told as such."""
    await newcomer(client, "ada@example.com")
    person = Person(client.app)
    known = await send(person, "/login", do="magic", email="ada@example.com", password="")
    unknown = await send(person, "/login", do="magic", email="nobody@example.com", password="")
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    asked = await send(person, "/password-reset", email="ada@example.com")
    assert "Look into your mail" in asked.text
    _, token = await newest_mail(client)
    short = await send(person, "/password-reset", token=token, password="short")
    assert short.status_code == 400
    assert 'aria-invalid="true"' in short.text
    done = await send(person, "/password-reset", token=token, password="another long password")
    assert "Your password is changed" in done.text
    used = await send(person, "/password-reset", token=token, password="another long password")
    assert used.status_code == 401
    assert "has been used" in used.text
    entered = await send(person, "/login", email="ada@example.com", password="another long password")
    assert entered.headers["location"] == "/admin"


async def test_the_salespersons_portal(client: Client) -> None:
    """A door of its own; links are credited, and the console is closed to them."""
    owner = await newcomer(client, "ada@example.com")
    form = {"name": "Sal", "email": "sal@example.com", "password": PASSWORD, "commissionRate": "7.5"}
    assert (await send(owner, "/admin/salespeople", **form)).status_code == 303
    sal = Person(client.app)
    assert (await sal.http.get("/sales")).headers["location"] == "/sales/login"
    assert (await send(sal, "/sales/login", email="sal@example.com", password="wrong one")).status_code == 401
    assert (await send(sal, "/sales/login", email="sal@example.com", password=PASSWORD)).status_code == 303
    link = {"amount": "100", "currency": "USD", "orderId": "s-1", "productName": "Coffee", "expiresIn": "3600"}
    made = await send(sal, "/sales", **link)
    assert "data:image/svg" in made.text
    text = await page_of(sal, "/sales")
    assert "7.5 %" in text
    assert "$7.50" in text
    assert (await sal.http.get("/admin")).status_code == 303
    assert "s-1" in await page_of(owner, "/admin/orders")
    assert (await send(sal, "/sales/logout")).status_code == 303
    assert (await sal.http.get("/sales")).status_code == 303


async def test_the_first_page_counts_today(client: Client) -> None:
    """Demo mode's figures say so; what a provider may have charged needs attention."""
    owner = await developer(client)
    checkout = await paid_order(owner)
    text = await page_of(owner, "/admin")
    assert "$49.99" in text
    assert 'class="badge demo"' in text
    assert "/admin/orders?needsAttention=true" not in text
    parts = client.app.house.parts
    async with parts.units() as work:
        row = await work.checkouts.get(checkout)
        assert row is not None
        await work.checkouts.replace(row, replace(row, attention="Paid twice"))
        await work.commit()
    assert "/admin/orders?needsAttention=true" in await page_of(owner, "/admin")
    assert "Paid twice" in await page_of(owner, f"/admin/orders/{checkout}")
    noted = await send(owner, f"/admin/orders/{checkout}", do="resolve", outcome="noted", note="Given back by hand")
    assert noted.status_code == 303
    assert "Paid twice" not in await page_of(owner, f"/admin/orders/{checkout}")
