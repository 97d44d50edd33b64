"""The simulator is no more lenient than Stripe, keeps its books exactly, and is the same in every process."""

import base64
from typing import Any

import pytest

from .conftest import PUBLISHABLE_KEY, SECRET_KEY, Merchant

GOOD = {"amount": "4999", "currency": "usd", "metadata[order_id]": "order-1"}
CONFIRM = {"payment_method": "pm_card_visa", "return_url": "https://shop.example/done"}


async def _error(merchant: Merchant, form: dict[str, str], path: str = "/v1/payment_intents") -> dict[str, Any]:
    answer = await merchant.call("POST", path, data=form)
    error: dict[str, Any] = answer.json()["error"]
    return error | {"status": answer.status_code}


async def _intent(merchant: Merchant, **form: str) -> dict[str, Any]:
    intent: dict[str, Any] = (await merchant.call("POST", "/v1/payment_intents", data=GOOD | form)).json()
    return intent


@pytest.mark.parametrize(
    ("form", "code", "param"),
    [
        (GOOD | {"ammount": "1"}, "parameter_unknown", "ammount"),
        (
            GOOD | {"automatic_payment_methods[enabld]": "true"},
            "parameter_unknown",
            "automatic_payment_methods[enabld]",
        ),
        (GOOD | {"idempotency_key": "k"}, "parameter_unknown", "idempotency_key"),
        (GOOD | {"shipping[name]": "Ada"}, "parameter_missing", "shipping[address]"),
        ({"amount": "1"}, "parameter_missing", "currency"),
        (GOOD | {"amount": "49.99"}, "parameter_invalid_integer", "amount"),
        (GOOD | {"amount": "0"}, "parameter_invalid_integer", "amount"),
        (GOOD | {"amount": "49"}, "amount_too_small", "amount"),
        (GOOD | {"amount": "100000000"}, "amount_too_large", "amount"),
        (GOOD | {"currency": "kwd", "amount": "1501"}, None, "amount"),
        (GOOD | {"currency": "isk", "amount": "150"}, "invalid_charge_amount_no_decimal_compatible", "amount"),
        (GOOD | {"currency": "USD"}, None, "currency"),
        (GOOD | {"description": ""}, "parameter_invalid_empty", "description"),
        (GOOD | {"setup_future_usage": "sometimes"}, None, "setup_future_usage"),
        (GOOD | {"automatic_payment_methods[enabled]": "yes"}, None, "automatic_payment_methods[enabled]"),
        (GOOD | {"metadata": "flat"}, None, "metadata"),
        (GOOD | {"amount[value]": "1"}, None, "amount[value]"),
        (GOOD | {"expand": "latest_charge"}, None, "expand"),
        (GOOD | {"expand[1]": "latest_charge"}, None, "expand"),
        (GOOD | {"expand[]": "everything"}, None, "expand"),
        (GOOD | {"customer": "cus_none"}, "resource_missing", "customer"),
        (GOOD | {f"metadata[{'k' * 41}]": "v"}, None, "metadata"),
        (GOOD | {"transfer_group": "known at Stripe, and not here"}, None, "transfer_group"),
        (GOOD | {"a]b": "1"}, None, "a]b"),
    ],
)
async def test_wrong_parameters(merchant: Merchant, form: dict[str, str], code: str | None, param: str) -> None:
    """What Stripe refuses is refused, naming the parameter."""
    error = await _error(merchant, form)
    assert (error["status"], error["type"], error.get("code"), error["param"]) == (
        400,
        "invalid_request_error",
        code,
        param,
    )


async def test_answers_look_like_stripes(merchant: Merchant) -> None:
    """JSON with a request id, whole seconds, and the parameters' own types."""
    answer = await merchant.call("POST", "/v1/payment_intents", data=GOOD)
    assert answer.headers["Request-Id"].startswith("req_")
    intent = answer.json()
    assert (intent["amount"], intent["status"], intent["livemode"]) == (4999, "requires_payment_method", False)
    assert (intent["created"], intent["metadata"]) == (1_800_000_000, {"order_id": "order-1"})
    assert intent["client_secret"].startswith(intent["id"] + "_secret_")


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer pk_test_1", "Bearer sk_1", "Basic !", "Digest sk_test_1"]
)
async def test_needs_a_secret_key(merchant: Merchant, authorization: str) -> None:
    """Without one it is 401, in Stripe's form."""
    answer = await merchant.call("GET", "/v1/balance", key="", headers={"Authorization": authorization})
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "invalid_request_error")


