"""Segments over all pages, and every accident of a call."""

from typing import Any

import httpx
import pytest

from paylinks_attentive import INTEGRATION, AttentiveCredentials, AttentiveGateway
from paylinks_ports import (
    CredentialsRejected,
    MarketingList,
    PaylinksError,
    ProviderRefused,
    ProviderUnavailable,
    TryLater,
)
from paylinks_ports.testing import Forward, make_order_placed

from .conftest import KEY, Brand


async def test_segments_over_all_pages(brand: Brand) -> None:
    """All pages are fetched, 200 segments each."""
    for number in range(400):
        brand.now += 20  # a hundred a second are let in
        answer = await brand.call("POST", "/v2/segments", {"name": f"Segment {number}", "externalId": f"s{number}"})
        assert answer.status_code == 201
    lists = await brand.gateway.lists()
    assert len(lists) == 403
    assert lists[0] == MarketingList(list_id="newsletter", original_name="Newsletter")
    assert lists[-1] == MarketingList(list_id="s399", original_name="Segment 399")
    assert len(brand.network.sent) == 3


async def test_segments_end_some_time(brand: Brand) -> None:
    """Pages without an end are given up, and a page that leads nowhere at once."""
    brand.answers("/v2/segments", 200, json={"segments": [], "cursor": None, "hasMore": True})
    with pytest.raises(ProviderUnavailable, match="nowhere"):
        await brand.gateway.lists()
    brand.answers("/v2/segments", 200, json={"segments": [], "cursor": "again", "hasMore": True})
    with pytest.raises(ProviderUnavailable, match="nowhere"):
        await brand.gateway.lists()

    async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
        del request, forward
        return httpx.Response(200, json={"segments": [], "cursor": str(len(brand.network.sent)), "hasMore": True})

    brand.network.accident = accident
    with pytest.raises(ProviderRefused, match="more segments"):
        await brand.gateway.lists()


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [
        (429, {}, TryLater),
        (429, {"headers": {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}}, TryLater),
        (500, {"html": "<h1>Oops</h1>"}, ProviderUnavailable),
        (401, {}, CredentialsRejected),
        (403, {"html": "<h1>Access denied</h1>"}, CredentialsRejected),
        (400, {"json": {"error": {"id": 1, "message": "ada@example.com"}}}, ProviderRefused),
        (301, {"headers": {"Location": "https://evil.example"}}, ProviderRefused),
    ],
)
async def test_accident_has_one_meaning(
    brand: Brand, status: int, content: dict[str, Any], expected: type[PaylinksError]
) -> None:
    """Each way to fail has its meaning, and its words hold neither key nor customer."""
    brand.answers("/v2/user/attributes", status, **content)
    with pytest.raises(expected) as raised:
        await brand.gateway.order_placed(make_order_placed(consent=True))
    said = f"{raised.value} {raised.value.details}"
    assert KEY not in said
    assert "ada" not in said
    assert brand.purchases() == []


@pytest.mark.parametrize("content", [b"ok", b'{"subscriptionEligibilities": "\xff"}', b'{"x": ' + b"[" * 100_000])
async def test_nonsense_is_repeated(brand: Brand, content: bytes) -> None:
    """An answer in no known form is no success where something is read from it."""
    brand.answers("/v1/subscriptions", 200, content=content)
    with pytest.raises(ProviderUnavailable, match="can't be used"):
        await brand.gateway.order_placed(make_order_placed(consent=True))
    brand.answers("/v2/segments", 200, json=[])
    with pytest.raises(ProviderUnavailable, match="can't be used"):
        await brand.gateway.lists()


async def test_check_credentials(brand: Brand) -> None:
    """A bad key is rejected; the simulator's own is good, and demo mode needs no other."""
    await brand.gateway.check_credentials()
    with pytest.raises(CredentialsRejected):
        await brand.open(AttentiveCredentials(api_key="short")).check_credentials()
    demo = AttentiveGateway(INTEGRATION.simulator.credentials, brand.client)
    await demo.check_credentials()
    assert [each.list_id for each in await demo.lists()] == ["newsletter", "customers", "vip"]


async def test_rate_limit(brand: Brand) -> None:
    """Ten subscriptions a second are let in; no answer says how long to wait, so the wait is the platform's choice."""
    for number in range(10):
        body = {"user": {"email": f"c{number}@example.com"}, "signUpSourceId": "unit-1"}
        assert (await brand.call("POST", "/v1/subscriptions", body)).status_code == 202
    with pytest.raises(TryLater) as later:
        await brand.gateway.order_placed(make_order_placed(consent=True))
    assert later.value.seconds is None
    assert brand.purchases() == []
    brand.now += 1000
    await brand.gateway.order_placed(make_order_placed(consent=True))
