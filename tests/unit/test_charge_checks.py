"""Before a charge is asked for: its amount is the token's, and its provider is one that may take it now."""

import pytest
from msgspec.structs import replace

from paylinks_core.access import Access
from paylinks_core.asking import Brought
from paylinks_core.completion import Payload, complete
from paylinks_core.errors import (
    CardDeclined,
    NotInitialized,
    ProviderDisabled,
    ProviderNotAllowed,
    ProviderNotConfigured,
    Refusal,
)
from paylinks_core.links import generate
from paylinks_core.upsell_answers import accept, decline
from paylinks_core.upsells import NewUpsell, create_session
from paylinks_ports.errors import ProviderUnavailable
from paylinks_ports.money import Money
from paylinks_ports.records.settings import PluginSetting
from paylinks_ports.records.upsells import Offer

from .conftest import LEASE, TOKEN, Shop

pytestmark = pytest.mark.anyio


async def put(shop: Shop, provider: str, *, enabled: bool = True, credentials: str | None = "sealed") -> None:
    """Change what the brand has set for a provider."""
    async with shop.parts.units() as work:
        was = await work.plugin_settings.get("brand_default", provider)
        setting = PluginSetting(
            brand_id="brand_default", plugin=provider, enabled=enabled, credentials=credentials, updated_at=2
        )
        await work.plugin_settings.put(replace(setting, version=was.version if was else 1))
        await work.commit()


@pytest.mark.parametrize("issued_at", [None, 200])
async def test_a_token_of_another_amount_charges_nothing(shop: Shop, issued_at: int | None) -> None:
    """Neither the amount that this customer saw nor the one that was opened is taken; opened anew, the token's is."""
    await shop.initialize(await shop.access(amount=50_000, issued_at=100), "server")
    other = await shop.access(amount=100, issued_at=issued_at)

    with pytest.raises(NotInitialized, match="not initialized") as refused:
        await shop.complete(other)
    books = dict(shop.server.books)
    await shop.initialize(other, "server")
    await shop.complete(other)

    assert (refused.value.details or "").startswith("orderId: was initialized with another amount")
    assert books == {}
    assert list(shop.server.books.values()) == [Money(100, "USD")]


async def test_an_order_whose_link_has_a_newer_amount_is_not_charged_the_older_one(shop: Shop) -> None:
    """The order costs what its newest link says, so a charge of less would wait for a person."""
    access = await shop.access(amount=100)
    await shop.initialize(access, "server")
    raw = {"orderId": "o-1", "amount": 50_000, "currency": "USD", "productName": "Shirt"}
    link = await generate(shop.parts, await shop.brand(), raw, 3600)
    newest = replace(access, claims=link.checkout.claims, issued_at=link.checkout.issued_at)

    for token in (access, newest):
        with pytest.raises(NotInitialized):
            await shop.complete(token)

    assert shop.server.books == {}
    assert (await shop.now())[0].attention is None


async def test_another_currency_is_another_amount(shop: Shop) -> None:
    """A hundred yen are no hundred dollars."""
    await shop.initialize(await shop.access(amount=100), "server")

    with pytest.raises(NotInitialized):
        await shop.complete(await shop.access(amount=100, currency="JPY"))

    assert shop.server.books == {}


async def test_what_is_open_is_looked_up_with_a_token_of_another_amount(shop: Shop) -> None:
    """A charge whose reply was lost is found; that is no new one."""
    first = await shop.access(amount=100)
    await shop.initialize(first, "server")
    shop.server.twists = ["pending"]
    opened = await shop.complete(first)
    shop.server.pay(opened.payment.attempt_id, Money(100, "USD"))
    shop.clock.move(LEASE)

    done = await shop.complete(await shop.access(amount=50_000))

    assert (done.payment.state, done.payment.amount) == ("paid", 100)
    assert len(shop.server.books) == 1


@pytest.mark.parametrize("payment_token", [None, TOKEN])
async def test_what_the_browser_paid_is_read_whatever_stands_in_a_charges_way(
    shop: Shop, payment_token: str | None
) -> None:
    """The provider is off and the token has another amount: nothing can be charged, and the money is seen."""
    opened = await shop.initialize(await shop.access(amount=100), "browser")
    await put(shop, "browser", enabled=False)
    with pytest.raises(Refusal):
        await shop.complete(await shop.access(amount=50_000), payment_token)
    shop.browser.pay(str(opened.payment.reference), Money(100, "USD"))

    done = await shop.complete(await shop.access(amount=50_000), payment_token)

    assert (done.payment.state, done.payment.amount) == ("paid", 100)
    assert not any(call.startswith("charge") for call in shop.browser.calls)


async def test_a_step_that_is_open_is_not_paid_with_another_amount(shop: Shop) -> None:
    """While a bank waits for the customer, a token of another amount confirms nothing."""
    access = await shop.access(amount=100)
    await shop.initialize(access, "browser")
    shop.browser.twists = ["step"]
    await shop.complete(access)
    other = await shop.access(amount=50_000)

    with pytest.raises(NotInitialized):
        await shop.complete(other)
    await shop.initialize(other, "browser")
    done = await shop.complete(other)

    assert (done.payment.state, done.payment.amount) == ("paid", 50_000)
    assert list(shop.browser.books.values()) == [Money(50_000, "USD")]


