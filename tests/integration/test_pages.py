"""The pages as a browser gets them: the hosted checkout at each stage, the API reference, and what both load."""

import asyncio
import re
from datetime import timedelta

import httpx
import pytest
import structlog
import time_machine

from paylinks_core.parts import Parts
from paylinks_core.settings import set_credentials

from .conftest import Client, MakeClient

pytestmark = pytest.mark.anyio

CART = {
    "lineItems": [{"name": "Tea <b>", "quantity": 2, "unitPrice": 12500}],
    "shipping": 500,
    "tax": 250,
    "discount": 1000,
    "amount": 24750,
    "currency": "KWD",
}


def parts_of(client: Client) -> Parts:
    """Reach behind the doors."""
    return client.app.house.parts


def words_of(page: httpx.Response) -> str:
    """Read a page as a person does, without its tags."""
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    text = re.sub(r"<[^>]+>", " ", page.text.partition("<body")[2].partition(">")[2])
    return re.sub(r"\s+", " ", text)


async def pay(client: Client, code: str, outcome: str = "demo", **headers: str) -> httpx.Response:
    """Send the page's form."""
    data = {"provider": "stripe", "outcome": outcome}
    return await client.http.post(f"/c/{code}/pay", data=data, headers=headers)


async def test_an_order_is_shown(client: Client) -> None:
    """Brand, product, total, customer, the ways to pay, and that it is a demo."""
    link = await client.link(customer={"email": "ada@example.com"})
    page = await client.http.get(f"/c/{link['code']}")
    assert page.status_code == 200
    words = words_of(page)
    for said in ("Default brand", "Blue shirt", "Pay $49.99", "Stripe", "Demo mode"):
        assert said in words
    assert 'type="email" value="ada@example.com"' in page.text
    assert f'action="/c/{link["code"]}/pay"' in page.text
    assert '<html lang="en" dir="ltr">' in page.text


async def test_a_cart_is_shown_with_its_currencys_digits(client: Client) -> None:
    """Lines, extras and total have the digits of the currency, and a merchant's text is never markup."""
    link = await client.link(**CART)
    page = await client.http.get(f"/c/{link['code']}")
    words = words_of(page)
    for said in ("2 × KWD 12.500", "KWD 25.000", "KWD 0.500", "−KWD 1.000", "KWD 24.750"):  # noqa: RUF001
        assert said in words
    assert "Tea &lt;b&gt;" in page.text


@pytest.mark.parametrize(
    ("language", "currency", "amount", "said"),
    [
        ("", "JPY", 1500, "¥1,500"),
        ("*", "USD", 5, "$0.05"),
        ("nonsense-tag, de-AT;q=0.8, en;q=0.1", "EUR", 123456, "€ 1.234,56"),
        ("fr-XX", "USD", 123456, "1 234,56 $US"),
        ("en-US", "IQD", 1500, "IQD 1.500"),  # CLDR shows dinars without their fils
    ],
)
async def test_amounts_read_right(client: Client, language: str, currency: str, amount: int, said: str) -> None:
    """As the customer's locale has them, with all the digits that ISO 4217 gives the currency."""
    link = await client.link(currency=currency, amount=amount)
    page = await client.http.get(f"/c/{link['code']}", headers={"Accept-Language": language})
    assert f"Pay {said}" in words_of(page).replace("\u202f", " ")


async def test_paid_by_form(client: Client) -> None:
    """The form leads back to the link, which then says paid, has no form, and can't pay again."""
    code = (await client.link())["code"]
    answer = await pay(client, code)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/c/{code}")
    page = await client.http.get(f"/c/{code}")
    assert "Paid. Thank you!" in words_of(page)
    assert "<form" not in page.text
    assert (await pay(client, code)).status_code == 303