async def test_basic_authentication(merchant: Merchant) -> None:
    """What curl sends for ``-u sk_test_…:`` works, and a live key has its own books."""
    header = "Basic " + base64.b64encode(f"{SECRET_KEY}:".encode()).decode()
    answer = await merchant.call("GET", "/v1/balance", key="", headers={"Authorization": header})
    assert answer.json()["livemode"] is False
    intent = await _intent(merchant)
    live = await merchant.call("GET", f"/v1/payment_intents/{intent['id']}", key="sk_live_1")
    assert (live.status_code, live.json()["error"]["code"]) == (404, "resource_missing")


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/nothing"), ("DELETE", "/v1/payment_intents"), ("GET", "/")])
async def test_unknown_url(merchant: Merchant, method: str, path: str) -> None:
    """It is 404, as at Stripe."""
    answer = await merchant.call(method, path)
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "invalid_request_error")


async def test_json_is_not_a_form(merchant: Merchant) -> None:
    """Stripe's v1 takes forms."""
    answer = await merchant.call("POST", "/v1/payment_intents", json={"amount": 1})
    assert answer.status_code == 400


async def test_decline_has_stripes_form(merchant: Merchant) -> None:
    """402 with the error, the failed charge, the intent and the payment method; the intent is open again."""
    intent = await _intent(merchant)
    error = await _error(
        merchant,
        CONFIRM | {"payment_method": "pm_card_visa_chargeDeclinedLostCard"},
        f"/v1/payment_intents/{intent['id']}/confirm",
    )
    assert (error["status"], error["type"]) == (402, "card_error")
    assert (error["code"], error["decline_code"]) == ("card_declined", "lost_card")
    [charge] = await merchant.charges(paid=False)
    assert (error["charge"], charge["status"]) == (charge["id"], "failed")
    assert error["payment_intent"]["status"] == "requires_payment_method"
    assert error["payment_intent"]["last_payment_error"]["code"] == "card_declined"


async def test_confirming_is_strict(merchant: Merchant) -> None:
    """No page to return to, no payment method, an unknown one, or a second time: refused."""
    intent = await _intent(merchant)
    path = f"/v1/payment_intents/{intent['id']}/confirm"
    assert (await _error(merchant, {"payment_method": "pm_card_visa"}, path))["param"] == "return_url"
    missing = await _error(merchant, {"return_url": "https://shop.example"}, path)
    assert missing["code"] == "payment_intent_unexpected_state"
    for name in ("pm_card_misspelt", "demo_3ds", "4242424242424242"):
        assert (await _error(merchant, CONFIRM | {"payment_method": name}, path))["code"] == "resource_missing"
    assert (await merchant.call("POST", path, data=CONFIRM)).json()["status"] == "succeeded"
    assert (await _error(merchant, CONFIRM, path))["code"] == "payment_intent_unexpected_state"
    assert (await _error(merchant, {}, path.replace("confirm", "cancel")))["code"] == "payment_intent_unexpected_state"
    assert (await _error(merchant, {"amount": "1"}, path[: -len("/confirm")]))[
        "code"
    ] == "payment_intent_unexpected_state"


async def test_browser(merchant: Merchant) -> None:
    """A publishable key opens only the intent whose client secret it brings, and shows less of it."""
    intent, other = await _intent(merchant), await _intent(merchant)
    proof = {"key": PUBLISHABLE_KEY, "client_secret": intent["client_secret"]}
    path = f"/v1/payment_intents/{intent['id']}"
    seen = await merchant.call("GET", path, key="", params=proof)
    assert seen.status_code == 200
    assert "metadata" not in seen.json()
    wrong = await merchant.call("GET", f"/v1/payment_intents/{other['id']}", key="", params=proof)
    assert wrong.status_code == 400
    secret = await merchant.call("GET", path, key="", params=proof | {"key": SECRET_KEY})
    assert secret.status_code == 401
    confirmed = await merchant.call("POST", f"{path}/confirm", key="", data=proof | CONFIRM)
    assert confirmed.json()["status"] == "succeeded"
    assert (await merchant.call("POST", f"{path}/cancel", key="", data=proof)).status_code == 401
    assert (await merchant.call("GET", "/v1/charges", key="", params=proof)).status_code == 401


async def test_authentication_in_the_page(merchant: Merchant) -> None:
    """With ``use_stripe_sdk`` the action is Stripe.js's, and a declined card is declined after it."""
    intent = await _intent(merchant)
    path = f"/v1/payment_intents/{intent['id']}/confirm"
    card = {"payment_method": "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"}
    asked = (await merchant.call("POST", path, data=CONFIRM | card | {"use_stripe_sdk": "true"})).json()
    assert (asked["status"], asked["next_action"]["type"]) == ("requires_action", "use_stripe_sdk")
    assert (await _error(merchant, CONFIRM | card, path))["decline_code"] == "insufficient_funds"
