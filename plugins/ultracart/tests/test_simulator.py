"""The simulator is as strict as UltraCart, and has its pitfalls."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import httpx
import pytest

from paylinks_ports import Declined, NotFound, Order, Paid, Pending, Unknown
from paylinks_ultracart import PROVIDER

from .conftest import Merchant


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/nothing", {}, 404),
        ("GET", "/checkout/cart?_limit=1", {}, 400),
        ("GET", "/checkout/cart/ABC", {}, 400),
        ("GET", "/order/orders/DEMO-1", {}, 404),
        ("PUT", "/checkout/cart", {"json": {"cart_id": "ABC", "colour": "red"}}, 400),
        ("PUT", "/checkout/cart", {"content": b"{}"}, 400),
        ("POST", "/checkout/cart/finalizeOrder", {"json": {"options": {}}}, 400),
        ("POST", "/channel_partner/import", {"json": {"items": []}}, 400),
        ("POST", "/order/orders/query", {"json": {"custom_field1": "x"}}, 400),
        ("POST", "/order/orders/query", {"json": {}}, 400),
    ],
)
async def test_strict(merchant: Merchant, method: str, path: str, options: dict[str, Any], status: int) -> None:
    """Unknown and missing parameters, another content type and unknown ids are refused in UltraCart's form."""
    answer = await merchant.call(method, path, **options)
    assert answer.status_code == status
    assert answer.json()["success"] is False
    assert answer.headers["UC-REST-ERROR"] == answer.json()["error"]["user_message"]


async def test_key_and_version(merchant: Merchant) -> None:
    """No call without a key and the API's version."""
    assert (await merchant.call("GET", "/checkout/cart", key="")).status_code == 401
    request = httpx.Request("GET", "https://secure.ultracart.com/rest/v2/checkout/cart")
    assert (await PROVIDER.simulator.answer(request, merchant.world)).status_code == 400


async def test_cache_lags_and_cart_is_used_up(merchant: Merchant, make_order: Callable[..., Order]) -> None:
    """The cache knows a new order after some minutes; a cart becomes an order once; nothing comes unasked."""
    started = await merchant.gateway.start(make_order(), None)
    paid = await merchant.gateway.charge(make_order(), started.reference, "tok_1")
    assert isinstance(paid, Paid)
    query = {"custom_field_1": make_order().attempt_id}
    assert (await merchant.call("POST", "/order/orders/query", json=query)).json()["orders"] == []
    merchant.now += 300_000
    assert len((await merchant.call("POST", "/order/orders/query", json=query)).json()["orders"]) == 1
    assert (await merchant.call("GET", f"/checkout/cart/{started.reference}")).status_code == 400
    assert "payment" not in (await merchant.call("GET", f"/order/orders/{paid.reference}")).json()["order"]


async def test_cards(merchant: Merchant, make_order: Callable[..., Order]) -> None:
    """How a card behaves is how its token begins, and a token is good for one charge."""

    async def charge(token: str) -> Any:  # noqa: ANN401 - any result
        order = make_order(order_id=token, attempt_id=f"att_{token}")
        return order, await merchant.gateway.charge(order, None, token)

    order, waiting = await charge("slow-000000000001")
    assert isinstance(waiting, Pending)
    merchant.now += 900_000
    assert isinstance(await merchant.gateway.look_up(order, waiting.reference), Paid)
    for token, found in (("mute-000000000001", Paid), ("gone-000000000001", NotFound)):
        order, silent = await charge(token)
        assert isinstance(silent, Unknown)
        assert isinstance(await merchant.gateway.look_up(order, silent.reference), found)
    _, kept = await charge("kept-000000000001")
    assert isinstance(kept, Declined)
    assert merchant.orders()[-1]["current_stage"] == "Rejected"
    _, burned = await charge("slow-000000000001")
    assert isinstance(burned, Declined)
    assert burned.code == "invalid_payment_token"


async def test_kept_orders_are_charged_again(merchant: Merchant, make_order: Callable[..., Order]) -> None:
    """A declined order that nobody cancels is paid the next day."""
    merchant.answers("/cancel", 500, html="<h1>Oops</h1>")
    kept = await merchant.gateway.charge(make_order(), None, "kept-000000000001")
    assert isinstance(kept, Pending)
    merchant.now += 86_400_000
    assert isinstance(await merchant.gateway.look_up(make_order(), kept.reference), Paid)


async def test_small_accounts_run_dry(merchant: Merchant) -> None:
    """Twenty calls at once, and one more every ten seconds."""
    with patch("asyncio.sleep"):
        told = [(await merchant.call("GET", "/checkout/cart", key="small-account")).status_code for _ in range(21)]
        merchant.now += 10_000
        told += [(await merchant.call("GET", "/checkout/cart", key="small-account")).status_code for _ in range(2)]
    assert told == [200] * 20 + [429, 200, 429]
