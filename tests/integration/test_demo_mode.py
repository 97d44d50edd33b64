"""Demo mode: every word of the contract through the real gateway code and the plugin's own simulator."""

import asyncio
from typing import Any

import pytest

from .conftest import ORDER, Client
from .test_contract import assert_error

pytestmark = pytest.mark.anyio


async def complete(client: Client, token: str, word: str | None = None) -> Any:  # noqa: ANN401 - an answer
    """Complete a checkout with a word."""
    return await client.post("/api/checkout/complete", {"token": token} | ({"paymentToken": word} if word else {}))


async def paid_by_itself(client: Client, token: str) -> None:
    """Wait until the order is paid without another call that asks the provider."""
    for _ in range(100):
        answer = await client.post("/api/checkout/get-payment-token", {"token": token})
        if answer.status_code == 200:
            return
        await asyncio.sleep(0.1)
    pytest.fail("it was never paid")


@pytest.mark.parametrize("word", [None, "tok_anything"])
async def test_paid(client: Client, word: str | None) -> None:
    """No word, or any other text, is a paid order, with a saved method of two ids."""
    token = await client.opened()
    done = (await complete(client, token, word)).json()["data"]
    assert (done["status"], done["demo"], done["amount"]) == ("paid", True, 4999)

    saved = (await client.post("/api/checkout/get-payment-token", {"token": token})).json()["data"]
    assert saved["paymentMethodToken"] == done["paymentMethodToken"]
    assert saved["paymentMethodToken"].endswith(f"|{saved['customerId']}")


@pytest.mark.parametrize(
    ("word", "code", "retryable"),
    [("demo_decline", "card_declined", False), ("demo_soft_decline", "insufficient_funds", True)],
)
async def test_declines(client: Client, word: str, code: str, *, retryable: bool) -> None:
    """A no has its decline code, and another try pays."""
    token = await client.opened()
    answer = await complete(client, token, word)

    assert_error(answer, 402, "card_declined")
    assert (answer.json()["declineCode"], answer.json()["retryable"]) == (code, retryable)
    assert (await complete(client, token)).json()["data"]["status"] == "paid"


async def test_a_bank_step(client: Client) -> None:
    """The first call wants a step, the next one pays."""
    token = await client.opened()
    first = (await complete(client, token, "demo_3ds")).json()["data"]
    assert first["status"] == "requires_action"
    assert first["nextAction"]["type"] in {"redirect", "use_sdk"}

    assert (await complete(client, token, "demo_3ds")).json()["data"]["status"] == "paid"


async def test_processing_ends_by_itself(client: Client) -> None:
    """It is processing at first and paid a little later."""
    token = await client.opened()
    assert (await complete(client, token, "demo_processing")).json()["data"]["status"] == "processing"

    await paid_by_itself(client, token)


async def test_a_lost_reply_is_found(client: Client) -> None:
    """504 at first; the charge is found, and the order becomes paid by itself."""
    token = await client.opened()
    assert_error(await complete(client, token, "demo_timeout"), 504, "provider_timeout")

    await paid_by_itself(client, token)


async def test_an_unreachable_provider(client: Client) -> None:
    """502; nothing was charged, and another try pays."""
    token = await client.opened()
    assert_error(await complete(client, token, "demo_error"), 502, "provider_unreachable")

    assert (await complete(client, token)).json()["data"]["status"] == "paid"


async def test_a_link_carries_the_word(client: Client) -> None:
    """The claim `metadata.demo` is the same as the word."""
    token = await client.opened(metadata={"demo": "demo_decline"})

    assert_error(await complete(client, token), 402, "card_declined")


@pytest.mark.parametrize(("currency", "amount"), [("USD", 5000), ("JPY", 500), ("KWD", 1500)])
async def test_amounts_of_every_kind(client: Client, currency: str, amount: int) -> None:
    """Minor units go to the provider and come back the same, with 0, 2 and 3 digits."""
    token = await client.opened(orderId=f"o-{currency}", currency=currency, amount=amount)

    done = (await complete(client, token)).json()["data"]

    assert (done["status"], done["currency"], done["amount"]) == ("paid", currency, amount)


async def test_stripe_in_its_own_words(client: Client) -> None:
    """create-intent and confirm pass through the same records as a checkout of the same order."""
    created = await client.post("/api/providers/stripe/create-intent", ORDER | {"customer": {"email": "a@example.com"}})
    data = created.json()["data"]
    assert created.status_code == 200, created.text
    assert (data["provider"], data["demo"], data["orderId"]) == ("stripe", True, "order-1")
    assert data["clientSecret"].startswith(data["paymentIntentId"])
    again = await client.post("/api/providers/stripe/create-intent", ORDER)
    assert again.json()["data"]["paymentIntentId"] == data["paymentIntentId"]

    body = {"orderId": "order-1", "paymentIntentId": data["paymentIntentId"]}
    before = (await client.post("/api/providers/stripe/confirm", body)).json()["data"]
    assert before["status"] in {"failed", "requires_action"}
    token = await client.opened()
    assert (await complete(client, token)).json()["data"]["providerOrderId"] == data["paymentIntentId"]
    after = (await client.post("/api/providers/stripe/confirm", body)).json()["data"]
    assert (after["status"], after["orderId"]) == ("succeeded", "order-1")
    wrong = await client.post("/api/providers/stripe/confirm", body | {"paymentIntentId": "pi_other"})
    assert_error(wrong, 404, "not_found")


async def test_a_token_stands_for_the_fields(client: Client) -> None:
    """With a checkout token in the body, a field that says otherwise is refused."""
    token = (await client.link())["token"]
    path = "/api/providers/stripe/create-intent"

    assert_error(await client.post(path, {"token": token, "amount": 1}), 400, "invalid_request", "amount")
    assert (await client.post(path, {"token": token})).status_code == 200
    assert_error(await client.post(path, {"orderId": "x", "currency": "USD"}), 400, "invalid_request", "amount")
