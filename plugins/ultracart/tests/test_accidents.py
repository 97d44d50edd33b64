"""Whatever can go wrong on the way: doubt stays doubt, and nothing that moved no money is a doubt."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from paylinks_ports import CredentialsRejected, Declined, Order, Paid, ProviderRefused, ProviderUnavailable, Unknown
from paylinks_ultracart.declines import DECLINES, declined
from paylinks_ultracart.wire import redact

from .conftest import API_KEY, Merchant

MakeOrder = Callable[..., Order]

NONSENSE: dict[str, tuple[int, dict[str, Any]]] = {
    "500 with HTML": (500, {"html": "<h1>Oops</h1>"}),
    "500 in form": (500, {"json": {"error": {"user_message": "declined"}, "success": False}}),
    "200 with garbage": (200, {"content": b"\x00\xff{"}),
    "200 empty": (200, {}),
    "200 with a list": (200, {"json": [1]}),
    "200 half": (200, {"json": {"order_id": "DEMO-1"}}),
    "200 wrong types": (200, {"json": {"successful": "yes", "success": "yes", "order_id": 7}}),
    "200 no without a reason": (200, {"json": {"successful": False, "success": False}}),
    "200 no with an order": (
        200,
        {"json": {"successful": False, "success": False, "order_id": "DEMO-1", "errors": ["x"]}},
    ),
    "400 with HTML": (400, {"html": "<h1>Bad request</h1>"}),
    "401 with HTML": (401, {"html": "<h1>Proxy</h1>"}),
    "301": (301, {"headers": {"Location": "https://elsewhere.example"}}),
}


@pytest.mark.parametrize("case", NONSENSE)
async def test_nonsense(merchant: Merchant, make_order: MakeOrder, case: str) -> None:
    """A charge that is answered with nonsense is in doubt; everything before it can be asked again."""
    status, content = NONSENSE[case]
    paid = await merchant.gateway.charge(make_order(), None, "tok_1")
    assert isinstance(paid, Paid)
    assert paid.saved_method is not None
    for path in ("/finalizeOrder", "/import"):
        merchant.answers(path, status, **content)
        if path == "/import":
            assert isinstance(await merchant.gateway.charge_saved(make_order(), paid.saved_method), Unknown)
        else:
            assert isinstance(await merchant.gateway.charge(make_order(), None, "tok_1"), Unknown)
    merchant.answers("", status, **content)
    if "200 no" in case or "half" in case:
        return
    for call in (
        merchant.gateway.start(make_order(), None),
        merchant.gateway.charge(make_order(), None, "tok_1"),
        merchant.gateway.look_up(make_order(), None),
        merchant.gateway.look_up(make_order(), "DEMO-1"),
        merchant.gateway.check_credentials(),
    ):
        with pytest.raises(ProviderUnavailable):
            await call


async def test_lost_reply(merchant: Merchant, make_order: MakeOrder) -> None:
    """The charge happened, the reply is lost: the error comes through, and the attempt finds the order."""
    merchant.loses("/finalizeOrder")
    with pytest.raises(httpx.ReadTimeout):
        await merchant.gateway.charge(make_order(), None, "tok_1")
    assert isinstance(await merchant.gateway.look_up(make_order(), None), Paid)
    assert len(merchant.orders()) == 1


async def test_reading_back_may_fail(merchant: Merchant, make_order: MakeOrder) -> None:
    """Once an order is made, not reading it is a doubt that names the order."""
    merchant.loses(lambda request: "/order/orders/" in request.url.path, httpx.ConnectError, after=False)
    result = await merchant.gateway.charge(make_order(), None, "tok_1")
    assert isinstance(result, Unknown)
    assert result.reference == merchant.orders()[0]["order_id"]


async def test_before_the_charge_nothing_happened(merchant: Merchant, make_order: MakeOrder) -> None:
    """A cart that can't be written is no doubt: nothing was charged."""
    merchant.loses(lambda request: request.method == "PUT", after=False)
    with pytest.raises(ProviderUnavailable):
        await merchant.gateway.charge(make_order(), None, "tok_1")


async def test_answers_in_form(merchant: Merchant, make_order: MakeOrder) -> None:
    """Errors in UltraCart's own form say what they say; a decline may be one."""
    started = await merchant.gateway.start(make_order(), None)
    error = {"error": {"user_message": "x"}, "success": False}
    for status, expected in ((401, CredentialsRejected), (400, ProviderRefused), (429, ProviderUnavailable)):
        merchant.answers("/finalizeOrder", status, json=error)
        with pytest.raises(expected):
            await merchant.gateway.charge(make_order(), started.reference, "tok_1")
    merchant.answers("/finalizeOrder", 400, json={"error": {"user_message": "Your card was declined"}})
    assert isinstance(await merchant.gateway.charge(make_order(), started.reference, "tok_1"), Declined)
    merchant.answers("/finalizeOrder", 200, json={"successful": False, "errors": ["Gateway communication failure"]})
    assert isinstance(await merchant.gateway.charge(make_order(), started.reference, "tok_1"), Unknown)


