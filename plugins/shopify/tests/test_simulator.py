"""The simulator is as strict as Shopify, and its search lags as Shopify's does."""

from collections.abc import Callable
from typing import Any

import pytest

from paylinks_ports import Order
from paylinks_shopify import documents

from .conftest import Merchant

PATH = "/admin/api/2026-07/graphql.json"


@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        ("/admin/api/2020-01/graphql.json", {"json": {"query": documents.SHOP}}, 404),
        (PATH, {"json": {"query": documents.SHOP}, "token": "wrong"}, 401),
        (PATH, {"content": b"{}"}, 400),
        (PATH, {"json": {"query": documents.SHOP, "extra": 1}}, 400),
        (PATH, {"json": {"query": "{ shop { id } }"}}, 200),
        (PATH, {"json": {"query": documents.READ, "variables": {}}}, 200),
        (PATH, {"json": {"query": documents.READ, "variables": {"id": "1"}}}, 200),
        (PATH, {"json": {"query": documents.SEARCH, "variables": {"query": "everything"}}}, 200),
        (PATH, {"json": {"query": documents.REFUND, "variables": {"input": {}, "key": "no-uuid"}}}, 200),
        (PATH, {"json": {"query": documents.CREATE, "variables": {"input": {"colour": "red"}}}}, 200),
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
    asked = {"query": documents.SEARCH, "variables": {"query": f"tag:'{make_order().attempt_id}'"}}
    first = (await merchant.call("POST", PATH, json=asked)).json()
    merchant.now += 10_000
    later = (await merchant.call("POST", PATH, json=asked)).json()
    assert [len(one["data"]["draftOrders"]["nodes"]) for one in (first, later)] == [0, 1]
