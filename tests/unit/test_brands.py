"""Brands as their people set them up: every field is checked and named, and nothing crosses organizations."""

from typing import Any

import pytest

from paylinks_core.access import check_currency
from paylinks_core.audit import Actor
from paylinks_core.brands import BrandChange, change_brand
from paylinks_core.checkouts import Given, initialize
from paylinks_core.errors import InvalidClaims, InvalidInput, NotKnown, Refusal, SlugTaken, UnknownProvider
from paylinks_core.upsells import NewUpsell, create_session
from paylinks_ports.records.tenants import Brand, Organization
from paylinks_ports.records.upsells import Offer
from paylinks_ports.storage import Window

from .conftest import Shop

pytestmark = pytest.mark.anyio

ACTOR = Actor(organization_id="org_default", id="user_1", email="ada@example.com", kind="user")


async def change(shop: Shop, brand_id: str = "brand_default", **fields: Any) -> Brand:  # noqa: ANN401 - of any field
    """Change a brand."""
    return await change_brand(shop.parts, ACTOR, brand_id, BrandChange(**fields))


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"name": "  Shop  "}, {"name": "Shop"}),
        ({"slug": "a-1"}, {"slug": "a-1"}),
        ({"theme": {"accent": "#AABBCC", "name": " N ", "logo": ""}}, {"theme": {"accent": "#aabbcc", "name": "N"}}),
        ({"theme": {"support": "help@example.com"}}, {"theme": {"support": "help@example.com"}}),
        (
            {"allowed_origins": ("HTTPS://Shop.Example:443/", "https://shop.example", "http://localhost:3000")},
            {"allowed_origins": ("https://shop.example", "http://localhost:3000")},
        ),
        ({"allowed_origins": ("https://bücher.example",)}, {"allowed_origins": ("https://xn--bcher-kva.example",)}),
        ({"allowed_origins": ("http://[::1]:80",)}, {"allowed_origins": ("http://[::1]",)}),
        ({"default_provider": "server"}, {"default_provider": "server"}),
        ({"default_provider": None}, {"default_provider": None}),
        ({"allowed_currencies": ("EUR", "JPY", "EUR")}, {"allowed_currencies": ("EUR", "JPY")}),
        ({"routes_payments": True, "test": True}, {"routes_payments": True, "test": True}),
    ],
)
async def test_a_change_says_no_more_than_it_does(shop: Shop, fields: dict[str, Any], kept: dict[str, Any]) -> None:
    """What is given is kept in its one form, what is not given stays, and the audit log tells both."""
    before = await shop.brand()
    now = await change(shop, **fields)
    assert now == await shop.brand()
    expected = {name: getattr(before, name) for name in before.__struct_fields__} | kept
    assert {name: getattr(now, name) for name in now.__struct_fields__} == expected
    async with shop.parts.units.reading() as rows:
        (entry,) = (await rows.audit_entries.page("org_default", Window())).rows
    assert (entry.action, entry.target, entry.actor_email) == ("brand.changed", "brand_default", "ada@example.com")
    assert {name.removesuffix(".was") for name in entry.changes} == {
        name for name, value in kept.items() if getattr(before, name) != value
    }


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"name": " "}, "name:"),
        ({"name": "a\nb"}, "name:"),
        ({"name": "x" * 201}, "name:"),
        ({"slug": "A"}, "slug:"),
        ({"slug": "-a"}, "slug:"),
        ({"theme": {"color": "#aabbcc"}}, "theme.color: is unknown"),
        ({"theme": {"accent": "red"}}, "theme.accent:"),
        ({"theme": {"accent": "#aabbcc;}"}}, "theme.accent:"),
        ({"theme": {"logo": "http://shop.example/x.png"}}, "theme.logo:"),
        ({"theme": {"logo": "javascript:alert(1)"}}, "theme.logo:"),
        ({"theme": {"support": "javascript:alert(1)"}}, "theme.support:"),
        ({"theme": {"logo": "https://a.example/" + "x" * 2048}}, "theme.logo:"),
        ({"allowed_origins": ("https://a.example", "https://a.example/path")}, "allowedOrigins[1]:"),
        ({"allowed_origins": ("*",)}, "allowedOrigins[0]:"),
        ({"allowed_origins": ("https://*.example",)}, "allowedOrigins[0]:"),
        ({"allowed_origins": ("null",)}, "allowedOrigins[0]:"),
        ({"allowed_origins": ("https://a:b@c.example",)}, "allowedOrigins[0]:"),
        ({"allowed_origins": ("https://a.example:99999",)}, "allowedOrigins[0]:"),
        ({"allowed_origins": ("ftp://a.example",)}, "allowedOrigins[0]:"),
        ({"allowed_origins": ("https://a.example?a=1",)}, "allowedOrigins[0]:"),
        ({"allowed_origins": tuple(f"https://a{n}.example" for n in range(51))}, "allowedOrigins:"),
        ({"allowed_currencies": ("EUR", "euro")}, "allowedCurrencies[1]:"),
        ({"default_provider": "acme"}, "defaultProvider:"),
    ],
)
async def test_what_is_wrong_is_named(shop: Shop, fields: dict[str, Any], named: str) -> None:
    """Nothing is changed, not even what was right."""
    before = await shop.brand()
    with pytest.raises(Refusal) as caught:
        await change(shop, test=True, **fields)
    assert isinstance(caught.value, InvalidInput | UnknownProvider)
    assert str(caught.value.details).startswith(named)
    assert await shop.brand() == before


async def test_other_organizations_are_not_there(shop: Shop) -> None:
    """Their brands are unknown; within one's own a slug is taken once."""
    async with shop.parts.units() as work:
        await work.organizations.add(Organization(id="org_2", name="O", slug="o", created_at=1))
        await work.brands.add(Brand(id="brand_2", organization_id="org_2", name="B", slug="b", created_at=2))
        await work.brands.add(Brand(id="brand_3", organization_id="org_default", name="C", slug="c", created_at=3))
        await work.commit()
    for brand_id in ("brand_2", "brand_9"):
        with pytest.raises(NotKnown):
            await change(shop, brand_id, name="Mine")
    with pytest.raises(SlugTaken):
        await change(shop, slug="c")
    assert (await change(shop, slug="b")).slug == "b"


async def test_currencies_are_held_to(shop: Shop) -> None:
    """A new order in another one is refused wherever it begins; one that is open can still be paid."""
    access = await shop.access()
    await shop.initialize(access, "server")
    brand = await change(shop, allowed_currencies=("EUR",))
    with pytest.raises(InvalidClaims, match="Invalid") as caught:
        check_currency(brand, access.claims)
    assert str(caught.value.details).startswith("currency: USD")
    with pytest.raises(InvalidClaims):
        await initialize(shop.parts, await shop.access("o-2"), "server", Given())
    euros = await shop.access("o-3", currency="EUR")
    assert (await shop.initialize(euros, "server")).payment.currency == "EUR"
    assert (await shop.complete(access)).payment.state == "paid"

    wanted = NewUpsell(
        order_id="u-1",
        original_order_id="o-1",
        customer_email="ada@example.com",
        provider="server",
        currency="USD",
        offers=(Offer(id="cap", name="Cap", price=1),),
        metadata={},
    )
    with pytest.raises(InvalidInput) as refused:
        await create_session(shop.parts, brand, wanted)
    assert str(refused.value.details).startswith("currency: USD")
