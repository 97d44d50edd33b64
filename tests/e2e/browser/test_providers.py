"""Live providers in the page: each plugin's own module against a stand-in of the provider's script, served by the test.

The module, the page, the policy and the server are the real ones, and the server's gateway speaks to the plugin's
simulator over HTTP. The stand-ins have the interface of the provider's manual and refuse anything else.
"""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from ...plain import PLAIN
from ..conftest import PUBLISHABLE_KEY, SECRET_KEY, Peer, Process, Server, free_port
from .journeys import CART, Shop, choose
from .stand_ins import PLAYED, STRIPE


def play(route: Route, *, kind: str, body: str) -> None:
    """Answer in a provider's place."""
    route.fulfill(content_type=kind, body=body)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, dict[str, Peer]]]:
    """Run a server with credentials for four providers, and the simulators of all but Sticky.io over HTTP."""
    folder = tmp_path_factory.mktemp("live")
    with ExitStack() as stack:
        peers: dict[str, Peer] = {}
        tables = ""
        for name, ready in (("stripe", "/v1/balance"), ("nmi", "/"), ("ultracart", "/")):
            port = free_port()
            peers[name] = Peer(folder / name, "simulate", name, "--port", str(port), port=port, ready=ready)
            peers[name].folder.mkdir()
            tables += f'[{name}]\napi_base = "{peers[name].url}"\n'
        (folder / "plugins.toml").write_text(tables)
        port = free_port()
        server = Server(
            folder,
            "serve",
            port=port,
            ready="/health/ready",
            PAYLINKS_PORT=str(port),
            PAYLINKS_PLUGINS=str(folder / "plugins.toml"),
            PAYLINKS_RATE_LIMIT_AUTHENTICATED="100000",
        )
        with ThreadPoolExecutor() as pool:
            for process in (server, *peers.values()):
                stack.callback(process.stop)
            list(pool.map(Process.start, (server, *peers.values())))
        keys = {
            "stripe": {"secretKey": SECRET_KEY, "publishableKey": PUBLISHABLE_KEY},
            "nmi": {"securityKey": "6457Thfj624V5r7WUwc5v6a68Zsd6YEm", "tokenizationKey": "abcdef-012345"},
            "ultracart": {"merchantId": "DEMO", "apiKey": "simple-key-of-the-shop"},
            "sticky": {"appKey": "shop", "username": "shop", "password": "p" * 20},
        }
        for name, credentials in keys.items():
            server.command("credentials", "set", "brand_default", name, text=json.dumps(credentials))
        shop = Shop(server)
        shop.write("UPDATE plugin_settings SET options = ? WHERE plugin = 'ultracart'", '{"defaultItem": "SHIRT"}')
        yield shop, peers


@pytest.fixture
def live_page(browser: Browser, live: tuple[Shop, dict[str, Peer]]) -> Iterator[Callable[..., Page]]:
    """Open pages in which the providers' hosts are played; whatever the page's policy refuses fails the test."""
    shop, peers = live
    with ExitStack() as stack:
        refused: list[str] = []

        def api(route: Route) -> None:
            request = route.request
            path = request.url.removeprefix("https://api.stripe.com")
            answer = httpx.post(
                peers["stripe"].url + path, content=request.post_data, headers={"Content-Type": FORM}, verify=PLAIN
            )
            headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/json"}
            route.fulfill(status=answer.status_code, body=answer.text, headers=headers)

        def make(path: str, played: str | None = None, *, script: bool = True) -> Page:
            context = stack.enter_context(browser.new_context(locale="en-US", java_script_enabled=script))
            context.set_default_timeout(10_000)
            page = context.new_page()
            page.on("console", lambda said: refused.append(said.text) if "Security Policy" in said.text else None)
            page.on("pageerror", lambda error: refused.append(str(error)))
            if played:
                page.add_init_script(f"globalThis.played = {json.dumps(played)}")
            for url, (kind, body) in PLAYED.items():
                page.route(url, partial(play, kind=kind, body=body))
            page.route("https://api.stripe.com/**", api)
            page.goto(shop.url + path)
            return page

        yield make
        assert refused == []


FORM = "application/x-www-form-urlencoded"
LivePage = Callable[..., Page]
Live = tuple[Shop, dict[str, Peer]]


def pay(page: Page) -> None:
    """Press the button once the provider's fields are there."""
    expect(page.locator(".panel:visible iframe").first).to_be_visible()
    expect(page.locator("[data-wait]:visible")).to_have_count(0)
    page.get_by_role("button", name="Pay $").click()


