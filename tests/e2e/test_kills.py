"""A real server killed at random moments while customers pay: afterwards its books agree with the provider's.

`PAYLINKS_KILLS` says how many kills there are on each kind of database (2).
"""

import asyncio
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from ..plain import PLAIN
from .conftest import PUBLISHABLE_KEY, SECRET_KEY, Peer, Server, free_port

pytestmark = pytest.mark.long

CREDENTIALS = f"secretKey={SECRET_KEY}\npublishableKey={PUBLISHABLE_KEY}\n"
KILLS = int(os.environ.get("PAYLINKS_KILLS", "2"))
CUSTOMERS = 6
LATE = {f"late-{number}" for number in range(CUSTOMERS)}
TIMEOUT = 2  # seconds that the platform waits for the provider, and so how soon a lease is over
SETTLED_SECONDS = 420  # a doubt is looked at after 30 seconds and then after 5 minutes


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> dict[str, str]:
    """Name an empty database of each kind."""
    if request.param == "sqlite":
        return {}
    return {"PAYLINKS_DATABASE_URL": request.getfixturevalue("postgres_url")}


class Crowd:
    """Customers who buy one thing after the other, and ask again whenever an answer did not come."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.tokens: dict[str, str] = {}
        self.paid: set[str] = set()
        self.open = True
        self._client = httpx.AsyncClient(base_url=server.url, timeout=20, verify=PLAIN)

    async def buy(self, name: str) -> None:
        """Buy until the shop closes; what was begun is paid."""
        number = 0
        while self.open:
            number += 1
            await self.order(f"{name}-{number}")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def order(self, order_id: str) -> None:
        """Buy one thing, unless its opening was under way when the server died."""
        order = {"orderId": order_id, "amount": 4999, "currency": "USD", "productName": "Blue shirt"}
        token = str((await self._until("/api/token/generate", order, {201})).json()["data"]["token"])
        self.tokens[order_id] = token
        opened = await self._until("/api/checkout/initialize", {"token": token, "provider": "stripe"}, {200, 409})
        if opened.status_code == 409:
            return  # who was opening it may be dead, which is only sure when its lease is over: leave it for another
        body = {"token": token, "paymentToken": "pm_card_visa"}
        for _ in range(random.choice((1, 2, 4))):  # noqa: S311 - no secret
            answers = await asyncio.gather(*(self._complete(body) for _ in range(random.choice((1, 1, 3)))))  # noqa: S311
            if "paid" in answers:
                self.paid.add(order_id)
                break

    async def _complete(self, body: dict[str, str]) -> str:
        """Complete once or again, and say how far it came; "" where no answer came, as when a tab is closed."""
        try:
            answer = await self._client.post("/api/checkout/complete", json=body)
        except httpx.TransportError:
            await asyncio.sleep(0.05)
            return ""
        assert answer.status_code < 500 or answer.status_code in (502, 503, 504), answer.text
        return str(answer.json()["data"]["status"]) if answer.status_code == 200 else ""

    async def _until(self, path: str, body: dict[str, Any], good: set[int]) -> httpx.Response:
        """Call until it is answered; the same call again does nothing twice."""
        while True:
            try:
                answer = await self._client.post(path, json=body)
            except httpx.TransportError:
                await asyncio.sleep(0.05)
                continue
            if answer.status_code in good:
                return answer
            assert answer.status_code in (502, 503, 504), answer.text
            await asyncio.sleep(0.1)


async def _trade(server: Server, crowd: Crowd) -> None:
    """Kill the server again and again while customers come, and start it anew each time."""
    buyers = [asyncio.create_task(crowd.buy(f"order-{number}")) for number in range(CUSTOMERS)]
    for _ in range(KILLS):
        await asyncio.sleep(random.uniform(0.1, 1.5))  # noqa: S311 - no secret
        server.kill()
        await asyncio.to_thread(server.start)
    crowd.open = False
    await asyncio.gather(*buyers)
    await asyncio.gather(*(crowd.order(name) for name in LATE))  # nobody dies any more: each of these is paid
    await crowd.close()


def _charges(peer: Peer) -> Counter[tuple[str, int]]:
    """Read the provider's books from their first page to their last."""
    found: list[dict[str, Any]] = []
    page: dict[str, Any] = {"has_more": True}
    while page["has_more"]:
        after = {"starting_after": found[-1]["id"]} if found else {}
        answer = httpx.get(
            f"{peer.url}/v1/charges", params={"limit": 100, **after}, auth=(SECRET_KEY, ""), timeout=60, verify=PLAIN
        )
        page = answer.raise_for_status().json()
        found += page["data"]
    return Counter((one["metadata"]["order_id"], one["amount"]) for one in found if one["paid"])


async def _settled(server: Server, tokens: dict[str, str]) -> set[str]:
    """Wait until the platform has settled everything by itself, and say which orders are paid."""
    paid: set[str] = set()
    deadline = time.monotonic() + SETTLED_SECONDS
    async with httpx.AsyncClient(base_url=server.url, timeout=20, verify=PLAIN) as client:
        while True:
            for order_id in sorted(tokens.keys() - paid):
                answer = await client.post("/api/checkout/get-payment-token", json={"token": tokens[order_id]})
                if answer.status_code == 200:
                    paid.add(order_id)
                assert answer.json().get("code") in (None, "not_paid", "not_found"), answer.text
            left = [
                order_id for order_id in sorted(tokens.keys() - paid) if await _processing(client, tokens[order_id])
            ]
            if not left:
                return paid
            assert time.monotonic() < deadline, f"not settled: {left}"
            await asyncio.sleep(1)


async def _processing(client: httpx.AsyncClient, token: str) -> bool:
    """Say whether money may be moving still for an order, or has moved since it was last asked for."""
    answer = (await client.post("/api/checkout/initialize", json={"token": token, "provider": "stripe"})).json()
    moving: bool = answer.get("code") == "already_paid" or answer.get("data", {}).get("status") == "processing"
    return moving


def test_killed_at_any_moment(peer: Peer, make_server: Callable[..., Server], database: dict[str, str]) -> None:
    """Every order is charged at most once, every charge is known, and whoever was told "paid" has paid."""
    unlimited = {"PAYLINKS_RATE_LIMIT_AUTHENTICATED": "0", "PAYLINKS_RATE_LIMIT_UNAUTHENTICATED": "0"}
    server = make_server(api_base=peer.url, timeout=TIMEOUT, port=free_port(), **unlimited, **database)
    server.start()
    server.command("credentials", "set", "brand_default", "stripe", text=CREDENTIALS)
    crowd = Crowd(server)

    asyncio.run(_trade(server, crowd))
    paid = asyncio.run(_settled(server, crowd.tokens))
    charges = _charges(peer)

    assert charges == Counter((order_id, 4999) for order_id in paid)
    assert crowd.paid <= paid
    assert paid >= LATE
    told = server.command("verify")
    assert "BROKEN" not in told
    assert f"charged {len(paid) * 49.99:.2f} " in told
    sys.stdout.write(f"{KILLS} kills, {len(crowd.tokens)} orders, {len(paid)} paid")
