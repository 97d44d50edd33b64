"""The README's quick start, word for word, against real server processes."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx

from ..plain import PLAIN
from .conftest import Peer, Server, free_port

README = (Path(__file__).parents[2] / "README.md").read_text()


def _blocks(title: str) -> list[str]:
    section = README.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"```sh\n(.*?)```", section, re.DOTALL)


def _shell(script: str, folder: Path) -> list[dict[str, object]]:
    """Run the README's words in one shell and give each JSON answer it printed."""
    done = subprocess.run(  # noqa: S603 - the README's own words
        ["/bin/bash", "-euo", "pipefail", "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    decoder, answers, rest = json.JSONDecoder(), [], done.stdout.strip()
    while rest:
        answer, end = decoder.raw_decode(rest)
        answers.append(answer)
        rest = rest[end:].strip()
    return answers


def test_a_paid_order_in_demo_mode(make_server: Callable[..., Server]) -> None:
    """The first section ends with a paid order; its words run as they stand, but for the port."""
    server = make_server()
    server.start()
    run, *steps = _blocks("Quick start")
    assert run == "make run\n"

    script = "".join(steps).replace("http://127.0.0.1:8000", server.url)
    opened, completed = _shell(script, server.folder)

    assert opened["success"] is True
    data = completed["data"]
    assert isinstance(data, dict)
    promised = json.loads(re.findall(r"```json\n(.*?)```", README, re.DOTALL)[0])["data"]
    assert promised == {key: data[key] for key in promised}


def test_a_paid_order_through_a_stripe_speaking_server(make_server: Callable[..., Server], tmp_path: Path) -> None:
    """The second section pays through the peer, not in demo mode, and the books agree."""
    simulate, configure, pay, books = _blocks("The same through a Stripe-speaking server")
    assert simulate == ".venv/bin/paylinks simulate stripe --port 8421\n"
    port = free_port()
    peer = Peer(tmp_path, "simulate", "stripe", "--port", str(port), port=port, ready="/v1/balance")
    peer.start()
    try:
        server = make_server(api_base=peer.url)
        values = re.search(r"printf '(secretKey.*?)' ", configure)
        assert values is not None
        server.start()
        command = re.search(r"paylinks (credentials set \S+ \S+)", configure)
        assert command is not None
        server.command(*command[1].split(), text=values[1].replace("\\n", "\n"))

        script = (pay + books).replace("http://127.0.0.1:8000", server.url).replace("http://127.0.0.1:8421", peer.url)
        confirmed, completed, charges = _shell(script, server.folder)

        data = completed["data"]
        assert isinstance(data, dict)
        assert (data["status"], data["demo"]) == ("paid", False)
        assert confirmed["status"] == "succeeded"
        listed = charges["data"]
        assert isinstance(listed, list)
        assert [(data["transactionId"], 4999)] == [(charge["id"], charge["amount"]) for charge in listed]
    finally:
        peer.stop()


def test_documentation_is_served(make_server: Callable[..., Server]) -> None:
    """What the README points to is there."""
    server = make_server()
    server.start()

    assert httpx.get(f"{server.url}/docs", verify=PLAIN).status_code == 200
    assert "/api/checkout/complete" in httpx.get(f"{server.url}/api/openapi.json", verify=PLAIN).json()["paths"]