@pytest.mark.parametrize("provider", ["server", "browser"])
async def test_a_provider_that_was_switched_off_charges_nothing(shop: Shop, provider: str) -> None:
    """Switched on again, the same call pays."""
    access = await shop.access()
    await shop.initialize(access, provider)
    await put(shop, provider, enabled=False)

    with pytest.raises(ProviderDisabled):
        await shop.complete(access)
    books = {**shop.server.books, **shop.browser.books}
    await put(shop, provider)

    assert books == {}
    assert (await shop.complete(access)).payment.state == "paid"


async def test_a_provider_that_a_newer_token_leaves_out_charges_nothing(shop: Shop) -> None:
    """What the merchant allows now is what counts."""
    await shop.initialize(await shop.access(issued_at=100), "server")

    with pytest.raises(ProviderNotAllowed):
        await shop.complete(await shop.access(issued_at=200, providers=["browser"]))

    assert shop.server.books == {}


async def test_a_declined_payment_is_not_tried_again_through_a_provider_that_is_off(shop: Shop) -> None:
    """Each try is a charge of its own."""
    access = await shop.access()
    await shop.initialize(access, "server")
    shop.server.twists = ["decline"]
    with pytest.raises(CardDeclined):
        await shop.complete(access)
    await put(shop, "server", enabled=False)

    with pytest.raises(ProviderDisabled):
        await shop.complete(access)

    assert shop.server.books == {}


async def test_what_a_provider_that_is_off_was_asked_for_is_settled(shop: Shop) -> None:
    """What is open there must come to its end."""
    access = await shop.access()
    await shop.initialize(access, "server")
    shop.server.twists = ["pending"]
    opened = await shop.complete(access)
    await put(shop, "server", enabled=False)
    shop.server.pay(opened.payment.attempt_id, Money(5000, "USD"))

    assert (await shop.complete(access)).payment.state == "paid"


async def test_a_demo_payment_does_not_pay_an_order_of_a_brand_that_is_live_by_now(shop: Shop) -> None:
    """Credentials came between: the order is opened anew, and then it is real money."""
    access = await shop.access()
    await put(shop, "server", credentials=None)
    await shop.initialize(access, "server")
    await put(shop, "server")

    with pytest.raises(NotInitialized):
        await shop.complete(access)
    await shop.initialize(access, "server")

    assert not (await shop.complete(access)).payment.demo


async def test_a_brand_that_may_not_use_demo_mode_any_more_is_paid_nothing_in_it(shop: Shop) -> None:
    """What opened in demo mode does not end in it."""
    access = await shop.access()
    await put(shop, "server", credentials=None)
    await shop.initialize(access, "server")
    parts = replace(shop.parts, demo_everywhere=False)
    live = replace(access, brand=replace(access.brand, test=False))

    with pytest.raises(ProviderNotConfigured):
        await complete(parts, live, Payload(payment_token=TOKEN))


async def _offered(shop: Shop, access: Access) -> str:
    """Pay an order and make an offer to its customer."""
    await shop.initialize(access, "server")
    await shop.complete(access)
    wanted = NewUpsell(
        order_id="u-1",
        original_order_id="o-1",
        customer_email="ada@example.com",
        provider="server",
        currency="USD",
        offers=(Offer(id="cap", name="Cap", price=1500),),
        metadata={},
    )
    made, _ = await create_session(shop.parts, await shop.brand(), wanted)
    return made.id


@pytest.mark.parametrize("twist", ["decline", "unreachable"])
async def test_an_offer_is_not_charged_through_a_provider_that_is_off(shop: Shop, twist: str) -> None:
    """Nor is one whose first try has charged nothing; it can be declined all the same."""
    session_id = await _offered(shop, await shop.access())
    books = len(shop.server.books)
    shop.server.twists = [twist]  # type: ignore[list-item]  # one of the words
    with pytest.raises((CardDeclined, ProviderUnavailable)):
        await accept(shop.parts, session_id, "cap", Brought())
    await put(shop, "server", enabled=False)

    with pytest.raises(ProviderDisabled):
        await accept(shop.parts, session_id, "cap", Brought())

    assert len(shop.server.books) == books
    assert (await decline(shop.parts, session_id, "cap")).offer.status == "declined"


async def test_an_offer_that_was_charged_is_found_though_its_provider_is_off(shop: Shop) -> None:
    """Accepted is what the books say."""
    session_id = await _offered(shop, await shop.access())
    shop.server.twists = ["pending"]
    first = await accept(shop.parts, session_id, "cap", Brought())
    assert first.payment is not None
    await put(shop, "server", enabled=False)
    shop.server.pay(first.payment.attempt_id, first.payment.money)

    assert (await accept(shop.parts, session_id, "cap", Brought())).offer.status == "accepted"


async def test_an_offer_is_declined_though_its_provider_is_off(shop: Shop) -> None:
    """Who says no needs no provider."""
    session_id = await _offered(shop, await shop.access())
    await put(shop, "server", enabled=False)

    with pytest.raises(ProviderDisabled):
        await accept(shop.parts, session_id, "cap", Brought())

    assert (await decline(shop.parts, session_id, "cap")).offer.status == "declined"
