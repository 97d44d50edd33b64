"""What the gateway does: charges, saved cards, look-ups, and what goes over the wire."""

from collections.abc import Callable

import httpx
import pytest

from paylinks_nmi import PROVIDER
from paylinks_ports import (
    Canceled,
    CredentialsRejected,
    Declined,
    Money,
    NotFound,
    Order,
    Paid,
    ProviderRefused,
    SavedMethod,
    Unknown,
)
from paylinks_ports.testing import Forward

from .conftest import QUERY, SECURITY_KEY, TRANSACT, Merchant

MakeOrder = Callable[..., Order]


async def test_start_opens_nothing(merchant: Merchant, make_order: MakeOrder) -> None:
    """The browser is told what Collect.js needs, and the gateway is not asked."""
    gateway = merchant.open(tokenization_key="public-key")
    started = await gateway.start(make_order(), None)
    assert started.reference is None
    assert started.browser == {
        "tokenizationKey": "public-key",
        "collectJsUrl": "https://secure.nmi.com/token/Collect.js",
    }
    assert (await merchant.gateway.start(make_order(), None)).browser.keys() == {"collectJsUrl"}
    assert merchant.network.sent == []


async def test_charge(merchant: Merchant, make_order: MakeOrder) -> None:
    """A token is charged once, the card is kept, and everything is where it can be found again."""
    token = merchant.token()
    gateway = merchant.open(processor_id="processor-b")
    paid = await gateway.charge(make_order(ip_address="203.0.113.7"), None, token)
    assert isinstance(paid, Paid)
    assert paid.money == Money(4999, "USD")
    assert paid.saved_method == SavedMethod(paid.details["customerVaultId"])
    assert paid.details["authCode"] == "123456"
    assert (paid.details["avsResponse"], paid.details["cvvResponse"]) == ("N", "M")
    assert [str(request.url) for request in merchant.network.sent] == ["https://secure.nmi.com/api/transact.php"]
    assert merchant.sent() == [
        {
            "security_key": SECURITY_KEY,
            "type": "sale",
            "amount": "49.99",
            "currency": "USD",
            "orderid": "att_1",
            "order_description": "order-1: Blue shirt",
            "merchant_defined_field_1": "order-1",
            "merchant_defined_field_2": "pay_1",
            "processor_id": "processor-b",
            "ipaddress": "203.0.113.7",
            "first_name": "Ada",
            "last_name": "Lovelace",
            "email": "ada@example.com",
            "phone": "+44 20 1",
            "address1": "1 Road",
            "city": "London",
            "zip": "N1",
            "country": "GB",
            "shipping_firstname": "Ada",
            "shipping_lastname": "Lovelace",
            "shipping_address1": "1 Road",
            "shipping_city": "London",
            "shipping_zip": "N1",
            "shipping_country": "GB",
            "payment_token": token,
            "customer_vault": "add_customer",
            "initiated_by": "customer",
            "stored_credential_indicator": "stored",
        }
    ]
    assert await gateway.look_up(make_order(), None) == paid


async def test_ipv6_is_left_out(merchant: Merchant, make_order: MakeOrder) -> None:
    """The document knows four numbers only, and an address must not stand in the way of a payment."""
    assert isinstance(await merchant.gateway.charge(make_order(ip_address="2001:db8::1"), None, merchant.token()), Paid)
    assert "ipaddress" not in merchant.sent()[0]


async def test_three_d_secure_results_go_along(merchant: Merchant, make_order: MakeOrder) -> None:
    """What Gateway.js made of a check in the browser is sent under the gateway's names, percent-encoded."""
    extra = {"cardholderAuth": "verified", "cavv": "a+b/c=", "eci": "05", "threeDsVersion": "2.2.0", "other": "x"}
    assert isinstance(await merchant.gateway.charge(make_order(extra=extra), None, merchant.token()), Paid)
    sent = merchant.sent()[0]
    assert (sent["cardholder_auth"], sent["cavv"], sent["eci"]) == ("verified", "a+b/c=", "05")
    assert sent["three_ds_version"] == "2.2.0"
    assert "other" not in sent
    assert b"a%2Bb%2Fc%3D" in merchant.network.sent[0].content


async def test_saved_card(merchant: Merchant, make_order: MakeOrder) -> None:
    """A kept card is charged by its vault id, as a stored credential that the present customer uses."""
    paid = await merchant.gateway.charge(make_order(), None, merchant.token())
    assert isinstance(paid, Paid)
    assert paid.saved_method is not None
    upsell = make_order(1999, order_id="order-2", payment_id="pay_2", attempt_id="att_2")
    again = await merchant.gateway.charge_saved(upsell, paid.saved_method)
    assert isinstance(again, Paid)
    assert (again.money, again.saved_method) == (Money(1999, "USD"), paid.saved_method)
    sent = merchant.sent()[1]
    assert (sent["customer_vault_id"], sent["orderid"]) == (paid.saved_method.method, "att_2")
    assert (sent["initiated_by"], sent["stored_credential_indicator"]) == ("customer", "used")
    assert "customer_vault" not in sent
    assert "billing_method" not in sent

    unknown = await merchant.gateway.charge_saved(upsell, SavedMethod("1"))
    assert isinstance(unknown, Declined)
    assert unknown.code == "invalid_payment_token"


