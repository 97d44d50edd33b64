"""The simulator refuses what Attentive refuses, and has its pitfalls."""

from typing import Any

import pytest

from .conftest import Brand

ITEM: dict[str, Any] = {"productId": "1", "productVariantId": "1", "price": [{"value": 1.5}]}
PURCHASE: dict[str, Any] = {"items": [ITEM], "orderId": "o-1", "user": {"email": "ada@example.com"}}
PATH = "/v1/events/ecommerce/purchase"


async def test_callers(brand: Brand) -> None:
    """Key, media type, path and parameters are checked."""
    assert (await brand.call("POST", PATH, PURCHASE, key="")).status_code == 401
    assert (await brand.call("POST", PATH, PURCHASE, media="text/plain")).status_code == 415
    assert (await brand.call("GET", PATH)).status_code == 404
    assert (await brand.call("GET", "/v2/segments?limit=1001")).status_code == 400
    assert (await brand.call("GET", "/v2/segments?page=2")).status_code == 400
    assert (await brand.call("GET", "/v2/me")).headers["x-ratelimit-remaining"] == "149"


@pytest.mark.parametrize(
    "changes",
    [
        {"items": []},
        {"items": [ITEM | {"price": []}]},
        {"items": [ITEM | {"price": [{"value": "1.50"}]}]},
        {"items": [{"productId": "1", "price": [{"value": 1}]}]},
        {"user": {}},
        {"user": {"email": None}},
        {"user": {"phone": "19148440001"}},
        {"occurredAt": 1_800_000_000},
        {"order_id": "o-1"},
    ],
)
async def test_purchases(brand: Brand, changes: dict[str, Any]) -> None:
    """A purchase with a wrong field is refused, and a right one taken with an empty answer."""
    assert (await brand.call("POST", PATH, PURCHASE | changes)).status_code == 400
    assert brand.purchases() == []
    taken = await brand.call("POST", PATH, PURCHASE)
    assert (taken.status_code, taken.content) == (200, b"")


async def test_pitfalls(brand: Brand) -> None:
    """A purchase twice is two, a sign-up unit excludes a locale, and who is subscribed is told so again."""
    await brand.call("POST", PATH, PURCHASE)
    await brand.call("POST", PATH, PURCHASE)
    assert len(brand.purchases()) == 2
    body: dict[str, Any] = {"user": {"email": "ada@example.com", "phone": "+14155550132"}, "signUpSourceId": "unit-1"}
    both = body | {"locale": {"language": "en", "country": "US"}, "subscriptionType": "MARKETING"}
    assert "exclusively one" in (await brand.call("POST", "/v1/subscriptions", both)).json()["error"]["message"]
    for _ in range(2):
        assert (await brand.call("POST", "/v1/subscriptions", body)).status_code == 202
    user = brand.user("ada@example.com")
    assert (user.subscriptions, user.told) == (("MARKETING/EMAIL", "MARKETING/TEXT"), 2)
    withdrawn = {"user": {"email": "ada@example.com"}, "subscriptions": [{"type": "MARKETING", "channel": "TEXT"}]}
    await brand.call("POST", "/v1/subscriptions/unsubscribe", withdrawn)
    assert brand.user("ada@example.com").subscriptions == ("MARKETING/EMAIL",)