async def test_one_call_at_a_time(merchant: Merchant, make_order: MakeOrder) -> None:
    """UltraCart refuses two calls at once, so two gateways of one account wait for each other."""
    other = merchant.open(merchant.credentials)
    first = await merchant.gateway.start(make_order(), None)
    told = await asyncio.gather(
        *(merchant.gateway.start(make_order(), first.reference) for _ in range(3)),
        *(other.start(make_order(), first.reference) for _ in range(3)),
    )
    assert all(one.reference == first.reference for one in told)
    busy = await asyncio.gather(merchant.call("GET", "/checkout/cart"), merchant.call("GET", "/checkout/cart"))
    assert sorted(one.status_code for one in busy) == [200, 429]


@pytest.mark.parametrize("words", DECLINES)
def test_decline_table(words: str) -> None:
    """Every entry of the table is reached, and none by what a customer must not read."""
    result = declined(f"Sorry: {words.upper()} (4111 1111 1111 1111, ada@example.com)", None)
    assert isinstance(result, Declined)
    assert (result.code, result.retryable) == DECLINES[words]
    assert "4111" not in result.message
    assert "ada@" not in result.message


def test_unknown_sentences() -> None:
    """A sentence without a known word is a decline that may be tried again; a gateway's silence is a doubt."""
    result = declined("Nope", "ABC")
    assert isinstance(result, Declined)
    assert (result.code, result.retryable, result.reference) == ("card_declined", True, "ABC")
    assert isinstance(declined("The gateway timed out: declined", None), Unknown)


def test_what_a_bank_suspects_is_not_told() -> None:
    """Nor is a token, and what stands behind it."""
    result = declined("The card was stolen", None)
    assert isinstance(result, Declined)
    assert "stolen" not in result.message
    assert redact(f"Bad key {'k' * 24}, {'a' * 30}@example.com") == "Bad key [redacted], [redacted]"


async def test_secrets_are_nowhere(merchant: Merchant, make_order: MakeOrder) -> None:
    """No key is in a representation or an error."""
    assert API_KEY not in f"{merchant.credentials!r} {merchant.credentials} {merchant.credentials.__rich_repr__()}"
    merchant.answers("", 400, json={"error": {"user_message": f"Bad key {API_KEY}xxxxxxxx ada@example.com"}})
    with pytest.raises(ProviderRefused) as refused:
        await merchant.gateway.start(make_order(), None)
    assert API_KEY not in str(refused.value.details)
    assert "ada@" not in str(refused.value.details)


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("said", ["The payment gateway timed out", "Unexpected error", "No response of the gateway"])
async def test_an_error_of_a_gateway_that_did_not_answer(
    merchant: Merchant, make_order: MakeOrder, status: int, said: str
) -> None:
    """It was asked, and may have charged: a doubt, and never "nothing happened"."""
    paid = await merchant.gateway.charge(make_order(), None, "tok_1")
    assert isinstance(paid, Paid)
    assert paid.saved_method is not None
    error = {"success": False, "error": {"user_message": said}}
    merchant.answers("/finalizeOrder", status, json={**error, "successful": False})
    assert isinstance(await merchant.gateway.charge(make_order(attempt_id="att_2"), None, "tok_1"), Unknown)
    merchant.answers("/import", status, json=error)
    assert isinstance(await merchant.gateway.charge_saved(make_order(attempt_id="att_3"), paid.saved_method), Unknown)


async def test_a_yes_without_an_order(merchant: Merchant, make_order: MakeOrder) -> None:
    """Whatever it says beside, it is no decline."""
    merchant.answers("/finalizeOrder", 200, json={"successful": True, "errors": ["Order is under review"]})
    assert isinstance(await merchant.gateway.charge(make_order(), None, "tok_1"), Unknown)


async def test_a_base_currency_that_is_none(merchant: Merchant, make_order: MakeOrder) -> None:
    """Where the account's currency can't be read nothing is charged."""
    real = merchant.network.answer

    async def accident(request: httpx.Request, forward: Any) -> httpx.Response:  # noqa: ANN401 - the kit's
        del forward
        response = await real(request)
        if request.method == "PUT":
            found = response.json()
            found["cart"]["base_currency_code"] = ["EUR"]
            return httpx.Response(200, json=found)
        return response

    merchant.network.accident = accident
    with pytest.raises(ProviderRefused):
        await merchant.gateway.charge(make_order(), None, "tok_1")
    assert merchant.orders() == []