async def test_burned_token(merchant: Merchant, make_order: MakeOrder) -> None:
    """A token is used up by a decline, too; a second charge with it is a clear no, and never a charge."""
    token = merchant.token("short")
    first = await merchant.gateway.charge(make_order(), None, token)
    second = await merchant.gateway.charge(make_order(attempt_id="att_2"), None, token)
    assert isinstance(first, Declined)
    assert isinstance(second, Declined)
    assert (first.code, first.retryable) == ("insufficient_funds", True)
    assert (second.code, second.retryable) == ("invalid_payment_token", False)
    assert await merchant.gateway.look_up(make_order(attempt_id="att_2"), None) == NotFound()


async def test_partial_approval_is_not_the_whole(merchant: Merchant, make_order: MakeOrder) -> None:
    """What the bank has approved is told, in the answer's words and in the report's."""
    paid = await merchant.gateway.charge(make_order(), None, merchant.token("partial"))
    assert isinstance(paid, Paid)
    assert paid.money == Money(2499, "USD")
    found = await merchant.gateway.look_up(make_order(), None)
    assert isinstance(found, Paid)
    assert found.money == Money(2499, "USD")


async def test_vault_that_is_off(merchant: Merchant, make_order: MakeOrder) -> None:
    """A merchant without the vault loses one try, whose token is burned by it, and is paid from then on."""
    gateway = merchant.open("NoVault0TopSecret0TopSecret01234")
    first = await gateway.charge(make_order(), None, merchant.token())
    assert isinstance(first, Declined)
    assert (first.code, first.retryable) == ("processing_error", True)
    second = await gateway.charge(make_order(attempt_id="att_2"), None, merchant.token())
    assert isinstance(second, Paid)
    assert second.saved_method is None
    assert len(merchant.sent()) == 2


async def test_a_card_is_not_kept_where_that_was_not_asked(merchant: Merchant, make_order: MakeOrder) -> None:
    """Without saveCard nothing of the vault or of stored credentials is sent."""
    paid = await merchant.gateway.charge(make_order(), None, merchant.token(), save_card=False)
    assert isinstance(paid, Paid)
    assert paid.saved_method is None
    assert not {"customer_vault", "initiated_by", "stored_credential_indicator"} & merchant.sent()[0].keys()


async def test_duplicate_of_another_order(merchant: Merchant, make_order: MakeOrder) -> None:
    """The same amount on the same card for another order within the window: nothing was charged, and it may be soon."""
    assert isinstance(await merchant.gateway.charge(make_order(), None, merchant.token()), Paid)
    other = make_order(order_id="order-2", payment_id="pay_2", attempt_id="att_2")
    refused = await merchant.gateway.charge(other, None, merchant.token())
    assert isinstance(refused, Declined)
    assert (refused.code, refused.retryable) == ("duplicate_transaction", True)
    merchant.now += 1_200_000
    assert isinstance(await merchant.gateway.charge(other, None, merchant.token()), Paid)


async def test_duplicate_of_an_earlier_attempt(merchant: Merchant, make_order: MakeOrder) -> None:
    """What it repeats is this payment's own earlier charge: the payment is paid, and not declined."""
    first = await merchant.gateway.charge(make_order(), None, merchant.token())
    again = await merchant.gateway.charge(make_order(attempt_id="att_2"), None, merchant.token())
    assert isinstance(first, Paid)
    assert again == first


async def test_duplicate_that_is_in_the_report_itself(merchant: Merchant, make_order: MakeOrder) -> None:
    """A refused duplicate may be listed as failed: what it repeats is looked for all the same, and was paid."""
    first = await merchant.gateway.charge(make_order(), None, merchant.token())
    failed = (
        "<nm_response><transaction><transaction_id>9</transaction_id><condition>failed</condition><order_id>att_2"
        "</order_id><action><action_type>sale</action_type><success>0</success><response_code>430</response_code>"
        "<response_text>Duplicate</response_text></action></transaction></nm_response>"
    )

    async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
        if request.url.path == TRANSACT:
            refusal = "response=3&responsetext=Duplicate&orderid=att_2&transactionid=9&response_code=430"
            return httpx.Response(200, text=refusal)
        return httpx.Response(200, text=failed) if b"order_id=att_2" in request.content else await forward(request)

    merchant.network.accident = accident
    assert await merchant.gateway.charge(make_order(attempt_id="att_2"), None, merchant.token()) == first


async def test_duplicate_of_itself(merchant: Merchant, make_order: MakeOrder) -> None:
    """The request arrived twice on the way, and the second answer came back: the attempt is found paid."""
    refusal = "response=3&responsetext=Duplicate+transaction+REFID%3A3150032552&authcode=&transactionid=&orderid=att_1"

    async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
        answer = await forward(request)
        if request.url.path == TRANSACT:
            return httpx.Response(200, text=f"{refusal}&type=sale&response_code=300")
        return answer

    merchant.network.accident = accident
    paid = await merchant.gateway.charge(make_order(), None, merchant.token())
    assert isinstance(paid, Paid)
    assert paid.money == Money(4999, "USD")
    assert paid.saved_method is not None
    assert len(merchant.sent()) == 1


