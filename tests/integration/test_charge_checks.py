"""What may be charged, over HTTP: the token's amount, through a provider that is on, under an order id of its own."""

import asyncio
import time
from typing import Any

import pytest
import time_machine

from .conftest import Client
from .test_contract import assert_error

pytestmark = pytest.mark.anyio

INITIALIZE, COMPLETE = "/api/checkout/initialize", "/api/checkout/complete"


def signed(client: Client, **claims: Any) -> str:  # noqa: ANN401 - JSON
    """Sign a checkout token as a merchant does."""
    parts = client.app.house.parts
    claims = {"orderId": "o-1", "currency": "USD", "productName": "Shirt", "exp": int(time.time()) + 3600, **claims}
    return parts.tokens.sign(claims, parts.token_secret)


async def order(client: Client, order_id: str = "o-1") -> dict[str, Any]:
    """Read an order as an admin sees it."""
    answer = await client.http.get(f"/api/admin/orders/{order_id}")
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


async def test_an_earlier_token_of_another_amount_charges_nothing(either_client: Client) -> None:
    """It says to initialize again, and then its own amount is what is charged."""
    client = either_client
    dear, cheap = signed(client, amount=50_000), signed(client, amount=100)
    assert (await client.post(INITIALIZE, {"token": dear, "provider": "nmi"})).is_success

    refused = await client.post(COMPLETE, {"token": cheap, "paymentToken": "x"})
    assert_error(refused, 404, "not_initialized", "orderId: was initialized with another amount")
    assert (await client.post(INITIALIZE, {"token": cheap, "provider": "nmi"})).is_success
    done = (await client.post(COMPLETE, {"token": cheap, "paymentToken": "x"})).json()["data"]

    assert (done["status"], done["amount"]) == ("paid", 100)


async def test_a_newer_link_of_another_amount_is_opened_anew(client: Client) -> None:
    """The order is never stuck with a charge of what an earlier link had said."""
    first = await client.link(amount=100)
    assert (await client.post(INITIALIZE, {"token": first["token"], "provider": "nmi"})).is_success
    newer = await client.link(amount=50_000)

    body = {"token": newer["token"], "paymentToken": "x"}
    assert_error(await client.post(COMPLETE, body), 404, "not_initialized")
    assert (await client.post(INITIALIZE, body | {"provider": "nmi"})).is_success
    done = (await client.post(COMPLETE, body)).json()["data"]

    assert (done["status"], done["amount"]) == ("paid", 50_000)
    assert (await order(client, "order-1"))["needsAttention"] == []


async def test_operations_charge_the_amount_that_they_name(client: Client) -> None:
    """A provider's own words open and charge in one call, so whichever amount comes last is the one that is taken."""
    await client.post(INITIALIZE, {"token": signed(client, amount=50_000), "provider": "nmi"})

    body = {"token": signed(client, amount=100), "paymentToken": "x"}
    assert (await client.post("/api/providers/nmi/process-payment", body)).json()["data"]["status"] == "paid"

    assert [one["amount"] for one in (await order(client))["payments"] if one["status"] == "paid"] == [100]


async def test_a_provider_that_is_off_or_left_out_charges_nothing(client: Client) -> None:
    """In `complete`, in its own words and on the page; on again, it does."""
    await client.sign_in()
    link = await client.link()
    body = {"token": link["token"], "provider": "epd", "paymentToken": "x"}
    assert (await client.post(INITIALIZE, body)).is_success
    narrow = signed(client, orderId="order-1", amount=4999, providers=["stripe"])
    assert_error(await client.post(COMPLETE, body | {"token": narrow}), 400, "provider_not_allowed")
    own_words = {"token": link["token"], "paymentToken": "x"}

    await client.post("/api/admin/settings", {"provider": "epd", "enabled": False})
    assert_error(await client.post(COMPLETE, body), 409, "provider_disabled")
    assert_error(await client.post("/api/providers/epd/process-payment", own_words), 409, "provider_disabled")
    await client.post("/api/admin/settings", {"provider": "epd", "enabled": True})

    assert (await client.post(COMPLETE, body)).json()["data"]["status"] == "paid"
    assert [one["status"] for one in (await order(client, "order-1"))["payments"]] == ["paid"]