async def test_paid_leads_to_the_shop(client: Client) -> None:
    """With a success URL the customer goes on there, and the page's policy lets the form lead there."""
    code = (await client.link(successUrl="https://shop.example/thanks?a=1"))["code"]
    page = await client.http.get(f"/c/{code}")
    assert "form-action 'self' https://shop.example;" in page.headers["content-security-policy"]
    assert (await pay(client, code)).headers["location"] == "https://shop.example/thanks?a=1"
    assert 'href="https://shop.example/thanks?a=1"' in (await client.http.get(f"/c/{code}")).text


async def test_declined_may_be_tried_again(client: Client) -> None:
    """A decline is told with its reason, and the form stays."""
    code = (await client.link())["code"]
    assert (await pay(client, code, "demo_soft_decline")).status_code == 303
    page = await client.http.get(f"/c/{code}")
    assert 'role="alert"' in page.text
    assert "The payment was declined. Your card has insufficient funds. Nothing was charged." in words_of(page)
    await pay(client, code)
    assert "Paid. Thank you!" in words_of(await client.http.get(f"/c/{code}"))


async def test_a_bank_that_asks(client: Client) -> None:
    """The customer confirms with one more button."""
    code = (await client.link())["code"]
    await pay(client, code, "demo_3ds")
    page = await client.http.get(f"/c/{code}")
    assert 'data-stage="action"' in page.text
    await client.http.post(f"/c/{code}/pay")
    assert 'data-stage="paid"' in (await client.http.get(f"/c/{code}")).text


async def test_an_answer_that_is_lost(client: Client) -> None:
    """The page waits, offers nothing to pay, and comes to paid by itself."""
    code = (await client.link())["code"]
    await pay(client, code, "demo_timeout")
    page = await client.http.get(f"/c/{code}")
    assert 'data-stage="processing"' in page.text
    assert "<noscript><meta http-equiv=" in page.text
    assert "<form" not in page.text
    for _ in range(100):
        page = await client.http.get(f"/c/{code}")
        if 'data-stage="paid"' in page.text:
            return
        await asyncio.sleep(0.1)
    pytest.fail("it was never paid")


async def test_a_provider_that_is_away(client: Client) -> None:
    """Nothing was charged: it is said, and the form stays; the form's own address leads back to the page."""
    code = (await client.link())["code"]
    page = await pay(client, code, "demo_error")
    assert page.status_code == 502
    assert "Stripe could not be reached. Nothing was charged" in words_of(page)
    assert "<form" in page.text
    assert (await client.http.get(f"/c/{code}/pay")).headers["location"] == f"/c/{code}"


async def test_the_links_own_demo_word_is_played(client: Client) -> None:
    """A link can carry the branch that an integrator wants to see."""
    code = (await client.link(metadata={"demo": "demo_3ds"}))["code"]
    assert "This link asks for “The bank asks for a step”" in words_of(await client.http.get(f"/c/{code}"))
    await pay(client, code)
    assert 'data-stage="action"' in (await client.http.get(f"/c/{code}")).text