def test_stripe(live_page: LivePage, live: Live) -> None:
    """The Payment Element is mounted and told who pays; Stripe takes the money, and the server reads it back."""
    before = len(live[1]["stripe"].charges())
    page = live_page(live[0].checkout(**CART))
    pay(page)
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_focused()
    billed = page.evaluate("globalThis.billed")
    assert (billed["name"], billed["email"]) == ("Ada Lovelace", "ada@example.com")
    assert billed["address"]["postal_code"] == "SW1Y 4JH"
    charges = live[1]["stripe"].charges()
    assert (len(charges), charges[0]["amount"]) == (before + 1, 12350)


def test_stripe_declines(live_page: LivePage, live: Live) -> None:
    """The decline is the server's to tell; the fields come back, and another card pays."""
    page = live_page(live[0].checkout(**CART), "pm_card_visa_chargeDeclined")
    pay(page)
    expect(page.get_by_role("alert").filter(has_text="was declined")).to_be_focused()
    page.evaluate("globalThis.played = 'pm_card_visa'")
    pay(page)
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()


def test_what_stripe_finds_wrong(live_page: LivePage, live: Live) -> None:
    """What never left the page is said at the button; the customer goes on."""
    page = live_page(live[0].checkout(**CART), "invalid")
    pay(page)
    expect(page.locator("#said")).to_have_text("Your card number is incomplete.")
    expect(page.locator("#said")).to_be_focused()
    page.evaluate("globalThis.played = undefined")
    pay(page)
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()


def test_wrong_contact_is_told_before_anything_is_paid(live_page: LivePage, live: Live) -> None:
    """The form is checked by the server first, and its errors are at their fields."""
    page = live_page(live[0].checkout())
    pay(page)
    expect(page.locator("#problems")).to_be_focused()
    expect(page.get_by_label("E-mail")).to_have_accessible_description("Enter your e-mail address.")
    assert page.evaluate("globalThis.billed") is None
    page.get_by_label("E-mail").fill("ada@example.com")
    pay(page)
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()


def test_paid_meanwhile(live_page: LivePage, live: Live) -> None:
    """A customer who comes back from a bank's page that Stripe led to finds the order paid."""
    shop, peers = live
    link = shop.link(**CART)
    opened = shop.call("/api/checkout/initialize", {"token": link["token"], "provider": "stripe"})
    form = {
        "key": PUBLISHABLE_KEY,
        "client_secret": opened["clientSecret"],
        "payment_method": "pm_card_visa",
        "return_url": shop.url,
    }
    url = f"{peers['stripe'].url}/v1/payment_intents/{opened['providerOrderId']}/confirm"
    assert httpx.post(url, data=form, verify=PLAIN).status_code == 200
    page = live_page(f"/c/{link['code']}?payment_intent={opened['providerOrderId']}")
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()


def test_a_banks_step_in_the_page(live_page: LivePage, live: Live) -> None:
    """A step that was broken off is taken up again by Stripe's script in our page."""
    page = live_page(live[0].checkout(**CART), "pm_card_threeDSecure2Required")
    page.evaluate("globalThis.interrupted = true")
    pay(page)
    expect(page.get_by_role("heading", name="Your bank asks for a step")).to_be_focused()
    page.get_by_role("button", name="Go on to the bank").click()
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()


def test_a_banks_own_page(live_page: LivePage, live: Live) -> None:
    """The customer is led to the bank's page and back, and may be led there again, with JavaScript and without."""
    path = live[0].checkout(**CART)
    page = live_page(path, "pm_card_threeDSecure2Required")
    pay(page)
    page.wait_for_url("**/c/*?payment_intent=*")  # the simulator's bank leads back at once, with nothing confirmed
    expect(page.get_by_role("heading", name="Your bank asks for a step")).to_be_visible()
    page.goto(live[0].url + path)
    page.get_by_role("button", name="Go on to the bank").click()
    page.wait_for_url("**/c/*?payment_intent=*")
    plain = live_page(path, script=False)
    plain.get_by_role("button", name="Go on to the bank").click()
    plain.wait_for_url("**/c/*?payment_intent=*")


def test_a_reply_that_is_lost_on_its_way_to_the_page(live_page: LivePage, live: Live) -> None:
    """The customer is told that another press is safe, and it is: the page then says paid, and one charge was made."""
    shop, peers = live
    before = len(peers["stripe"].charges())
    page = live_page(shop.checkout(**CART))

    def lose(route: Route) -> None:
        httpx.post(route.request.url, json=route.request.post_data_json, verify=PLAIN)
        route.abort()

    page.route("**/api/checkout/complete", lose)
    pay(page)
    expect(page.locator("#said")).to_contain_text("it is safe to try again")
    pay(page)
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()
    assert len(peers["stripe"].charges()) == before + 1


