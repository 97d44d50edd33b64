"""`make bench`: completed checkouts a second beside a bare Litestar of the same commits; start-up, memory at rest.

Absolute figures are this machine's of this minute; the ratios, from one run, are what to compare.
"""

import asyncio
import logging
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path

import asyncpg
import null_provider
from load import Connection, closed_loop

from paylinks_adapters.logs import configure_logging
from paylinks_web.app import create_app
from paylinks_web.config import read_config

SECONDS = float(os.environ.get("BENCH_SECONDS", "6"))
REQUESTS = 3  # generate, initialize, complete
POSTGRES = os.environ.get("PAYLINKS_TEST_POSTGRES_URL")


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings(database: str, folder: str, port: int) -> dict[str, str]:
    """Give the environment of a server under measurement: limits off, the null provider on its path."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PAYLINKS_")}
    return own | {
        "PYTHONPATH": os.pathsep.join([folder, str(Path(__file__).parent)]),
        "PAYLINKS_DATA_DIR": folder,
        "PAYLINKS_DATABASE_URL": database,
        "PAYLINKS_PORT": str(port),
        "PAYLINKS_RATE_LIMIT_AUTHENTICATED": "0",
        "PAYLINKS_RATE_LIMIT_UNAUTHENTICATED": "0",
    }


class Server:
    """A server process under measurement."""

    def __init__(self, command: list[str], environment: dict[str, str], port: int, ready: str) -> None:
        began = time.perf_counter()
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.port = port
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{ready}", timeout=1).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(f"{command} did not start") from None
                time.sleep(0.005)
        self.start_seconds = time.perf_counter() - began

    def memory_megabytes(self) -> float:
        """Read its resident memory."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0.0

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


async def checkout(connection: Connection, key: str, provider: str) -> None:
    """One paid order: a link, its checkout, its completion."""
    order = {"orderId": key, "amount": 4999, "currency": "USD", "productName": "Shirt", "customer": {"email": "a@b.co"}}
    token = (await connection.post("/api/token/generate", order))["token"]
    await connection.post("/api/checkout/initialize", {"token": token, "provider": provider})
    done = await connection.post("/api/checkout/complete", {"token": token, "paymentToken": "tok"})
    if done["status"] != "paid":
        raise SystemExit(f"not paid: {done}")


async def cost(environment: dict[str, str], provider: str) -> tuple[int, int]:
    """Count the statements and commits of one checkout, in this process."""
    import httpx

    config = read_config({name: value for name, value in environment.items() if name.startswith("PAYLINKS_")})
    app = create_app(config, reconcile=False)
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
    base = f"http://127.0.0.1:{environment['PAYLINKS_PORT']}"
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url=base) as client:

        class Here(Connection):
            async def post(self, path: str, body: dict[str, object]) -> dict[str, object]:
                return (await client.post(path, json=body)).json()["data"]  # type: ignore[no-any-return]

        await checkout(Here(0), f"warm-{provider}", provider)
        database = app.house.database
        statements, commits = database.statements, database.commits
        await checkout(Here(0), f"counted-{provider}", provider)
        return database.statements - statements, database.commits - commits


async def measure(name: str, database: str, folder: str) -> None:
    """Print one block of the table: one database, both providers, both concurrencies, each beside the ceiling."""
    port = free_port()
    environment = settings(database, folder, port)
    paylinks = Server([sys.executable, "-m", "paylinks_web", "serve"], environment, port, "/health/ready")
    await asyncio.sleep(1)
    print(f"{name}: ready after {paylinks.start_seconds:.2f} s, {paylinks.memory_megabytes():.0f} MB at rest")
    figures = {}
    try:
        for provider in ("null", "stripe"):
            for clients in (1, 16):

                async def once(connection: Connection, key: str, provider: str = provider) -> None:
                    await checkout(connection, f"{provider}-{clients}-{key}", provider)  # noqa: B023 - awaited within

                await closed_loop(port, clients, 1, once)
                figures[provider, clients] = await closed_loop(port, clients, SECONDS, once)
    finally:
        paylinks.stop()
    counted = {provider: await cost(environment, provider) for provider in ("null", "stripe")}
    bare_port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bare:app", "--port", str(bare_port), "--no-access-log"]
    bare = Server(command, environment, bare_port, "/")
    try:
        for (provider, clients), (rate, middle, high) in figures.items():
            statements, commits = counted[provider]

            async def ceiling(connection: Connection, key: str, commits: int = commits) -> None:
                for request in range(REQUESTS):
                    share = commits // REQUESTS + (1 if request < commits % REQUESTS else 0)
                    await connection.post("/commit", {"commits": share, "key": f"{key}-{request}-{uuid.uuid4()}"})

            await closed_loop(bare_port, clients, 1, ceiling)
            most, bare_middle, _ = await closed_loop(bare_port, clients, SECONDS, ceiling)
            print(
                f"  {provider:7} {clients:2} clients  {rate:6.1f}/s  p50 {middle:6.1f} ms  p99 {high:6.1f} ms  "
                f"{statements} statements, {commits} commits | bare {most:6.1f}/s  p50 {bare_middle:5.1f} ms  "
                f"| ratio {rate / most:.2f}"
            )
    finally:
        bare.stop()


async def main() -> None:
    """Measure on SQLite, and on PostgreSQL where `PAYLINKS_TEST_POSTGRES_URL` names one."""
    configure_logging(level=logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        null_provider.install(Path(folder))
        sys.path.insert(0, folder)
        await measure("SQLite", f"sqlite:///{folder}/paylinks.db", folder)
        if POSTGRES is None:
            print("PostgreSQL: not measured; name a server in PAYLINKS_TEST_POSTGRES_URL")
            return
        name = f"paylinks_bench_{uuid.uuid4().hex[:8]}"
        admin = await asyncpg.connect(POSTGRES)
        await admin.execute(f"CREATE DATABASE {name}")
        try:
            await measure("PostgreSQL", POSTGRES.rpartition("/")[0] + f"/{name}", folder)
        finally:
            await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
            await admin.close()


if __name__ == "__main__":
    asyncio.run(main())
