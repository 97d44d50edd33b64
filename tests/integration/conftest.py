"""The whole application in this process, on a real SQLite file, called as from this machine."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from paylinks_web.app import App, create_app
from paylinks_web.config import read_config

from .documented import held_to_the_document

ORDER = {"orderId": "order-1", "amount": 4999, "currency": "USD", "productName": "Blue shirt"}


class Client:
    """Calls the application."""

    def __init__(self, app: App, http: httpx.AsyncClient) -> None:
        self.app = app
        self.http = http

    async def post(self, path: str, body: Any, **headers: str) -> httpx.Response:  # noqa: ANN401 - JSON
        """Post JSON."""
        return await self.http.post(path, json=body, headers=headers)

    async def link(self, **claims: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Make a pay link."""
        answer = await self.post("/api/token/generate", ORDER | claims)
        assert answer.status_code == 201, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data

    async def opened(self, **claims: Any) -> str:  # noqa: ANN401 - JSON
        """Make a link, open its checkout with Stripe, and give its token."""
        token = str((await self.link(**claims))["token"])
        answer = await self.post("/api/checkout/initialize", {"token": token, "provider": "stripe"})
        assert answer.status_code == 200, answer.text
        return token

    async def sign_in(self) -> None:
        """Sign in as the owner that development is seeded with; the cookie is sent from now on."""
        body = {"email": "admin@example.com", "password": "paylinks-development"}
        answer = await self.post("/api/admin/auth", body)
        assert answer.status_code == 200, answer.text

    def from_address(self, address: str) -> httpx.AsyncClient:
        """Call from elsewhere."""
        transport = httpx.ASGITransport(self.app, client=(address, 1))
        return httpx.AsyncClient(transport=transport, base_url="http://shop.example")


MakeClient = Callable[..., Any]


@pytest.fixture
async def make_client(tmp_path: Path) -> AsyncIterator[MakeClient]:
    """Make applications with settings of their own."""
    async with AsyncExitStack() as stack:

        async def make(*, reconcile: bool = True, **settings: str) -> Client:
            config = read_config({"PAYLINKS_DATA_DIR": str(tmp_path), **settings})
            app = create_app(config, reconcile=reconcile)
            await stack.enter_async_context(app.lifespan())
            transport = httpx.ASGITransport(app, client=("127.0.0.1", 1), raise_app_exceptions=False)
            http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
            http.event_hooks = {"response": [held_to_the_document]}
            return Client(app, await stack.enter_async_context(http))

        yield make


@pytest.fixture
async def client(make_client: MakeClient) -> Client:
    """Make an application with its defaults, but for limits that tests would run into."""
    made: Client = await make_client(
        PAYLINKS_RATE_LIMIT_AUTHENTICATED="1000", PAYLINKS_RATE_LIMIT_UNAUTHENTICATED="1000"
    )
    return made


@pytest.fixture(params=["sqlite", "postgres"])
async def either_client(request: pytest.FixtureRequest, make_client: MakeClient) -> Client:
    """Make an application on each kind of database."""
    limits = {"PAYLINKS_RATE_LIMIT_AUTHENTICATED": "1000", "PAYLINKS_RATE_LIMIT_UNAUTHENTICATED": "1000"}
    if request.param == "postgres":
        limits["PAYLINKS_DATABASE_URL"] = request.getfixturevalue("postgres_url")
    made: Client = await make_client(**limits)
    return made
