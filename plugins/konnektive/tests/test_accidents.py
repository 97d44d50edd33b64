"""Whatever can go wrong on the way: doubt stays doubt, it is never a decline, never a crash, and tells no card."""

import asyncio
import time
import traceback
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from paylinks_konnektive.answers import kind_of, read
from paylinks_konnektive.simulator.cards import card_of
from paylinks_ports import (
    Card,
    CredentialsRejected,
    Declined,
    NotFound,
    Order,
    Paid,
    PaylinksError,
    ProviderRefused,
    ProviderUnavailable,
    SavedMethod,
    Unknown,
)
from paylinks_ports.testing import Forward, make_refund

from .conftest import CARD, Merchant

MakeOrder = Callable[..., Order]

COMPLETE = {"orderId": "2711A10", "orderStatus": "COMPLETE", "totalAmount": "49.99"}
NONSENSE: dict[str, tuple[int, dict[str, Any]]] = {
    "500 with HTML": (500, {"html": "<h1>TopSecretPassword</h1>"}),
    "500 in form": (500, {"json": {"result": "SUCCESS", "message": COMPLETE}}),
    "502 empty": (502, {}),
    "200 with HTML": (200, {"html": "<h1>Maintenance</h1>"}),
    "200 with garbage": (200, {"content": b"\x00\xff\xfe{"}),
    "200 with a list": (200, {"json": [1, 2]}),
    "200 with null": (200, {"json": None}),
    "200 with another envelope": (200, {"json": {"responseCode": 100, "orderId": "1"}}),
    "200 with another result": (200, {"json": {"result": "MAYBE", "message": COMPLETE}}),
    "a result of another type": (200, {"json": {"result": ["SUCCESS"], "message": COMPLETE}}),
    "an error without a sentence": (200, {"json": {"result": "ERROR"}}),
    "an error that says nothing": (200, {"json": {"result": "ERROR", "message": "Gateway timed out"}}),
    "301": (301, {"headers": {"Location": "https://elsewhere.example"}}),
    "401 with HTML": (401, {"html": "<h1>Blocked by a proxy</h1>"}),
}
NOT_APPROVED: dict[str, Any] = {
    "text": {"result": "SUCCESS", "message": "Card is preauthorized"},
    "another order": {"result": "SUCCESS", "message": COMPLETE | {"orderId": "OTHER"}},
    "another status": {"result": "SUCCESS", "message": COMPLETE | {"orderStatus": "PARTIAL"}},
    "no amount": {"result": "SUCCESS", "message": {"orderId": "2711A10", "orderStatus": "COMPLETE"}},
    "nonsense for an amount": {"result": "SUCCESS", "message": COMPLETE | {"totalAmount": "Infinity"}},
    "no currency": {"result": "SUCCESS", "message": COMPLETE | {"currencyCode": "Dollars"}},
    "a script": {"result": "MERC_REDIRECT", "message": {"script": "<script></script>"}},
    "a duplicate": {"result": "ERROR", "message": "Transaction Declined: Duplicate transaction"},
    "already complete": {"result": "ERROR", "message": "Order is already complete"},
}


@pytest.mark.parametrize("case", NONSENSE)
async def test_nonsense(merchant: Merchant, make_order: MakeOrder, case: str) -> None:
    """A charge or refund that is answered with nonsense is in doubt; everything else can be asked again."""
    paid = await merchant.gateway.charge_card(make_order(), None, CARD)
    assert isinstance(paid, Paid)
    status, content = NONSENSE[case]
    merchant.answers("/order/import/", status, **content)
    order = make_order(payment_id="pay_2", attempt_id="att_2")
    for charge in (
        merchant.gateway.charge_card(order, None, CARD),
        merchant.gateway.charge_saved(order, SavedMethod("1", "2")),
    ):
        charged = await charge
        assert isinstance(charged, Unknown)
        assert charged.reference is not None
    merchant.answers("", status, **content)
    refund = make_refund(paid, 100)
    assert isinstance(await merchant.gateway.refund(make_order(), refund), Unknown)
    for call in (
        merchant.gateway.start(order, None),
        merchant.gateway.charge_card(order, None, CARD),
        merchant.gateway.charge_card(order, "2711A10", CARD),
        merchant.gateway.look_up(make_order(), "2711A10"),
        merchant.gateway.look_up(make_order(), None),
        merchant.gateway.look_up_refund(make_order(), refund, None),
        merchant.gateway.check_credentials(),
    ):
        with pytest.raises(ProviderUnavailable):
            await call


@pytest.mark.parametrize("case", NOT_APPROVED)
async def test_not_approved(merchant: Merchant, make_order: MakeOrder, case: str) -> None:
    """Success is a whitelist."""
    merchant.answers("/order/import/", 200, json=NOT_APPROVED[case])
    assert isinstance(await merchant.gateway.charge_card(make_order(), None, CARD), Unknown)


