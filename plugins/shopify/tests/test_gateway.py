"""Each power against the simulator: draft orders opened, read and deleted, and the shop's access."""

import re
from collections.abc import Callable
from decimal import Decimal

import httpx
import msgspec
import pytest

from paylinks_ports import (
    Address,
    Canceled,
    CredentialsRejected,
    Customer,
    LineItem,
    NotFound,
    NotSubmitted,
    Order,
    Outcome,
    Paid,
    ProviderRefused,
    ProviderUnavailable,
    Unknown,
    operations_of,
    powers_of,
)
from paylinks_ports.testing import Forward
from paylinks_shopify import PROVIDER, ShopifyCredentials, ShopifyGateway, documents
from paylinks_shopify.gateway import _READY_READS
from paylinks_shopify.operations import CreateCheckoutBody, checkout_created

from .conftest import SECRET, SHOP, TOKEN, Merchant, asks, calls

MakeOrder = Callable[..., Order]


def test_announcement() -> None:
    """The customer pays at Shopify: no charge of ours, and none of a saved method."""
    assert powers_of(ShopifyGateway) == (
        "start",
        "look_up",
        "cancel",
        "refund",
        "look_up_refund",
        "read_webhook",
        "check_credentials",
    )
    assert PROVIDER.browser_pays
    assert [(one.name, one.verb) for one in operations_of(ShopifyGateway)] == [("create-checkout", "start")]
    simulated = msgspec.json.encode(PROVIDER.simulator.credentials)
    assert msgspec.json.decode(simulated, type=ShopifyCredentials) == PROVIDER.simulator.credentials


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"shopDomain": SHOP},
        {"shopDomain": SHOP, "clientId": "x"},
        {"shopDomain": "evil.example", "adminAccessToken": "x"},
        {"shopDomain": "a.myshopify.com.evil.example", "adminAccessToken": "x"},
        {"shopDomain": "evil.example/.myshopify.com", "adminAccessToken": "x"},
        {"shopDomain": "a@b.myshopify.com", "adminAccessToken": "x"},
        {"shopDomain": SHOP, "adminAccessToken": "x\r\nHost: y"},
    ],
)
def test_credentials_are_checked(given: dict[str, str]) -> None:
    """A domain that is no shop's, and half a way in, are refused when they are entered."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(given, ShopifyCredentials)


@pytest.mark.parametrize(("amount", "currency"), [(4999, "USD"), (500, "JPY"), (1500, "KWD")])
async def test_paid(merchant: Merchant, make_order: MakeOrder, amount: int, currency: str) -> None:
    """A draft order of exactly the amount, found by its id and by the attempt, is paid by the customer once."""
    order = make_order(amount, currency)
    started = await merchant.gateway.start(order, None)
    assert started.browser["checkoutUrl"].startswith(f"https://{SHOP}/")
    assert started.browser["draftOrderId"] == started.reference
    assert await merchant.gateway.start(order, started.reference) == started
    assert await merchant.gateway.look_up(order, started.reference) == NotSubmitted(reference=str(started.reference))

    await merchant.pay(started.reference)
    await merchant.pay(started.reference)
    paid = await merchant.gateway.look_up(order, started.reference)
    assert isinstance(paid, Paid)
    assert (paid.money, paid.reference) == (order.money, started.reference)
    assert paid.saved_method is None
    merchant.now += 10_000
    assert await merchant.gateway.look_up(order, None) == paid
    assert await merchant.gateway.look_up(make_order(attempt_id="att_other"), None) == NotFound()
    assert isinstance(await merchant.gateway.look_up(make_order(order_id="order-2"), started.reference), Unknown)
    assert await merchant.gateway.cancel(order, str(started.reference)) == paid
    assert (await merchant.gateway.start(order, started.reference)).browser == {}
    (sent,) = merchant.variables("Create")
    assert sent["input"]["tags"] == [order.attempt_id]
    assert sent["input"]["poNumber"] == "order-1"
    assert {"key": "paylinks_attempt_id", "value": order.attempt_id} in sent["input"]["customAttributes"]


async def test_one_draft_order_an_attempt(merchant: Merchant, make_order: MakeOrder) -> None:
    """A start that is repeated gives the same page: by this process's memory at once, by the search after a while."""
    first = await merchant.gateway.start(make_order(), None)
    assert await merchant.gateway.start(make_order(), None) == first
    merchant.now += 10_000
    assert await merchant.open(merchant.credentials).start(make_order(), None) == first
    assert len(merchant.drafts()) == 1
    other = await merchant.gateway.start(make_order(attempt_id="att_2"), None)
    assert other.reference != first.reference


