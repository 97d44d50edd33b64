"""The simulator is strict: what Sticky.io would refuse, it refuses with Sticky.io's own codes."""

from typing import Any

import httpx
import pytest

from paylinks_sticky import PROVIDER

from .conftest import Merchant

ORDER: dict[str, Any] = {
    "campaignId": "7",
    "shippingId": "5",
    "ipAddress": "203.0.113.7",
    "offers": [{"offer_id": "1", "product_id": "2", "quantity": "1", "price": "5.00"}],
    "tranType": "Sale",
    "payment_token": "tok",
    "firstName": "Ada",
    "lastName": "Lovelace",
    "email": "ada@example.com",
    "phone": "5125550100",
    "shippingAddress1": "1 Road",
    "shippingCity": "Austin",
    "shippingState": "TX",
    "shippingZip": "78701",
    "shippingCountry": "US",
}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"email": None}, "317"),
        ({"phone": ""}, "316"),
        ({"ipAddress": None}, "321"),
        ({"tranType": "Auth"}, "339"),
        ({"campaignId": "x"}, "400"),
        ({"shippingCountry": "USA"}, "309"),
        ({"surprise": "1"}, "303"),
        ({"offers": []}, "602"),
        ({"offers": [{"offer_id": "1", "quantity": "1"}]}, "602"),
        ({"offers": [{"offer_id": "1", "product_id": "2", "quantity": "1", "price": "5.001"}]}, "303"),
    ],
)
async def test_wrong_orders(merchant: Merchant, change: dict[str, Any], code: str) -> None:
    """Unknown, missing and malformed parameters."""
    given = {name: value for name, value in (ORDER | change).items() if value is not None}
    assert (await merchant.call("new_order", **given))["response_code"] == code
    assert (await merchant.call("new_order", **ORDER))["response_code"] == "100"


async def test_a_token_is_good_once(merchant: Merchant) -> None:
    """Outside demo mode."""
    assert (await merchant.call("new_order", **ORDER))["response_code"] == "100"
    assert (await merchant.call("new_order", **ORDER))["response_code"] == "319"


async def test_no_price_is_the_catalogues(merchant: Merchant) -> None:
    """The pitfall that the gateway avoids."""
    offers = [{"offer_id": "1", "product_id": "2", "quantity": "2"}]
    assert (await merchant.call("new_order", **ORDER | {"offers": offers}))["orderTotal"] == "39.98"


@pytest.mark.parametrize("authorization", ["", "Basic x", "Bearer abc", "Basic ZGVtbzp3cm9uZw=="])
async def test_who_calls(merchant: Merchant, authorization: str) -> None:
    """No user, or the demo's own with another password."""
    headers = {"Authorization": authorization}
    request = httpx.Request("POST", "https://acme.sticky.io/api/v1/validate_credentials", json={}, headers=headers)
    answer = await PROVIDER.simulator.answer(request, merchant.world)
    assert (answer.status_code, answer.json()["response_code"]) == (401, "200")


async def test_methods(merchant: Merchant) -> None:
    """Unknown ones, unknown orders, wrong paths."""
    assert (await merchant.call("order_erase"))["response_code"] == "700"
    assert (await merchant.call("order_view", order_id="1"))["response_code"] == "350"
    assert (await merchant.call("order_refund", order_id="1", amount="1.00", keep_recurring="2"))[
        "response_code"
    ] == "371"
    request = httpx.Request("GET", "https://acme.sticky.io/api/v1/order_view")
    assert (await PROVIDER.simulator.answer(request, merchant.world)).status_code == 404
