"""The commands as a shell gets them: what they print, what they refuse, and that no secret is printed twice."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from ..databases import Prepared
from ..plain import PLAIN

SECRET = "sk_test_" + "a1b2c3" * 4


class Shell:
    """Runs `paylinks` in an empty folder, with a port of its own and nothing else configured."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PAYLINKS_")}
        self.environment = inherited | {"PAYLINKS_PORT": str(self.port), "PYTHONUNBUFFERED": "1"}

    def run(self, *arguments: str, text: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "paylinks_web", *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def done(self, *arguments: str, text: str = "") -> str:
        """Run one command that succeeds and give what it printed."""
        ended = self.run(*arguments, text=text)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def refused(self, *arguments: str, text: str = "", code: int = 1, **environment: str) -> str:
        """Run one command that fails in one message, without a traceback, and give that."""
        ended = self.run(*arguments, text=text, **environment)
        assert ended.returncode == code, ended.stdout + ended.stderr
        assert "Traceback" not in ended.stderr
        return ended.stderr

    def serve(self, log: Path, *arguments: str, ready: str) -> subprocess.Popen[bytes]:
        """Start a command that serves, and wait until it answers."""
        with log.open("wb") as file:
            process = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "paylinks_web", *arguments],
                cwd=self.folder,
                env=self.environment,
                stdout=file,
                stderr=file,
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(httpx.TransportError):
                httpx.get(f"http://127.0.0.1:{self.port}{ready}", timeout=5, verify=PLAIN)
                return process
            time.sleep(0.05)
        process.kill()
        pytest.fail(log.read_text())


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Give an empty folder to run commands in."""
    return Shell(tmp_path)


@pytest.fixture
def used(shell: Shell, in_use: Prepared) -> Iterator[Shell]:
    """Give a folder whose database a server has been started on."""
    with in_use.copy("sqlite", shell.folder / "data"):
        yield shell


def test_help_lists_every_command(shell: Shell) -> None:
    """Help touches nothing: no data folder is made."""
    said = shell.done("--help")
    for name in ("credentials", "keys", "migrate", "plugins", "serve", "simulate", "worker"):
        assert re.search(rf"^  {name} ", said, re.MULTILINE)
    assert list(shell.folder.iterdir()) == []


def test_help_loads_nothing_heavy() -> None:
    """Each command imports what it needs when it runs, so that help is there at once."""
    script = "import sys, paylinks_web.__main__; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    assert {"litestar", "piccolo", "stripe", "httpx", "jinja2"}.isdisjoint(ended.stdout.split())


def test_migrate_says_what_it_did(shell: Shell) -> None:
    """The first time it names the migrations, the second time there is nothing to do."""
    assert shell.done("migrate").startswith("applied ")
    assert shell.done("migrate") == "The schema is up to date.\n"


def test_a_wrong_configuration_is_one_message(shell: Shell) -> None:
    """All problems, exit code 2, and nothing was made."""
    said = shell.refused("migrate", code=2, PAYLINKS_PORT="x", PAYLINKS_PROT="1")
    assert "PAYLINKS_PORT is not a whole number" in said
    assert "PAYLINKS_PROT is no setting; is it misspelt?" in said
    assert list(shell.folder.iterdir()) == []


def test_a_dot_env_is_read_and_the_environment_wins(shell: Shell) -> None:
    """Settings may stand in a file beside the process."""
    (shell.folder / ".env").write_text("PAYLINKS_ENV=staging\n")
    assert "PAYLINKS_ENV" in shell.refused("plugins", code=2)
    assert shell.run("plugins", PAYLINKS_ENV="development").returncode == 0


def test_plugins_are_listed(shell: Shell) -> None:
    """For people, and as JSON."""
    said = shell.done("plugins")
    for word in ("Stripe", "paylinks-stripe", "charge", "create-intent", "secretKey (secret)"):
        assert word in said
    listed = json.loads(shell.done("plugins", "--json"))
    stripe = next(one for one in listed if one["name"] == "stripe")
    assert stripe["operations"] == ["confirm", "create-intent"]
    assert stripe["credentials"][0] == "secretKey"


def test_credentials_are_set_and_masked(used: Shell) -> None:
    """As lines or as JSON; of a secret only the end is shown, and the database holds it sealed."""
    for text in (f"secretKey={SECRET}\npublishableKey=pk_test_1\n", json.dumps({"secretKey": SECRET})):
        said = used.done("credentials", "set", "brand_default", "stripe", text=text)
        assert f"secretKey: ••••{SECRET[-4:]}" in said
        assert SECRET not in said
        assert all(SECRET.encode() not in path.read_bytes() for path in (used.folder / "data").iterdir())


def test_wrong_credentials_are_named(used: Shell) -> None:
    """The message names field, brand or plugin, and never a value."""
    for brand, plugin, text, said, code in (
        ("brand_default", "stripe", f"secretKay={SECRET}\n", "credentials.secretKay: is unknown", 1),
        ("brand_default", "stripe", f"publishableKey={SECRET}\n", "credentials.publishableKey", 1),
        ("brand_default", "stripe", SECRET, "line 1 of standard input is not field=value", 2),
        ("brand_default", "stripe", '{"secretKey": 1}', "standard input is no JSON object of texts", 2),
        ("brand_nobody", "stripe", f"secretKey={SECRET}\n", "there is no brand_nobody", 1),
        ("brand_default", "acme", f"secretKey={SECRET}\n", "no plugin named acme is installed", 2),
    ):
        message = used.refused("credentials", "set", brand, plugin, text=text, code=code)
        assert said in message
        assert SECRET not in message


def test_credentials_can_be_entered_in_parts(used: Shell) -> None:
    """What a call does not name stays, and a field without a value is cleared."""
    enter = ("credentials", "set", "brand_default", "stripe")
    assert "yet: secretKey is missing" in used.done(*enter, text="publishableKey=pk_test_1\n")
    said = used.done(*enter, text=f"secretKey={SECRET}\n")
    assert "publishableKey: pk_test_1" in said
    assert "now uses stripe" in said
    assert "publishableKey: not set" in used.done(*enter, text="publishableKey=\n")
    assert "listed" not in used.done("credentials", "set", "brand_default", "klaviyo", text="privateApiKey=pk_1\n")


def test_keys_are_rotated(used: Shell) -> None:
    """After it only the newest key is needed; an unreadable secret is named, and the command fails."""
    old, new, other = ("A" * 43, "B" * 42 + "A", "C" * 42 + "A")

    def run(keys: str, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        return used.run(*arguments, text=text, PAYLINKS_SECRET_KEYS=keys)

    run(old, "credentials", "set", "brand_default", "stripe", text=f"secretKey={SECRET}\n")
    run(old, "keys", "create", "brand_default")
    rotated = run(f"{new},{old}", "rotate-keys")
    assert rotated.returncode == 0, rotated.stderr
    assert "2 sealed anew" in rotated.stdout
    assert "0 sealed anew" in run(f"{new},{old}", "rotate-keys").stdout
    again = run(new, "credentials", "set", "brand_default", "stripe", text="publishableKey=pk_test_1\n")
    assert f"secretKey: ••••{SECRET[-4:]}" in again.stdout
    lost = run(other, "rotate-keys")
    assert lost.returncode == 1
    assert "plugin_settings brand_default stripe" in lost.stderr


def test_a_key_is_made(used: Shell) -> None:
    """Key, key id and signing secret are printed once; in the database they can't be read."""
    said = used.done("keys", "create", "brand_default", "--name", "shop", "--mode", "test")
    made = re.fullmatch(
        r"key +(sk_test_\S{40,})\nkey id \(kid\) +(key_\w+)\nsigning secret +(\S{40,})\n.*", said, re.DOTALL
    )
    assert made
    for path in (used.folder / "data").glob("paylinks.db*"):
        assert made[1].encode() not in path.read_bytes()
        assert made[3].encode() not in path.read_bytes()
    assert "there is no brand_nobody" in used.refused("keys", "create", "brand_nobody")