async def test_two_draft_orders(merchant: Merchant, make_order: MakeOrder) -> None:
    """Where a reply was lost and the search was behind there are two; the one that is paid counts, and is paid once."""
    merchant.loses(calls("Create"))
    with pytest.raises(ProviderUnavailable):
        await merchant.gateway.start(make_order(), None)
    merchant.network.accident = None
    second = await merchant.gateway.start(make_order(), None)
    first, _ = (one["id"] for one in merchant.drafts())
    assert second.reference != first
    await merchant.pay(first)
    merchant.now += 10_000
    paid = await merchant.gateway.look_up(make_order(), None)
    assert isinstance(paid, Paid)
    assert paid.reference == first
    # What it was paid with is for look_up to tell: what is an order can't be deleted any more, whatever its total.
    for order in (make_order(), make_order(5000)):
        again = await merchant.open(merchant.credentials).start(order, None)
        assert (again.reference, again.browser) == (first, {})
    assert not any(one["deleted"] for one in merchant.drafts())


@pytest.mark.parametrize("attempt_id", ["x" * 41, "att 1", "att'1"])
async def test_tags(merchant: Merchant, make_order: MakeOrder, attempt_id: str) -> None:
    """An id that is no plain tag is found by its digest."""
    order = make_order(attempt_id=attempt_id)
    reference = str((await merchant.gateway.start(order, None)).reference)
    ((tag,),) = (one["tags"] for one in merchant.drafts())
    assert re.fullmatch("att~[0-9a-f]{36}", tag)
    merchant.now += 10_000
    assert await merchant.gateway.look_up(order, None) == NotSubmitted(reference=reference)


@pytest.mark.parametrize("name", ["CREATE", "READ", "SEARCH", "DELETE", "REFUND", "SHOP"])
def test_documents(name: str) -> None:
    """Each asks for the one field that its answer is read from."""
    document = getattr(documents, name)
    assert re.findall(r"\{\s*(\w+)", document.text)[0] == document.field


async def test_lines_add_up(merchant: Merchant, make_order: MakeOrder) -> None:
    """Items go at the order's own prices; shipping and tax, and a discount, keep the sum exact."""
    items = (
        LineItem(id="p-1", name="Blue", quantity=3, unit_price=999, sku="B"),
        LineItem(name="Red", quantity=1, unit_price=1000),
    )
    for number, amount in enumerate((3997, 4499, 2998, 1)):
        order = make_order(amount, line_items=items, attempt_id=f"att_{number}")
        await merchant.gateway.start(order, None)
        assert Decimal(merchant.drafts()[-1]["total"]) == order.money.major
        sent = merchant.variables("Create")[-1]["input"]
        # Nothing that Shopify reckons may come on top: the amount holds tax and shipping.
        assert sent["taxExempt"] is True
        assert [line["taxable"] for line in sent["lineItems"]] == [False] * len(sent["lineItems"])
        assert sent["shippingLine"]["priceWithCurrency"] == {"amount": "0.00", "currencyCode": "USD"}


@pytest.mark.parametrize(
    ("phone", "state", "expected"),
    [
        ("(415) 555-0132", "CA", {"phone": "+14155550132", "provinceCode": "CA"}),
        ("+44 20 7946 0958", "California", {"phone": "+442079460958"}),
        ("555", "", {}),
    ],
)
async def test_addresses(
    merchant: Merchant, make_order: MakeOrder, phone: str, state: str, expected: dict[str, str]
) -> None:
    """A phone or a province that is not in Shopify's own form is left out, for it would be refused."""
    address = Address(line1="1 Road", city="San Francisco", state=state, postal_code="94103", country="US")
    customer = Customer(first_name="Ada", phone=phone)
    await merchant.gateway.start(make_order(customer=customer, shipping_address=address), None)
    (sent,) = merchant.variables("Create")
    fixed = {
        "firstName": "Ada",
        "address1": "1 Road",
        "city": "San Francisco",
        "zip": "94103",
        "countryCode": "US",
    }
    assert sent["input"]["shippingAddress"] == fixed | expected
    assert not {"billingAddress", "email"} & set(sent["input"])


async def test_another_total_is_refused(merchant: Merchant, make_order: MakeOrder) -> None:
    """A draft order of the shop's own prices that comes to another amount is deleted, and nobody is told of it."""
    body = msgspec.convert({"lines": [{"variantId": "17", "quantity": 2}]}, CreateCheckoutBody)
    with pytest.raises(ProviderRefused, match="total"):
        await merchant.gateway.create_checkout(make_order(), None, body)
    assert [one["deleted"] for one in merchant.drafts()] == [True]
    started = await merchant.gateway.create_checkout(make_order(2000), None, body)
    outcome = Outcome(provider="shopify", order_id="order-1", demo=False, reference=started.reference, result=started)
    assert checkout_created(outcome).checkout_url == started.browser["checkoutUrl"]
    assert checkout_created(outcome).draft_order_id == started.reference
    assert merchant.variables("Create")[-1]["input"]["lineItems"] == [
        {"variantId": "gid://shopify/ProductVariant/17", "quantity": 2}
    ]
    gone = msgspec.convert({"lines": [{"variantId": "404"}]}, CreateCheckoutBody)
    with pytest.raises(ProviderRefused) as refused:
        await merchant.gateway.create_checkout(make_order(attempt_id="att_9"), None, gone)
    assert "no longer available" in (refused.value.details or "")


