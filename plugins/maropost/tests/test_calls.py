"""Lists over all pages, the limit of calls at a time, and every accident of a call."""

import asyncio
from typing import Any

import httpx
import pytest

from paylinks_maropost import INTEGRATION, MaropostCredentials, MaropostGateway
from paylinks_ports import (
    CredentialsRejected,
    Customer,
    MarketingList,
    PaylinksError,
    ProviderRefused,
    ProviderUnavailable,
    TryLater,
)
from paylinks_ports.testing import Forward, make_order_placed

from .conftest import KEY, Brand


async def test_lists_over_all_pages(brand: Brand) -> None:
    """All pages are fetched, 200 lists each."""
    for number in range(400):
        body = {"list": {"name": f"List {number}", "address": "1 Road", "language": "en"}}
        assert (await brand.call("POST", "/lists.json", body)).status_code == 201
    lists = await brand.gateway.lists()
    assert len(lists) == 403
    assert lists[0] == MarketingList(list_id="1", original_name="Newsletter")
    assert lists[-1].original_name == "List 399"
    assert len(brand.network.sent) == 3


async def test_lists_end_some_time(brand: Brand) -> None:
    """Pages without an end are given up, pages that repeat at once, and an empty page is the end."""
    brand.answers("/lists.json", 200, json=[{"id": 5, "name": None}])
    with pytest.raises(ProviderUnavailable, match="nowhere"):
        await brand.gateway.lists()
    assert len(brand.network.sent) == 2
    brand.answers("/lists.json", 200, json=[])
    assert await brand.gateway.lists() == ()

    async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
        del forward
        return httpx.Response(200, json=[{"id": request.url.params["page"]}])

    brand.network.accident = accident
    with pytest.raises(ProviderRefused, match="more lists"):
        await brand.gateway.lists()


async def test_few_calls_at_a_time(brand: Brand) -> None:
    """Maropost lets an account have ten calls at a time; this has five."""
    running = most = 0

    async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        reply = await forward(request)
        running -= 1
        return reply

    brand.network.accident = accident
    customers = [Customer(email=f"c{number}@example.com") for number in range(20)]
    orders = [make_order_placed(event_id=f"evt_{number}", customer=each) for number, each in enumerate(customers)]
    await asyncio.gather(*(brand.gateway.order_placed(order) for order in orders))
    assert most == 5
    assert len(brand.orders()) == 20


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [
        (429, {}, TryLater),
        (429, {"headers": {"Retry-After": "7"}}, TryLater),
        (500, {"html": "<h1>Oops</h1>"}, ProviderUnavailable),
        (500, {"json": {"message": "Oops", "status": 200}}, ProviderUnavailable),
        (401, {"text": "HTTP Token: Access denied. ada@example.com"}, CredentialsRejected),
        (200, {"json": {"message": "Unauthorized", "status": 401}}, CredentialsRejected),
        (200, {"json": {"message": "ada@example.com?", "status": "422"}}, ProviderRefused),
        (405, {"json": {"error": "ada@example.com"}}, ProviderRefused),
    ],
)
async def test_accident_has_one_meaning(
    brand: Brand, status: int, content: dict[str, Any], expected: type[PaylinksError]
) -> None:
    """Each way to fail has its meaning, and its words hold neither token nor customer."""
    brand.answers("/contacts.json", status, **content)
    with pytest.raises(expected) as raised:
        await brand.gateway.order_placed(make_order_placed(consent=True))
    said = f"{raised.value} {raised.value.details}"
    assert KEY not in said
    assert "ada" not in said
    if isinstance(raised.value, TryLater):
        assert raised.value.seconds == (7 if content else None)
    assert brand.orders() == []


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
async def test_token_in_the_address_stays_inside(brand: Brand, error: type[httpx.TransportError]) -> None:
    """Every call's address holds the token: what goes wrong with one names neither, and has no cause that would."""

    async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
        del forward
        raise error(f"at {request.url}", request=request)

    brand.network.accident = accident
    with pytest.raises(ProviderUnavailable) as raised:
        await brand.gateway.order_placed(make_order_placed())
    assert KEY in str(brand.network.sent[0].url)
    assert KEY not in f"{raised.value} {raised.value.details} {raised.value.__cause__}"
    assert raised.value.__suppress_context__


@pytest.mark.parametrize("content", [b"ok", b'{"id": "\xff"}', b'{"x": ' + b"[" * 100_000])
async def test_nonsense_is_repeated(brand: Brand, content: bytes) -> None:
    """An answer in no known form is no success where something is read from it."""
    brand.answers("/contacts/email.json", 200, content=content)
    with pytest.raises(ProviderUnavailable, match="can't be used"):
        await brand.gateway.order_placed(make_order_placed(consent=True))
    brand.answers("/lists.json", 200, json={"lists": []})
    with pytest.raises(ProviderUnavailable, match="can't be used"):
        await brand.gateway.lists()


async def test_check_credentials(brand: Brand) -> None:
    """An unknown token or account is rejected; the simulator's own is good, and demo mode needs no other."""
    await brand.gateway.check_credentials()
    with pytest.raises(CredentialsRejected):
        await brand.open(MaropostCredentials(account_id="77", api_key="short")).check_credentials()
    brand.answers("/lists.json", 404, json={"error": "Not found"})
    with pytest.raises(CredentialsRejected):
        await brand.gateway.check_credentials()
    brand.network.accident = None
    demo = MaropostGateway(INTEGRATION.simulator.credentials, brand.client)
    assert [each.list_id for each in await demo.lists()] == ["1", "2", "3"]