def test_the_server_starts_alone_on_its_database(shell: Shell, tmp_path: Path) -> None:
    """It says where it listens and a link that works; a second one stops with a sentence; short commands go on."""
    log = tmp_path / "serve.log"
    first = shell.serve(log, "serve", ready="/health")
    try:
        deadline = time.monotonic() + 10
        while "demo mode" not in log.read_text() and time.monotonic() < deadline:
            time.sleep(0.05)
        said = log.read_text()
        base = f"http://127.0.0.1:{shell.port}"
        assert f"Paylinks listens on {base}\n" in said
        assert f"{base}/docs" in said
        link = re.search(rf"{base}/c/\S+", said)
        assert link
        answer = httpx.get(link[0], verify=PLAIN)
        assert answer.status_code == 200
        assert "server" not in answer.headers

        message = shell.refused("serve", PAYLINKS_PORT=str(shell.port + 1))
        assert re.fullmatch(r"Error: another process serves data/paylinks\.db already; .+\n", message)
        message = shell.refused("serve", PAYLINKS_DATABASE_URL="sqlite:///other.db")
        assert message.startswith(f"Error: can't listen on 127.0.0.1:{shell.port}: ")
        assert re.fullmatch(r"Error: another process serves data/paylinks\.db already; .+\n", shell.refused("worker"))
        assert "sk_live_" in shell.done("keys", "create", "brand_default")
    finally:
        first.send_signal(signal.SIGINT)
        first.wait(timeout=20)
    assert "Traceback" not in log.read_text()