async def test_unknown_currency(merchant: Merchant, make_order: MakeOrder) -> None:
    """Nobody can pay in gold, for own items or for variants: nothing is sent."""
    body = msgspec.convert({"lines": [{"variantId": "17"}]}, CreateCheckoutBody)
    for given in (CreateCheckoutBody(), body):
        with pytest.raises(ProviderRefused) as refused:
            await merchant.gateway.create_checkout(make_order(100, "XAU"), None, given)
        assert "currency" in (refused.value.details or "")
    assert merchant.variables("Create") == []


async def test_waits_for_the_total(merchant: Merchant, make_order: MakeOrder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shopify answers before it has reckoned the total; a page is told of only once it has."""
    monkeypatch.setattr("paylinks_shopify.gateway._READY_SECONDS", 0)
    reads = 0

    async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
        nonlocal reads
        response = await forward(request)
        reads += asks("Read", request)
        if reads < _READY_READS:
            return httpx.Response(200, content=response.content.replace(b'"ready":true', b'"ready":false'))
        return response

    merchant.network.accident = accident
    assert (await merchant.gateway.start(make_order(), None)).browser["checkoutUrl"]
    assert reads == _READY_READS


@pytest.mark.parametrize("amount", [2000, 4999])
async def test_reckoned_too_late(
    merchant: Merchant, make_order: MakeOrder, monkeypatch: pytest.MonkeyPatch, amount: int
) -> None:
    """A draft order that nobody saw reckoned is found by the next start, which tells of it only at the right amount."""
    monkeypatch.setattr("paylinks_shopify.gateway._READY_SECONDS", 0)

    async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
        response = await forward(request)
        return httpx.Response(200, content=response.content.replace(b'"ready":true', b'"ready":false'))

    merchant.network.accident = accident
    body = msgspec.convert({"lines": [{"variantId": "17", "quantity": 2}]}, CreateCheckoutBody)
    with pytest.raises(ProviderUnavailable):
        await merchant.gateway.create_checkout(make_order(amount), None, body)
    merchant.network.accident = None
    merchant.now += 10_000
    if amount == 2000:
        assert (await merchant.gateway.start(make_order(amount), None)).browser["checkoutUrl"]
    else:
        with pytest.raises(ProviderRefused, match="total"):
            await merchant.gateway.start(make_order(amount), None)
    assert [one["deleted"] for one in merchant.drafts()] == [amount != 2000]


async def test_cancel(merchant: Merchant, make_order: MakeOrder) -> None:
    """An open draft order is deleted; of one that is not known here nobody can say that it can't be paid."""
    reference = str((await merchant.gateway.start(make_order(), None)).reference)
    assert isinstance(await merchant.gateway.cancel(make_order(order_id="order-2"), reference), Unknown)
    assert await merchant.gateway.cancel(make_order(), reference) == Canceled(reference=reference)
    assert await merchant.gateway.look_up(make_order(), reference) == NotFound()
    assert isinstance(await merchant.gateway.cancel(make_order(), reference), Unknown)
    with pytest.raises(ProviderRefused, match="gone"):
        await merchant.gateway.start(make_order(), reference)


async def test_customer_was_quicker(merchant: Merchant, make_order: MakeOrder) -> None:
    """A draft order that is paid between the reading and the deleting is paid."""
    reference = str((await merchant.gateway.start(make_order(), None)).reference)

    async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
        if asks("Delete", request):
            await merchant.pay(reference)
        return await forward(request)

    merchant.network.accident = accident
    assert isinstance(await merchant.gateway.cancel(make_order(), reference), Paid)


async def test_granted_token(merchant: Merchant, make_order: MakeOrder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token is granted once, kept until shortly before its end, and asked for anew where it is withdrawn."""
    now = 1000.0
    monkeypatch.setattr("paylinks_shopify.api.time.monotonic", lambda: now)
    gateway = merchant.open(ShopifyCredentials(shop_domain=SHOP, client_id="id", client_secret=SECRET))

    def grants() -> int:
        return sum(one.url.path.endswith("/oauth/access_token") for one in merchant.network.sent)

    await gateway.start(make_order(), None)
    await gateway.check_credentials()
    assert grants() == 1
    now += 86_200
    await gateway.check_credentials()
    assert grants() == 2

    withdrawn = merchant.network.sent[-1].headers["X-Shopify-Access-Token"]

    async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
        if request.headers.get("X-Shopify-Access-Token") == withdrawn:
            return httpx.Response(401, json={"errors": "[API] Invalid API key or access token"})
        return await forward(request)

    merchant.network.accident = accident
    await gateway.check_credentials()
    assert grants() == 3
    wrong = merchant.open(ShopifyCredentials(shop_domain=SHOP, client_id="id", client_secret="wrong"))
    with pytest.raises(CredentialsRejected):
        await wrong.check_credentials()


async def test_check_credentials(merchant: Merchant) -> None:
    """A wrong token, and one of another shop, are told."""
    await merchant.gateway.check_credentials()
    for shop, token in ((SHOP, "wrong"), ("other.myshopify.com", TOKEN)):
        with pytest.raises(CredentialsRejected):
            await merchant.open(ShopifyCredentials(shop_domain=shop, admin_access_token=token)).check_credentials()
