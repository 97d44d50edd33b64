"""Each power of the gateway, and what is on the wire."""

from collections.abc import Callable

import httpx
import msgspec
import pytest

from paylinks_konnektive import PROVIDER, KonnektiveCredentials, KonnektiveGateway
from paylinks_konnektive.operations import ProcessPaymentBody, payment_processed
from paylinks_konnektive.simulator.cards import card_of
from paylinks_ports import (
    CredentialsRejected,
    Declined,
    Money,
    NotFound,
    Order,
    Outcome,
    Paid,
    ProviderRefused,
    RequiresAction,
    SavedCharge,
    SavedMethod,
    Unknown,
    powers_of,
)

from .conftest import CARD, CREDENTIALS, Merchant

MakeOrder = Callable[..., Order]
SECOND = "att_0hhf7tnbsc2qv3qd9j6g8m1k4p1"


async def test_paid(merchant: Merchant, make_order: MakeOrder) -> None:
    """A lead first, then its order, at the order's own price, with the attempt on the wire and nothing in the URL."""
    order = make_order()
    reference = (await merchant.gateway.start(order, None)).reference
    assert reference == "2711A10"
    paid = await merchant.gateway.charge_card(order, reference, CARD)
    assert isinstance(paid, Paid)
    assert (paid.reference, paid.money, paid.saved_method) == (reference, order.money, SavedMethod(reference, "50001"))
    (sent,) = merchant.sent("/order/import/")
    assert sent["orderId"] == reference
    assert sent["custom1"] == order.attempt_id.removeprefix("att_")
    assert sent["custom3"] == "order-1"
    assert (sent["cardNumber"], sent["cardMonth"], sent["cardYear"]) == (CARD.number, "07", "2031")
    assert (sent["product1_id"], sent["product1_qty"], sent["product1_price"]) == ("99", "1", "49.99")
    assert not any(request.url.query for request in merchant.network.sent)
    assert not any("cardNumber" in one for one in merchant.sent("/leads/import/"))
    for known in (reference, None):
        assert await merchant.gateway.look_up(order, known) == paid


async def test_upsell(merchant: Merchant, make_order: MakeOrder) -> None:
    """The customer's card on file pays an order of its own."""
    paid = await merchant.gateway.charge_card(make_order(), None, CARD)
    assert isinstance(paid, Paid)
    assert paid.saved_method is not None
    saved = SavedMethod.from_token(paid.saved_method.token)
    upsell = make_order(1999, order_id="upsell", attempt_id=SECOND, payment_id="pay_2")
    second = await merchant.gateway.charge_saved(upsell, saved)
    assert isinstance(second, Paid)
    assert second.reference != paid.reference
    assert second.money == upsell.money
    sent = merchant.sent("/order/import/")[-1]
    assert (sent["paySource"], sent["customerId"]) == ("ACCTONFILE", "50001")
    assert "cardNumber" not in sent
    assert isinstance(await merchant.gateway.look_up(upsell, None), Paid)
    merchant.word = "demo_decline"
    assert isinstance(await merchant.gateway.charge_saved(make_order(payment_id="pay_3"), saved), Declined)
    with pytest.raises(ProviderRefused):
        await merchant.gateway.charge_saved(upsell, SavedMethod("2711A10"))


async def test_a_decline_is_its_own_attempts(merchant: Merchant, make_order: MakeOrder) -> None:
    """The next attempt goes into the same order, and an earlier decline in it tells nothing of the next attempt."""
    order, second = make_order(), make_order(attempt_id=SECOND)
    reference = (await merchant.gateway.start(order, None)).reference
    declined = await merchant.gateway.charge_card(order, reference, card_of("demo_decline"))
    assert declined == await merchant.gateway.look_up(order, reference)
    assert isinstance(await merchant.gateway.look_up(second, reference), NotFound)
    merchant.loses("/order/import/", httpx.ReadTimeout, after=False)
    assert isinstance(await merchant.gateway.charge_card(second, reference, CARD), Unknown)
    assert isinstance(await merchant.gateway.look_up(second, reference), NotFound)
    merchant.network.accident = None
    # This one arrives and is declined, which is shown late: the decline that can be seen is still the first attempt's.
    merchant.loses("/order/import/", httpx.ReadTimeout, after=True)
    assert isinstance(await merchant.gateway.charge_card(second, reference, card_of("demo_soft_decline")), Unknown)
    assert merchant.sent("/order/import/")[-1]["custom4"] == "1"
    merchant.network.accident = None
    rows = (await merchant.call("/transactions/query/", orderId=str(reference)))["message"]["data"]
    merchant.answers("/transactions/query/", 200, json={"result": "SUCCESS", "message": {"data": rows[:1]}})
    assert isinstance(await merchant.gateway.look_up(second, reference), NotFound)
    merchant.network.accident = None
    late = await merchant.gateway.look_up(second, reference)
    assert isinstance(late, Declined)
    assert (late.code, late.retryable) == ("insufficient_funds", True)
    paid = await merchant.gateway.charge_card(make_order(attempt_id="att_3"), reference, CARD)
    assert isinstance(paid, Paid)
    assert paid.reference == reference


