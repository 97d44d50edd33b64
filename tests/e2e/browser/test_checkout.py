"""The customer's journey through the checkout page, for every outcome that demo mode knows."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from .journeys import CART, Shop

OpenPage = Callable[..., Page]


def heading(page: Page) -> str:
    """Read the page's heading."""
    return page.get_by_role("heading", level=1).inner_text().replace("\n", " ")


def pay(page: Page, outcome: str | None = None) -> None:
    """Press the button that pays, or the one that plays another outcome."""
    email = page.get_by_label("E-mail")
    if not email.input_value():
        email.fill("ada@example.com")
    page.get_by_role("button", name=outcome or "Pay $").click()


def test_paid(open_page: OpenPage, shop: Shop) -> None:
    """The form comes filled in from the token; one press pays, and the page then says so and pays no more."""
    page = open_page(shop.checkout(**CART))
    assert heading(page) == "Pay $123.50"
    assert page.get_by_label("E-mail").input_value() == "ada@example.com"
    assert page.get_by_label("Country").first.input_value() == "GB"
    pay(page)
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()
    page.reload()
    assert page.get_by_role("button").count() == 0


def test_paid_and_back_to_the_shop(open_page: OpenPage, shop: Shop) -> None:
    """With a success URL the browser ends at the shop: the page's policy lets the form lead there."""
    page = open_page(shop.checkout(successUrl=f"{shop.url}/success?from=shop"))
    pay(page)
    page.wait_for_url("**/success?from=shop")


def test_each_provider_pays(open_page: OpenPage, shop: Shop) -> None:
    """Every installed provider can be chosen, and its own code pays against its simulator."""
    names = open_page(shop.checkout()).locator("input[name=provider]").evaluate_all("all => all.map(one => one.value)")
    assert {"stripe", "nmi", "epd", "sticky", "konnektive"} <= set(names)
    for name in names:
        page = open_page(shop.checkout())
        page.check(f"input[value={name}]")
        pay(page)
        expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()


def test_declined_then_paid(open_page: OpenPage, shop: Shop) -> None:
    """A decline is told with what to do, the form is kept, and it may be tried again."""
    page = open_page(shop.checkout())
    page.get_by_label("First name").fill("Ada")
    pay(page, "Not enough money on the card")
    told = page.get_by_role("alert").filter(has_text="was declined")
    expect(told).to_contain_text("insufficient funds")
    expect(told).to_contain_text("Nothing was charged. You can try again.")
    expect(told).to_be_focused()
    assert page.get_by_label("First name").input_value() == "Ada"
    pay(page, "The card is declined")
    expect(page.get_by_role("alert").filter(has_text="was declined")).to_contain_text("Please use another card")
    pay(page)
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()


def test_a_banks_step(open_page: OpenPage, shop: Shop) -> None:
    """The bank asks, the customer confirms, it is paid."""
    page = open_page(shop.checkout())
    pay(page, "The bank asks for a step")
    assert heading(page) == "Your bank asks for a step"
    page.get_by_role("button", name="Confirm $49.99").click()
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()


def test_it_takes_a_moment(open_page: OpenPage, shop: Shop) -> None:
    """The page waits, changes by itself without being loaded again, and takes the reader to the news."""
    page = open_page(shop.checkout())
    pay(page, "It takes a moment")
    assert heading(page) == "Your payment is being processed"
    page.evaluate("globalThis.same = true")
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_focused()
    assert page.evaluate("globalThis.same")
    assert page.title() == "Paid. Thank you! – Default brand"  # noqa: RUF001 - as the page has it


def test_a_lost_answer(open_page: OpenPage, shop: Shop) -> None:
    """Nobody knows at first, nothing can be pressed, and the charge is found."""
    page = open_page(shop.checkout())
    pay(page, "The answer gets lost")
    assert heading(page) == "Your payment is being processed"
    assert page.get_by_role("button").count() == 0
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()


def test_a_provider_that_is_away(open_page: OpenPage, shop: Shop) -> None:
    """It is said that nothing was charged, and the form stays."""
    page = open_page(shop.checkout())
    pay(page, "The provider is away")
    expect(page.get_by_role("alert").first).to_contain_text("could not be reached. Nothing was charged")
    assert page.get_by_label("E-mail").input_value() == "ada@example.com"
    pay(page)
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()


