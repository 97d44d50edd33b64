"""Every provider with credentials, against a peer over HTTP that `api_base` names: the plugin's simulator, served."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import uvicorn

from paylinks_adapters.simulated import simulator_app
from paylinks_core.settings import set_credentials
from paylinks_ports.providers import SimulatedWorld
from paylinks_ports.testing import MemoryStore
from paylinks_web.config import read_config
from paylinks_web.plugins import Installed, find_plugins

from .conftest import MakeClient
from .test_every_provider import ADDRESS, CUSTOMER, EXTRA, PAYMENT, PROVIDERS

TOKENS = {"stripe": "pm_card_visa"}
OPTIONS: dict[str, Any] = {
    "sticky": {"defaultProduct": {"offerId": "1", "productId": "2"}, "shippingId": "1"},
    "konnektive": {"defaultProduct": "1"},
    "ultracart": {"defaultItem": "SHIRT"},
}
NOW = 1_800_000_000_000


@asynccontextmanager
async def served(installed: Installed) -> AsyncIterator[tuple[str, SimulatedWorld]]:
    """Serve a simulator on loopback."""
    world = SimulatedWorld(store=MemoryStore(), now=lambda: NOW, base_url="http://127.0.0.1:8000")
    app = simulator_app(installed.provider, world)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", world
    finally:
        server.should_exit = True
        await task


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_paid_at_a_peer(make_client: MakeClient, tmp_path: Path, provider: str) -> None:
    """The same checkout, not in demo mode; said twice it is one charge in the peer's books."""
    installed = PAYMENT[provider]
    async with served(installed) as (api_base, world):
        plugins = tmp_path / "plugins.toml"
        plugins.write_text(f'[{provider}]\napi_base = "{api_base}"\nraw_cards = true\n')
        client = await make_client(PAYLINKS_PLUGINS=str(plugins))
        parts = client.app.house.parts
        entered = msgspec.to_builtins(installed.provider.simulator.credentials)
        values = {name: value for name, value in entered.items() if value is not None}
        await set_credentials(parts, "brand_default", provider, values)
        async with parts.units() as work:
            setting = await work.plugin_settings.get("brand_default", provider)
            assert setting is not None
            options = msgspec.json.encode(OPTIONS.get(provider, {})).decode()
            await work.plugin_settings.put(msgspec.structs.replace(setting, options=options))
            await work.commit()

        token = (await client.link(customer=CUSTOMER, shippingAddress=ADDRESS))["token"]
        opened = await client.post(
            "/api/checkout/initialize", {"token": token, "provider": provider, "billingAddress": ADDRESS}
        )
        assert opened.status_code == 200, opened.text
        assert opened.json()["data"]["demo"] is False
        body: dict[str, Any] = {"token": token} | EXTRA.get(provider, {})
        if installed.provider.simulator.pay is not None:
            await installed.provider.simulator.pay(opened.json()["data"]["providerOrderId"], "tok", world)
        elif "charge_card" in installed.powers:
            body |= {"card": {"number": "4111111111111111", "month": 12, "year": 2031, "cvv": "123"}}
        else:
            body |= {"paymentToken": TOKENS.get(provider, "tok_1")}

        done = [await client.post("/api/checkout/complete", body) for _ in range(2)]

        assert done[0].status_code == 200, done[0].text
        data = done[0].json()["data"]
        assert (data["status"], data["demo"], data["amount"]) == ("paid", False, 4999)
        assert done[1].json()["data"] == data


async def test_a_card_is_refused_where_the_operator_allows_none(make_client: MakeClient, tmp_path: Path) -> None:
    """Outside demo mode a raw card is taken only with `raw_cards = true`."""
    installed = PAYMENT["konnektive"]
    async with served(installed) as (api_base, _):
        plugins = tmp_path / "plugins.toml"
        plugins.write_text(f'[konnektive]\napi_base = "{api_base}"\n')
        assert find_plugins(read_config({"PAYLINKS_PLUGINS": str(plugins)}).plugins_file).payment
        client = await make_client(PAYLINKS_PLUGINS=str(plugins))
        parts = client.app.house.parts
        values = {"loginId": "demo", "password": "demo-password"}
        await set_credentials(parts, "brand_default", "konnektive", values)
        body = {
            "orderId": "op-1",
            "amount": 4999,
            "currency": "USD",
            "products": [{"productId": 1, "quantity": 1}],
            "card": {"number": "4111111111111111", "month": 12, "year": 2031, "cvv": "123"},
        }

        answer = await client.post("/api/providers/konnektive/process-payment", body)

        assert (answer.status_code, answer.json()["code"]) == (400, "raw_card_data")
