"""Every installed provider over HTTP in demo mode: checkout with each word, upsells, and each of its own operations."""

import asyncio
from typing import Any

import pytest

from paylinks_web.config import read_config
from paylinks_web.plugins import find_plugins

from .conftest import Client
from .test_contract import assert_error

PAYMENT = find_plugins(read_config({}).plugins_file).payment
PROVIDERS = sorted(PAYMENT)
SAVED = [name for name in PROVIDERS if "charge_saved" in PAYMENT[name].powers]
# Their protocols know no step that a customer would be led to.
WITHOUT_STEP = frozenset({"nmi", "epd", "sticky", "ultracart", "shopify"})

CUSTOMER = {"email": "ada@example.com", "firstName": "Ada", "lastName": "Lovelace", "phone": "+12025550123"}
ADDRESS = {
    "line1": "1 Main Street",
    "city": "Springfield",
    "state": "IL",
    "postalCode": "62701",
    "country": "US",
}
# What a provider's own page makes besides the token, in its own words.
EXTRA = {"ultracart": {"cvvToken": "cvv", "cardExpirationMonth": 12, "cardExpirationYear": 2040, "cardType": "VISA"}}


async def opened(client: Client, provider: str, **claims: Any) -> str:  # noqa: ANN401 - JSON
    """Open an order's checkout."""
    link = await client.link(customer=CUSTOMER, shippingAddress=ADDRESS, **claims)
    body = {"token": link["token"], "provider": provider, "billingAddress": ADDRESS}
    answer = await client.post("/api/checkout/initialize", body)
    assert answer.status_code == 200, answer.text
    data = answer.json()["data"]
    assert (data["provider"], data["demo"], data["status"]) == (provider, True, "open")
    return str(link["token"])


async def complete(client: Client, provider: str, token: str, word: str = "tok") -> Any:  # noqa: ANN401 - an answer
    """Complete it."""
    body = {"token": token, "paymentToken": word} | EXTRA.get(provider, {})
    return await client.post("/api/checkout/complete", body)


async def paid_by_itself(client: Client, token: str) -> None:
    """Wait until it is paid without another call that asks the provider."""
    for _ in range(200):
        if (await client.post("/api/checkout/get-payment-token", {"token": token})).status_code == 200:
            return
        await asyncio.sleep(0.05)
    pytest.fail("it was never paid")


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_paid(client: Client, provider: str) -> None:
    """Any text is a paid order, and the same call again the same answer."""
    token = await opened(client, provider)

    done = await complete(client, provider, token)

    assert done.status_code == 200, done.text
    data = done.json()["data"]
    assert (data["status"], data["amount"], data["currency"], data["demo"]) == ("paid", 4999, "USD", True)
    assert data["transactionId"]
    assert (await complete(client, provider, token)).json()["data"] == data


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("word", "code", "retryable"),
    [("demo_decline", "card_declined", False), ("demo_soft_decline", "insufficient_funds", True)],
)
@pytest.mark.parametrize("said", ["by token", "by claim"])
async def test_declined(  # noqa: PLR0913 - of a table
    client: Client, provider: str, word: str, code: str, said: str, *, retryable: bool
) -> None:
    """A no, said by the payment token or by the link itself; another try pays."""
    claims = {"metadata": {"demo": word}} if said == "by claim" else {}
    token = await opened(client, provider, **claims)

    answer = await complete(client, provider, token, "tok" if claims else word)

    assert_error(answer, 402, "card_declined")
    assert (answer.json()["declineCode"], answer.json()["retryable"]) == (code, retryable)
    if not claims:
        assert (await complete(client, provider, token, "tok2")).json()["data"]["status"] == "paid"


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_bank_step(client: Client, provider: str) -> None:
    """Completed again it is paid; where the protocol knows no step it is paid at once."""
    token = await opened(client, provider)

    first = (await complete(client, provider, token, "demo_3ds")).json()["data"]

    if provider in WITHOUT_STEP:
        assert first["status"] == "paid"
        return
    assert first["status"] == "requires_action"
    assert first["nextAction"]["type"] in {"redirect", "use_sdk"}
    assert (await complete(client, provider, token, "demo_3ds")).json()["data"]["status"] == "paid"


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("word", ["demo_processing", "demo_timeout"])
async def test_paid_later(client: Client, provider: str, word: str) -> None:
    """It is processing, or its reply is lost; it becomes paid by itself."""
    token = await opened(client, provider)

    answer = await complete(client, provider, token, word)

    if word == "demo_timeout":
        assert_error(answer, 504, "provider_timeout")
    else:
        assert answer.json()["data"]["status"] == "processing"
    await paid_by_itself(client, token)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_unreachable(client: Client, provider: str) -> None:
    """Nothing was sent and nothing charged, so another try pays."""
    token = await opened(client, provider)

    assert_error(await complete(client, provider, token, "demo_error"), 502, "provider_unreachable")
    assert (await complete(client, provider, token)).json()["data"]["status"] == "paid"


