"""Routing on fakes: the next provider after a proven failure, and nothing after a doubt."""

import pytest
from msgspec.structs import replace

from paylinks_core.access import Access
from paylinks_core.completion import Completed, Payload
from paylinks_core.errors import CardDeclined, OutcomeUnknown
from paylinks_core.routing import complete_with_routing
from paylinks_ports.errors import ProviderUnavailable

from .conftest import Shop

PAYLOAD = Payload(provider="server", payment_token="a", payment_tokens={"server": "a", "browser": "b"})


async def opened(shop: Shop, *, routes: bool = True, providers: list[str] | None = None) -> Access:
    """Open an order's checkout, of a brand that routes its payments or does not."""
    access = await shop.access(providers=providers)
    access = replace(access, brand=replace(access.brand, routes_payments=routes))
    await shop.initialize(access, "server")
    return access


async def routed(shop: Shop, access: Access, payload: Payload = PAYLOAD) -> Completed:
    """Complete it."""
    return await complete_with_routing(shop.parts, access, payload)


@pytest.mark.parametrize("twist", ["decline", "unreachable"])
async def test_the_next_provider_takes_a_payment_that_provably_failed(shop: Shop, twist: str) -> None:
    """And the same call again finds it paid there, with one charge in all."""
    access = await opened(shop)
    shop.server.twists = [twist]  # type: ignore[list-item]  # one of its literals

    done = await routed(shop, access)
    again = await routed(shop, access)

    assert (done.payment.provider, done.payment.state) == ("browser", "paid")
    assert again.payment.id == done.payment.id
    assert (len(shop.server.books), len(shop.browser.books)) == (0, 1)


async def test_a_doubt_never_goes_on(shop: Shop) -> None:
    """A charge that may have happened is waited for."""
    access = await opened(shop)
    shop.server.twists = ["lose_reply"]

    with pytest.raises(OutcomeUnknown):
        await routed(shop, access)

    assert (await routed(shop, access)).payment.provider == "server"
    assert (len(shop.server.books), len(shop.browser.books)) == (1, 0)


async def test_it_stops_where_nobody_is_left(shop: Shop) -> None:
    """What the last provider said is what the caller hears."""
    access = await opened(shop)
    shop.server.twists, shop.browser.twists = ["decline"], ["unreachable"]

    with pytest.raises(ProviderUnavailable):
        await routed(shop, access)

    assert (await shop.now())[1].provider == "browser"


@pytest.mark.parametrize(
    ("routes", "providers", "tokens"),
    [("no", None, {"browser": "b"}), ("yes", ["server"], {"browser": "b"}), ("yes", None, {})],
)
async def test_only_where_brand_checkout_and_customer_allow_it(
    shop: Shop, routes: str, providers: list[str] | None, tokens: dict[str, str]
) -> None:
    """The brand has switched it on, the checkout allows the provider, and there is a token for it."""
    access = await opened(shop, routes=routes == "yes", providers=providers)
    shop.server.twists = ["decline"]

    with pytest.raises(CardDeclined):
        await routed(shop, access, replace(PAYLOAD, payment_tokens=tokens))
    assert shop.browser.books == {}