def test_what_is_wrong_is_found(open_page: OpenPage, shop: Shop) -> None:
    """The reader is taken to the list of what is wrong; each entry leads to its field, which says the same."""
    page = open_page(shop.checkout())
    page.get_by_text("Delivery address").click()
    page.get_by_label("Town or city").first.fill("London")
    page.get_by_role("button", name="Pay $").click()
    problems = page.locator("#problems")
    expect(problems).to_be_focused()
    assert page.title().startswith("Problem: ")
    assert problems.get_by_role("link").all_inner_texts() == [
        "Enter your e-mail address.",
        "Enter the street and number.",
        "Enter the postal code.",
        "Choose the country.",
    ]
    problems.get_by_role("link", name="Enter the postal code.").click()
    code = page.get_by_label("Postal code").first
    expect(code).to_be_focused()
    expect(code).to_have_accessible_description("Enter the postal code.")


def test_links_that_are_over(open_page: OpenPage, shop: Shop) -> None:
    """An expired link says whom to ask, a replaced one which to use, and neither takes money."""
    path = shop.checkout()
    shop.write("UPDATE checkouts SET expires_at = 1 WHERE code = ?", path.removeprefix("/c/"))
    page = open_page(path)
    assert heading(page) == "This pay link has expired"
    expect(page.get_by_role("status")).to_contain_text("Please ask Default brand")
    old = shop.link(orderId="replaced")
    shop.link(orderId="replaced")
    page.goto(f"{shop.url}/checkout/{old['token']}")
    assert heading(page) == "A newer link has taken this one's place"
    assert page.get_by_role("button").count() == 0


def test_two_presses_pay_once(open_page: OpenPage, shop: Shop) -> None:
    """While a press is under way, another one sends nothing, and the button says that something is happening."""
    page = open_page(shop.checkout(customer={"email": "ada@example.com"}))
    refused = page.evaluate(
        """() => {
            const submitter = document.querySelector("button.main");
            return [1, 2].map(() => {
                const press = new SubmitEvent("submit", { bubbles: true, cancelable: true, submitter });
                return !submitter.form.dispatchEvent(press);
            });
        }"""
    )
    assert refused == [False, True]
    expect(page.locator("button.main")).to_have_text("Paying…")
    expect(page.locator("button.main")).to_have_attribute("aria-disabled", "true")


def test_by_keyboard_alone(open_page: OpenPage, shop: Shop) -> None:
    """Everything is reached by Tab in the order it is read, the focus is seen, arrows choose, and Enter pays."""
    page = open_page(shop.checkout(providers=["nmi", "stripe", "epd"]))
    reached: list[str] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => {
                const one = document.activeElement;
                const seen = one.closest(".choice") ?? one;
                return [one.name || one.textContent.trim(), getComputedStyle(seen).outlineStyle];
            }"""
        )
        assert focused[1] == "solid", f"the focus on {focused[0]} can't be seen"
        reached.append(focused[0])
        if focused[0] == "email":
            page.keyboard.type("ada@example.com")
        if focused[0] == "provider":
            page.keyboard.press("ArrowUp")
        if focused[0] == "outcome":
            break
    assert reached[:4] == ["email", "firstName", "lastName", "phone"]
    assert reached[-2:] == ["provider", "outcome"]
    chosen = page.locator("input[name=provider]:checked").input_value()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()
    assert chosen == "nmi"


def test_without_javascript(open_page: OpenPage, shop: Shop) -> None:
    """The whole journey works with plain forms: wrong, declined, a bank's step, paid."""
    page = open_page(shop.checkout(), java_script_enabled=False)
    page.get_by_role("button", name="Pay $").click()
    expect(page.locator("#problems")).to_contain_text("Enter your e-mail address.")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_role("button", name="The card is declined").click()
    expect(page.get_by_role("alert").first).to_contain_text("The payment was declined.")
    page.get_by_role("button", name="The bank asks for a step").click()
    page.get_by_role("button", name="Confirm $49.99").click()
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()


def test_processing_without_javascript(open_page: OpenPage, shop: Shop) -> None:
    """The page asks to be loaded again by itself."""
    page = open_page(shop.checkout(customer={"email": "ada@example.com"}), java_script_enabled=False)
    page.get_by_role("button", name="It takes a moment").click()
    assert re.search(r'http-equiv="refresh" content="5"', page.content())
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible(timeout=15_000)


def test_in_another_locale(open_page: OpenPage, shop: Shop) -> None:
    """Amounts read as the browser's locale has them."""
    page = open_page(shop.checkout(amount=123456, currency="EUR"), locale="de-DE")
    assert heading(page) == "Pay 1.234,56\N{NO-BREAK SPACE}€"
