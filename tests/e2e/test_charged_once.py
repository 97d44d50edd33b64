"""One charge for one order: fifty callers at once, and a process killed right after the provider was asked."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from ..plain import PLAIN
from .conftest import PUBLISHABLE_KEY, SECRET_KEY, Peer, Server

CREDENTIALS = f"secretKey={SECRET_KEY}\npublishableKey={PUBLISHABLE_KEY}\n"
CALLERS = 50
SETTLED_SECONDS = 30


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> dict[str, str]:
    """Name an empty database of each kind."""
    if request.param == "sqlite":
        return {}
    return {"PAYLINKS_DATABASE_URL": request.getfixturevalue("postgres_url")}


class WithheldReplies(threading.Thread):
    """Stands between the platform and the peer: lets every request through, and keeps back replies when told to."""

    def __init__(self, target: int) -> None:
        super().__init__(daemon=True)
        self.target = target
        self.withhold_after = b""
        self.asked = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]

    def run(self) -> None:
        """Serve until the listener is closed."""
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client: socket.socket) -> None:
        """Pass one connection on, both ways at once."""
        with client, socket.create_connection(("127.0.0.1", self.target)) as target:
            keeping = threading.Event()
            back = threading.Thread(target=self.pass_replies, args=(target, client, keeping), daemon=True)
            back.start()
            while request := client.recv(65536):
                if self.withhold_after and self.withhold_after in request:
                    keeping.set()
                target.sendall(request)
            target.shutdown(socket.SHUT_RDWR)
            back.join()

    def pass_replies(self, target: socket.socket, client: socket.socket, keeping: threading.Event) -> None:
        """Pass replies on, or keep them back from the one on that is withheld."""
        while reply := target.recv(65536):
            if keeping.is_set():
                self.asked.set()
            else:
                client.sendall(reply)


@pytest.fixture
def proxy(peer: Peer) -> Iterator[WithheldReplies]:
    """Run a proxy before the peer."""
    running = WithheldReplies(int(peer.url.rpartition(":")[2]))
    running.start()
    yield running
    running.listener.close()


async def _all_at_once(server: Server, token: str) -> list[httpx.Response]:
    body = {"token": token, "paymentToken": "pm_card_visa"}
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=CALLERS), verify=PLAIN) as client:
        calls = [client.post(f"{server.url}/api/checkout/complete", json=body) for _ in range(CALLERS)]
        return await asyncio.gather(*calls)


def test_fifty_calls_make_one_charge(peer: Peer, make_server: Callable[..., Server], database: dict[str, str]) -> None:
    """Fifty concurrent `complete` calls for one order are one charge in the provider's books."""
    server = make_server(api_base=peer.url, **database)
    server.start()
    server.command("credentials", "set", "brand_default", "stripe", text=CREDENTIALS)
    token = server.pay_link("order-50")
    server.initialize(token)

    answers = asyncio.run(_all_at_once(server, token))

    assert {200} == {answer.status_code for answer in answers}, {answer.text for answer in answers}
    assert {"paid", "processing"} >= {answer.json()["data"]["status"] for answer in answers}
    assert server.post("/api/checkout/complete", {"token": token}).json()["data"]["status"] == "paid"
    charges = peer.charges()
    assert [charge["amount"] for charge in charges] == [4999]


def test_a_killed_process_finds_its_charge(
    peer: Peer, proxy: WithheldReplies, make_server: Callable[..., Server], database: dict[str, str]
) -> None:
    """Killed after the provider was asked and before it heard the answer, the platform finds the charge by itself."""
    server = make_server(api_base=f"http://127.0.0.1:{proxy.port}", timeout=3, **database)
    server.start()
    server.command("credentials", "set", "brand_default", "stripe", text=CREDENTIALS)
    token = server.pay_link("order-9")
    server.initialize(token)
    proxy.withhold_after = b"/confirm"
    body = {"token": token, "paymentToken": "pm_card_visa"}
    caller = threading.Thread(target=lambda: _ignore_lost_answer(server, body), daemon=True)
    caller.start()
    assert proxy.asked.wait(10)
    server.kill()
    assert [charge["amount"] for charge in peer.charges()] == [4999]

    again = make_server(api_base=peer.url, timeout=3, **database)
    again.start()

    assert _settled(again, token) == "paid"
    assert [charge["amount"] for charge in peer.charges()] == [4999]


def _ignore_lost_answer(server: Server, body: dict[str, str]) -> None:
    try:
        server.post("/api/checkout/complete", body)
    except httpx.TransportError:
        return


def _settled(server: Server, token: str) -> str:
    """Wait until the platform has settled it by itself: reading the saved method asks no provider."""
    deadline = time.monotonic() + SETTLED_SECONDS
    while time.monotonic() < deadline:
        answer = server.post("/api/checkout/get-payment-token", {"token": token})
        if answer.status_code == 200:
            return "paid"
        assert answer.json()["code"] == "not_paid"
        time.sleep(0.5)
    return "not paid"
