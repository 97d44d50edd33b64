"""Real server processes for end-to-end tests: the platform, and a Stripe-speaking peer with books of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from ..plain import PLAIN

SECRET_KEY = "sk_test_paylinks_end_to_end"  # opens nothing but the simulator
PUBLISHABLE_KEY = "pk_test_paylinks_end_to_end"
START_SECONDS = 120


def free_port() -> int:
    """Find a port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """One `paylinks` command that serves, with its own folder and environment."""

    python = sys.executable

    def __init__(self, folder: Path, *arguments: str, port: int, ready: str, **environment: str) -> None:
        self.folder = folder
        self.arguments = arguments
        self.ready = ready
        self.url = f"http://127.0.0.1:{port}"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PAYLINKS_")}
        self.environment = inherited | {"PAYLINKS_DATA_DIR": str(folder / "data")} | environment
        self.log = folder / f"{arguments[0]}-{port}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            command = [self.python, "-m", "paylinks_web", *self.arguments]
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                command, cwd=self.folder, env=self.environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            with suppress(httpx.TransportError):
                if httpx.get(self.url + self.ready, timeout=5, verify=PLAIN).status_code < 500:
                    return
            time.sleep(0.05)
        pytest.fail(f"{self.arguments} did not start:\n{self.log.read_text()[-4000:]}")

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """Ask it to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.kill()


class Peer(Process):
    """The Stripe plugin's simulator, served over HTTP with durable books."""

    def charges(self) -> list[dict[str, Any]]:
        """Read the books: every charge that took money."""
        answer = httpx.get(f"{self.url}/v1/charges", params={"limit": 100}, auth=(SECRET_KEY, ""), verify=PLAIN)
        answer.raise_for_status()
        return [charge for charge in answer.json()["data"] if charge["paid"]]


class Server(Process):
    """The platform itself."""

    def post(self, path: str, body: dict[str, Any], **headers: str) -> httpx.Response:
        """Call the API as a brand's server on this machine would."""
        return httpx.post(self.url + path, json=body, headers=headers, timeout=60, verify=PLAIN)

    def pay_link(self, order_id: str, **claims: Any) -> str:  # noqa: ANN401 - JSON
        """Make a link and give its token."""
        order = {"orderId": order_id, "amount": 4999, "currency": "USD", "productName": "Blue shirt", **claims}
        answer = self.post("/api/token/generate", order)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["data"]["token"])

    def initialize(self, token: str) -> dict[str, Any]:
        """Open its checkout with Stripe."""
        answer = self.post("/api/checkout/initialize", {"token": token, "provider": "stripe"})
        assert answer.status_code == 200, answer.text
        opened: dict[str, Any] = answer.json()["data"]
        return opened

    def command(self, *arguments: str, text: str = "") -> str:
        """Run another `paylinks` command on the same data."""
        done = subprocess.run(  # noqa: S603 - our own command
            [self.python, "-m", "paylinks_web", *arguments],
            cwd=self.folder,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[Peer]:
    """Run a Stripe-speaking server."""
    port = free_port()
    running = Peer(tmp_path, "simulate", "stripe", "--port", str(port), port=port, ready="/v1/balance")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Make servers that are stopped at the end; all of a test share one data folder."""
    made: list[Server] = []

    def make(
        *, api_base: str | None = None, timeout: float = 30, port: int | None = None, **environment: str
    ) -> Server:
        port = port or free_port()
        plugins = tmp_path / f"plugins-{len(made)}.toml"
        base = f'api_base = "{api_base}"\n' if api_base else ""
        plugins.write_text(f"[stripe]\n{base}timeout_seconds = {timeout}\n")
        environment = {"PAYLINKS_PORT": str(port), "PAYLINKS_PLUGINS": str(plugins)} | environment
        server = Server(tmp_path, "serve", port=port, ready="/health/ready", **environment)
        made.append(server)
        return server

    yield make
    for server in made:
        server.stop()
