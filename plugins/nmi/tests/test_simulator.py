"""The simulator is no more lenient than the gateway, keeps its books exactly, and loses nothing among processes."""

import asyncio
from urllib.parse import parse_qsl

import httpx
import pytest

from paylinks_nmi import PROVIDER

from .conftest import QUERY, SECURITY_KEY, TRANSACT, Merchant

SALE = {"type": "sale", "amount": "49.99", "currency": "USD", "orderid": "att_1"}


def _sale(merchant: Merchant, card: str = "card", **changes: str) -> dict[str, str]:
    return SALE | {"payment_token": merchant.token(card)} | changes


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"type": "auth"}, "Invalid Transaction Type"),
        ({"type": ""}, "Invalid Transaction Type"),
        ({"amount": "49.9"}, "Invalid amount"),
        ({"amount": "4999"}, "Invalid amount"),
        ({"amount": "-1.00"}, "Invalid amount"),
        ({"amount": ""}, "Invalid amount"),
        ({"currency": "usd"}, "Invalid currency"),
        ({"currency": "DOL"}, "Invalid currency"),
        ({"order_id": "att_1"}, "Unexpected variable order_id"),
        ({"merchant_defined_field_21": "x"}, "Unexpected variable merchant_defined_field_21"),
        ({"country": "Germany"}, "Invalid country"),
        ({"ipaddress": "::1"}, "Invalid ipaddress"),
        ({"customer_vault": "keep"}, "Invalid customer_vault"),
        ({"initiated_by": "nobody"}, "Invalid initiated_by"),
        ({"payment_token": ""}, "Exactly one"),
        ({"customer_vault_id": "1"}, "Exactly one"),
        ({"payment_token": "any text"}, "Payment Token does not exist"),
        ({"payment_token": "", "customer_vault_id": "1"}, "Invalid Customer Vault Id Specified"),
        ({"security_key": "short"}, "Specified API key not found"),
        ({"security_key": ""}, "Authentication Failed"),
    ],
)
async def test_wrong_variables(merchant: Merchant, changes: dict[str, str], text: str) -> None:
    """What the gateway refuses is refused as it does: 200, response 3, code 300, and a REFID."""
    answer = await merchant.transact(**_sale(merchant, **changes))
    assert (answer["response"], answer["response_code"], answer["transactionid"]) == ("3", "300", "")
    assert answer["responsetext"].startswith(text)
    assert "REFID:" in answer["responsetext"]


async def test_wrong_requests(merchant: Merchant) -> None:
    """Another door, another method, another form."""

    async def ask(method: str, path: str, **options: object) -> httpx.Response:
        request = httpx.Request(method, f"https://secure.nmi.com{path}", **options)  # type: ignore[arg-type]
        return await PROVIDER.simulator.answer(request, merchant.world)

    assert (await ask("POST", "/api/other.php")).status_code == 404
    assert (await ask("GET", TRANSACT)).status_code == 405
    sale = {"security_key": SECURITY_KEY} | _sale(merchant)
    for answer in (
        await ask("POST", TRANSACT, json=sale),
        await ask("POST", TRANSACT, content=b"\xff", headers={"Content-Type": "application/x-www-form-urlencoded"}),
        await ask("POST", TRANSACT, data=sale | {"amount": ["1.00", "2.00"]}),
    ):
        assert dict(parse_qsl(answer.text))["response"] == "3"
    assert b"error_response" in (await ask("POST", QUERY, json={"security_key": SECURITY_KEY})).content


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"orderid": "att_1"},
        {"order_id": ""},
        {"order_id": "1", "security_key": "x"},
        {"merchant_defined_field_0": "1"},
    ],
)
async def test_wrong_queries(merchant: Merchant, form: dict[str, str]) -> None:
    """They get an error document, which is no empty report."""
    answer = await merchant.call(QUERY, form)
    assert answer.status_code == 200
    assert "<error_response>" in answer.text


async def test_form_of_an_answer(merchant: Merchant) -> None:
    """As NMI's own sample: all fields, blanks included."""
    answer = await merchant.transact(**_sale(merchant))
    transaction_id = answer.pop("transactionid")
    assert transaction_id.isdigit()
    assert answer == {
        "response": "1",
        "responsetext": "SUCCESS",
        "authcode": "123456",
        "avsresponse": "N",
        "cvvresponse": "M",
        "orderid": "att_1",
        "type": "sale",
        "response_code": "100",
    }
    assert (await merchant.call(QUERY, {"order_id": "nothing"})).text.count("transaction") == 0


async def test_duplicate_window(merchant: Merchant) -> None:
    """Same amount, same card, any order id; not another amount, card or currency, nor after the window or with 0."""
    assert (await merchant.transact(**_sale(merchant)))["response"] == "1"
    refused = await merchant.transact(**_sale(merchant, orderid="att_2"))
    assert refused["responsetext"].startswith("Duplicate transaction REFID:")
    assert (refused["transactionid"], refused["orderid"]) == ("", "att_2")
    for other in ({"amount": "50.00"}, {"currency": "EUR"}, {"dup_seconds": "0"}):
        assert (await merchant.transact(**_sale(merchant, **other)))["response"] == "1"
    assert (await merchant.transact(**_sale(merchant, "other")))["response"] == "1"
    merchant.now += 1_199_999
    assert (await merchant.transact(**_sale(merchant)))["response"] == "3"


async def test_only_one_of_many_at_once(merchant: Merchant) -> None:
    """One token is used once, one card is charged once in the window, and refunds never exceed the sale."""
    token = merchant.token()
    answers = await asyncio.gather(*(merchant.transact(**SALE | {"payment_token": token}) for _ in range(10)))
    assert [answer["response"] for answer in answers].count("1") == 1
    fresh = await asyncio.gather(*(merchant.transact(**_sale(merchant, "fresh")) for _ in range(10)))
    sold = [answer for answer in fresh if answer["response"] == "1"]
    assert len(sold) == 1
    refund = {"type": "refund", "transactionid": sold[0]["transactionid"], "amount": "10.00"}
    refunds = await asyncio.gather(*(merchant.transact(**refund, orderid=f"ref_{n}") for n in range(10)))
    assert [answer["response"] for answer in refunds].count("1") == 4


async def test_test_triggers(merchant: Merchant) -> None:
    """NMI's own: less than 1.00 is declined, and its test token is never used up."""
    assert (await merchant.transact(**_sale(merchant, amount="0.99")))["response"] == "2"
    token = "00000000-000000-000000-000000000000"
    for amount in ("1.00", "2.00"):
        assert (await merchant.transact(**SALE | {"payment_token": token, "amount": amount}))["response"] == "1"


async def test_voids_and_refunds(merchant: Merchant) -> None:
    """Nothing goes back twice, and what has settled is not voided."""
    sale = (await merchant.transact(**_sale(merchant)))["transactionid"]
    void = {"type": "void", "transactionid": sale}
    assert (await merchant.transact(**void))["response"] == "1"
    assert (await merchant.transact(**void))["response"] == "3"
    assert (await merchant.transact(type="refund", transactionid=sale, amount="0.00"))["response"] == "3"
    other = (await merchant.transact(**_sale(merchant, "other")))["transactionid"]
    merchant.now += 86_400_000
    assert (await merchant.transact(type="void", transactionid=other))["response"] == "3"
    whole = {"type": "refund", "transactionid": other, "amount": "0.00"}
    assert (await merchant.transact(**whole))["orderid"] == "att_1"  # without one of its own, its sale's
    assert (await merchant.transact(**whole))["response"] == "3"
    assert (await merchant.transact(type="refund", transactionid="1", amount="1.00"))["response"] == "3"
