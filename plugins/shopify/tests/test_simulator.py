"""The simulator is as strict as Shopify, and its search lags as Shopify's does."""

from collections.abc import Callable
from typing import Any

import pytest

from paylinks_ports import (
    Declined,
    Order,
    Paid,
    Pending,
    Refunded,
    RefundFailed,
    RefundOrder,
    RefundPending,
)
from paylinks_ports.testing import make_refund
from paylinks_shopify import ShopifyCredentials, documents

from .conftest import Merchant

PATH = "/admin/api/2026-07/graphql.json"


@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        ("/admin/api/2020-01/graphql.json", {"json": {"query": documents.SHOP.text}}, 404),
        (PATH, {"json": {"query": documents.SHOP.text}, "token": "wrong"}, 401),
        (PATH, {"content": b"{}"}, 400),
        (PATH, {"json": {"query": documents.SHOP.text, "extra": 1}}, 400),
        (PATH, {"json": {"query": "{ shop { id } }"}}, 200),
        (PATH, {"json": {"query": documents.READ.text, "variables": {}}}, 200),
        (PATH, {"json": {"query": documents.READ.text, "variables": {"id": "1"}}}, 200),
        (PATH, {"json": {"query": documents.SEARCH.text, "variables": {"query": "everything"}}}, 200),
        (PATH, {"json": {"query": documents.REFUND.text, "variables": {"input": {}, "key": "no-uuid"}}}, 200),
        (PATH, {"json": {"query": documents.CREATE.text, "variables": {"input": {"colour": "red"}}}}, 200),
        ("/admin/oauth/access_token", {"json": {"grant_type": "client_credentials"}}, 400),
        ("/admin/oauth/access_token", {"data": {"grant_type": "password"}}, 400),
    ],
)
async def test_strict(merchant: Merchant, path: str, options: dict[str, Any], status: int) -> None:
    """Unknown documents and variables, a wrong token, path or content type are refused in Shopify's form."""
    answer = await merchant.call("POST", path, **options)
    assert answer.status_code == status
    assert answer.json()["errors"]
    assert "data" not in answer.json()


async def test_search_lags(merchant: Merchant, make_order: Callable[..., Order]) -> None:
    """A new draft order is found after a while."""
    await merchant.gateway.start(make_order(), None)
    asked = {"query": documents.SEARCH.text, "variables": {"query": f"tag:'{make_order().attempt_id}'"}}
    first = (await merchant.call("POST", PATH, json=asked)).json()
    merchant.now += 10_000
    later = (await merchant.call("POST", PATH, json=asked)).json()
    assert [len(one["data"]["draftOrders"]["nodes"]) for one in (first, later)] == [0, 1]


@pytest.mark.parametrize(
    ("card", "first", "then"),
    [
        ("visa", Paid, Paid),
        ("short", Declined, Declined),
        ("slow", Pending, Paid),
        ("bounce", Pending, Declined),
        ("late", Paid, Paid),
    ],
)
async def test_cards(
    merchant: Merchant, make_order: Callable[..., Order], card: str, first: type[object], then: type[object]
) -> None:
    """How a card behaves is how it begins; what waits is through a quarter of an hour later."""
    reference = (await merchant.gateway.start(make_order(), None)).reference
    await merchant.pay(reference, f"{card}-000000000001")
    assert isinstance(await merchant.gateway.look_up(make_order(), reference), first)
    merchant.now += 900_000
    assert isinstance(await merchant.gateway.look_up(make_order(), reference), then)


@pytest.mark.parametrize(("card", "then"), [("slow", Refunded), ("weak", RefundFailed)])
async def test_refunds_that_take_their_time(
    merchant: Merchant, make_order: Callable[..., Order], card: str, then: type[object]
) -> None:
    """A refund may exist before its money moves, and its money may never; then it can be asked for again."""
    reference = (await merchant.gateway.start(make_order(), None)).reference
    await merchant.pay(reference, f"{card}-000000000001")
    merchant.now += 900_000
    paid = await merchant.gateway.look_up(make_order(), reference)
    assert isinstance(paid, Paid)

    def refund(number: int) -> RefundOrder:
        return make_refund(paid, refund_id=f"rfd_{number}")

    assert isinstance(await merchant.gateway.refund(make_order(), refund(1)), RefundPending)
    assert isinstance(await merchant.gateway.refund(make_order(), refund(2)), RefundFailed)
    merchant.now += 600_000
    assert isinstance(await merchant.gateway.look_up_refund(make_order(), refund(1), None), then)
    again = await merchant.gateway.refund(make_order(), refund(3))
    assert isinstance(again, RefundPending if then is RefundFailed else RefundFailed)


async def test_small_shops_run_dry(merchant: Merchant) -> None:
    """Twenty calls at once, then a refusal in either of Shopify's ways, and one more call every ten seconds."""
    asked = {"query": documents.SHOP.text}

    async def call() -> Any:  # noqa: ANN401 - JSON
        answer = await merchant.call("POST", PATH, token="shpat_small", json=asked)
        return answer.status_code, "data" in answer.json()

    told = [await call() for _ in range(21)]
    merchant.now += 1_000
    told += [await call()]
    merchant.now += 9_000
    told += [await call()]
    assert told == [(200, True)] * 20 + [(200, False), (429, False), (200, True)]


async def test_granted_tokens_last_a_day(merchant: Merchant) -> None:
    """Then a new one is asked for, before anything is done."""
    credentials = ShopifyCredentials(shop_domain="paylinks-demo.myshopify.com", client_id="id", client_secret="word")
    gateway = merchant.open(credentials)
    await gateway.check_credentials()
    merchant.now += 86_400_000
    await gateway.check_credentials()
    assert sum(one.url.path.endswith("access_token") for one in merchant.network.sent) == 2
