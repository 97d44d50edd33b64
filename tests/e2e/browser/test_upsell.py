"""Offers after an order, in the browser: accepted and declined with one press, until the success page sums it up."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from .journeys import CARE, CART, WRAP, Shop

OpenPage = Callable[..., Page]


def test_accepted_then_declined(open_page: OpenPage, shop: Shop) -> None:
    """One press accepts and the next offer comes without a reload; at the end all that was bought is summed up."""
    page = open_page(shop.offers(CARE, WRAP))
    expect(page.locator(".price")).to_contain_text("$19.00")
    expect(page.locator(".price")).to_contain_text("Save $10.00")
    expect(page.locator(".clock")).to_contain_text("This offer ends in 59:")
    page.evaluate("globalThis.same = true")
    page.get_by_role("button", name="Yes, add it for $19.00").click()
    expect(page.get_by_role("heading", name="Gift wrap")).to_be_focused()
    assert page.evaluate("globalThis.same")
    page.get_by_role("button", name="No, thank you").click()
    page.wait_for_url("**/success?session=*")
    words = page.locator("main").inner_text()
    assert "Leather care set" in words
    assert "Gift wrap" not in words
    assert "Paid in all\t$142.50" in words
    assert "ada@example.com" not in page.content()


def test_on_to_the_shop(open_page: OpenPage, shop: Shop) -> None:
    """After the last offer the customer goes where the shop wants."""
    page = open_page(shop.offers(WRAP, completionRedirectUrl=f"{shop.url}/success?from=offers"))
    page.get_by_role("button", name="Yes").click()
    page.wait_for_url("**/success?from=offers")


def test_declined_card(open_page: OpenPage, shop: Shop) -> None:
    """A declined card leaves the customer on the offer, with what to do; the offer can be declined."""
    page = open_page(shop.offers(CARE | {"id": "demo_soft_decline"}, WRAP))
    page.get_by_role("button", name="Yes").click()
    told = page.get_by_role("alert").filter(has_text="was declined")
    expect(told).to_contain_text("You can try again, or decline the offer.")
    expect(told).to_be_focused()
    expect(page.get_by_role("heading", name="Leather care set")).to_be_visible()
    page.get_by_role("button", name="No, thank you").click()
    expect(page.get_by_role("heading", name="Gift wrap")).to_be_visible()


def test_a_banks_step(open_page: OpenPage, shop: Shop) -> None:
    """The bank asks, the customer confirms, the offer is accepted."""
    page = open_page(shop.offers(CARE | {"id": "demo_3ds"}))
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("heading", name="Your bank asks for a step")).to_be_focused()
    page.get_by_role("button", name="Confirm $19.00").click()
    page.wait_for_url("**/success?session=*")
    expect(page.locator("main")).to_contain_text("Leather care set")


def test_it_takes_a_moment(open_page: OpenPage, shop: Shop) -> None:
    """The page waits and goes on by itself."""
    page = open_page(shop.offers(CARE | {"id": "demo_processing"}))
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("heading", name="Your payment is being processed")).to_be_visible()
    page.wait_for_url("**/success?session=*")


def test_a_provider_that_is_away(open_page: OpenPage, shop: Shop) -> None:
    """It is said that nothing was charged, and the offer stays."""
    page = open_page(shop.offers(CARE | {"id": "demo_error"}))
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be reached. Nothing was charged")
    expect(page.get_by_role("button", name="Yes")).not_to_have_attribute("aria-disabled", "true")


def test_the_time_runs_out(open_page: OpenPage, shop: Shop) -> None:
    """The clock counts to zero, and the offer is over: nothing can be accepted any more."""
    path = shop.offers(CARE)
    page = open_page("/success")
    page.clock.install()
    page.goto(shop.url + path)
    expect(page.locator(".clock")).to_contain_text("This offer ends in")
    session = path.removeprefix("/upsell/")
    shop.write("UPDATE upsell_sessions SET expires_at = 1, version = version + 1 WHERE id = ?", session)
    page.clock.fast_forward("01:00:01")
    expect(page.get_by_role("heading", name="This offer is over")).to_be_focused()
    page.get_by_role("link", name="Continue").click()
    page.wait_for_url("**/success?session=*")


def test_without_javascript(open_page: OpenPage, shop: Shop) -> None:
    """Plain forms answer, too: a declined card, a step, the next offer, the end."""
    page = open_page(
        shop.offers(CARE | {"id": "demo_decline"}, CARE | {"id": "demo_3ds", "name": "Belt oil"}, WRAP),
        java_script_enabled=False,
    )
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("alert")).to_contain_text("The payment was declined.")
    page.get_by_role("button", name="No, thank you").click()
    expect(page.get_by_role("heading", name="Belt oil")).to_be_visible()
    page.get_by_role("button", name="Yes").click()
    page.get_by_role("button", name="Confirm $19.00").click()
    expect(page.get_by_role("heading", name="Gift wrap")).to_be_visible()
    expect(page.locator(".clock")).to_contain_text("UTC")
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Belt oil")


def test_from_order_to_success(open_page: OpenPage, shop: Shop) -> None:
    """The whole way in one browser: pay, take the offer, see both."""
    link = shop.link(**CART)
    page = open_page(f"/c/{link['code']}")
    page.check("input[value=stripe]")
    page.get_by_role("button", name="Pay $").click()
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()
    page.goto(shop.url + shop.offers(WRAP, order=link["orderId"]))
    page.get_by_role("button", name="Yes").click()
    page.wait_for_url("**/success?session=*")
    page.goto(f"{shop.url}/success?code={link['code']}")
    assert "Paid in all\t$128.50" in page.locator("main").inner_text()
