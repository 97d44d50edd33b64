"""The simulator is strict: what Konnektive would refuse, it refuses with Konnektive's own sentences."""

from typing import Any

import httpx
import pytest

from paylinks_konnektive import PROVIDER
from paylinks_konnektive.results import declined
from paylinks_ports import DeclineCode

from .conftest import Merchant

LEAD = {"campaignId": "7", "firstName": "Ada", "lastName": "Lovelace", "emailAddress": "ada@example.com"}
CARD = {"cardNumber": "4242424242424242", "cardMonth": "07", "cardYear": "2031", "cardSecurityCode": "987"}
ORDER = LEAD | CARD | {"paySource": "CREDITCARD", "product1_id": "1", "product1_qty": "2", "product1_price": "5.00"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"firstName": ""}, "First and last name are required fields."),
        ({"cardNumber": ""}, {"cardNumber": "is a required field"}),
        ({"surprise": "1"}, {"surprise": "is not a valid field"}),
        ({"product1_id": ""}, "No products exist in the order"),
        ({"product1_price": "5.001"}, {"product1_price": "must be a decimal amount"}),
        ({"custom1": "x" * 31}, {"custom1": "must be 30 characters or less"}),
        ({"paySource": "BARTER"}, {"paySource": "is not a valid pay source"}),
        ({"orderId": "NONE"}, "No orders matching those parameters could be found"),
    ],
)
async def test_wrong_orders(merchant: Merchant, change: dict[str, str], message: object) -> None:
    """Unknown, missing and malformed parameters."""
    order_id = (await merchant.call("/leads/import/", **LEAD))["message"]["orderId"]
    given = {"orderId": order_id} | ORDER | change
    assert await merchant.call("/order/import/", **given) == {"result": "ERROR", "message": message}
    done = await merchant.call("/order/import/", **ORDER, orderId=order_id)
    assert (done["result"], done["message"]["totalAmount"]) == ("SUCCESS", "10.00")
    again = await merchant.call("/order/import/", **ORDER, orderId=order_id)
    assert again == {"result": "ERROR", "message": "Order is already complete"}


async def test_gaps_and_prices(merchant: Merchant) -> None:
    """The pitfalls that the gateway avoids: lines after a gap are dropped, and no price is the campaign's."""
    order_id = (await merchant.call("/leads/import/", **LEAD))["message"]["orderId"]
    lines = {"product1_price": "", "product1_qty": "1", "product3_id": "3", "product3_price": "9.00"}
    given = {name: value for name, value in (ORDER | lines).items() if value}
    done = await merchant.call("/order/import/", **given, orderId=order_id)
    assert done["message"]["totalAmount"] == "19.99"


async def test_open_orders_are_given_again(merchant: Merchant) -> None:
    """To the next lead of the same customer, until they are paid."""
    ids: list[Any] = [(await merchant.call("/leads/import/", **LEAD))["message"]["orderId"] for _ in range(2)]
    assert ids[0] == ids[1]
    await merchant.call("/order/import/", **ORDER, orderId=ids[0])
    assert (await merchant.call("/leads/import/", **LEAD))["message"]["orderId"] != ids[0]


async def _sale(merchant: Merchant, number: str, **change: str) -> dict[str, Any]:
    order_id = (await merchant.call("/leads/import/", **LEAD))["message"]["orderId"]
    return await merchant.call("/order/import/", **ORDER | {"cardNumber": number, "orderId": order_id} | change)


async def test_a_gateway_knows_duplicates(merchant: Merchant) -> None:
    """The same card and amount within twenty minutes; but for test cards."""
    for _ in range(2):
        assert (await _sale(merchant, "4111111111111111"))["result"] == "SUCCESS"
    assert (await _sale(merchant, "5105105105105100"))["result"] == "SUCCESS"
    again = await _sale(merchant, "5105105105105100")
    assert again == {"result": "ERROR", "message": "Transaction Declined: Duplicate transaction"}
    assert (await _sale(merchant, "5105105105105100", product1_price="6.00"))["result"] == "SUCCESS"
    merchant.now += 1_200_000
    assert (await _sale(merchant, "5105105105105100"))["result"] == "SUCCESS"


async def test_a_slow_card_is_shown_late(merchant: Merchant) -> None:
    """What becomes of its order, refunds too, is not in queries for a minute and a half; then all of it is."""
    order_id = (await _sale(merchant, "4000000085000001"))["message"]["orderId"]

    async def shown() -> tuple[Any, int]:
        order = (await merchant.call("/order/query/", orderId=order_id))["message"]["data"][0]
        sales = (await merchant.call("/transactions/query/", orderId=order_id))["message"]
        return order["orderStatus"], 0 if isinstance(sales, str) else len(sales["data"])

    assert await shown() == ("PARTIAL", 0)
    merchant.now += 90_000
    assert await shown() == ("COMPLETE", 1)
    assert (await merchant.call("/order/refund/", orderId=order_id, fullRefund="1"))["result"] == "SUCCESS"
    assert await shown() == ("COMPLETE", 1)
    merchant.now += 90_000
    assert await shown() == ("REFUNDED", 2)


async def test_postbacks_come_with_the_export(merchant: Merchant) -> None:
    """Each quarter of an hour, of whatever was done, but by test cards."""
    merchant.now += 60_000 - merchant.now % 900_000
    await _sale(merchant, "4111111111111111")
    assert not merchant.emitted
    order_id = (await _sale(merchant, "5105105105105100"))["message"]["orderId"]
    await _sale(merchant, "5105105105105100")
    await merchant.call("/order/refund/", orderId=order_id, refundAmount="1.00")
    events = [request.query["event"] for request, _ in merchant.emitted]
    assert events == ["New Sale", "Decline", "Partial Refunds"]
    assert {delay for _, delay in merchant.emitted} == {840_000}
    assert {request.received_at % 900_000 for request, _ in merchant.emitted} == {0}


async def test_who_calls(merchant: Merchant) -> None:
    """No password, the demo's user with another one, or parameters in the URL."""
    for change in ({"password": ""}, {"loginId": "demo"}):
        answer = await merchant.call("/campaign/query/", **change)
        assert answer == {"result": "ERROR", "message": "Invalid login credentials"}
    request = httpx.Request("POST", "https://api.checkoutchamp.com/campaign/query/?loginId=a&password=b", data={})
    assert (await PROVIDER.simulator.answer(request, merchant.world)).json()["result"] == "ERROR"
    request = httpx.Request("GET", "https://api.checkoutchamp.com/order/query/")
    assert (await PROVIDER.simulator.answer(request, merchant.world)).status_code == 404


@pytest.mark.parametrize(
    ("sentence", "kind", "code", "retryable"),
    [
        ("Transaction Declined: Insufficient Funds", "SOFT_DECLINE", "insufficient_funds", True),
        ("Transaction Declined: Insufficient Funds", "HARD_DECLINE", "insufficient_funds", False),
        ("Transaction Declined: Do Not Honor", "", "card_declined", False),
        ("Transaction Declined: Card Declined", "", "card_declined", True),
        ("Transaction Declined: Lost card", "HARD_DECLINE", "lost_or_stolen", False),
        ("Transaction Declined: CVV mismatch", "SOFT_DECLINE", "incorrect_cvc", True),
    ],
)
def test_declines(sentence: str, kind: str, code: DeclineCode, *, retryable: bool) -> None:
    """Konnektive's word on soft and hard wins; what a bank suspects is not told."""
    result = declined(sentence, kind, "1")
    assert (result.code, result.retryable) == (code, retryable)
    assert "lost" not in result.message.lower()
    assert not result.message.startswith("Transaction")