def test_a_worker_works_alone_on_its_database(shell: Shell, tmp_path: Path) -> None:
    """It does what the server does in its background, holds SQLite as the server does, and ends when it is asked to."""
    log = tmp_path / "worker.log"
    with log.open("wb") as file:
        worker = subprocess.Popen(
            [sys.executable, "-m", "paylinks_web", "worker"],
            cwd=shell.folder,
            env=shell.environment,
            stdout=file,
            stderr=file,
        )
    try:
        deadline = time.monotonic() + 30
        while "works in the background" not in log.read_text() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert "another process serves data/paylinks.db already" in shell.refused("serve")
        assert "another process serves data/paylinks.db already" in shell.refused("worker")
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=20) == 0
    assert "Traceback" not in log.read_text()
    assert "The schema is up to date" in shell.done("migrate")


def test_a_simulator_is_served_and_remembers(shell: Shell, tmp_path: Path) -> None:
    """It says how to use it, speaks the provider's own words, and its books survive a restart."""
    log = tmp_path / "simulate.log"
    made = ""
    for start in range(2):
        process = shell.serve(log, "simulate", "stripe", "--port", str(shell.port), ready="/v1/balance")
        try:
            base = f"http://127.0.0.1:{shell.port}"
            said = log.read_text()
            assert f'[stripe] api_base = "{base}"' in said
            key = re.search(r"secretKey=(\S+)", said)
            assert key
            if start == 0:
                answer = httpx.post(f"{base}/v1/customers", auth=(key[1], ""), data={"name": "Ada"}, verify=PLAIN)
                made = answer.json()["id"]
            found = httpx.get(f"{base}/v1/customers/{made}", auth=(key[1], ""), verify=PLAIN)
            assert (found.status_code, found.json()["name"]) == (200, "Ada")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)
    assert "no plugin named acme is installed" in shell.refused("simulate", "acme", "--port", "1", code=2)


def test_an_owner_is_made_from_the_shell(used: Shell) -> None:
    """The password comes from standard input; a poor one and a taken address are refused."""
    assert "short" not in used.refused("create-owner", "ada@example.com", text="short\n")
    assert "ada@example.com owns" in used.done("create-owner", "Ada@example.com", text="a horse on the moon\n")
    assert "Email already exists" in used.refused("create-owner", "ada@example.com", text="a horse on the moon\n")