@pytest.mark.parametrize("after", [True, False])
async def test_lost_reply(merchant: Merchant, make_order: MakeOrder, *, after: bool) -> None:
    """The doubt has the order's id, and the look-up finds what happened; nothing found is no proof."""
    merchant.loses("/order/import/", httpx.ReadTimeout, after=after)
    unknown = await merchant.gateway.charge_card(make_order(), None, CARD)
    assert isinstance(unknown, Unknown)
    assert unknown.reference == "2711A10"
    for known in (unknown.reference, None):
        assert isinstance(await merchant.gateway.look_up(make_order(), known), Paid if after else NotFound)


@pytest.mark.parametrize("path", ["/leads/import/", "/order/query/", "/transactions/query/"])
async def test_lost_before_the_charge(merchant: Merchant, make_order: MakeOrder, path: str) -> None:
    """Whatever fails before the card is sent charged nothing."""
    merchant.loses(path, httpx.ReadTimeout, after=True)
    with pytest.raises(ProviderUnavailable):
        await merchant.gateway.charge_card(make_order(), None, CARD)
    assert not merchant.sent("/order/import/")


@pytest.mark.parametrize("path", ["/leads/import/", "/order/query/", "/transactions/query/"])
async def test_silence_before_the_charge(merchant: Merchant, make_order: MakeOrder, path: str) -> None:
    """What is asked before takes half of the call's time at most: cut off later, nobody could say what was sent."""

    async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
        if request.url.path == path:
            await asyncio.Event().wait()
        return await forward(request)

    merchant.network.accident = accident
    merchant.client.timeout = httpx.Timeout(0.2)
    with pytest.raises(ProviderUnavailable):
        await asyncio.wait_for(merchant.gateway.charge_card(make_order(), None, CARD), 5)
    assert not merchant.sent("/order/import/")


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
async def test_never_sent(merchant: Merchant, make_order: MakeOrder, error: type[httpx.TransportError]) -> None:
    """What never left charged nothing, though the lead did leave."""
    merchant.loses("/order/import/", error, after=False)
    with pytest.raises(ProviderUnavailable):
        await merchant.gateway.charge_card(make_order(), None, CARD)


async def test_a_sale_that_succeeded_in_an_open_order(merchant: Merchant, make_order: MakeOrder) -> None:
    """The transactions are the truth about money: it is neither charged again nor called declined."""
    rows = [{"transactionId": 9, "txnType": "SALE", "responseType": "SUCCESS", "totalAmount": "49.99"}]
    await merchant.gateway.charge_card(make_order(), None, card_of("demo_decline"))
    sent = len(merchant.sent("/order/import/"))
    merchant.answers("/transactions/query/", 200, json={"result": "SUCCESS", "message": {"data": rows}})
    again = await merchant.gateway.charge_card(make_order(attempt_id="att_2"), "2711A10", CARD)
    assert isinstance(again, Unknown)
    assert len(merchant.sent("/order/import/")) == sent
    assert isinstance(await merchant.gateway.look_up(make_order(), "2711A10"), Unknown)


async def test_a_query_without_rows(merchant: Merchant, make_order: MakeOrder) -> None:
    """What lists nothing has not been found to be nothing; and a row of another order is not the one asked for."""
    merchant.answers("/query/", 200, json={"result": "SUCCESS", "message": {"totalResults": 0}})
    with pytest.raises(ProviderUnavailable):
        await merchant.gateway.look_up(make_order(), "2711A10")
    row = COMPLETE | {"orderId": "OTHER", "custom2": make_order().payment_id.removeprefix("pay_")}
    rows = httpx.Response(200, json={"result": "SUCCESS", "message": {"data": [row]}}).content
    merchant.answers(lambda request: b"orderId=2711A10" in request.content, 200, content=rows)
    assert isinstance(await merchant.gateway.look_up(make_order(), "2711A10"), NotFound)


async def test_anothers_order_is_never_believed(merchant: Merchant, make_order: MakeOrder) -> None:
    """A complete order that is not this payment's proves nothing, even where a lead was answered with it."""
    row = COMPLETE | {"custom2": "another"}
    merchant.answers("/order/query/", 200, json={"result": "SUCCESS", "message": {"data": [row]}})
    assert isinstance(await merchant.gateway.look_up(make_order(), "2711A10"), NotFound)
    with pytest.raises(ProviderUnavailable):
        await merchant.gateway.charge_card(make_order(), None, CARD)
    assert not merchant.sent("/order/import/")