def offers(*ids: str) -> list[dict[str, Any]]:
    """Offer something under these ids."""
    return [{"id": one, "name": f"Offer {one}", "price": 1500} for one in ids]


async def session(client: Client, provider: str, *ids: str) -> str:
    """Pay an order and make offers for it."""
    token = await opened(client, provider)
    assert (await complete(client, provider, token)).json()["data"]["status"] == "paid"
    body = {
        "orderId": "upsell-1",
        "originalOrderId": "order-1",
        "customerEmail": CUSTOMER["email"],
        "provider": provider,
        "offers": offers(*ids),
    }
    made = await client.post("/api/upsell/create-session", body)
    assert made.status_code == 201, made.text
    again = await client.post("/api/upsell/create-session", body)
    assert (again.status_code, again.json()) == (200, made.json())
    return str(made.json()["data"]["sessionId"])


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_upsells(client: Client, provider: str) -> None:
    """Accepted once, however often; then declined; then nothing is left."""
    made = await session(client, provider, "cap", "socks")

    accepted = [await client.post("/api/upsell/accept", {"sessionId": made, "offerId": "cap"}) for _ in range(2)]
    declined = await client.post("/api/upsell/decline", {"sessionId": made, "offerId": "socks"})
    shown = (await client.http.get(f"/api/upsell/session/{made}")).json()["data"]

    first, again = (answer.json()["data"] for answer in accepted)
    assert first == again
    assert (first["status"], first["orderId"], first["amount"]) == ("accepted", "upsell-1", 1500)
    assert (first["hasMoreOffers"], first["nextOffer"]["id"]) == (True, "socks")
    assert declined.json()["data"]["hasMoreOffers"] is False
    assert (shown["status"], shown["acceptedTotal"]) == ("completed", 1500)


@pytest.mark.parametrize("provider", SAVED)
async def test_upsells_that_fail(client: Client, provider: str) -> None:
    """The word is the offer's id: a decline leaves the customer on the offer."""
    made = await session(client, provider, "demo_decline")

    answer = await client.post("/api/upsell/accept", {"sessionId": made})

    assert_error(answer, 402, "card_declined")
    assert answer.json()["declineCode"] == "card_declined"
    shown = (await client.http.get(f"/api/upsell/session/{made}")).json()["data"]
    assert shown["currentOffer"]["id"] == "demo_decline"


ORDER = {"orderId": "op-1", "amount": 4999, "currency": "USD", "customer": CUSTOMER, "billingAddress": ADDRESS}
ITEMS = {"offers": [{"offerId": 1, "productId": 2, "billingModelId": 3, "quantity": 1}], "ipAddress": "203.0.113.7"}
CALLS: dict[str, list[tuple[str, dict[str, Any], set[str]]]] = {
    "stripe": [("create-intent", {}, {"paymentIntentId", "clientSecret"})],
    "nmi": [("process-payment", {"paymentToken": "tok"}, {"status", "transactionId", "customerVaultId"})],
    "epd": [("process-payment", {"paymentToken": "tok"}, {"status", "transactionId"})],
    "sticky": [
        ("create-order", {"campaignId": 1} | ITEMS, {"status", "providerOrderId"}),
        (
            "process-payment",
            {"campaignId": 1, "paymentToken": "tok"} | ITEMS,
            {"status", "transactionId", "providerOrderId", "customerId"},
        ),
    ],
    "konnektive": [
        (
            "process-payment",
            {"products": [{"productId": 1, "quantity": 1}], "paymentToken": "tok"},
            {"status", "providerOrderId", "transactionId", "customerId"},
        )
    ],
    "ultracart": [
        ("create-cart", {"items": [{"itemId": "SHIRT", "quantity": 1}]}, {"cartId", "total", "currency"}),
        ("process-payment", {"paymentToken": "tok"} | EXTRA["ultracart"], {"status", "providerOrderId"}),
    ],
    "shopify": [("create-checkout", {}, {"checkoutUrl", "draftOrderId"})],
}


