"""A database that goes away: 503 in the contract's shape, and all is well again when it is back, without a restart."""

import asyncio
import contextlib
from urllib.parse import parse_qs, urlsplit, urlunsplit

import pytest

from .conftest import ORDER, Client, MakeClient
from .test_contract import assert_error

pytestmark = pytest.mark.anyio


class Cable:
    """A TCP connection to PostgreSQL that can be pulled and plugged in again."""

    def __init__(self, url: str) -> None:
        self.parts = urlsplit(url)
        self.server: asyncio.Server | None = None
        self.port = 0
        self.ends: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        """Name the database through the cable."""
        user = self.parts.netloc.rpartition("@")[0]
        return urlunsplit(self.parts._replace(netloc=f"{user}@127.0.0.1:{self.port}", query=""))

    async def plug(self) -> None:
        """Let connections through."""
        self.server = await asyncio.start_server(self._connect, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def pull(self) -> None:
        """Cut every connection and refuse new ones."""
        if self.server is not None:
            self.server.close()
        for end in self.ends:
            end.transport.abort()
        self.ends.clear()
        await asyncio.sleep(0)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if folder := parse_qs(self.parts.query).get("host"):  # a server of the tests' own, on a Unix socket
            far_reader, far_writer = await asyncio.open_unix_connection(f"{folder[0]}/.s.PGSQL.5432")
        else:
            far_reader, far_writer = await asyncio.open_connection(self.parts.hostname, self.parts.port or 5432)
        self.ends |= {writer, far_writer}

        async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                while data := await source.read(65536):
                    target.write(data)
                    await target.drain()
            target.transport.abort()

        await asyncio.gather(pass_on(reader, far_writer), pass_on(far_reader, writer))


async def test_away_and_back(make_client: MakeClient, postgres_url: str) -> None:
    """Ready, pulled, 503 everywhere, plugged in, ready again."""
    cable = Cable(postgres_url)
    await cable.plug()
    client: Client = await make_client(PAYLINKS_DATABASE_URL=cable.url, PAYLINKS_RATE_LIMIT_UNAUTHENTICATED="0")
    token = await client.opened()

    await cable.pull()
    assert_error(await client.http.get("/health/ready"), 503, "database_unavailable")
    assert_error(await client.post("/api/token/generate", ORDER | {"orderId": "o-2"}), 503, "database_unavailable")
    assert_error(await client.post("/api/checkout/complete", {"token": token}), 503, "database_unavailable")
    assert (await client.http.get("/health")).status_code == 200

    await cable.plug()
    for _ in range(100):
        if (await client.http.get("/health/ready")).status_code == 200:
            break
        await asyncio.sleep(0.1)
    assert (await client.post("/api/checkout/complete", {"token": token})).json()["data"]["status"] == "paid"
    await cable.pull()