async def test_a_decline_stands(merchant: Merchant, make_order: MakeOrder) -> None:
    """Not to know whether it is a soft or a hard one changes nothing about it."""
    merchant.loses(lambda request: request.url.path == "/transactions/query/" and bool(merchant.sent("/order/import/")))
    card = Card(number="4000000000009995", month=1, year=2030, cvv="123")
    declined = await merchant.gateway.charge_card(make_order(), None, card)
    assert type(declined).__name__ == "Declined"


async def test_a_decline_that_is_found_tells_no_card(merchant: Merchant, make_order: MakeOrder) -> None:
    """The newest one's words are a gateway's, wherever Konnektive shows them."""
    order = make_order()
    merchant.loses("/order/import/")
    await merchant.gateway.charge_card(order, None, Card(number="4000000000000002", month=1, year=2030, cvv="123"))
    text = f"Do not honor {CARD.number}, ada@example.com"
    rows = [
        {"transactionId": number, "txnType": "SALE", "responseType": kind, "responseText": text}
        for number, kind in ((9, "SOFT_DECLINE"), (10, "HARD_DECLINE"))
    ]
    merchant.answers("/transactions/query/", 200, json={"result": "SUCCESS", "message": {"data": rows}})
    declined = await merchant.gateway.look_up(order, None)
    assert isinstance(declined, Declined)
    assert (declined.code, declined.retryable) == ("card_declined", False)
    assert declined.message == "Do not honor [redacted], [redacted]"


def test_sentences() -> None:
    """The table, with the sentences that are known."""
    assert kind_of("Transaction Declined: Card Declined") == "declined"
    assert kind_of("No orders matching those parameters could be found") == "nothing_found"
    assert kind_of("shipAddress1 is a required field") == "refused"
    assert kind_of("Cannot user test card with live customer.") == "refused"
    assert kind_of("Customer not found") == "refused"
    assert kind_of("No products exist in the order") == "refused"
    assert kind_of("Invalid login credentials") == "credentials"
    assert kind_of("Transaction Declined: Invalid card number") == "declined"
    assert kind_of("Gateway error") == "doubt"


async def test_rejected_and_refused(merchant: Merchant, make_order: MakeOrder) -> None:
    """Refused logins and wrong fields are certain: nothing was charged."""
    for message, kind in (
        ("Invalid login credentials: api_user", CredentialsRejected),
        ({"shipAddress1": "is a required field"}, ProviderRefused),
        ("Too many requests", ProviderUnavailable),
    ):
        merchant.answers("/order/import/", 200, json={"result": "ERROR", "message": message})
        with pytest.raises(kind) as error:
            await merchant.gateway.charge_card(make_order(), None, CARD)
        assert "api_user" not in str(error.value.details)


async def test_no_card_is_anywhere(merchant: Merchant, make_order: MakeOrder) -> None:
    """No card, password or e-mail address is in a result, an error, its cause or its traceback."""
    quote = f"TopSecretPassword ada@example.com {CARD.number} {CARD.cvv} 4111 1111 1111 1111"
    sentences = [f"Transaction Declined: {quote}", f"{quote} is required", quote]
    cases = [*NONSENSE.values(), *((200, {"json": {"result": "ERROR", "message": text}}) for text in sentences)]
    for number, (status, content) in enumerate(cases):
        merchant.answers("/order/import/", status, **content)
        order = make_order(payment_id=f"pay_{number}")
        try:
            told = repr(await merchant.gateway.charge_card(order, None, CARD))
        except PaylinksError as error:
            told = "".join(traceback.format_exception(error)) + repr((error.args, error.details))
            context: BaseException | None = error
            while context is not None:
                told += repr(context.args) + repr(vars(context))
                context = context.__context__
        for secret in (CARD.number, CARD.cvv, "TopSecret", "4111 1111", "ada@example"):
            assert secret not in told
    assert not any(CARD.number in value for value in merchant.store.entries.values())


def test_a_login_of_a_letter_hides_no_meaning() -> None:
    """What is said is judged as it was said, and shown without the login."""
    response = httpx.Response(200, json={"result": "ERROR", "message": "Transaction Declined: No Funds"})
    answer = read(response, "a", "o")
    assert answer.kind == "declined"
    assert "a" not in answer.sentence.replace("[redacted]", "")


@pytest.mark.parametrize("said", ["invalid@example.com", "no.login.bad@password.example", "x" * 400 + " is invalid"])
def test_the_customers_words_have_no_meaning(said: str) -> None:
    """Neither an address in a sentence nor what stands far behind makes a doubt anything else."""
    message = f"Gateway error while processing the order of {said}"
    assert read(httpx.Response(200, json={"result": "ERROR", "message": message})).kind == "doubt"


def test_a_sentence_without_end() -> None:
    """It is read in time, whatever its length."""
    began = time.process_time()
    assert read(httpx.Response(200, json={"result": "ERROR", "message": "bad endpoint " * 50_000})).kind == "doubt"
    assert time.process_time() - began < 10
