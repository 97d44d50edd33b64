"""What holds for every page in every state: WCAG 2.2 AA in light and dark, 320 pixels, both directions, few bytes."""

import gzip
import json
from collections.abc import Callable, Mapping
from importlib.resources import files

import httpx
import pytest
from playwright.sync_api import Page, Response, ViewportSize

from ...plain import PLAIN
from .journeys import CARE, CART, WRAP, Shop

OpenPage = Callable[..., Page]

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CONTRAST = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}  # what the dark could break
MOST_BYTES = 50_000
NARROW: ViewportSize = {"width": 320, "height": 640}
NEVER = 9_000_000_000_000  # when the reconciler looks at what a test holds still


def _order(shop: Shop) -> str:
    return shop.checkout(**CART)


def _played(outcome: str) -> Callable[[Shop], str]:
    def make(shop: Shop) -> str:
        link = shop.link(**CART)
        form = {"provider": "stripe", "outcome": outcome, "email": "ada@example.com"}
        answer = httpx.post(f"{shop.url}/c/{link['code']}/pay", data=form, verify=PLAIN)
        assert answer.status_code == 303, answer.text
        return f"/c/{link['code']}"

    return make


def _held(column: str, value: object) -> Callable[[Shop], str]:
    """Make a checkout whose payment is kept as it is."""

    def make(shop: Shop) -> str:
        path = _played("demo_decline")(shop)
        code = path.removeprefix("/c/")
        shop.write(
            "UPDATE payments SET check_at = ?, state = 'unknown' WHERE checkout_id IN "
            "(SELECT id FROM checkouts WHERE code = ?)",
            NEVER,
            code,
        )
        shop.write(f"UPDATE checkouts SET {column} = ? WHERE code = ?", value, code)  # noqa: S608 - our own words
        return path

    return make


def _expired(shop: Shop) -> str:
    path = shop.checkout(**CART, cancelUrl="https://shop.example/cart")
    shop.write("UPDATE checkouts SET expires_at = 1 WHERE code = ?", path.removeprefix("/c/"))
    return path


def _offered(*offers: dict[str, object], accept: bool = False, over: bool = False) -> Callable[[Shop], str]:
    def make(shop: Shop) -> str:
        path = shop.offers(*offers)
        session = path.removeprefix("/upsell/")
        if accept:
            httpx.post(f"{shop.url}/api/upsell/accept", json={"sessionId": session}, verify=PLAIN)
        if over:
            shop.write("UPDATE upsell_sessions SET expires_at = 1 WHERE id = ?", session)
        return path

    return make


def _bought(shop: Shop) -> str:
    path = _offered(CARE, accept=True)(shop)
    return f"/success?session={path.removeprefix('/upsell/')}"


STATES: Mapping[str, Callable[[Shop], str]] = {
    "checkout-open": _order,
    "checkout-declined": _played("demo_soft_decline"),
    "checkout-action": _played("demo_3ds"),
    "checkout-processing": _held("state", "processing"),
    "checkout-attention": _held("attention", "The provider took another amount"),
    "checkout-paid": _played("demo"),
    "checkout-expired": _expired,
    "checkout-unknown": lambda _: "/c/nobody",
    "upsell-offer": _offered(CARE | {"image": "https://img.example/care.svg"}, WRAP),
    "upsell-declined": _offered(CARE | {"id": "demo_decline"}, WRAP, accept=True),
    "upsell-action": _offered(CARE | {"id": "demo_3ds"}, accept=True),
    "upsell-completed": _offered(CARE, accept=True),
    "upsell-expired": _offered(CARE, over=True),
    "success": _bought,
    "success-unknown": lambda _: "/success",
}


def violations(page: Page, rules: Mapping[str, object] = RULES) -> list[str]:
    """Have axe-core look at the page as it is."""
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(({violations}) => violations)",
        rules,
    )
    return [f"{one['id']}: {json.dumps([node['html'][:200] for node in one['nodes'][:3]])}" for one in found]


def overflow(page: Page) -> int:
    """Tell by how many pixels the page is wider than the window."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wide


def check(page: Page, name: str, picture: Callable[[Page, str], None]) -> None:
    """Look at a page in light and dark, wide and narrow, from left to right and from right to left."""
    page.evaluate(AXE)
    picture(page, name)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    picture(page, f"{name}-dark")
    assert violations(page, CONTRAST) == []
    page.set_viewport_size(NARROW)
    assert overflow(page) <= 0
    picture(page, f"{name}-320")
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert overflow(page) <= 0
    picture(page, f"{name}-rtl-320")


@pytest.mark.parametrize("name", STATES)
def test_a_page_can_be_used_by_everyone(
    open_page: OpenPage, shop: Shop, picture: Callable[[Page, str], None], name: str
) -> None:
    """No violation of WCAG 2.2 AA, and no scrolling to the side."""
    page = open_page(STATES[name](shop), pictures="https://img.example/**")
    check(page, name, picture)


def test_the_reference_can_be_used_by_everyone(open_page: OpenPage, picture: Callable[[Page, str], None]) -> None:
    """The same; its hundred cards are of one kind, so some are looked at."""
    page = open_page("/docs")
    assert overflow(page) <= 0
    page.evaluate("document.querySelectorAll('main > .card:nth-of-type(n+4)').forEach(one => one.remove())")
    page.evaluate("document.querySelectorAll('nav li:nth-of-type(n+4)').forEach(one => one.remove())")
    check(page, "reference", picture)


def test_a_form_with_errors_can_be_used_by_everyone(
    open_page: OpenPage, shop: Shop, picture: Callable[[Page, str], None]
) -> None:
    """Errors and opened parts of the form hold the same."""
    page = open_page(shop.checkout())
    for part in ("Delivery address", "Billing address"):
        page.get_by_text(part).click()
    for city in page.get_by_label("Town or city").all():
        city.fill("London")
    page.get_by_label("E-mail").fill("ada@")
    page.get_by_role("button", name="Pay $").click()
    page.wait_for_selector("#problems:focus")
    check(page, "checkout-errors", picture)


def test_a_checkout_is_light(open_page: OpenPage, shop: Shop) -> None:
    """All that is ours on a checkout page, compressed, is less than 50 kB; scripts and styles come compressed."""
    bodies: dict[str, Response] = {}
    page = open_page("/success")
    page.on("response", lambda answer: bodies.update({answer.url: answer}))
    page.goto(shop.url + shop.checkout(**CART))
    page.wait_for_load_state("networkidle")
    weights = {url: len(gzip.compress(answer.body())) for url, answer in bodies.items()}
    assert {url.rpartition(".")[2] for url in weights} >= {"js", "css"}
    assert sum(weights.values()) < MOST_BYTES, weights
    script = next(answer for url, answer in bodies.items() if url.endswith("checkout.js"))
    assert script.headers["content-encoding"] == "gzip"
