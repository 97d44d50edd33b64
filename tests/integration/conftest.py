"""The whole application in this process, on a real SQLite file, called as from this machine."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from paylinks_web.app import App
from paylinks_web.config import read_config

from ..databases import Prepared
from .applications import first_start, started
from .documented import held_to_the_document

ORDER = {"orderId": "order-1", "amount": 4999, "currency": "USD", "productName": "Blue shirt"}
LIMITS = {"PAYLINKS_RATE_LIMIT_AUTHENTICATED": "1000", "PAYLINKS_RATE_LIMIT_UNAUTHENTICATED": "1000"}
"""More than any test asks for."""


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


@pytest.fixture(scope="session")
def in_use(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """Prepare databases on which an application has been started once."""
    with closing(Prepared(tmp_path_factory.mktemp("in-use"), first_start)) as prepared:
        yield prepared


@pytest.fixture
def postgres_url(in_use: Prepared, tmp_path: Path) -> Iterator[str]:
    """Make a database on which an application has been started, and drop it after the test."""
    with in_use.copy("postgres", tmp_path) as url:
        yield url


@pytest.fixture
def data(in_use: Prepared, tmp_path: Path) -> Iterator[Path]:
    """Make a data folder with an SQLite database on which an application has been started."""
    with in_use.copy("sqlite", tmp_path / "application"):
        yield tmp_path / "application"


@pytest.fixture
async def make_client(data: Path) -> AsyncIterator[MakeClient]:
    """Make applications with settings of their own."""
    async with AsyncExitStack() as stack:

        async def make(*, reconcile: bool = True, **settings: str) -> Client:
            config = read_config({"PAYLINKS_DATA_DIR": str(data), **settings})
            app = await stack.enter_async_context(started(config, reconcile=reconcile))
            transport = httpx.ASGITransport(app, client=("127.0.0.1", 1), raise_app_exceptions=False)
            http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
            http.event_hooks = {"response": [held_to_the_document]}
            return Client(app, await stack.enter_async_context(http))

        yield make


@pytest.fixture
async def client(make_client: MakeClient) -> Client:
    """Make an application with its defaults, but for limits that tests would run into."""
    made: Client = await make_client(**LIMITS)
    return made


@pytest.fixture(params=["sqlite", "postgres"])
async def either_client(request: pytest.FixtureRequest, make_client: MakeClient) -> Client:
    """Make an application on each kind of database."""
    database: dict[str, str] = {}
    if request.param == "postgres":
        database["PAYLINKS_DATABASE_URL"] = request.getfixturevalue("postgres_url")
    made: Client = await make_client(**LIMITS, **database)
    return made