@pytest.mark.parametrize("provider", [name for name in CALLS if name in PROVIDERS])
async def test_its_own_operations(client: Client, provider: str) -> None:
    """Each answers what the contract says, twice the same, and one that charges has paid the order."""
    data: dict[str, Any] = {}
    for word, body, names in CALLS[provider]:
        if provider == "ultracart" and word == "process-payment":
            body = body | {"cartId": data["cartId"]}  # noqa: PLW2901 - of the step before
        answer = await client.post(f"/api/providers/{provider}/{word}", ORDER | body)
        assert answer.status_code == 200, answer.text
        data = answer.json()["data"]
        assert names <= data.keys()
        assert (data["provider"], data["demo"]) == (provider, True)
        if word == "process-payment":
            assert data["status"] == "paid"
            again = await client.post(f"/api/providers/{provider}/{word}", ORDER | body)
            assert again.json()["data"] == data


LONG: list[tuple[dict[str, Any], str]] = [
    ({"email": "a@example.com", "name": f"{'N' * 101} L"}, "customer.firstName"),
    ({"name": f"N {'L' * 101}"}, "customer.lastName"),
    ({"name": f"{'N' * 150} {'L' * 150}"}, "customer.name"),
    ({"firstName": "N" * 101}, "customer.firstName"),
    ({"lastName": "L" * 101}, "customer.lastName"),
    ({"phone": "1" * 41}, "customer.phone"),
    ({"email": f"{'a' * 250}@example.com"}, "customer.email"),
]


@pytest.mark.parametrize("provider", [name for name in CALLS if name in PROVIDERS])
async def test_a_customer_who_does_not_fit_is_refused(client: Client, provider: str) -> None:
    """What is too long is named and never stored, by a checkout token too; the order can be read and paid."""
    word, body, _ = CALLS[provider][0]
    path = f"/api/providers/{provider}/{word}"
    token = (await client.link())["token"]

    for customer, field in LONG:
        said = {"token": token, "customer": customer}
        answers = [
            await client.post(path, ORDER | body | {"customer": customer}),
            await client.post(path, body | said),
        ]
        if "name" not in customer:
            answers.append(await client.post("/api/checkout/initialize", {"provider": provider} | said))
        for answer in answers:
            assert_error(answer, 400, "invalid_request")
            assert answer.json()["details"].startswith(f"{field}: "), answer.text
    assert (await client.http.get("/api/admin/orders")).status_code == 200


async def test_a_vaulted_card_is_charged_for_its_own_order_only(client: Client) -> None:
    """NMI's upsell operation takes the vault id of the order it names, and no other."""
    paid = await client.post("/api/providers/nmi/process-payment", ORDER | {"paymentToken": "tok"})
    vault = paid.json()["data"]["customerVaultId"]
    upsell = ORDER | {"orderId": "op-2", "amount": 1500, "customerVaultId": vault, "originalOrderId": "op-1"}

    first = await client.post("/api/providers/nmi/process-upsell", upsell)
    again = await client.post("/api/providers/nmi/process-upsell", upsell)
    other = await client.post("/api/providers/nmi/process-upsell", upsell | {"orderId": "op-3", "customerVaultId": "9"})

    assert first.status_code == 200, first.text
    assert first.json() == again.json()
    assert_error(other, 403, "payment_method_mismatch")


async def test_a_customer_on_file_is_charged(client: Client) -> None:
    """Konnektive's customer must be a paid order's own."""
    body = ORDER | {"products": [{"productId": 1, "quantity": 1}]}
    paid = await client.post("/api/providers/konnektive/process-payment", body | {"paymentToken": "tok"})
    customer = paid.json()["data"]["customerId"]

    more = body | {"orderId": "op-2", "amount": 1500}
    first = await client.post("/api/providers/konnektive/process-payment", more | {"customerId": customer})
    other = await client.post(
        "/api/providers/konnektive/process-payment", more | {"orderId": "op-3", "customerId": "999999"}
    )

    assert first.status_code == 200, first.text
    assert first.json()["data"]["status"] == "paid"
    assert_error(other, 403, "payment_method_mismatch")


async def test_a_card_in_demo_mode(client: Client, capfd: pytest.CaptureFixture[str]) -> None:
    """The one provider without tokens takes a card here, and nothing of it is told or logged."""
    card = {"number": "4111111111111111", "month": 12, "year": 2031, "cvv": "123"}
    token = await opened(client, "konnektive")

    done = await client.post("/api/checkout/complete", {"token": token, "card": card})
    body = ORDER | {"products": [{"productId": 1, "quantity": 1}], "card": card}
    direct = await client.post("/api/providers/konnektive/process-payment", body)

    assert done.json()["data"]["status"] == "paid"
    assert direct.json()["data"]["status"] == "paid"
    assert "4111" not in done.text + direct.text + "".join(capfd.readouterr())