async def test_duplicate_that_can_not_be_explained(merchant: Merchant, make_order: MakeOrder) -> None:
    """Without reports nobody knows what was repeated."""
    await merchant.gateway.charge(make_order(), None, merchant.token())
    merchant.answers(QUERY, 500, html="<h1>Down</h1>")
    again = await merchant.gateway.charge(make_order(attempt_id="att_2"), None, merchant.token())
    assert isinstance(again, Unknown)


async def test_look_up_is_about_the_attempt(merchant: Merchant, make_order: MakeOrder) -> None:
    """An earlier attempt's decline says nothing of a later one, though the payment still has its transaction's id."""
    await merchant.gateway.charge(make_order(), None, merchant.token("short"))
    declined = await merchant.gateway.look_up(make_order(), None)
    assert isinstance(declined, Declined)
    assert declined.code == "insufficient_funds"
    reference = (await merchant.call(QUERY, {"order_id": "att_1"})).text.partition("<transaction_id>")[2][:10]
    later = make_order(attempt_id="att_2")
    assert await merchant.gateway.look_up(later, reference) == NotFound()
    assert await merchant.gateway.look_up(later, None) == NotFound()
    paid = await merchant.gateway.charge(make_order(attempt_id="att_3"), None, merchant.token())
    assert isinstance(paid, Paid)
    # Money that an earlier attempt took is proof for the payment.
    assert await merchant.gateway.look_up(later, paid.reference) == paid


async def test_reports_lag(merchant: Merchant, make_order: MakeOrder) -> None:
    """What was just charged may not be found yet, which proves nothing."""
    assert isinstance(await merchant.gateway.charge(make_order(), None, merchant.token("slow")), Paid)
    assert await merchant.gateway.look_up(make_order(), None) == NotFound()
    assert PROVIDER.lookup.by_attempt == PROVIDER.lookup.by_reference == "positive"
    merchant.now += 5_000
    assert isinstance(await merchant.gateway.look_up(make_order(), None), Paid)


async def test_condition_unknown_stays_unknown(merchant: Merchant, make_order: MakeOrder) -> None:
    """The gateway's own doubt is no decline."""
    charged = await merchant.gateway.charge(make_order(), None, merchant.token("unknown"))
    assert isinstance(charged, Unknown)
    assert isinstance(await merchant.gateway.look_up(make_order(), charged.reference), Unknown)


async def test_voided_at_the_desk(merchant: Merchant, make_order: MakeOrder) -> None:
    """A sale that was voided took nothing."""
    paid = await merchant.gateway.charge(make_order(), None, merchant.token())
    assert isinstance(paid, Paid)
    await merchant.transact(type="void", transactionid=paid.transaction_id)
    assert await merchant.gateway.look_up(make_order(), None) == Canceled(reference=paid.reference)


async def test_settled_is_still_paid(merchant: Merchant, make_order: MakeOrder) -> None:
    """Settling changes nothing for the customer, and a refund under the sale's own order id is not the sale."""
    paid = await merchant.gateway.charge(make_order(), None, merchant.token())
    assert isinstance(paid, Paid)
    merchant.now += 90_000_000
    await merchant.transact(type="refund", transactionid=paid.transaction_id, amount="10.00")
    assert await merchant.gateway.look_up(make_order(), None) == paid


@pytest.mark.parametrize(
    ("currency", "sent"), [("USD", "49.99"), ("EUR", "49.99"), ("JPY", None), ("KWD", None), ("XXX", None)]
)
async def test_amounts(merchant: Merchant, make_order: MakeOrder, currency: str, sent: str | None) -> None:
    """Two decimals are written as they are; where the documents know no form, nothing is sent."""
    order = make_order(4999, currency)
    if sent is not None:
        paid = await merchant.gateway.charge(order, None, merchant.token())
        assert isinstance(paid, Paid)
        assert paid.money == order.money
        assert merchant.sent()[0]["amount"] == sent
        return
    with pytest.raises(ProviderRefused):
        await merchant.gateway.start(order, None)
    with pytest.raises(ProviderRefused):
        await merchant.gateway.charge(order, None, merchant.token())
    with pytest.raises(ProviderRefused):
        await merchant.gateway.charge_saved(order, SavedMethod("1"))
    assert merchant.network.sent == []


async def test_check_credentials(merchant: Merchant) -> None:
    """A good key may search; a bad one is told so, and is nowhere in the error."""
    await merchant.gateway.check_credentials()
    with pytest.raises(CredentialsRejected) as rejected:
        await merchant.open("TopSecret").check_credentials()
    assert "TopSecret" not in f"{rejected.value} {rejected.value.details}"
    with pytest.raises(CredentialsRejected):
        await merchant.open("TopSecret").charge(
            Order(order_id="1", payment_id="2", attempt_id="3", money=Money(100, "USD"), description="x"), None, "t"
        )