async def test_by_token(client: Client) -> None:
    """The long address shows the same page, and paying leads to the short one, without the token."""
    link = await client.link()
    page = await client.http.get(f"/checkout/{link['token']}")
    assert "Pay $49.99" in words_of(page)
    answer = await client.http.post(f"/checkout/{link['token']}/pay", data={"provider": "stripe"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/c/{link['code']}")


async def test_unknown_and_replaced_links(client: Client) -> None:
    """A code or token that nobody has leads nowhere, in HTML; of a replaced token it is said that it is replaced."""
    old = await client.link()
    await client.link()
    replaced = await client.http.get(f"/checkout/{old['token']}")
    assert replaced.status_code == 410
    assert "A newer link has taken this one's place" in words_of(replaced).replace("&#39;", "'")
    for path in ("/c/nobody", f"/c/{old['code']}", "/checkout/nonsense"):
        page = await client.http.get(path)
        assert page.status_code == 404, path
        assert "There is no such page" in words_of(page)
    assert (await pay(client, "nobody")).status_code == 404
    assert (await client.http.get("/nowhere")).headers["content-type"] == "application/json"


async def test_an_expired_link(client: Client) -> None:
    """It says so with 410 and whom to ask, and its form pays nothing; a paid order stays paid."""
    link, paid = await client.link(), await client.link(orderId="order-2")
    await pay(client, paid["code"])
    with time_machine.travel(timedelta(hours=2)):
        page = await client.http.get(f"/c/{link['code']}")
        assert page.status_code == 410
        assert "Please ask Default brand" in words_of(page)
        assert "<form" not in page.text
        assert (await pay(client, link["code"])).headers["location"] == f"/c/{link['code']}"
        assert (await client.http.get(f"/checkout/{link['token']}")).status_code == 410
        assert (await client.http.get(f"/c/{paid['code']}")).status_code == 200


async def test_only_allowed_providers(client: Client) -> None:
    """A link that allows none of the installed providers says so, and no form can choose another."""
    code = (await client.link(providers=["acme"]))["code"]
    page = await client.http.get(f"/c/{code}")
    assert "has no way to pay switched on" in words_of(page)
    assert (await pay(client, code)).status_code == 400


async def test_outside_demo_mode(client: Client) -> None:
    """With credentials the provider's own module pays, its hosts are let in, and a plain form is refused."""
    code = (await client.link(providers=["stripe"]))["code"]
    closed = (await client.http.get(f"/c/{code}")).headers["content-security-policy"]
    assert "stripe" not in closed
    assert "frame-src" not in closed
    await set_credentials(parts_of(client), "brand_default", "stripe", {"secretKey": "sk_test_1234567890"})
    page = await client.http.get(f"/c/{code}")
    policy = page.headers["content-security-policy"]
    assert "script-src 'self' https://js.stripe.com https://*.js.stripe.com;" in policy
    assert "connect-src 'self' https://api.stripe.com;" in policy
    assert "need JavaScript" in words_of(page)
    assert "Demo mode: no money moves" not in page.text
    module = re.findall(r'data-module="([^"]+)"', page.text)[0]
    answer = await client.http.get(module)
    assert "export async function mount" in answer.text
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    refused = await pay(client, code)
    assert refused.status_code == 409
    assert "needs JavaScript" in words_of(refused)


async def test_a_provider_without_fields_says_so(client: Client) -> None:
    """Where a plugin brings nothing for the page, the page says where such a payment is taken, and takes none."""
    credentials = {"appKey": "shop", "username": "shop", "password": "p" * 20}
    await set_credentials(parts_of(client), "brand_default", "sticky", credentials)
    code = (await client.link(providers=["sticky"]))["code"]
    page = await client.http.get(f"/c/{code}")
    assert "takes this on its own page only" in words_of(page)
    assert "<button" not in page.text
    answer = await client.http.post(f"/c/{code}/pay", data={"provider": "sticky"})
    assert answer.status_code == 409
    assert "is not possible on this page" in words_of(answer)


async def test_what_a_customer_fills_in(client: Client) -> None:
    """What is wrong is tied to its field and nothing is paid; what is right is kept with the order."""
    code = (await client.link())["code"]
    wrong = {"provider": "stripe", "email": "ada@", "shipping.city": "London", "shipping.country": "GB"}
    page = await client.http.post(f"/c/{code}/pay", data=wrong)
    assert page.status_code == 400
    words = words_of(page)
    for said in ("Enter an e-mail address like", "Enter the street and number.", "Enter the postal code."):
        assert words.count(said) == 2  # in the list, and at the field
    assert "Enter the town or city." not in words
    assert 'value="ada@"' in page.text
    assert '<a href="#shipping-line1">' in page.text
    assert 'id="shipping-line1-error"' in page.text
    right = wrong | {"email": "ada@example.com", "shipping.line1": "1 Square", "shipping.postalCode": "SW1"}
    assert (await client.http.post(f"/c/{code}/pay", data=right)).status_code == 303
    async with parts_of(client).units.reading() as rows:
        checkout = await rows.checkouts.by_code(code)
    assert checkout is not None
    assert (checkout.state, checkout.claims.customer.email) == ("paid", "ada@example.com")
    assert checkout.claims.billing_address == checkout.claims.shipping_address
    assert checkout.claims.shipping_address is not None
    assert checkout.claims.shipping_address.country == "GB"


async def test_a_banks_page_may_post_back(client: Client) -> None:
    """A form of a foreign page, sent to the link itself, is led to the page and nothing else."""
    code = (await client.link())["code"]
    for path in (f"/c/{code}", "/c/nobody", "/upsell/ups_1"):
        answer = await client.http.post(path, data={"PaRes": "x"}, headers={"Origin": "https://bank.example"})
        assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert 'data-stage="open"' in (await client.http.get(f"/c/{code}")).text


async def test_other_sites_forms_are_refused(client: Client) -> None:
    """A form of a foreign page, or of one that hides where it is from, pays nothing; our own page may."""
    code = (await client.link())["code"]
    for origin in ("https://evil.example", "null"):
        answer = await pay(client, code, Origin=origin)
        assert answer.status_code == 403
        assert answer.headers["content-type"].startswith("text/html")
    assert 'data-stage="open"' in (await client.http.get(f"/c/{code}")).text
    assert (await pay(client, code, Origin="http://127.0.0.1:8000")).status_code == 303


async def test_a_page_under_another_name_may_pay(client: Client) -> None:
    """Whoever opened the link under another name of this server can pay there."""
    code = (await client.link())["code"]
    answer = await pay(client, code, Origin="http://localhost:8000", Host="localhost:8000")
    assert answer.status_code == 303


async def test_too_many_tries(make_client: MakeClient) -> None:
    """Paying is limited like the API's own calls for the order, with a page that says so."""
    client = await make_client(PAYLINKS_RATE_LIMIT_AUTHENTICATED="2")
    code = (await client.link())["code"]
    answers = [await pay(client, code, "demo_decline") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert "Too many tries" in words_of(answers[-1])
    assert "retry-after" in answers[-1].headers


async def test_pages_load_nothing_from_elsewhere(client: Client) -> None:
    """Every script, style and icon is ours, nothing is inline, nothing is stored, and the policy says so."""
    code = (await client.link())["code"]
    for path in (f"/c/{code}", "/docs", "/success", "/c/nobody"):
        page = await client.http.get(path)
        assert page.headers["cache-control"] == "no-store"
        assert "script-src 'self'; style-src 'self'" in page.headers["content-security-policy"]
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*src=)", page.text)
        for address in re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', page.text):
            assert address.startswith("/static/")
            assert (await client.http.get(address)).status_code == 200


async def test_static_files_are_kept_for_good(client: Client) -> None:
    """A file under its content's hash never changes; under another hash it is not kept, and unknown ones are 404."""
    address = re.findall(r'href="(/static/\w+/pages.css)"', (await client.http.get("/docs")).text)[0]
    found = await client.http.get(address)
    assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert found.headers["content-type"] == "text/css; charset=utf-8"
    assert (await client.http.get("/static/0/pages.css")).headers["cache-control"] == "no-cache"
    assert (await client.http.get("/static/0/pages.py")).status_code == 404


async def test_the_reference_names_every_call(client: Client) -> None:
    """Whatever the OpenAPI document has is on the page, with its fields."""
    page = await client.http.get("/docs")
    assert page.status_code == 200
    document = (await client.http.get("/api/openapi.json")).json()
    assert all(f"<code>{path}</code>" in page.text for path in document["paths"])
    anchors = set(re.findall(r'href="#([^"]+)"', page.text))
    assert anchors <= set(re.findall(r'id="([^"]+)"', page.text))
    assert "paymentIntentId" in page.text
    assert not any("/c/" in path or "/static/" in path for path in document["paths"])


async def test_a_brands_accent(client: Client) -> None:
    """The colours that an accent makes are a file of their own, so that no page needs a style in it."""
    answer = await client.http.get("/theme/ff8800.css")
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.text.startswith(":root{--accent:#")
    assert (await client.http.get("/theme/red;.css")).status_code == 404


async def test_what_the_pages_script_may_ask(client: Client) -> None:
    """Other sites open nothing, a demo has no module to mount, errors are JSON, and looking changes nothing."""
    code = (await client.link())["code"]
    for path, form, origin, status, word in [
        (f"/c/{code}/start", {"provider": "stripe"}, "https://evil.example", 403, "origin_not_allowed"),
        (f"/c/{code}/start", {"provider": "stripe"}, "http://127.0.0.1:8000", 409, "no_browser_part"),
        (f"/c/{code}/start", {"provider": "none"}, "http://127.0.0.1:8000", 400, "provider_not_allowed"),
        ("/c/nobody/start", {"provider": "stripe"}, "http://127.0.0.1:8000", 404, "not_found"),
        (f"/c/{code}/look", {}, "https://evil.example", 403, "origin_not_allowed"),
    ]:
        answer = await client.http.post(path, data=form, headers={"Origin": origin})
        assert (answer.status_code, answer.json()["code"]) == (status, word), path
    assert (await client.http.post(f"/c/{code}/look")).json() == {}
    assert 'data-stage="open"' in (await client.http.get(f"/c/{code}")).text


async def test_success_tells_only_who_knows_the_order(client: Client) -> None:
    """An order's code or a session's id shows what was bought, without the customer's e-mail; nothing else does."""
    link = await client.link(customer={"email": "ada@example.com"})
    for query in ("", f"?code={link['code']}", "?code=order-1", "?session=ups_1"):
        page = await client.http.get(f"/success{query}")
        assert page.status_code == 200
        assert "Blue shirt" not in page.text
    await pay(client, link["code"])
    page = await client.http.get(f"/success?code={link['code']}")
    assert "Blue shirt" in page.text
    assert "$49.99" in page.text
    assert "ada@example.com" not in page.text


async def test_in_production(make_client: MakeClient) -> None:
    """The root leads developers to the reference and is nothing in production, where a real brand has no demo mode."""
    development: Client = await make_client()
    answer = await development.http.get("/")
    assert (answer.status_code, answer.headers["location"]) == (302, "/docs")
    production: Client = await make_client(
        PAYLINKS_ENV="production",
        PAYLINKS_DATABASE_URL=development.app.house.config.database_url,
        CHECKOUT_TOKEN_SECRET="s" * 40,
        PAYLINKS_SECRET_KEYS="A" * 43,
        PAYLINKS_SMTP_URL="smtps://mail.example",
        PAYLINKS_BASE_URL="https://pay.example",
    )
    code = (await development.link())["code"]
    assert "has no way to pay switched on" in words_of(await production.http.get(f"/c/{code}"))
    root = await production.http.get("/")
    assert root.status_code == 404
    assert "There is no such page" in words_of(root)


async def test_success(client: Client) -> None:
    """Providers' own pages lead customers back to somewhere."""
    assert "Thank you" in words_of(await client.http.get("/success"))


async def test_no_token_is_logged(client: Client) -> None:
    """Neither token nor code stands in any log line."""
    link = await client.link()
    with structlog.testing.capture_logs() as lines:
        await client.http.get(f"/checkout/{link['token']}")
        await client.http.get(f"/c/{link['code']}")
        await pay(client, link["code"])
        await client.http.get(f"/checkout/{link['token']}x")
    assert lines
    assert link["token"] not in str(lines)
    assert link["code"] not in str(lines)