async def test_a_paid_order_is_not_charged_again(merchant: Merchant, make_order: MakeOrder) -> None:
    """The order is read before it is charged, whatever is asked."""
    order = make_order()
    paid = await merchant.gateway.charge_card(order, None, CARD)
    assert isinstance(paid, Paid)
    assert await merchant.gateway.charge_card(make_order(attempt_id=SECOND), paid.reference, CARD) == paid
    assert len(merchant.sent("/order/import/")) == 1


async def test_an_order_that_another_checkout_has_taken(merchant: Merchant, make_order: MakeOrder) -> None:
    """Konnektive gives an open order to the customer's next lead; that one's payment is not the first one's."""
    first, second = make_order(), make_order(order_id="order-2", payment_id="pay_2", attempt_id=SECOND)
    reference = (await merchant.gateway.start(first, None)).reference
    assert (await merchant.gateway.start(second, None)).reference == reference
    assert isinstance(await merchant.gateway.charge_card(second, reference, CARD), Paid)
    assert isinstance(await merchant.gateway.look_up(first, reference), NotFound)
    paid = await merchant.gateway.charge_card(first, reference, CARD)
    assert isinstance(paid, Paid)
    assert paid.reference != reference
    assert await merchant.gateway.look_up(first, reference) == paid


async def test_a_customer_back_from_the_bank_pays_their_own_order(merchant: Merchant, make_order: MakeOrder) -> None:
    """Though the next lead was given the order meanwhile: it pays one of its own, with its own card."""
    first, second = make_order(), make_order(order_id="order-2", payment_id="pay_2", attempt_id=SECOND)
    reference = (await merchant.gateway.start(first, None)).reference
    assert isinstance(await merchant.gateway.charge_card(first, reference, card_of("demo_3ds")), RequiresAction)
    assert (await merchant.gateway.start(second, None)).reference == reference
    assert isinstance(await merchant.gateway.look_up(second, reference), NotFound)
    other = await merchant.gateway.charge_card(second, reference, CARD)
    assert isinstance(other, Paid)
    assert other.reference != reference
    paid = await merchant.gateway.look_up(first, reference)
    assert isinstance(paid, Paid)
    assert paid.reference == reference


async def test_an_order_that_another_payment_is_at_work_in(merchant: Merchant, make_order: MakeOrder) -> None:
    """Its sale may be at the bank's page: the customer is taken for a new one, whose order is free."""
    reference = (await merchant.gateway.start(make_order(), None)).reference
    busy = {"orderId": reference, "orderStatus": "PARTIAL", "custom2": "another", "custom4": "0"}

    def is_asked_for(request: httpx.Request) -> bool:
        return request.url.path == "/order/query/" and f"orderId={reference}" in request.content.decode()

    merchant.answers(is_asked_for, 200, json={"result": "SUCCESS", "message": {"data": [busy]}})
    paid = await merchant.gateway.charge_card(make_order(), reference, CARD)
    assert isinstance(paid, Paid)
    assert paid.reference != reference
    assert [one.get("disableCustomerDedup") for one in merchant.sent("/leads/import/")] == [None, None, "1"]
    assert not any("custom2" in one for one in merchant.sent("/leads/import/"))