async def test_the_page_of_a_newer_link_does_not_lead_to_the_step_of_an_earlier_amount(client: Client) -> None:
    """It offers to pay what it shows; the step that was open is closed by that."""
    first = await client.link(amount=100)
    await client.http.post(f"/c/{first['code']}/pay", data={"provider": "stripe", "outcome": "demo_3ds"})
    assert 'data-stage="action"' in (await client.http.get(f"/c/{first['code']}")).text
    newer = await client.link(amount=50_000)
    page = f"/c/{newer['code']}"

    assert 'data-stage="open"' in (await client.http.get(page)).text
    await client.http.post(f"{page}/pay", data={"provider": "stripe", "outcome": "demo"})

    assert 'data-stage="paid"' in (await client.http.get(page)).text
    states = {one["amount"]: one["status"] for one in (await order(client, "order-1"))["payments"]}
    assert states == {100: "canceled", 50_000: "paid"}


async def offered(client: Client) -> dict[str, Any]:
    """Pay order-1, and offer its customer one more thing."""
    link = await client.link()
    body = {"token": link["token"], "provider": "nmi", "paymentToken": "x"}
    await client.post(INITIALIZE, body)
    assert (await client.post(COMPLETE, body)).is_success
    wanted = {
        "orderId": "order-1-up",
        "originalOrderId": "order-1",
        "customerEmail": "ada@example.com",
        "provider": "nmi",
        "offers": [{"id": "demo_decline", "name": "Cap", "price": 500}],
    }
    answer = await client.post("/api/upsell/create-session", wanted)
    assert answer.status_code == 201, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


async def test_a_checkout_does_not_take_an_upsells_order_id(either_client: Client) -> None:
    """Neither a link, nor a token, nor an operation makes an order that a refund could take for the other one."""
    client = either_client
    await offered(client)
    made = {"orderId": "order-1-up", "amount": 700, "currency": "USD", "productName": "Hat"}
    token = signed(client, orderId="order-1-up", amount=700)

    assert_error(await client.post("/api/token/generate", made), 409, "order_exists", "orderId")
    assert_error(await client.post(INITIALIZE, {"token": token, "provider": "nmi"}), 409, "order_exists", "orderId")
    body = {"token": token, "paymentToken": "x"}
    assert_error(await client.post("/api/providers/nmi/process-payment", body), 409, "order_exists", "orderId")
    page = await client.http.post(f"/checkout/{token}/pay", data={"provider": "nmi", "outcome": "demo"})
    assert page.status_code == 409


async def test_an_offers_page_says_that_its_provider_is_off(client: Client) -> None:
    """What was declined once is not charged through it, and the offer can be declined."""
    await client.sign_in()
    path = f"/upsell/{(await offered(client))['sessionId']}"
    await client.http.post(f"{path}/accept", data={"offerId": "demo_decline"})
    await client.post("/api/admin/settings", {"provider": "nmi", "enabled": False})

    page = await client.http.post(f"{path}/accept", data={"offerId": "demo_decline"})
    assert page.status_code == 409
    assert "Nothing was charged; you can decline it and go on." in page.text
    assert_error(
        await client.post("/api/upsell/accept", {"sessionId": path.rpartition("/")[2]}), 409, "provider_disabled"
    )
    assert (await client.http.post(f"{path}/decline", data={"offerId": "demo_decline"})).status_code == 303


async def test_a_checkout_left_at_the_banks_step_is_abandoned(either_client: Client) -> None:
    """When its token ends; what is open at the provider is canceled."""
    client = either_client
    link = await client.link(expiresIn=60)
    body = {"token": link["token"], "provider": "stripe", "paymentToken": "demo_3ds"}
    await client.post(INITIALIZE, body)
    assert (await client.post(COMPLETE, body)).json()["data"]["status"] == "requires_action"

    seen: dict[str, Any] = {}
    with time_machine.travel(time.time() + 65, tick=True):
        for _ in range(100):
            seen = await order(client, "order-1")
            if [one["status"] for one in seen["payments"]] == ["canceled"]:
                break
            await asyncio.sleep(0.1)
    assert (seen["status"], seen["payments"][0]["status"]) == ("abandoned", "canceled")
