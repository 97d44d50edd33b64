"""The simulator's books: lists, idempotency keys, and one charge however many ask at once."""

import asyncio
from typing import Any

import httpx

from paylinks_ports import SimulatedWorld
from paylinks_stripe import PROVIDER

from .conftest import SECRET_KEY, Merchant

GOOD = {"amount": "4999", "currency": "usd", "metadata[order_id]": "order-1"}
CONFIRM = {"payment_method": "pm_card_visa", "return_url": "https://shop.example/done"}


async def _intent(merchant: Merchant, **form: str) -> dict[str, Any]:
    intent: dict[str, Any] = (await merchant.call("POST", "/v1/payment_intents", data=GOOD | form)).json()
    return intent


async def test_idempotency(merchant: Merchant) -> None:
    """A key gives its first answer again, whatever it was, refuses other parameters, and lapses after a day."""

    async def create(**form: str) -> httpx.Response:
        return await merchant.call("POST", "/v1/payment_intents", data=GOOD | form, headers={"Idempotency-Key": "k"})

    assert (await create(nonsense="1")).status_code == 400  # not executed, and so not kept
    first = await create()
    again = await create()
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    other = await create(amount="5000")
    assert (other.status_code, other.json()["error"]["type"]) == (400, "idempotency_error")
    merchant.now += 24 * 3_600_000
    assert (await create()).json()["id"] != first.json()["id"]


async def test_idempotency_of_a_decline(merchant: Merchant) -> None:
    """A decline is kept, too: the next try needs another key."""
    intent = await _intent(merchant)
    form = CONFIRM | {"payment_method": "pm_card_visa_chargeDeclined"}
    path = f"/v1/payment_intents/{intent['id']}/confirm"
    first = await merchant.call("POST", path, data=form, headers={"Idempotency-Key": "k"})
    again = await merchant.call("POST", path, data=form, headers={"Idempotency-Key": "k"})
    assert (first.status_code, again.json()) == (402, first.json())
    assert len(await merchant.charges(paid=False)) == 1


async def test_update(merchant: Merchant) -> None:
    """Amount and metadata may change while it is open; an empty value takes a key away."""
    intent = await _intent(merchant)
    form = {"amount": "100", "metadata[order_id]": "", "metadata[new]": "1", "description": "Hat"}
    updated = (await merchant.call("POST", f"/v1/payment_intents/{intent['id']}", data=form)).json()
    assert (updated["amount"], updated["metadata"], updated["description"]) == (100, {"new": "1"}, "Hat")


async def test_lists_and_search(merchant: Merchant) -> None:
    """Newest first, in pages, by customer, by metadata."""
    customer = (await merchant.call("POST", "/v1/customers", data={"email": "ada@example.com"})).json()["id"]
    assert (await merchant.call("GET", f"/v1/customers/{customer}")).json()["email"] == "ada@example.com"
    made = []
    for n in range(5):
        merchant.now += 1000
        extra = {"customer": customer} if n % 2 else {}
        made.append((await _intent(merchant, **{"metadata[n]": f"it's {n}"}, **extra))["id"])
    made.reverse()

    async def ids(path: str) -> list[str]:
        return [item["id"] for item in (await merchant.call("GET", path)).json()["data"]]

    assert await ids("/v1/payment_intents") == made
    assert await ids("/v1/payment_intents?limit=2") == made[:2]
    assert await ids(f"/v1/payment_intents?limit=2&starting_after={made[1]}") == made[2:4]
    assert await ids(f"/v1/payment_intents?limit=2&ending_before={made[3]}") == made[1:3]
    assert await ids(f"/v1/payment_intents?customer={customer}") == [made[1], made[3]]
    query = httpx.QueryParams({"query": r"metadata['n']:'it\'s 2' AND status:'requires_payment_method'"})
    assert await ids(f"/v1/payment_intents/search?{query}") == [made[2]]
    assert (await merchant.call("GET", "/v1/payment_intents/search?query=amount>1")).status_code == 400
    assert (await merchant.call("GET", "/v1/payment_intents?limit=101")).status_code == 400
    assert (await merchant.call("GET", "/v1/payment_intents?starting_after=pi_none")).status_code == 400


async def test_expansion(merchant: Merchant) -> None:
    """Charge, customer and payment method can be written out; the charge is also there by its own id."""
    customer = (await merchant.call("POST", "/v1/customers", data={"name": "Ada"})).json()["id"]
    intent = await _intent(merchant, customer=customer)
    form = CONFIRM | {"expand[0]": "latest_charge", "expand[1]": "customer", "expand[2]": "payment_method"}
    paid = (await merchant.call("POST", f"/v1/payment_intents/{intent['id']}/confirm", data=form)).json()
    charge = paid["latest_charge"]
    assert (charge["amount"], charge["paid"], paid["customer"]["name"]) == (4999, True, "Ada")
    assert paid["payment_method"]["card"]["last4"] == "4242"
    assert (await merchant.call("GET", f"/v1/charges/{charge['id']}")).json() == charge
    listed = (await merchant.call("GET", f"/v1/charges?payment_intent={intent['id']}")).json()["data"]
    assert listed == [charge]


async def test_concurrent_confirmations_charge_once(merchant: Merchant) -> None:
    """Of fifty at once one charges, from two processes over the same store."""
    intent = await _intent(merchant)
    path = f"/v1/payment_intents/{intent['id']}/confirm"
    other = SimulatedWorld(store=merchant.store, now=lambda: merchant.now, base_url="http://other")

    async def confirm(n: int) -> int:
        request = httpx.Request("POST", f"https://api.stripe.com{path}", data=CONFIRM)
        request.headers["Authorization"] = f"Bearer {SECRET_KEY}"
        world = other if n % 2 else merchant.world
        return (await PROVIDER.simulator.answer(request, world)).status_code

    statuses = await asyncio.gather(*(confirm(n) for n in range(50)))
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 400, 429}
    assert len(await merchant.charges()) == 1


async def test_concurrent_creations_are_all_listed(merchant: Merchant) -> None:
    """No intent is lost from the books when many are made at once."""
    made = await asyncio.gather(*(_intent(merchant) for _ in range(60)))
    listed = (await merchant.call("GET", "/v1/payment_intents?limit=100")).json()["data"]
    assert {intent["id"] for intent in made} == {intent["id"] for intent in listed}


async def test_one_idempotency_key_at_once(merchant: Merchant) -> None:
    """Of many calls under one key at once, one is executed and the others wait or hear so."""

    async def create() -> httpx.Response:
        return await merchant.call("POST", "/v1/payment_intents", data=GOOD, headers={"Idempotency-Key": "k"})

    answers = await asyncio.gather(*(create() for _ in range(20)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len((await merchant.call("GET", "/v1/payment_intents")).json()["data"]) == 1