async def test_total_is_what_it_says(merchant: Merchant, make_order: MakeOrder) -> None:
    """Amount and currency are the answer's, whatever was asked; another currency is refused before it is charged."""
    said = {"orderId": "2711A10", "orderStatus": "COMPLETE", "totalAmount": "53.12", "currencyCode": "EUR"}
    merchant.answers("/order/import/", 200, json={"result": "SUCCESS", "message": said})
    paid = await merchant.gateway.charge_card(make_order(), None, CARD)
    assert isinstance(paid, Paid)
    assert paid.money == Money(5312, "EUR")
    row = {"orderId": "2711A10", "orderStatus": "PARTIAL", "currencyCode": "EUR"}
    merchant.answers("/order/query/", 200, json={"result": "SUCCESS", "message": {"data": [row]}})
    sent = len(merchant.sent("/order/import/"))
    with pytest.raises(ProviderRefused):
        await merchant.gateway.charge_card(make_order(), None, CARD)
    assert len(merchant.sent("/order/import/")) == sent


async def test_check_credentials(merchant: Merchant) -> None:
    """Asked of the provider."""
    await merchant.gateway.check_credentials()
    wrong = merchant.open(KonnektiveCredentials(login_id="demo", password="wrong-password"))
    with pytest.raises(CredentialsRejected):
        await wrong.check_credentials()
    merchant.answers("/campaign/query/", 200, json={"result": "ERROR", "message": "Campaign does not exist"})
    with pytest.raises(CredentialsRejected):
        await merchant.gateway.check_credentials()


async def test_operation(merchant: Merchant, make_order: MakeOrder) -> None:
    """Products of the body at the order's amount; a card, or the customer whose card is on file."""
    raw = {
        "campaignId": 12,
        "products": [{"productId": 5, "quantity": 2}],
        "ipAddress": "198.51.100.9",
        "card": {"number": CARD.number, "month": 7, "year": 2031, "cvv": "987"},
    }
    body = msgspec.convert(raw, ProcessPaymentBody)
    assert body.raw_card == CARD
    assert body.saved_charge is None
    assert CARD.number not in repr(body)
    gateway = KonnektiveGateway(msgspec.structs.replace(CREDENTIALS, campaign_id=None), merchant.client)
    paid = await gateway.process_payment(make_order(1001), None, body)
    assert isinstance(paid, Paid)
    sent = merchant.sent("/order/import/")[0]
    assert (sent["campaignId"], sent["product1_price"], sent["product1_shipPrice"]) == ("12", "5.00", "0.01")
    assert sent["ipAddress"] == "198.51.100.9"
    outcome = Outcome(provider="konnektive", order_id="order-1", demo=False, reference=paid.reference, result=paid)
    answer = payment_processed(outcome)
    assert (answer.status, answer.provider_order_id, answer.customer_id) == ("paid", paid.reference, "50001")

    on_file = msgspec.convert({"products": [{"productId": 5}], "customerId": 50001}, ProcessPaymentBody)
    assert on_file.saved_charge == SavedCharge(original_order_id=None, method="50001")
    other = make_order(payment_id="pay_2", attempt_id=SECOND)
    assert isinstance(await merchant.gateway.process_payment(other, SavedMethod("2711A10", "50001"), on_file), Paid)
    assert merchant.sent("/order/import/")[-1]["customerId"] == "50001"

    products = [{"productId": 5, "quantity": 2, "price": 300}, {"productId": "6", "price": 401}]
    priced = msgspec.convert(raw | {"products": products}, ProcessPaymentBody)
    another = make_order(1001, payment_id="pay_4", attempt_id=SECOND)
    assert isinstance(await merchant.gateway.process_payment(another, None, priced), Paid)
    sent = merchant.sent("/order/import/")[-1]
    assert [sent[f"product{number}_price"] for number in (1, 2)] == ["3.00", "4.01"]

    both = msgspec.convert(raw | {"customerId": "50001"}, ProcessPaymentBody)
    assert (both.raw_card, both.saved_charge) == (CARD, None)
    demo = msgspec.convert({"paymentToken": "demo_decline"}, ProcessPaymentBody)
    assert isinstance(await merchant.demo.process_payment(make_order(payment_id="pay_3"), None, demo), Declined)
    with pytest.raises(ProviderRefused):
        await merchant.gateway.process_payment(make_order(), None, demo)


def test_announced() -> None:
    """All powers that its API allows."""
    assert set(powers_of(PROVIDER.gateway)) == {
        *("start", "charge_card", "charge_saved", "look_up", "refund", "look_up_refund"),
        *("read_webhook", "check_credentials"),
    }
