"""The console in a real browser: from a paid order to its refund, by keyboard alone, in the dark and at 320 pixels."""

import re
from collections.abc import Callable
from importlib.resources import files

from playwright.sync_api import Page, expect

from .journeys import WRAP, Shop

OpenPage = Callable[..., Page]

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
PAGES = (
    "/admin",
    "/admin/orders",
    "/admin/links",
    "/admin/upsells",
    "/admin/settings",
    "/admin/settings/stripe",
    "/admin/settings/klaviyo",
    "/admin/domains",
    "/admin/webhooks",
    "/admin/inbox",
    "/admin/salespeople",
    "/admin/users",
    "/admin/api-keys",
    "/admin/brands",
    "/admin/audit-log",
    "/admin/account",
    "/admin/account/two-factor",
)
DOORS = ("/login", "/register", "/password-reset", "/sales/login", "/dev/outbox")


def sign_in(page: Page) -> None:
    """Sign in as the owner that development is seeded with."""
    page.get_by_label("Email").fill("admin@example.com")
    page.get_by_label("Password").fill("paylinks-development")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("link", name="Overview")).to_be_visible()


def check(page: Page, where: str) -> None:
    """Find nothing against WCAG 2.2 AA, and nothing that leaves the screen."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("axe.run().then((told) => told.violations.map((one) => [one.id, one.nodes[0].html]))")
    assert found == [], where
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where


def test_pages_are_accessible(open_page: OpenPage, picture: Callable[[Page, str], None], shop: Shop) -> None:
    """Every page of the console and its doors, with something on it: wide in the light, at 320 pixels in the dark."""
    order = shop.paid()
    page = open_page("/login", reduced_motion="reduce")  # colours are there at once
    for path in DOORS:
        page.goto(shop.url + path)
        check(page, path)
        page.emulate_media(color_scheme="dark")
        check(page, f"{path} in the dark")
        page.emulate_media(color_scheme="light")
    page.goto(f"{shop.url}/login")
    sign_in(page)
    late = shop.link()
    shop.call("/api/checkout/initialize", {"token": late["token"], "provider": "stripe"})
    shop.call("/api/checkout/complete", {"token": late["token"], "paymentToken": "demo_processing"})
    page.goto(f"{shop.url}/admin/inbox")
    told = page.get_by_role("link", name="Open its order")
    for _ in range(100):  # the provider tells us when it is paid
        if told.count():
            break
        page.wait_for_timeout(200)
        page.reload()
    expect(told.first).to_be_visible()
    for path in (*PAGES, f"/admin/orders/{order['orderId']}"):
        page.goto(shop.url + path)
        for scheme, width, height in (("light", 1280, 800), ("dark", 320, 640)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # the literal is one
            page.set_viewport_size({"width": width, "height": height})
            check(page, f"{path} at {width}, {scheme}")
            picture(page, f"console{re.sub('[^a-z]+', '-', path.partition('order-')[0])}-{scheme}-{width}")


def test_an_order_is_found_and_refunded(open_page: OpenPage, shop: Shop) -> None:
    """Search, open, give half back; the story tells it."""
    order = shop.paid()
    page = open_page("/admin/orders")
    sign_in(page)
    page.get_by_label("Search").fill(order["orderId"])
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=order["orderId"]).click()
    page.get_by_text("Give money back").click()
    page.get_by_label("Amount in USD").fill("20.00")
    page.get_by_label("Reason").fill("Wrong size")
    page.get_by_role("button", name="Give the money back").click()
    expect(page.get_by_role("status").first).to_have_text("The money is given back.")
    expect(page.get_by_text("Refund: succeeded")).to_be_visible()


def test_a_link_is_made_by_keyboard_alone(open_page: OpenPage) -> None:
    """From the door to the link; what is wrong has the focus."""
    page = open_page("/login?next=/admin/links")
    page.get_by_label("Email").focus()
    page.keyboard.type("admin@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type("paylinks-development")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="New pay link")).to_be_visible()
    page.get_by_label("Amount").focus()
    page.keyboard.type("49,99")
    page.get_by_label("What is it for?").focus()
    page.keyboard.type("Blue shirt")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Amount")).to_be_focused()
    expect(page.get_by_label("Amount")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Amount").fill("49.99")
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="QR code of the pay link")).to_be_visible()
    expect(page.get_by_text("49.99")).to_be_visible()


def test_from_the_printed_link_to_a_changed_checkout(open_page: OpenPage, shop: Shop) -> None:
    """Pay, take an offer; an admin finds the order, refunds half, turns a provider off, and the checkout changes."""
    printed = re.search(r"a pay link to try +(\S+)", shop.server.log.read_text())
    assert printed
    page = open_page(printed[1].removeprefix(shop.url))
    page.check("input[value=stripe]")
    page.get_by_role("button", name="Pay $").click()
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()
    page.goto(f"{shop.url}/success?code={printed[1].rpartition('/')[2]}")
    order = re.search(r"demo-[\w-]+", page.locator("main").inner_text())
    assert order
    page.goto(shop.url + shop.offers(WRAP, order=order[0]))
    page.get_by_role("button", name="Yes").click()
    page.wait_for_url("**/success?session=*")

    admin = open_page("/login?next=/admin/orders")
    sign_in(admin)
    admin.goto(f"{shop.url}/admin/orders")
    admin.get_by_label("Search").fill(order[0])
    admin.get_by_role("button", name="Search").click()
    admin.get_by_role("link", name=order[0], exact=True).click()
    refund = admin.locator("details").filter(has_text="Give money back of $49.99")
    refund.locator("summary").click()
    refund.get_by_label("Amount in USD").fill("25.00")
    refund.get_by_role("button", name="Give the money back").click()
    expect(admin.get_by_role("status").first).to_have_text("The money is given back.")

    later = f"{shop.url}{shop.checkout(providers=['stripe', 'nmi'])}"
    page.goto(later)
    expect(page.locator("input[value=nmi]")).to_have_count(1)
    admin.get_by_role("link", name="Settings").first.click()
    admin.get_by_role("button", name="Turn off NMI").click()
    try:
        expect(admin.get_by_role("button", name="Turn on NMI")).to_be_visible()
        page.reload()
        expect(page.get_by_role("button", name="Pay $")).to_be_visible()
        expect(page.locator("input[value=nmi]")).to_have_count(0)
    finally:  # the other tests' shop sells with it
        admin.get_by_role("button", name="Turn on NMI").click()
        expect(admin.get_by_role("button", name="Turn off NMI")).to_be_visible()
