"""Every verb against the simulator, and every status that a payment intent can have."""

from collections.abc import Callable
from urllib.parse import parse_qsl

import pytest

from paylinks_ports import (
    Canceled,
    CredentialsRejected,
    Declined,
    Money,
    NotSubmitted,
    Order,
    Paid,
    ProviderRefused,
    RequiresAction,
    SavedMethod,
    Unknown,
)
from paylinks_stripe import StripeCredentials

from .conftest import PUBLISHABLE_KEY, SECRET_KEY, Merchant

MakeOrder = Callable[..., Order]


async def test_start_writes_what_stripe_documents(merchant: Merchant, make_order: MakeOrder) -> None:
    """The intent carries order, payment, attempt and customer, under keys made of the attempt."""
    started = await merchant.gateway.start(make_order(), None)

    assert started.reference is not None
    assert started.browser["publishableKey"] == PUBLISHABLE_KEY
    assert started.browser["clientSecret"].startswith(f"{started.reference}_secret_")
    customer, intent = merchant.network.sent
    assert customer.headers["Idempotency-Key"].startswith("att_1-customer-")
    assert intent.headers["Idempotency-Key"].startswith("att_1-intent-")
    assert intent.headers["Authorization"] == f"Bearer {SECRET_KEY}"
    assert str(intent.url) == "https://api.stripe.com/v1/payment_intents"
    form = dict(parse_qsl(intent.content.decode()))
    assert form.pop("customer").startswith("cus_")
    assert form == {
        "amount": "4999",
        "currency": "usd",
        "automatic_payment_methods[enabled]": "true",
        "automatic_payment_methods[allow_redirects]": "always",
        "setup_future_usage": "off_session",
        "description": "Blue shirt",
        "receipt_email": "ada@example.com",
        "metadata[order_id]": "order-1",
        "metadata[payment_id]": "pay_1",
        "metadata[attempt_id]": "att_1",
        "metadata[campaign]": "spring",
        "shipping[name]": "Ada Lovelace",
        "shipping[phone]": "+44 20 1",
        "shipping[address][line1]": "1 Road",
        "shipping[address][city]": "London",
        "shipping[address][postal_code]": "N1",
        "shipping[address][country]": "GB",
    }


async def test_start_opens_one_intent(merchant: Merchant, make_order: MakeOrder) -> None:
    """Repeated with the same attempt it is the same one, and so it is by its reference."""
    first = await merchant.gateway.start(make_order(), None)
    assert await merchant.gateway.start(make_order(), None) == first
    assert await merchant.gateway.start(make_order(attempt_id="att_2"), first.reference) == first
    assert len((await merchant.call("GET", "/v1/payment_intents")).json()["data"]) == 1


async def test_start_can_be_repeated_with_other_details(merchant: Merchant, make_order: MakeOrder) -> None:
    """A lost reply does not lock an attempt in: a corrected name is no reused idempotency key."""
    await merchant.gateway.start(make_order(), None)
    again = await merchant.gateway.start(make_order(description="Red shirt"), None)
    assert again.reference is not None


async def test_metadata_keeps_stripes_limits(merchant: Merchant, make_order: MakeOrder) -> None:
    """Ours is always there; of the merchant's what fits."""
    theirs = {f"key{n}": "x" * 600 for n in range(60)} | {"k" * 41: "long", "a[b]": "brackets", "order_id": "forged"}
    await merchant.gateway.start(make_order(metadata=theirs), None)
    form = dict(parse_qsl(merchant.network.sent[-1].content.decode()))
    metadata = {name: value for name, value in form.items() if name.startswith("metadata[")}
    assert len(metadata) == 50
    assert metadata["metadata[order_id]"] == "order-1"
    assert metadata["metadata[key0]"] == "x" * 500


@pytest.mark.parametrize(("amount", "currency"), [(4999, "USD"), (500, "JPY"), (1500, "KWD"), (700, "ISK")])
async def test_paid(merchant: Merchant, make_order: MakeOrder, amount: int, currency: str) -> None:
    """A charge pays what was asked, once, and the look-up says the same."""
    order = make_order(amount, currency)
    started = await merchant.gateway.start(order, None)
    paid = await merchant.gateway.charge(order, started.reference, "pm_card_visa")
    [charge] = await merchant.charges()
    assert isinstance(paid, Paid)
    assert paid.money == Money(amount, currency)
    assert paid.transaction_id == charge["id"]
    assert paid.reference == started.reference
    assert paid.saved_method == SavedMethod(charge["payment_method"], charge["customer"])
    assert await merchant.gateway.look_up(order, started.reference) == paid
    assert merchant.network.sent[2].headers["Idempotency-Key"] == "att_1"


async def test_charge_opens_what_is_not_open(merchant: Merchant, make_order: MakeOrder) -> None:
    """Without a reference it starts first."""
    assert isinstance(await merchant.gateway.charge(make_order(), None, "ctoken_1"), Paid)
    assert b"confirmation_token=ctoken_1" in merchant.network.sent[-1].content


async def test_charge_again_is_the_same_charge(merchant: Merchant, make_order: MakeOrder) -> None:
    """The same attempt is replayed, another attempt reads back what there is; one charge either way."""
    order = make_order()
    reference = (await merchant.gateway.start(order, None)).reference
    paid = await merchant.gateway.charge(order, reference, "pm_card_visa")
    assert await merchant.gateway.charge(order, reference, "pm_card_visa") == paid
    assert await merchant.gateway.charge(order, reference, "pm_card_mastercard") == paid
    assert await merchant.gateway.charge(make_order(attempt_id="att_2"), reference, "pm_card_visa") == paid
    assert len(await merchant.charges()) == 1