def test_without_javascript(live_page: LivePage, live: Live) -> None:
    """Where the provider's script is needed, it is said before and after a press, and nothing is charged."""
    page = live_page(live[0].checkout(**CART), script=False)
    expect(page.locator("[data-panel=stripe] noscript p")).to_be_visible()
    page.get_by_role("button", name="Pay $").click()
    expect(page.get_by_role("alert").first).to_contain_text("Paying with Stripe needs JavaScript")


def test_nmi(live_page: LivePage, live: Live) -> None:
    """Choosing NMI mounts Collect.js in its own frames; its token is charged by the server, and works once."""
    page = live_page(live[0].checkout(**CART))
    choose(page, "NMI")
    expect(page.locator("iframe[title='Card number']")).to_be_visible()
    pay(page)
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()


def test_what_collect_js_finds_wrong(live_page: LivePage, live: Live) -> None:
    """The field is named, and nothing is charged."""
    page = live_page(live[0].checkout(**CART), "invalid")
    choose(page, "NMI")
    pay(page)
    expect(page.locator("#said")).to_have_text("Please check: Security code.")


def fill_expiry(page: Page) -> None:
    """Choose when the card expires, which UltraCart's hosted fields do not ask."""
    expect(page.get_by_label("Expiry month")).to_be_visible()
    page.get_by_label("Expiry month").select_option("7")
    page.get_by_label("Expiry year").select_option(index=3)


def test_ultracart(live_page: LivePage, live: Live) -> None:
    """Choosing UltraCart mounts its hosted fields; their tokens and the expiry are charged by the server."""
    page = live_page(live[0].checkout(**CART))
    choose(page, "UltraCart")
    expect(page.locator("iframe[title=creditCardNumber]")).to_be_visible()
    fill_expiry(page)
    pay(page)
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()


def test_what_ultracarts_fields_miss(live_page: LivePage, live: Live) -> None:
    """The expiry is ours to ask for; a field that gives no token is named, and nothing is charged."""
    page = live_page(live[0].checkout(**CART), "invalid")
    choose(page, "UltraCart")
    pay(page)
    expect(page.locator("#said")).to_have_text("Please check: Expiry month, Expiry year.")
    fill_expiry(page)
    pay(page)
    expect(page.locator("#said")).to_have_text("Please check: Security code.", timeout=15_000)


def test_ultracart_declines(live_page: LivePage, live: Live) -> None:
    """The decline is the server's to tell; the fields come back anew, and another card pays."""
    page = live_page(live[0].checkout(**CART), "decline")
    choose(page, "UltraCart")
    fill_expiry(page)
    pay(page)
    expect(page.get_by_role("alert").filter(has_text="was declined")).to_be_focused()
    fill_expiry(page)
    pay(page)
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()


def test_fields_that_do_not_come(live_page: LivePage, live: Live) -> None:
    """A script that can't be loaded is told, nothing can be paid, and it may be tried again."""
    page = live_page("/success")
    page.route("https://js.stripe.com/v3/", lambda route: route.abort())
    page.goto(live[0].url + live[0].checkout(**CART))
    expect(page.get_by_text("The fields of Stripe could not be loaded.")).to_be_visible()
    page.get_by_role("button", name="Pay $").click()
    expect(page.locator("#said")).to_contain_text("not there yet")
    page.unroute("https://js.stripe.com/v3/")
    page.route("https://js.stripe.com/v3/", lambda route: route.fulfill(body=STRIPE, content_type="text/javascript"))
    page.get_by_role("button", name="Try again").click()
    pay(page)
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()


def test_no_card_number_comes_to_us(live_page: LivePage, live: Live) -> None:
    """Nothing in our own page asks for a card, and a provider without fields says where it is taken."""
    page = live_page(live[0].checkout(**CART))
    expect(page.locator("[data-panel=stripe] iframe")).to_be_visible()
    names = page.locator("input, select, textarea").evaluate_all("all => all.map(one => one.name + one.autocomplete)")
    assert not any("cc-" in name or "card" in name.lower() for name in names)
    expect(page.get_by_text("Default brand takes this on its own page only")).to_be_visible()
    expect(page.locator("input[value=sticky]")).to_be_disabled()
