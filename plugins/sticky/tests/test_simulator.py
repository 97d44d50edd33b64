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


async def test_a_gateway_knows_duplicates(merchant: Merchant) -> None:
    """The same card and amount within twenty minutes leave a declined order."""

    async def sale(token: str, price: str = "5.00") -> dict[str, Any]:
        offers = [{"offer_id": "1", "product_id": "2", "quantity": "1", "price": price}]
        return await merchant.call("new_order", **ORDER | {"payment_token": token, "offers": offers})

    assert (await sale("tok1-visa1"))["response_code"] == "100"
    again = await sale("tok2-visa1")
    assert (again["response_code"], again["decline_reason"][:21]) == ("800", "Duplicate transaction")
    assert (await sale("tok3-visa2"))["response_code"] == "100"
    assert (await sale("tok4-visa1", "6.00"))["response_code"] == "100"
    merchant.now += 1_200_000
    assert (await sale("tok5-visa1"))["response_code"] == "100"


async def test_a_slow_card_is_shown_late(merchant: Merchant) -> None:
    """The order, and what is given back of it, is shown a minute and a half later."""
    order_id = (await merchant.call("new_order", **ORDER | {"payment_token": "tok1-slow"}))["order_id"]
    find = {"campaign_id": "all", "start_date": "01/01/2015", "end_date": "01/01/2030", "criteria": "all"}
    find |= {"date_type": "create", "search_type": "all", "return_type": "order_view"}

    async def shown() -> list[Any]:
        view, found = await merchant.call("order_view", order_id=order_id), await merchant.call("order_find", **find)
        return [view["response_code"], found["response_code"], view.get("amount_refunded_to_date")]

    assert await shown() == ["350", "333", None]
    merchant.now += 90_000
    assert await shown() == ["100", "100", "0.00"]
    await merchant.call("order_refund", order_id=order_id, amount="1.00", keep_recurring="1")
    assert await shown() == ["100", "100", "0.00"]
    merchant.now += 90_000
    assert await shown() == ["100", "100", "1.00"]


async def test_postbacks_are_late(merchant: Merchant) -> None:
    """Each by another while, up to a quarter of an hour."""
    made = [
        (await merchant.call("new_order", **ORDER | {"payment_token": f"tok{number}-{card}"}))["order_id"]
        for number, card in enumerate(("visa", "declined", "processing"))
    ]
    assert (await merchant.call("order_void", order_id=made[2]))["response_code"] == "100"
    events = [request.query["event"] for request, _ in merchant.emitted]
    assert events == ["order_approved", "order_declined", "order_approved", "order_void"]
    assert len({delay for _, delay in merchant.emitted}) == 3
    assert all(2_000 <= delay <= 902_000 for _, delay in merchant.emitted)


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