async def test_declined_and_paid_after_all(merchant: Merchant, make_order: MakeOrder) -> None:
    """A decline is read back as one, and the same intent may be paid with another card."""
    reference = (await merchant.gateway.start(make_order(), None)).reference
    no = await merchant.gateway.charge(make_order(), reference, "pm_card_visa_chargeDeclinedInsufficientFunds")
    assert no == Declined(
        code="insufficient_funds", message="Your card has insufficient funds.", retryable=True, reference=reference
    )
    assert await merchant.gateway.look_up(make_order(), reference) == no
    assert isinstance(await merchant.gateway.charge(make_order(attempt_id="att_2"), reference, "pm_card_visa"), Paid)
    assert len(await merchant.charges()) == 1


async def test_unknown_token_is_a_decline(merchant: Merchant, make_order: MakeOrder) -> None:
    """A payment method that Stripe does not know is the integrator's to replace."""
    no = await merchant.gateway.charge(make_order(), None, "pm_card_misspelt")
    assert isinstance(no, Declined)
    assert no.code == "invalid_payment_token"


async def test_authentication(merchant: Merchant, make_order: MakeOrder) -> None:
    """3-D Secure leads to the bank and back, and the second confirmation pays."""
    reference = (await merchant.gateway.start(make_order(), None)).reference
    asked = await merchant.gateway.charge(make_order(), reference, "pm_card_threeDSecure2Required")
    assert isinstance(asked, RequiresAction)
    assert asked.action.type == "redirect"
    assert asked.action.url is not None
    assert asked.action.url.startswith("http://localhost:8000/c/abc?payment_intent=")
    assert await merchant.gateway.look_up(make_order(), reference) == asked
    assert await merchant.charges() == []
    again = make_order(attempt_id="att_2")
    assert isinstance(await merchant.gateway.charge(again, reference, "pm_card_threeDSecure2Required"), Paid)


async def test_browser_pays(merchant: Merchant, make_order: MakeOrder) -> None:
    """What Stripe.js confirms is read back."""
    started = await merchant.gateway.start(make_order(), None)
    assert await merchant.gateway.look_up(make_order(), started.reference) == NotSubmitted(
        reference=str(started.reference)
    )
    form = {"key": PUBLISHABLE_KEY, "client_secret": started.browser["clientSecret"], "payment_method": "pm_card_visa"}
    path = f"/v1/payment_intents/{started.reference}/confirm"
    answer = await merchant.call("POST", path, key="", data=form | {"return_url": "https://shop.example"})
    assert answer.json()["status"] == "succeeded"
    assert isinstance(await merchant.gateway.look_up(make_order(), started.reference), Paid)


async def test_cancel(merchant: Merchant, make_order: MakeOrder) -> None:
    """An open intent is closed, a closed one is closed, and a paid one is paid."""
    reference = str((await merchant.gateway.start(make_order(), None)).reference)
    assert await merchant.gateway.cancel(make_order(), reference) == Canceled(reference=reference)
    assert await merchant.gateway.cancel(make_order(), reference) == Canceled(reference=reference)
    assert await merchant.gateway.look_up(make_order(), reference) == Canceled(reference=reference)
    with pytest.raises(ProviderRefused, match="canceled"):
        await merchant.gateway.charge(make_order(), reference, "pm_card_visa")
    paid = await merchant.gateway.charge(make_order(attempt_id="att_2"), None, "pm_card_visa")
    assert isinstance(paid, Paid)
    assert await merchant.gateway.cancel(make_order(), paid.reference) == paid


async def test_look_up_by_attempt(merchant: Merchant, make_order: MakeOrder) -> None:
    """Without a reference the attempt is searched for, and that a search finds nothing is no proof."""
    assert isinstance(await merchant.gateway.look_up(make_order(), None), Unknown)
    started = await merchant.gateway.start(make_order(), None)
    assert await merchant.gateway.look_up(make_order(), None) == NotSubmitted(reference=str(started.reference))
    assert isinstance(await merchant.gateway.look_up(make_order(attempt_id="att_'2"), None), Unknown)


async def test_another_orders_payment_is_not_believed(merchant: Merchant, make_order: MakeOrder) -> None:
    """A reference of another order proves nothing for this one."""
    paid = await merchant.gateway.charge(make_order(), None, "pm_card_visa")
    assert isinstance(paid, Paid)
    other = make_order(order_id="order-2")
    assert isinstance(await merchant.gateway.look_up(other, paid.reference), Unknown)
    with pytest.raises(ProviderRefused):
        await merchant.gateway.start(other, paid.reference)


async def test_keys_of_another_account_prove_nothing(merchant: Merchant, make_order: MakeOrder) -> None:
    """A payment that Stripe does not know under these keys is a doubt, and never "not paid"."""
    paid = await merchant.gateway.charge(make_order(), None, "pm_card_visa")
    assert isinstance(paid, Paid)
    live = merchant.open(StripeCredentials(secret_key="sk_live_51"))
    assert isinstance(await live.look_up(make_order(), paid.reference), Unknown)


async def test_check_credentials(merchant: Merchant) -> None:
    """Good keys pass; keys of two modes do not."""
    await merchant.gateway.check_credentials()
    mixed = merchant.open(StripeCredentials(secret_key="sk_live_51", publishable_key=PUBLISHABLE_KEY))
    with pytest.raises(CredentialsRejected, match="live mode"):
        await mixed.check_credentials()
